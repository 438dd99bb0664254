package event_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"dispatch/event"
)

func announce(t *testing.T, c event.PreferencesChange) event.Event {
	t.Helper()
	c.At = time.Unix(1634755434, 5e8).UTC()
	e, err := c.Event()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var anyUUID = regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"`)

func TestPreferencesEnvelope(t *testing.T) {
	tests := map[string]struct {
		put  string
		live bool
		want string
	}{
		"documented": {documented, true, `{"attemptId":"?","created":1634755434,"data":` + documented +
			`,"event":"salesforcesettings.updated","id":"?","livemode":true}`},
		"wrapped": {wrapped, false, `{"attemptId":"?","created":1634755434,"data":` + wrapped +
			`,"event":"salesforcesettings.updated","id":"?","livemode":false}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := announce(t, event.PreferencesChange{Is: parse(t, tc.put), By: event.Changer{Key: "ops"}, Livemode: tc.live})
			if diff := cmp.Diff(tc.want, anyUUID.ReplaceAllString(string(e.Body), `"?"`)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if e.Type != event.PreferencesUpdated || !json.Valid(e.Headers) {
				t.Errorf("type %q, headers %s", e.Type, e.Headers)
			}
		})
	}
}

func TestAttempts(t *testing.T) {
	e := announce(t, event.PreferencesChange{Is: parse(t, documented), By: event.Changer{Key: "ops"}})
	seen := map[string]bool{gjson.GetBytes(e.Body, "attemptId").Str: true}
	for range 3 {
		body := e.Attempt()
		id := gjson.GetBytes(body, "attemptId").Str
		if seen[id] {
			t.Errorf("the attempt %s was there before", id)
		}
		seen[id] = true
		if again := strings.Replace(string(body), id, gjson.GetBytes(e.Body, "attemptId").Str, 1); again != string(e.Body) {
			t.Errorf("more than the attempt differs: %s", body)
		}
	}
	for name, other := range map[string]event.Event{
		"from elsewhere":  {Type: e.Type, Body: e.Body, Headers: json.RawMessage(`{"user-agent":"x"}`)},
		"of another type": {Type: "x", Body: e.Body, Headers: e.Headers},
	} {
		if body := other.Attempt(); string(body) != string(e.Body) {
			t.Errorf("%s: got %s", name, body)
		}
	}
}

func TestPreferencesNews(t *testing.T) {
	before := parse(t, strings.NewReplacer(`"maxRetries":5`, `"maxRetries":3`, `"aBc`, `"x`).Replace(documented))
	ours := announce(t, event.PreferencesChange{Was: before, Is: parse(t, documented), By: event.Changer{UserID: "7"}})
	if strings.Contains(string(ours.Headers), before.ClientSecret) {
		t.Errorf("the headers %s hold the old secret", ours.Headers)
	}
	news, ok := ours.Preferences()
	if !ok || news.By != (event.Changer{UserID: "7"}) || len(news.Fields) != 15 || news.Fields.Text("maxRetries") != "5" {
		t.Errorf("%t: by %v, %d fields", ok, news.By, len(news.Fields))
	}
	if len(news.Old) != 2 || news.Old.Text("maxRetries") != "3" || news.Old.Text("clientSecret") != event.Masked {
		t.Errorf("old: %v", news.Old)
	}

	tests := map[string]struct {
		typ, body string
		want      []string // names; nil: it is no such event
	}{
		"flat":            {event.PreferencesUpdated, `{"data":{"enabled":true,"maxRetries":5}}`, []string{"enabled", "maxRetries"}},
		"flat with whose": {event.PreferencesUpdated, `{"data":{"providerId":"p","enabled":true}}`, []string{"providerId", "enabled"}},
		"nested": {
			event.PreferencesUpdated, `{"data":{"providerId":"p","apiKey":"k","data":{"enabled":true}}}`,
			[]string{"enabled", "providerId", "apiKey"},
		},
		"data is no object": {event.PreferencesUpdated, `{"data":"x"}`, nil},
		"without data":      {event.PreferencesUpdated, `{}`, nil},
		"another type":      {"x", `{"data":{"enabled":true}}`, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			news, ok := event.Event{Type: tc.typ, Body: []byte(tc.body)}.Preferences()
			var got []string
			for _, f := range news.Fields {
				got = append(got, f.Name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || ok != (tc.want != nil) {
				t.Errorf("%t, fields (-want +got):\n%s", ok, diff)
			}
		})
	}
}
