package webhook_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/webhook"
)

// History implements webhook.Events: guild 1 has the first event that was accepted, whatever it was.
func (in *inbox) History(_ context.Context, guildID string, id event.ID) (event.History, error) {
	if guildID != "1" || id != nth(0) {
		return event.History{}, fault.New(fault.NotFound, "no event %s", id)
	}
	return event.History{
		Event:      event.Event{ID: id, Type: "Case.created", ReceivedAt: noon, Body: []byte(`{"token":"hush","n":1}`)},
		SourceName: "Acme",
		Deliveries: []event.Trace{{
			DestinationID: "d", Kind: "channel", ChannelID: "42", State: "pending", DueAt: noon.Add(time.Minute), Paused: "pause.no_access",
			Attempts: []event.Attempt{{Number: 1, At: noon, Latency: 1500 * time.Microsecond, Status: 500, Response: "no", Error: "no luck"}},
		}},
	}, nil
}

// Replay implements webhook.Events.
func (in *inbox) Replay(ctx context.Context, guildID string, id event.ID) (int, error) {
	_, err := in.History(ctx, guildID, id)
	return 2, err
}

func TestEventLog(t *testing.T) {
	const shown = `{"event_id":"ID","type":"Case.created","source":"Acme","received_at":"2026-03-01T12:00:00Z",` +
		`"body":{"token":"********","n":1},"deliveries":[{"destination_id":"d","kind":"channel","channel_id":"42","state":"pending",` +
		`"next_attempt_at":"2026-03-01T12:01:00Z","paused":"no_access","attempts":[{"attempt":1,"at":"2026-03-01T12:00:00Z",` +
		`"latency_ms":1.5,"status":500,"response":"no","error":"no luck"}]}]}`
	id := nth(0).String()
	tests := map[string]struct {
		method, path, key string
		status            int
		want              string // of the body; "" does not look
	}{
		"show":            {"GET", "/v1/events/" + id, apiKey, 200, strings.Replace(shown, "ID", id, 1)},
		"replay":          {"POST", "/v1/events/" + id + "/replay", apiKey, 202, `{"event_id":"` + id + `","deliveries":2}`},
		"no key":          {"GET", "/v1/events/" + id, "", 401, ""},
		"wrong key":       {"POST", "/v1/events/" + id + "/replay", "dsp_wrong", 401, ""},
		"another guild's": {"GET", "/v1/events/" + id, strange, 404, ""},
		"unknown":         {"POST", "/v1/events/" + nth(1).String() + "/replay", apiKey, 404, ""},
		"no id":           {"GET", "/v1/events/1", apiKey, 404, ""},
		"method":          {"PUT", "/v1/events/" + id, apiKey, 405, ""},
		"replay by GET":   {"GET", "/v1/events/" + id + "/replay", apiKey, 405, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), tc.method, tc.path, nil)
			if tc.key != "" {
				r.Header.Set("Authorization", "Bearer "+tc.key)
			}
			w := httptest.NewRecorder()
			handler(newInbox(), silent()).ServeHTTP(w, r)
			if w.Code != tc.status {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, tc.status)
			}
			if tc.want != "" {
				if diff := cmp.Diff(tc.want, w.Body.String()); diff != "" {
					t.Error("-want +got:", diff)
				}
			} else if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("content type %s", got)
			}
		})
	}
}

func TestOperator(t *testing.T) {
	local := func(r *http.Request) { r.RemoteAddr = "127.0.0.1:4242" }
	far := func(r *http.Request) { r.RemoteAddr = "203.0.113.7:4242" }
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { far(r); r.Header.Set("Authorization", "Bearer "+token) }
	}
	tests := map[string]struct {
		token, path string
		from        func(*http.Request)
		want        int
	}{
		"local":               {"", "/metrics", local, 200},
		"local, IPv6":         {"", "/metrics", func(r *http.Request) { r.RemoteAddr = "[::1]:4242" }, 200},
		"local, profiles":     {"", "/debug/pprof/", local, 200},
		"local, a profile":    {"", "/debug/pprof/goroutine", local, 200},
		"far":                 {"", "/metrics", far, 404},
		"far, profiles":       {"", "/debug/pprof/heap", far, 404},
		"by a local proxy":    {"", "/metrics", func(r *http.Request) { local(r); r.Header.Set("X-Forwarded-For", "127.0.0.1") }, 404},
		"token":               {"hush", "/metrics", bearer("hush"), 200},
		"wrong token":         {"hush", "/metrics", bearer("hus"), 401},
		"local without token": {"hush", "/debug/pprof/", local, 401},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, tc.path, nil)
			tc.from(r)
			w := httptest.NewRecorder()
			handler(newInbox(), silent(), func(o *webhook.Options) {
				o.AdminToken, o.Metrics = tc.token, prometheus.NewRegistry()
			}).ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("got %d, want %d", w.Code, tc.want)
			}
		})
	}
}

func TestMetricsCountTheIntake(t *testing.T) {
	registry := prometheus.NewRegistry()
	h := handler(newInbox(), silent(), func(o *webhook.Options) { o.Metrics = registry })
	for _, c := range []call{{}, {body: `[{"a":1},{"a":2}]`}, {path: "/hooks/nobody"}, {header: map[string]string{"X-Salesforce-Signature": "00"}}} {
		c.serve(t, h)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	for _, want := range []string{
		"dispatch_accepted_total 3", `dispatch_refused_total{reason="unknown"} 1`, `dispatch_refused_total{reason="signature"} 1`,
		`dispatch_refused_total{reason="unavailable"} 0`, "dispatch_intake_seconds_count 2",
	} {
		if !strings.Contains(w.Body.String(), want+"\n") {
			t.Errorf("metrics do not say %s", want)
		}
	}
}
