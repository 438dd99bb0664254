package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestANewcomerPollsTheLocalOrg watches deals of the playground's org move.
func TestANewcomerPollsTheLocalOrg(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.openChannel("ops")
	p.run("salesforce authorize", "Acme Sales", kb.Enter)
	p.seeText("#messages", "Log in to Salesforce as the person")
	home, link := p.value(`location.href`), p.value(`document.querySelector('#messages a.button').href`)
	p.do(chromedp.Navigate(link))
	p.press("Allow")
	p.seeText("h1", "Salesforce is authorized")
	home, _, _ = strings.Cut(home, "#")
	p.do(chromedp.Navigate(home))
	p.openChannel("ops")
	p.do(chromedp.Focus("#composer-input"))
	p.typed("/salesforce poll start source:Acme Sales objects:Opportunity every:0.1" + kb.Enter)
	p.seeText("#messages", "asks its org every 0.1 min about Opportunity")
	p.openChannel("sales")
	p.seeText("#messages .embed", "Renewal")
	p.seeText("#messages .embed", "Prospecting → Qualification")
}
