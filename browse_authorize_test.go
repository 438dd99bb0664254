package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestANewcomerAuthorizesTheLocalOrg goes from the playground's page to the org's, and back.
func TestANewcomerAuthorizesTheLocalOrg(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.openChannel("ops")
	p.run("salesforce authorize", "Acme Sales", kb.Enter)
	p.seeText("#messages", "Log in to Salesforce as the person")
	home, link := p.value(`location.href`), p.value(`document.querySelector('#messages a.button').href`)
	p.do(chromedp.Navigate(link))
	p.press("Allow")
	p.see("good news", `document.querySelector('h1.good') !== null`)
	p.seeText("h1", "Salesforce is authorized")
	p.see("its colours", `getComputedStyle(document.querySelector('h1')).color !== getComputedStyle(document.body).color`) // the policy lets them in
	home, _, _ = strings.Cut(home, "#")
	p.do(chromedp.Navigate(home))
	p.openChannel("ops")
	p.do(chromedp.Focus("#composer-input"))
	p.typed("/salesforce status source:Acme Sales" + kb.Enter + kb.Enter)
	p.seeText("#messages .embed", "Acme (local)")
}

// value is what the expression is in the page.
func (p *page) value(expression string) string {
	p.t.Helper()
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", expression, err, p.text())
	}
	return found
}
