package playground_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// templates is a program whose templates say what they were tried on.
type templates struct {
	tried []playground.Trial
	err   error
}

func (p *templates) Shelf(context.Context) (playground.Shelf, error) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return playground.Shelf{
		Starters: []playground.Written{{Name: "generic", Text: "{}", Sample: "won"}},
		Events:   []playground.Past{{ID: "1", Type: "Lead.created", Source: "Acme", At: at}},
	}, p.err
}

func (p *templates) Try(_ context.Context, t playground.Trial) (playground.Tried, error) {
	p.tried = append(p.tried, t)
	switch {
	case p.err != nil:
		return playground.Tried{}, p.err
	case t.Event != "" && t.Event != "1":
		return playground.Tried{}, playground.ErrNoEvent
	case t.Text == "{":
		return playground.Tried{Fault: &playground.Fault{Field: "title", Line: 1, Column: 2, Piece: "{", Problem: "it ends too early"}}, nil
	}
	return playground.Tried{Message: json.RawMessage(`{"content":"c"}`), Notes: []playground.Note{{Field: "footer", Kind: "empty"}}}, nil
}

func TestPageTriesTemplates(t *testing.T) {
	l, p := start(t, playground.Options{}), &templates{}
	f := watch(t, l, "")
	l.SetHost(&host{})
	f.until("host")
	l.SetTemplates(p)
	f.until("host") // so that pages look again
	tests := map[string]struct {
		path   string
		in     any
		status int
		want   string
	}{
		"shelf": {"templates", nil, 200, `{"starters":[{"name":"generic","text":"{}","sample":"won"}],"saved":[],` +
			`"events":[{"id":"1","type":"Lead.created","source":"Acme","at":"2026-03-01T12:00:00Z"}]}`},
		"a sample": {
			"templates/try",
			object{"text": "{}", "sample": "won", "locale": "de"},
			200,
			`{"message":{"content":"c"},"notes":[{"field":"footer","kind":"empty"}],"fault":null}`,
		},
		"an event": {"templates/try", object{"text": "{}", "event": "1"}, 200, `"content":"c"`},
		"a fault": {
			"templates/try",
			object{"text": "{"},
			200,
			`{"message":null,"notes":[],"fault":{"field":"title","line":1,"column":2,"piece":"{","problem":"it ends too early"}}`,
		},
		"an event that is gone": {"templates/try", object{"text": "{}", "event": "2"}, 404, "no longer there"},
		"in Klingon":            {"templates/try", object{"text": "{}", "locale": "tlh"}, 400, "language"},
		"larger than allowed":   {"templates/try", object{"text": x(1 << 20)}, 413, "too large"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := askPage(t, l, tc.path, tc.in)
			if got.status != tc.status || !strings.Contains(got.raw, tc.want) {
				t.Errorf("answered %d %.500s, want %d %s", got.status, got.raw, tc.status, tc.want)
			}
		})
	}
	p.tried = nil
	askPage(t, l, "templates/try", object{"text": "{}", "sample": "won"})
	if diff := cmp.Diff([]playground.Trial{{Text: "{}", Sample: "won", Locale: "en-US"}}, p.tried); diff != "" {
		t.Errorf("the program was given (-want +got):\n%s", diff)
	}
	p.err = errors.New("try template: the line is down")
	for path, in := range map[string]any{"templates": nil, "templates/try": object{"text": "{}"}} {
		if got := askPage(t, l, path, in); got.status != 502 || got.Error != "Try template: the line is down." {
			t.Errorf("%s: answered %d %s", path, got.status, got.raw)
		}
	}
}

func TestPageWithoutTemplates(t *testing.T) {
	l := start(t, playground.Options{})
	for path, in := range map[string]any{"templates": nil, "templates/try": object{"text": "{}"}} {
		if got := askPage(t, l, path, in); got.status != 404 || got.Error == "" {
			t.Errorf("%s: answered %d %s", path, got.status, got.raw)
		}
	}
}
