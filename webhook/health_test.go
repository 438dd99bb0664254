package webhook_test

import (
	"net/http"
	"testing"

	"dispatch/webhook"
)

func TestHealth(t *testing.T) {
	tests := map[string]struct {
		path    string
		reasons []string
		status  int
		body    string
	}{
		"alive":      {"/healthz", nil, 200, `{"status":"ok"}`},
		"alive, ill": {"/healthz", []string{"storage"}, 200, `{"status":"ok"}`},
		"ready":      {"/readyz", nil, 200, `{"status":"ok"}`},
		"not ready": {
			"/readyz",
			[]string{"storage does not answer", "gateway is not connected"},
			503,
			`{"status":"unavailable","reasons":["storage does not answer","gateway is not connected"]}`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.reasons = tc.reasons
			handler := handler(in, silent(), func(o *webhook.Options) { o.RateLimit = 1 })
			for range 5 { // more than the rate limit lets through elsewhere
				got := call{method: http.MethodGet, path: tc.path}.serve(t, handler)
				if got.status != tc.status || got.body != tc.body {
					t.Fatalf("answered %d %s, want %d %s", got.status, got.body, tc.status, tc.body)
				}
				if asked := (call{method: http.MethodHead, path: tc.path}).serve(t, handler); asked.status != tc.status {
					t.Fatalf("HEAD is answered %d, want %d", asked.status, tc.status)
				}
			}
		})
	}
}
