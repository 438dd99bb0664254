package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browserPatience is how long the page may take to show something.
const browserPatience = 20 * time.Second

// page is the playground's page in a headless browser, with a real dispatch behind it.
type page struct {
	t   *testing.T
	ctx context.Context
	out *logFile

	mu         sync.Mutex
	complaints []string // what the browser's console was told of errors
}

// openPage starts a playground without samples and opens its page at the size.
func openPage(t *testing.T, width, height int64, args ...string) *page {
	t.Helper()
	addr, out := freeAddr(t), &logFile{}
	browser := newBrowser(t)
	dispatch := launch(t, t.TempDir(), nil, out, append([]string{"playground", "--addr", addr}, args...)...)
	awaitPrinted(t, dispatch, out)
	p := &page{t: t, ctx: browser, out: out}
	p.listen()
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate("http://"+addr+"/"))
	p.see("the page", `document.getElementById('status').textContent === 'Live'`)
	t.Cleanup(func() {
		if complaints := p.complained(); len(complaints) > 0 {
			t.Errorf("the console was told of errors:\n%s", strings.Join(complaints, "\n"))
		}
	})
	return p
}

// newBrowser gives a tab of a browser of its own.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path, ok := findBrowser()
	switch {
	case !ok && os.Getenv("CI") == "true":
		t.Fatal("there is no Chromium; apt-get install chromium")
	case !ok:
		t.Skip("there is no Chromium; apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(browser); err != nil { // starts it; the context of the first call is its life
		t.Fatal(err)
	}
	return browser
}

func findBrowser() (string, bool) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// awaitPrinted waits until the playground has said all that it says at a start.
func awaitPrinted(t *testing.T, p *process, out *logFile) {
	t.Helper()
	ctx := within(t)
	for !strings.Contains(out.String(), "Ctrl-C") {
		select {
		case <-ctx.Done():
			t.Fatal(out)
		case <-p.ended:
			t.Fatalf("dispatch ended: %v\n%s", p.err, out)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// listen keeps what the console is told of errors and warnings.
func (p *page) listen() {
	messages := chromedp.Console(p.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return // the browser has ended
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				p.mu.Lock()
				p.complaints = append(p.complaints, m.String())
				p.mu.Unlock()
			}
		}
	}()
}

func (p *page) complained() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.complaints
}

// do does what a person would.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, browserPatience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatalf("%v\n%s\n%s", err, p.text(), p.out)
	}
}

// see waits until the expression holds in the page, or in the one that comes after it. It asks again and again: what
// waits within a page ends with it, or never.
func (p *page) see(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, browserPatience)
	defer cancel()
	for {
		seen, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if seen {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("%s is not to be seen: %v\n%s\n%s", what, err, p.text(), p.out)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// seeText waits until the element shows the text.
func (p *page) seeText(selector, text string) {
	p.t.Helper()
	p.see(fmt.Sprintf("%q", text), fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.innerText.includes(%q))`, selector, text))
}

// text is all that the page shows, for a failure's message.
func (p *page) text() string {
	ctx, cancel := context.WithTimeout(p.ctx, time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// press clicks the button with the label, the last when there are several.
func (p *page) press(label string) {
	p.t.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll('button:not([disabled])')].filter((b) => b.innerText.trim() === %q).at(-1)`, label)
	p.see("the button "+label, button+` !== undefined`)
	p.do(chromedp.Evaluate[chromedp.Void](button + `.click()`))
}

// typed types into whatever has the focus, as from a keyboard.
func (p *page) typed(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// begin types a command and takes it from the suggestions.
func (p *page) begin(command string) {
	p.t.Helper()
	p.do(chromedp.Focus("#composer-input"))
	p.typed("/" + command)
	p.see("the command "+command, `document.getElementById('composer-input').getAttribute('aria-expanded') === 'true'`)
	p.typed(kb.Enter)
}

// run types a command with its options, in the order that the page asks for them.
func (p *page) run(command string, options ...string) {
	p.t.Helper()
	p.begin(command)
	p.typed(strings.Join(options, "") + kb.Enter)
}
