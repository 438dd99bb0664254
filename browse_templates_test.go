package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dispatch/salesforce"
)

// TestATemplateIsWrittenInTheBrowser writes one, sees what becomes of it and what is wrong with it, and saves it.
func TestATemplateIsWrittenInTheBrowser(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.do(chromedp.Click("#open-templates"))
	p.see("a starter", `document.getElementById('template-text').value.startsWith('{')`)
	p.seeText("#template-message .embed", "Acme") // of the sample

	p.write(`{"title": "Big: {{.Record.Name}}", "footer": "{{.Record.Nothing}}"}`)
	p.seeText("#template-message .embed", "Big: Acme - Enterprise Renewal")
	p.seeText("#template-notes", "footer")
	p.seeText("#template-verdict", "how it would be posted")
	p.see("no line marked", `document.getElementById('template-mark').hidden`)

	p.do(chromedp.Focus("#event-search"))
	p.typed("case escal" + kb.Enter)
	p.seeText("#template-message .embed", "Big:")
	p.see("another event", `document.getElementById('event-search').placeholder === 'Case escalated'`)

	p.write("{\n  \"title\": \"{{.Record.Name | mony}}\"\n}")
	p.seeText("#template-verdict", "mony")
	p.see("line 2 marked", `!document.getElementById('template-mark').hidden &&
		document.getElementById('template-editor').style.getPropertyValue('--line') === '1'`)
	p.do(chromedp.Click("#template-verdict button"))
	p.see("what is wrong", `((text) => text.value.slice(text.selectionStart, text.selectionEnd))(document.getElementById('template-text')) === 'mony'`)

	p.write(`{"title": "Big: {{.Record.Name}}"}`)
	p.seeText("#template-verdict", "how it would be posted")
	p.do(chromedp.Click("#template-save"))
	p.see("the command with the file", `document.querySelector('#composer .chip-file')?.innerText.endsWith('.json')`)
	p.typed(kb.Enter)
	p.seeText("#messages", "is saved")
	p.do(chromedp.Click("#open-templates"))
	p.see("it among those to begin with", `document.querySelector('#template-begin optgroup:last-child')?.label.startsWith('Saved')`)
}

func TestACommandTakesAFileInTheBrowser(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.openChannel("ops")
	file := filepath.Join(t.TempDir(), "my deals.json")
	if err := os.WriteFile(file, []byte(`{"title": "{{.Record.Name}}"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	const input = "#composer input[type=file]"
	p.begin("template import")
	p.see("the option with the focus", `document.activeElement.type === 'file'`)
	p.do(chromedp.SetUploadFiles(input, []string{file}))
	p.seeText("#composer .chip-file", "my deals.json")
	p.do(chromedp.Focus(input))
	p.typed(kb.Backspace)
	p.seeText("#composer .chip-file", "Choose a file")
	p.do(chromedp.SetUploadFiles(input, []string{file}))
	p.see("the focus behind it", `document.activeElement.id === 'composer-input'`)
	p.typed(kb.Enter)
	p.seeText("#messages", "is saved")
	p.seeText("#messages .embed", "Acme")
}

func TestAFormTakesALongTextInTheBrowser(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.openChannel("ops")
	p.run("template create", "Mine", kb.Tab)
	const text = `document.querySelector('#modal textarea')`
	p.see("a form with a text in it", text+`?.value.startsWith('{')`)
	p.see("characters below one another", `getComputedStyle(`+text+`).fontFamily.includes('mono')`)

	p.do(chromedp.Focus("#modal textarea"))
	p.do(chromedp.SetValue("#modal textarea", strings.Repeat("x", 4001)), dispatchEvent("#modal textarea", "input"))
	p.seeText("#modal", "4001 of 4000 characters")
	p.press("Submit")
	p.seeText("#modal", "Must be 4000 or fewer in length.")

	p.do(chromedp.SetValue("#modal textarea", `{"title": "{{mony .Record.Amount}}"}`), dispatchEvent("#modal textarea", "input"))
	p.press("Submit")
	p.seeText("#messages", "mony")
	p.press("Edit again")
	p.see("what was typed", text+`?.value.includes('mony')`)
	p.do(chromedp.SetValue("#modal textarea", `{"title": "{{money .Record.Amount}}"}`), dispatchEvent("#modal textarea", "input"))
	p.press("Submit")
	p.seeText("#messages", "is saved")
}

// TestAForumIsLookedIntoInTheBrowser routes events to a forum and reads one of the posts.
func TestAForumIsLookedIntoInTheBrowser(t *testing.T) {
	p := openPage(t, 1280, 860, "--no-samples")
	p.openChannel("ops")
	p.run("route add", salesSource, kb.Tab, "channel:ideas", kb.Enter)
	p.seeText("#messages", "ideas")
	p.send(salesSource, salesforce.Samples()[0])
	p.seeText("#callout-answer", "202")
	p.openChannel("ideas")
	p.see("no composer", `document.getElementById('composer').hidden`)
	p.seeText("#messages .forum-post", "Deal won: Acme - Enterprise Renewal")
	p.do(chromedp.Click("#messages .forum-post"))
	p.see("the post", `document.getElementById('channel-name').innerText.includes('Acme - Enterprise Renewal')`)
	p.seeText("#messages .embed", "Deal won: Acme - Enterprise Renewal")
	p.see("a composer", `!document.getElementById('composer').hidden`)
}

// write types a text in place of the one that is there, as from a keyboard.
func (p *page) write(text string) {
	p.t.Helper()
	p.do(chromedp.Focus("#template-text"), chromedp.Evaluate[chromedp.Void](`document.getElementById('template-text').select()`))
	p.typed(strings.ReplaceAll(text, "\n", kb.Enter))
}
