package delivery_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/delivery"
	"dispatch/event"
)

// The id of the attempt is the one thing that differs between two tries, and between two subscribers.
func TestAttemptIDIsNewForEachTry(t *testing.T) {
	tests := map[string]struct {
		program string // of the link's transform; "" for none
		id      string // path of the attempt's id in what is sent
	}{
		"as it is":    {"", "attemptId"},
		"transformed": {`{attempt: .attemptId, id, data}`, "attempt"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				look := delivery.Look{}
				if tc.program != "" {
					look.Transform = &delivery.Transform{ID: "x", Name: "own", Program: tc.program, Version: 1}
				}
				s := newHTTPSender(looks{"link": look})
				got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, _ int) { w.WriteHeader(http.StatusBadGateway) })
				e, err := event.PreferencesChange{Is: event.PreferencesDocument{Preferences: event.Preferences{ClientSecret: "s"}}, At: time.Now()}.Event()
				if err != nil {
					t.Fatal(err)
				}
				batch := calls(delivery.Endpoint{}, 1)
				batch.Deliveries[0].LinkID, batch.Deliveries[0].Event = "link", e
				for range 3 {
					s.Send(t.Context(), batch)
				}
				seen := make(map[string]bool)
				var rest string
				for _, body := range got.received() {
					attempt := gjson.Get(body, tc.id).Str
					without := strings.Replace(body, attempt, "", 1)
					if len(attempt) != 36 || seen[attempt] || rest != "" && rest != without || gjson.Get(body, "data.clientSecret").Str != "s" {
						t.Errorf("attempt %q in %s", attempt, body)
					}
					seen[attempt], rest = true, without
				}
				if len(seen) != 3 {
					t.Errorf("%d attempts, want 3", len(seen))
				}
			})
		})
	}
}
