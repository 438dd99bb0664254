//go:build screenshots

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dispatch/salesforce"
)

// TestScreenshots makes the pictures of README and docs: make screenshots. The fonts of the machine show; for
// emoji and Japanese it takes Debian's fonts-noto-color-emoji and fonts-noto-cjk.
func TestScreenshots(t *testing.T) {
	p := openPage(t, 1180, 760)
	p.do(chromedp.Click("#theme")) // dark, as most people have it
	p.openChannel("sales")
	p.seeText("#messages .embed", "Deal won")
	p.shoot("playground")

	escalated := salesforce.Samples()[1]
	var body bytes.Buffer
	if err := json.Indent(&body, escalated.Body, "", "  "); err != nil {
		t.Fatal(err)
	}
	escalated.Body = body.Bytes()
	p.send("Acme Service", escalated)
	p.seeText("#callout-answer", "202")
	p.openChannel("support")
	p.seeText("#messages .embed", "escalated")
	p.do(chromedp.EmulateViewport(1380, 760))
	p.shoot("callouts")
	p.do(chromedp.EmulateViewport(1180, 760))
	p.do(chromedp.Click("#callouts [data-close]"))

	p.openChannel("ops")
	p.run("salesforce connect", "Acme Sandbox", kb.Tab, "ops", kb.Enter)
	p.press("Generate URL")
	p.seeText("#messages", "dispatch-acme-sandbox.zip")
	p.shoot("connect")

	p.run("route add", salesSource, kb.Tab, "channel:ideas", kb.Enter)
	p.seeText("#messages", "ideas")
	p.send(salesSource, salesforce.Samples()[0])
	p.do(chromedp.Click("#callouts [data-close]"))
	p.openChannel("ideas")
	p.seeText("#messages .forum-post", "Deal won")
	p.shoot("forum")

	p.do(chromedp.Click("#open-templates"))
	p.seeText("#template-message .embed", "Acme")
	p.shoot("templates")

	p.do(chromedp.Click("#open-gallery"))
	p.seeText("#gallery-column", "Deal won")
	p.shoot("gallery")

	p.do(chromedp.EmulateViewport(375, 720, chromedp.EmulateMobile))
	p.do(chromedp.Evaluate[chromedp.Void](`history.back()`))
	p.openChannel("support")
	p.seeText("#messages .embed", "escalated")
	p.shoot("phone")
}

// TestScreenshotsOfADeployment makes the picture of how a package gets into an org.
func TestScreenshotsOfADeployment(t *testing.T) {
	p := openPage(t, 1180, 760, "--no-samples")
	p.do(chromedp.Click("#theme"))
	p.openChannel("ops")
	p.run("salesforce authorize", salesSource, kb.Enter)
	p.seeText("#messages", "Log in to Salesforce")
	home, link := p.value(`location.href`), p.value(`document.querySelector('#messages a.button').href`)
	p.do(chromedp.Navigate(link))
	p.press("Allow")
	p.seeText("h1", "authorized")
	p.do(chromedp.Navigate(home))
	p.openChannel("ops")
	p.do(chromedp.Focus("#composer-input"))
	p.typed("/salesforce status source:" + salesSource + kb.Enter + kb.Enter)
	p.press("Deploy to Salesforce")
	p.seeText("#messages", "Salesforce checks it first")
	p.press("Deploy to Salesforce")
	p.seeText("#messages", "The package is in")
	p.shoot("deploy")
}

// shoot writes what the page shows.
func (p *page) shoot(name string) {
	p.t.Helper()
	const settled = `document.getAnimations().every((a) => a.playState !== 'running')`
	p.see("a page at rest", settled)
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("docs", "images", name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
