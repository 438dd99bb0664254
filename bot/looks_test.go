package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/bot"
	"dispatch/delivery"
	"dispatch/event"
)

// looks are the looks of links, by id.
type looks struct {
	of     map[string]delivery.Look
	err    error
	failed map[string]delivery.Failing // by template
}

func (l *looks) LookOf(_ context.Context, linkID string) (delivery.Look, error) {
	return l.of[linkID], l.err
}

func (l *looks) TemplateFailed(_ context.Context, templateID string, f delivery.Failing) error {
	if l.failed == nil {
		l.failed = map[string]delivery.Failing{}
	}
	l.failed[templateID] = f
	return nil
}

func lookOf(template, program string) delivery.Look {
	var look delivery.Look
	if template != "" {
		look.Template = &delivery.Template{ID: "t:" + template, Name: "Deal", Text: []byte(template), Version: 1}
	}
	if program != "" {
		look.Transform = &delivery.Transform{ID: "p:" + program, Name: "Flat", Program: program, Version: 1}
	}
	return look
}

func TestSendShowsEventsAsTheirLinksWant(t *testing.T) {
	const titled = `{"title":"{{.Record.Name}} of {{.Meta.Source}}"}`
	tests := map[string]struct {
		look   delivery.Look
		title  string
		footer string // its end
		failed bool
	}{
		"built in":           {lookOf("", ""), "Opportunity updated: Acme", "Opportunity.updated", false},
		"a template":         {lookOf(titled, ""), "Acme of acme", "", false},
		"reshaped":           {lookOf("", `.record.Name = "Reshaped"`), "Opportunity updated: Reshaped", "Opportunity.updated", false},
		"reshaped before":    {lookOf(titled, `.record.Name = "Reshaped"`), "Reshaped of acme", "", false},
		"a failing template": {lookOf(`{"title":"{{.Record.Missing}}"}`, ""), "Opportunity updated: Acme", "template “Deal” failed", true},
		"an unread template": {lookOf(`{"title":"{{"}`, ""), "Opportunity updated: Acme", "template “Deal” failed", true},
		"a failing transform": {
			lookOf("", `error("no")`), "Opportunity updated: Acme", "transform “Flat” failed", false,
		},
		"a failing transform before": {lookOf(titled, `error("no")`), "Acme of acme", "", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, answer(200, `{"id":"1"}`))
			l := &looks{of: map[string]delivery.Look{"link": tc.look}}
			batch := batchOf(1)
			batch.Deliveries[0].LinkID = "link"
			batch.Deliveries[0].Event.Body = []byte(`{"record":{"Name":"Acme"}}`)
			newBot(t, bot.Options{APIURL: url, Looks: l}).Channels().Send(t.Context(), batch)
			embed := embedsOf(requests()[0])[0]
			if embed["title"] != tc.title {
				t.Errorf("title %q, want %q", embed["title"], tc.title)
			}
			footer, _ := embed["footer"].(map[string]any)
			if text, _ := footer["text"].(string); !strings.HasSuffix(text, tc.footer) {
				t.Errorf("footer %q, want %q at its end", text, tc.footer)
			}
			if failed := len(l.failed) > 0; failed != tc.failed {
				t.Errorf("failures %v", l.failed)
			}
		})
	}
}

