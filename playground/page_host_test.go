package playground_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// host is a program that sends nothing anywhere.
type host struct {
	sent []playground.Callout
	err  error
}

func (h *host) Sources() []string { return []string{"Acme"} }

func (h *host) Samples() []playground.Callout {
	return []playground.Callout{{Name: "won", Type: "Opportunity.updated", Body: json.RawMessage(`{"b":1,"a":2}`)}}
}

func (h *host) Send(_ context.Context, source string, c playground.Callout, dry bool) (playground.Answer, error) {
	if source != "Acme" {
		return playground.Answer{}, playground.ErrNoSource
	}
	h.sent = append(h.sent, c)
	if dry {
		return playground.Answer{Curl: "curl"}, h.err
	}
	return playground.Answer{Status: 202, Body: "taken", Curl: "curl"}, h.err
}

func (h *host) Gallery(locale string) []playground.Drawn {
	return []playground.Drawn{{Type: "Opportunity.updated", Name: "won", Embed: json.RawMessage(`{"title":"` + locale + `"}`)}}
}

func TestPagePlaysWithTheHost(t *testing.T) {
	l, h := start(t, playground.Options{}), &host{}
	f := watch(t, l, "")
	l.SetHost(h, "en-US", "de")
	if _, data := f.until("host"); data != `{"sources":["Acme"]}` {
		t.Errorf("the page was told %s", data)
	}
	const inState = `"host":{"locales":["en-US","de"],"samples":[{"name":"won","type":"Opportunity.updated","body":{"b":1,"a":2}}],"sources":["Acme"]}`
	callout := object{"source": "Acme", "type": "Opportunity.updated", "body": " {no JSON\n"}
	tests := map[string]struct {
		path   string
		in     any
		status int
		want   string
	}{
		"state":               {"state", nil, 200, inState},
		"gallery":             {"gallery?locale=de", nil, 200, `{"embeds":[{"type":"Opportunity.updated","name":"won","embed":{"title":"de"}}]}`},
		"gallery in English":  {"gallery", nil, 200, `{"title":"en-US"}`},
		"gallery in Klingon":  {"gallery?locale=tlh", nil, 400, "language"},
		"sent":                {"callouts", callout, 200, `{"status":202,"answer":"taken","curl":"curl"}`},
		"only curl":           {"callouts/curl", callout, 200, `{"curl":"curl"}`},
		"to nobody":           {"callouts", object{"source": "Eve", "body": "{}"}, 404, "no source"},
		"curl for nobody":     {"callouts/curl", object{"source": "Eve", "body": "{}"}, 404, "no source"},
		"type with a line":    {"callouts", object{"source": "Acme", "type": "a\nb", "body": "{}"}, 400, "one line"},
		"larger than allowed": {"callouts", object{"source": "Acme", "body": x(16 << 20)}, 413, "too large"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := askPage(t, l, tc.path, tc.in)
			if got.status != tc.status || !strings.Contains(got.raw, tc.want) {
				t.Errorf("answered %d %.500s, want %d %s", got.status, got.raw, tc.status, tc.want)
			}
		})
	}
	want := playground.Callout{Type: "Opportunity.updated", Body: json.RawMessage(" {no JSON\n")}
	if diff := cmp.Diff([]playground.Callout{want, want}, h.sent); diff != "" {
		t.Errorf("the host was given (-want +got):\n%s", diff)
	}
	h.err = errors.New("send callout: the line is down")
	if got := askPage(t, l, "callouts", callout); got.status != 502 || got.Error != "Send callout: the line is down." {
		t.Errorf("failure: answered %d %s", got.status, got.raw)
	}
}

// idle is a program that has nothing yet.
type idle struct{ host }

func (idle) Sources() []string                 { return nil }
func (idle) Samples() []playground.Callout     { return nil }
func (idle) Gallery(string) []playground.Drawn { return nil }

// TestPageIsToldOfEmptyLists gives the page lists to go through, also when there is nothing on them.
func TestPageIsToldOfEmptyLists(t *testing.T) {
	l := start(t, playground.Options{})
	f := watch(t, l, "")
	l.SetHost(&idle{})
	if _, data := f.until("host"); data != `{"sources":[]}` {
		t.Errorf("the page was told %s", data)
	}
	if got := askPage(t, l, "state", nil); !strings.Contains(got.raw, `"host":{"locales":[],"samples":[],"sources":[]}`) {
		t.Errorf("state: %s", got.raw)
	}
	if got := askPage(t, l, "gallery", nil); got.raw != `{"embeds":[]}` {
		t.Errorf("gallery: %s", got.raw)
	}
}

func TestPageWithoutAHost(t *testing.T) {
	l := start(t, playground.Options{})
	l.HostChanged() // of which nobody is told
	if got := askPage(t, l, "state", nil); !strings.Contains(got.raw, `"host":null`) {
		t.Errorf("state: %s", got.raw)
	}
	for path, in := range map[string]any{"gallery": nil, "callouts": object{}, "callouts/curl": object{}} {
		if got := askPage(t, l, path, in); got.status != 404 || got.Error == "" {
			t.Errorf("%s: answered %d %s", path, got.status, got.raw)
		}
	}
}
