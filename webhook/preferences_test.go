package webhook_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/webhook"
)

// preferences are those of guilds in memory.
type preferences struct {
	of      map[string]event.PreferencesDocument
	changes []event.Changer
	err     error
}

func (p *preferences) Preferences(_ context.Context, guildID string) (event.PreferencesDocument, error) {
	return p.of[guildID], p.err
}

func (p *preferences) ChangePreferences(_ context.Context, guildID string, by event.Changer, change func(*event.PreferencesDocument)) (event.PreferencesDocument, error) {
	if p.err != nil {
		return event.PreferencesDocument{}, p.err
	}
	d := p.of[guildID]
	change(&d)
	p.of[guildID], p.changes = d, append(p.changes, by)
	return d, nil
}

const (
	putPreferences = `{"enabled":true,"smsEnabled":false,"mcInstanceId":"mc-a1","messageId":"MTEx","clientId":"c","clientSecret":"hush-secret",` +
		`"messageKeyword":"COMPANYNAME","override":false,"messageBody":"<3 & more","downloadUrl":"","allowLongTexts":false,"maxRetries":5,` +
		`"requirePhoneNumberConfirmation":false,"prefixPhoneNumber":"","optInByDefault":false}`
	wrappedPreferences = `{"providerId":"p","apiKey":"hush-key","data":` + putPreferences + `}`
)

// asShown is what comes back of what was put.
func asShown(put string) string {
	return strings.NewReplacer("hush-secret", "********", "hush-key", "********").Replace(put)
}

func ask(t *testing.T, p *preferences, log *logrus.Logger, method, key, contentType, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/salesforce-settings", strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	handler(newInbox(), log, func(o *webhook.Options) { o.Preferences = p }).ServeHTTP(w, r)
	return w
}

func TestPreferences(t *testing.T) {
	for name, put := range map[string]string{"flat": putPreferences, "wrapped": wrappedPreferences} {
		t.Run(name, func(t *testing.T) {
			p := &preferences{of: make(map[string]event.PreferencesDocument)}
			first := ask(t, p, silent(), "PUT", apiKey, "application/json", put)
			stored := p.of["1"]
			shown := ask(t, p, silent(), "GET", apiKey, "", "")
			back := ask(t, p, silent(), "PUT", apiKey, "application/json; charset=utf-8", shown.Body.String())
			for what, w := range map[string]*httptest.ResponseRecorder{"PUT": first, "GET": shown, "PUT of what GET gave": back} {
				if diff := cmp.Diff(asShown(put), w.Body.String()); diff != "" || w.Code != 200 {
					t.Errorf("%s: %d, -want +got:\n%s", what, w.Code, diff)
				}
				if header := w.Header(); header.Get("Content-Type") != "application/json" || header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: header %v", what, header)
				}
			}
			if stored.ClientSecret != "hush-secret" || p.of["1"] != stored {
				t.Error("masks that were sent back changed what is stored")
			}
			if len(p.of) != 1 || p.changes[0] != (event.Changer{Key: "CI"}) {
				t.Errorf("changed by %v", p.changes)
			}
			if w := ask(t, p, silent(), "GET", strange, "", ""); strings.Contains(w.Body.String(), "mc-a1") || w.Code != 200 {
				t.Errorf("another guild gets %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestPreferencesRefused(t *testing.T) {
	const media = "application/json"
	tests := map[string]struct {
		method, key, media, body string
		err                      error
		status                   int
		detail                   string // "" does not look
	}{
		"no key":        {"PUT", "", media, putPreferences, nil, 401, ""},
		"wrong key":     {"GET", "dsp_wrong", "", "", nil, 401, ""},
		"method":        {"POST", apiKey, media, putPreferences, nil, 405, ""},
		"no media type": {"PUT", apiKey, "", putPreferences, nil, 415, ""},
		"large":         {"PUT", apiKey, media, strings.Repeat(" ", maxBody) + "{}", nil, 413, ""},
		"no JSON":       {"PUT", apiKey, media, "{", nil, 400, "The preferences cannot be taken: the body must be one JSON object."},
		"each mistake": {
			"PUT", apiKey, media, `{"enabled":"hush","maxRetries":-1,"more":1}`, nil, 400,
			`The preferences cannot be taken: enabled must be true or false; maxRetries must be a whole number from 0 to 100; \"more\" is no field of the preferences.`,
		},
		"no store": {"PUT", apiKey, media, putPreferences, fault.New(fault.Unavailable, "hush"), 503, ""},
		"broken":   {"GET", apiKey, "", "", context.Canceled, 500, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var logged bytes.Buffer
			log := logrus.New()
			log.SetOutput(&logged)
			p := &preferences{of: make(map[string]event.PreferencesDocument), err: tc.err}
			w := ask(t, p, log, tc.method, tc.key, tc.media, tc.body)
			if got := w.Body.String(); w.Code != tc.status || !strings.Contains(got, tc.detail) || strings.Contains(got, "hush") {
				t.Errorf("got %d %s", w.Code, got)
			}
			if w.Header().Get("Content-Type") != "application/problem+json" || len(p.changes) > 0 {
				t.Errorf("header %v, %d changes", w.Header(), len(p.changes))
			}
			if strings.Contains(logged.String(), "hush-") {
				t.Errorf("the log has a secret: %s", logged.String())
			}
		})
	}
}