// What is known to hold secrets is shown without them, whatever a template or a transform asks for.
func TestSendShowsNoSecret(t *testing.T) {
	for name, look := range map[string]delivery.Look{
		"a template":          lookOf(`{"title":"{{.Body.data.clientSecret}} {{json .Body}}","content":"{{index .Body.data \"clientSecret\"}}"}`, ""),
		"a transform":         lookOf("", `{record: {Name: .data.clientSecret}}`),
		"both":                lookOf(`{"title":"{{.Body.x}}"}`, `{x: .data.clientSecret}`),
		"a failing template":  lookOf(`{"title":"{{.Record.Missing}}"}`, ""),
		"a failing transform": lookOf("", `error(.data.clientSecret)`),
		"neither":             {},
	} {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, answer(200, `{"id":"1"}`))
			l := &looks{of: map[string]delivery.Look{"": look}}
			batch := batchOf(1)
			batch.Deliveries[0].Event.Type = event.PreferencesUpdated
			batch.Deliveries[0].Event.Body = []byte(`{"data":{"clientSecret":"hush-hush","enabled":true},"event":"salesforcesettings.updated"}`)
			var logged strings.Builder
			log := logrus.New()
			log.SetOutput(&logged)
			newBot(t, bot.Options{APIURL: url, Looks: l, Log: log}).Channels().Send(t.Context(), batch)
			sent, err := json.Marshal(requests()[0].body)
			if err != nil {
				t.Fatal(err)
			}
			if all := fmt.Sprint(string(sent), logged.String(), l.failed); strings.Contains(all, "hush-hush") || len(embedsOf(requests()[0])) != 1 {
				t.Error(all)
			}
		})
	}
}

// A template is read once, and again when it has changed.
func TestSendSeesThatATemplateHasChanged(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	look := delivery.Look{Template: &delivery.Template{ID: "t", Text: []byte(`{"title":"one"}`), Version: 1}}
	l := &looks{of: map[string]delivery.Look{"": look}}
	channels := newBot(t, bot.Options{APIURL: url, Looks: l}).Channels()
	channels.Send(t.Context(), batchOf(1))
	look.Template.Text, look.Template.Version = []byte(`{"title":"two"}`), 2
	channels.Send(t.Context(), batchOf(2))
	for i, want := range []string{"one", "two"} {
		if got := embedsOf(requests()[i])[0]["title"]; got != want {
			t.Errorf("message %d has the title %v, want %s", i, got, want)
		}
	}
}

// What has content, buttons or mentions of its own goes alone; the others go together as far as their order lets them.
func TestSendKeepsMessagesOfTheirOwnApart(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	l := &looks{of: map[string]delivery.Look{
		"content": lookOf(`{"content":"<@&77> {{.Record.Id}}","mentions":["77"],"title":"x"}`, ""),
		"button":  lookOf(`{"title":"x","buttons":[{"label":"Open","url":"https://example.com/"}]}`, ""),
		"three":   lookOf(`{"embeds":[{"title":"1"},{"title":"2"},{"title":"3"}]}`, ""),
	}}
	batch := batchOf(sequence(9)...)
	for i, link := range []string{"", "", "content", "button", "three", "three", "three", "", "three"} {
		batch.Deliveries[i].LinkID = link
	}
	outcomes := newBot(t, bot.Options{APIURL: url, Looks: l}).Channels().Send(t.Context(), batch)
	for i, o := range outcomes {
		if o.Verdict != delivery.Sent {
			t.Errorf("outcome %d: %+v", i, o)
		}
	}
	var embeds []int
	for _, r := range requests() {
		embeds = append(embeds, len(embedsOf(r)))
	}
	if diff := cmp.Diff([]int{2, 1, 1, 10, 3}, embeds); diff != "" {
		t.Fatal("embeds of the messages (-want +got):", diff)
	}
	all := requests()
	if got := all[1].body["content"]; got != "<@&77> 006000000000001AAA" {
		t.Errorf("content %q", got)
	}
	if diff := cmp.Diff([]any{"77"}, all[1].body["allowed_mentions"].(map[string]any)["roles"]); diff != "" {
		t.Error("roles (-want +got):", diff)
	}
	if rows, _ := all[2].body["components"].([]any); len(rows) != 1 {
		t.Errorf("components %v", all[2].body["components"])
	}
}

// Without the books nothing can be sent, and nothing is lost by it.
func TestSendWithoutLooks(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	got := newBot(t, bot.Options{APIURL: url, Looks: &looks{err: errors.New("disk on fire")}}).Channels().Send(t.Context(), batchOf(1, 2))
	if diff := cmp.Diff([]delivery.Verdict{delivery.Untried, delivery.Untried}, verdicts(got)); diff != "" || len(requests()) != 0 {
		t.Errorf("%d requests, verdicts (-want +got): %s", len(requests()), diff)
	}
}
