package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/playground"
	"dispatch/render"
	"dispatch/salesforce"
)

// sendTime bounds how long a callout of the page's takes.
const sendTime = 30 * time.Second

// host is what the page can play with beside Discord: the sources whose secrets the bot has told in there, the
// samples, and how they are drawn. The secrets stay in here, in memory.
type host struct {
	hooks   string // where the URLs of all sources begin
	changed func()

	mu    sync.Mutex
	names []string // in the order they were told
	known map[string]hook
}

// newHost makes a host without sources. changed is called when it has others than before.
func newHost(base string, changed func()) *host {
	return &host{hooks: base + "/hooks/", changed: changed, known: make(map[string]hook)}
}

// learn reads what the bot answers, over the shoulder of whoever generates a URL.
func (h *host) learn(r playground.Request) {
	answer := strings.HasPrefix(r.Route, "/interactions/") || strings.HasPrefix(r.Route, "/webhooks/")
	if !answer || r.Status >= 300 {
		return
	}
	content := gjson.GetBytes(r.Body, "data.content").Str
	if content == "" {
		content = gjson.GetBytes(r.Body, "content").Str
	}
	told, err := readHook(content)
	name := bold(content)
	if err != nil || name == "" || !strings.HasPrefix(told.url, h.hooks) {
		return // an answer about something else
	}
	h.mu.Lock()
	if _, before := h.known[name]; !before {
		h.names = append(h.names, name)
	}
	h.known[name] = told
	h.mu.Unlock()
	h.changed()
}

// bold is the first text in bold, as it reads when Discord has taken the markdown away; "" when there is none.
func bold(content string) string {
	_, after, _ := strings.Cut(content, "**")
	var read strings.Builder
	for i := 0; i < len(after); i++ {
		switch {
		case strings.HasPrefix(after[i:], "**"):
			return strings.ReplaceAll(read.String(), "\u200b", "") // which keeps mentions from being some
		case after[i] == '\\' && i+1 < len(after):
			i++
		}
		read.WriteByte(after[i])
	}
	return ""
}

// Sources implements playground.Host.
func (h *host) Sources() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.names)
}

// samples are salesforce's, and one for each event type of the catalogue that has none among them.
var samples = sync.OnceValue(func() []playground.Callout {
	all := salesforce.Samples()
	for _, eventType := range salesforce.Catalogue() {
		if slices.ContainsFunc(all, func(s salesforce.Sample) bool { return s.Type == eventType }) {
			continue
		}
		if s, ok := salesforce.SampleOf(eventType); ok {
			all = append(all, s)
		}
	}
	callouts := make([]playground.Callout, len(all))
	for i, s := range all {
		callouts[i] = playground.Callout{Name: s.Name, Type: s.Type, Body: s.Body}
	}
	return callouts
})

// Samples implements playground.Host.
func (h *host) Samples() []playground.Callout { return samples() }

// Send implements playground.Host.
func (h *host) Send(ctx context.Context, source string, c playground.Callout, dry bool) (playground.Answer, error) {
	h.mu.Lock()
	to, known := h.known[source]
	h.mu.Unlock()
	if !known {
		return playground.Answer{}, playground.ErrNoSource
	}
	made := playground.Answer{Curl: to.curl(c.Type, c.Body)}
	if dry {
		return made, nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	var err error
	if made.Status, made.Body, err = to.send(ctx, c.Type, c.Body); err != nil {
		return playground.Answer{}, fmt.Errorf("send callout: %w", err)
	}
	return made, nil
}

// Gallery implements playground.Host.
func (h *host) Gallery(locale string) []playground.Drawn {
	say, now := locales.For(locale), time.Now()
	all := make([]playground.Drawn, len(samples()))
	for i, s := range samples() {
		embed := render.Embed(event.Event{Type: s.Type, Body: s.Body, ReceivedAt: now}, sourceOf(s.Type), say)
		drawn, err := json.Marshal(embed)
		if err != nil {
			panic(err) // an embed is made of texts and numbers
		}
		all[i] = playground.Drawn{Type: s.Type, Name: s.Name, Embed: drawn}
	}
	return all
}
