package delivery_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

// Where order is off, each delivery is judged by itself.
func TestJudgeUnordered(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	sent, later := delivery.Outcome{Verdict: delivery.Sent}, delivery.Outcome{Verdict: delivery.Later, Err: errScripted}
	asked := delivery.Outcome{Verdict: delivery.Later, After: time.Minute, Err: errScripted}
	wrong, gone := delivery.Outcome{Verdict: delivery.Wrong, Err: errScripted}, delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.x"}
	left, full := delivery.Outcome{Verdict: delivery.Gone, Reason: "pause.gone", Err: errScripted}, delivery.Outcome{After: 2 * time.Second}
	at := now.Add
	tests := map[string]struct {
		outcomes []delivery.Outcome
		failures int           // before
		failing  time.Duration // so long before now
		states   []delivery.State
		retries  []time.Time
		after    int // failures
		due      time.Time
		pause    string
	}{
		"one fails":       {[]delivery.Outcome{sent, later, sent}, 3, 0, []delivery.State{"delivered", "pending", "delivered"}, []time.Time{{}, at(time.Second), {}}, 0, time.Time{}, ""},
		"one is wrong":    {[]delivery.Outcome{wrong, later}, 3, 0, []delivery.State{"abandoned", "pending"}, []time.Time{{}, at(time.Second)}, 0, time.Time{}, ""},
		"all fail":        {[]delivery.Outcome{later, later}, 2, 0, []delivery.State{"pending", "pending"}, []time.Time{at(time.Second), at(time.Second)}, 3, at(4 * time.Second), ""},
		"a lone one":      {[]delivery.Outcome{later}, 2, 0, []delivery.State{"pending"}, []time.Time{at(time.Second)}, 3, time.Time{}, ""},
		"it asks to wait": {[]delivery.Outcome{sent, asked}, 0, 0, []delivery.State{"delivered", "pending"}, []time.Time{{}, at(time.Minute)}, 0, at(time.Minute), ""},
		"it is gone":      {[]delivery.Outcome{sent, gone, sent}, 0, 0, []delivery.State{"delivered", "delivered"}, []time.Time{{}, {}}, 0, time.Time{}, "pause.x"},
		"it wants no more": {
			[]delivery.Outcome{sent, left, sent}, 0, 0, []delivery.State{"delivered", "abandoned", "delivered"}, []time.Time{{}, {}, {}}, 0, time.Time{}, "pause.gone",
		},
		"it has no room for all": {[]delivery.Outcome{sent, full, {}}, 0, 0, []delivery.State{"delivered"}, []time.Time{{}}, 0, at(2 * time.Second), ""},
		"nothing but failures for five days": {
			[]delivery.Outcome{later}, 9, 5 * 24 * time.Hour, []delivery.State{"pending"}, []time.Time{at(time.Second)}, 10, time.Time{}, "pause.failing",
		},
		"and now one is taken": {[]delivery.Outcome{later, sent}, 9, 6 * 24 * time.Hour, []delivery.State{"pending", "delivered"}, []time.Time{at(time.Second), {}}, 0, time.Time{}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			batch := delivery.Batch{
				Destination: delivery.Destination{ID: "d", Kind: delivery.KindWebhook, Endpoint: &delivery.Endpoint{Unordered: true}},
				Failures:    tc.failures, Deliveries: make([]delivery.Delivery, len(tc.outcomes)),
			}
			if tc.failing > 0 {
				batch.Failing = now.Add(-tc.failing)
			}
			got := delivery.Policy{Attempts: 7, Backoff: time.Second, BackoffMax: time.Hour}.Judge(batch, tc.outcomes, now, 0)
			var states []delivery.State
			var retries []time.Time
			for _, r := range got.Results {
				states, retries = append(states, r.State), append(retries, r.DueAt)
			}
			if diff := cmp.Diff(tc.states, states) + cmp.Diff(tc.retries, retries); diff != "" {
				t.Error("results (-want +got):", diff)
			}
			if got.Failures != tc.after || !got.DueAt.Equal(tc.due) || got.Pause != tc.pause {
				t.Errorf("%d failures, due %v, pause %q", got.Failures, got.DueAt, got.Pause)
			}
		})
	}
}
