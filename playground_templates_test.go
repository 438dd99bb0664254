package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/playground"
)

// someID is the id of the one event that kept has.
var someID = event.FirstID(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))

// kept is what is stored for the guild 1.
type kept struct{ err error }

func (k kept) Templates(_ context.Context, guildID string) ([]delivery.Template, error) {
	if guildID != "1" {
		return nil, nil
	}
	return []delivery.Template{{Name: "Mine", Text: []byte(`{"title":"t"}`)}}, k.err
}

func (k kept) Events(_ context.Context, query event.Query) ([]event.Summary, error) {
	if query.GuildID != "1" || query.Limit == 0 {
		return nil, nil
	}
	return []event.Summary{{ID: someID, Type: "Lead.created", SourceName: "Acme"}}, k.err
}

func (k kept) History(_ context.Context, guildID string, id event.ID) (event.History, error) {
	if guildID != "1" || id != someID {
		return event.History{}, fault.New(fault.NotFound, "no such event")
	}
	e := event.Event{ID: id, Type: "Lead.created", ReceivedAt: id.Time(), Body: []byte(`{"record":{"Id":"1","Name":"Ada"}}`)}
	return event.History{Event: e, SourceName: "Acme"}, k.err
}

func TestTemplatesShelf(t *testing.T) {
	shelf, err := templates{kept{}, "1"}.Shelf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]playground.Written{{Name: "Mine", Text: `{"title":"t"}`}}, shelf.Saved); diff != "" {
		t.Errorf("saved (-want +got):\n%s", diff)
	}
	past := []playground.Past{{ID: someID.String(), Type: "Lead.created", Source: "Acme", At: someID.Time()}}
	if diff := cmp.Diff(past, shelf.Events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	samples := map[string]string{}
	for _, s := range shelf.Starters {
		samples[s.Name] = s.Sample
		tried, err := templates{kept{}, "1"}.Try(t.Context(), playground.Trial{Text: s.Text, Sample: s.Sample, Locale: "de"})
		if err != nil || tried.Fault != nil || len(tried.Message) == 0 {
			t.Errorf("%s on %s: %+v, %v", s.Name, s.Sample, tried, err)
		}
	}
	want := map[string]string{
		"won-deal": "opportunity-won", "lost-deal": "opportunity-lost", "escalated-case": "case-escalated",
		"quote-accepted": "quote-accepted", "hot-lead": "lead-created", "generic": "opportunity-won",
	}
	if diff := cmp.Diff(want, samples); diff != "" {
		t.Errorf("samples of the starters (-want +got):\n%s", diff)
	}
}

func TestTemplatesTry(t *testing.T) {
	const endless = `{"title":"{{define \"x\"}}{{template \"x\" .}}{{end}}{{template \"x\" .}}"}`
	tests := map[string]struct {
		trial playground.Trial
		want  string // in the message, "" for none
		notes []playground.Note
		fault string // in the problem, "" for none
		line  int
	}{
		"on a sample": {
			trial: playground.Trial{Text: `{"title":"{{.Record.Name}} of {{.Meta.Source}}"}`, Sample: "opportunity-won"},
			want:  `"embeds":[{"title":"Acme - Enterprise Renewal of Acme Sales"`,
		},
		"on what came in": {
			trial: playground.Trial{Text: `{"title":"{{.Record.Name}} of {{.Meta.Source}}"}`, Event: someID.String()},
			want:  `"title":"Ada of Acme"`,
		},
		"with everything": {
			trial: playground.Trial{
				Text:  `{"content":"c","mentions":["123456789012345678"],"buttons":[{"label":"l","url":"https://example.com"}]}`,
				Event: someID.String(),
			},
			want: `"components":[{"type":1,"components":[{"type":2,"style":5,"label":"l"`,
		},
		"something missing": {
			trial: playground.Trial{Text: `{"title":"t","footer":"{{.Record.None}}","author":"` + strings.Repeat("x", 300) + `"}`, Event: someID.String()},
			want:  `"title":"t"`,
			notes: []playground.Note{{Field: "author", Kind: "cut"}, {Field: "footer", Kind: "empty"}},
		},
		"no template": {
			trial: playground.Trial{Text: "{\n  \"title\": \"{{mony .Record.Name}}\"\n}", Sample: "opportunity-won"},
			fault: "mony", line: 2,
		},
		"one that fails": {
			trial: playground.Trial{Text: endless, Sample: "opportunity-won", Locale: "de"},
			want:  "Acme", // the embed that is built in
			fault: "templates", line: 1,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := templates{kept{}, "1"}.Try(t.Context(), tc.trial)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(got.Message), tc.want) || (tc.want == "") != (got.Message == nil) {
				t.Errorf("message: %s", got.Message)
			}
			if got.Message != nil && !json.Valid(got.Message) {
				t.Errorf("no JSON: %s", got.Message)
			}
			if diff := cmp.Diff(tc.notes, got.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			switch {
			case tc.fault == "" && got.Fault != nil, tc.fault != "" && got.Fault == nil:
				t.Errorf("fault: %+v", got.Fault)
			case tc.fault != "" && (!strings.Contains(got.Fault.Problem, tc.fault) || got.Fault.Line != tc.line || got.Fault.Column == 0):
				t.Errorf("fault: %+v", got.Fault)
			}
		})
	}
}

func TestTemplatesFail(t *testing.T) {
	down := errors.New("the disk is gone")
	tests := map[string]struct {
		kept  kept
		trial playground.Trial
		want  error
	}{
		"an unknown sample":          {kept{}, playground.Trial{Sample: "none"}, playground.ErrNoEvent},
		"no sample":                  {kept{}, playground.Trial{}, playground.ErrNoEvent},
		"no event's id":              {kept{}, playground.Trial{Event: "x"}, playground.ErrNoEvent},
		"an event that is gone":      {kept{}, playground.Trial{Event: (someID + 1).String()}, playground.ErrNoEvent},
		"a store that does not read": {kept{down}, playground.Trial{Event: someID.String()}, down},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := (templates{tc.kept, "1"}).Try(t.Context(), tc.trial); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := (templates{kept{down}, "1"}).Shelf(t.Context()); !errors.Is(err, down) {
		t.Errorf("shelf: %v", err)
	}
}
