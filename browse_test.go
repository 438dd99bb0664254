package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dispatch/locales"
	"dispatch/salesforce"
)

// TestAnAdminGoesAllTheWayInTheBrowser is the story of the first minute, by mouse and keyboard only.
func TestAnAdminGoesAllTheWayInTheBrowser(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.openChannel("ops")

	p.run("salesforce connect", "Typed", kb.Tab, "ops", kb.Enter)
	p.seeText("#messages", "Typed is connected to")
	p.press("Generate URL")
	p.seeText("#messages", "Only you can see this")
	p.seeText("#messages code", "/hooks/")
	p.seeText("#messages", "dispatch-typed.zip")

	p.send("Typed", salesforce.Samples()[0])
	p.seeText("#callout-answer", "202")
	p.see("a green embed", `[...document.querySelectorAll('#messages .embed')].some((e) =>
		e.innerText.includes('Deal won: Acme') && getComputedStyle(e).getPropertyValue('--bar').trim().toLowerCase() === '#57f287')`)
	p.do(chromedp.Click(`#callouts [data-close]`))

	p.begin("salesforce disconnect")
	p.typed("Typ")
	p.seeText("#suggestion-list", "Typed")
	p.typed(kb.Enter + kb.Enter)
	p.seeText("#messages", "Disconnect Typed?")
	p.press("Disconnect")
	p.seeText("#messages", "Typed is disconnected")
}

func TestAMemberIsNotOfferedTheCommands(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.be("max")
	p.do(chromedp.Focus("#composer-input"))
	p.typed("/sales")
	p.seeText("#suggestions", "no command")
	p.be("ada")
	p.do(chromedp.Focus("#composer-input")) // what was typed is there still
	p.seeText("#suggestions", "connect")
}

func TestThePageSpeaksTheLanguageOfTheReader(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.do(chromedp.Click("#you"), chromedp.SetValue("#profile-language", "ja"), dispatchEvent("#profile-language", "change"), chromedp.Click("#you"))
	p.do(chromedp.Focus("#composer-input"))
	p.typed("/salesforce")
	p.seeText("#suggestions", locales.For("ja").T("command.salesforce.list.description"))
	p.typed(" " + locales.For("ja").T("command.salesforce.list.name") + kb.Enter + kb.Enter)
	p.seeText("#messages .embed", locales.For("ja").T("salesforce.list.title"))
}

func TestTheGalleryShowsEveryEvent(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.do(chromedp.Click("#open-gallery"))
	for _, tag := range locales.Tags() {
		p.do(chromedp.SetValue("#gallery-language", tag), dispatchEvent("#gallery-language", "change"))
		p.seeText("#gallery-column", locales.For(tag).T("embed.deal.won"))
		for _, eventType := range salesforce.Catalogue() {
			p.seeText("#gallery-column", eventType)
		}
	}
}

func TestOneWatchesDispatchCopeWithAnOutage(t *testing.T) {
	p := openPage(t, 1280, 860)
	p.openChannel("sales")
	p.do(chromedp.Click("#open-trouble"))
	p.do(chromedp.Click("#outage"))
	p.seeText("#trouble-outcome", "Discord is down")
	sample, _ := salesforce.SampleOf("Campaign.created")
	p.send("Acme Sales", sample)
	p.seeText("#callout-answer", "202") // the intake does not care
	p.do(chromedp.Click("#open-trouble"))
	p.do(chromedp.Click("#outage"))
	p.seeText("#trouble-outcome", "Discord is back")
	p.seeText("#messages .embed", "Campaign created")
	p.forgive("503", "gateway")
}

func TestThePageFitsAPhone(t *testing.T) {
	p := openPage(t, 375, 720)
	p.openChannel("sales")
	p.seeText("#messages .embed", "Deal won")
	const fits = `document.documentElement.scrollWidth <= 375 && document.body.scrollWidth <= 375`
	p.see("no horizontal scrolling", fits)
	for _, panel := range []string{"callouts", "trouble", "requests"} {
		p.do(chromedp.Click("#open-" + panel))
		p.see("no horizontal scrolling in "+panel, fits)
		p.do(chromedp.Click("#" + panel + " [data-close]"))
	}
	p.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/gallery'`))
	p.seeText("#gallery-column", "Deal won")
	p.see("no horizontal scrolling in the gallery", fits)
	p.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/templates'`))
	p.seeText("#template-message .embed", "Acme")
	p.see("no horizontal scrolling in the template editor", fits)
}

// openChannel opens the channel as a click in the list does, which may be in its drawer.
func (p *page) openChannel(name string) {
	p.t.Helper()
	link := fmt.Sprintf(`[...document.querySelectorAll('#channel-list .channel')].find((a) => a.textContent.trim().startsWith(%q))`, name)
	p.see("the channel "+name, link+` !== undefined`)
	p.do(chromedp.Evaluate[chromedp.Void](link + `.click()`))
	p.see("#"+name, fmt.Sprintf(`document.getElementById('channel-name').innerText === %q`, name))
}

// send sends a callout from the drawer.
func (p *page) send(source string, sample salesforce.Sample) {
	p.t.Helper()
	p.do(chromedp.Click("#open-callouts"))
	p.see("the source "+source, fmt.Sprintf(`[...document.querySelectorAll('#callout-source option')].some((o) => o.value === %q)`, source))
	p.do(
		chromedp.SetValue("#callout-source", source), dispatchEvent("#callout-source", "input"),
		chromedp.SetValue("#callout-type", sample.Type), dispatchEvent("#callout-type", "input"),
		chromedp.SetValue("#callout-body", string(sample.Body)), dispatchEvent("#callout-body", "input"),
	)
	p.seeText("#callout-verdict", "Valid JSON")
	p.do(chromedp.Click("#callout-send"))
}

// be becomes another user of the local Discord.
func (p *page) be(user string) {
	p.t.Helper()
	p.do(chromedp.Click("#you"), chromedp.Click(fmt.Sprintf(`#profile input[value=%q]`, user)), chromedp.Click("#you"))
	p.seeText("#you-name", user)
}

// forgive drops the complaints that are no mistake of the page's: the browser itself tells of refused requests.
func (p *page) forgive(about ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for _, complaint := range p.complaints {
		forgiven := false
		for _, word := range about {
			forgiven = forgiven || strings.Contains(complaint, word)
		}
		if !forgiven {
			left = append(left, complaint)
		}
	}
	p.complaints = left
}

// dispatchEvent tells the page of a value that was set.
func dispatchEvent(selector, name string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`document.querySelector(%q).dispatchEvent(new Event(%q, {bubbles: true}))`, selector, name))
}
