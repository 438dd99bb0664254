package delivery_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

// Requests come no closer than the limit allows; for a long wait, the turn is given to others.
func TestRateLimit(t *testing.T) {
	const ms = time.Millisecond
	tests := map[string]struct {
		to    delivery.Endpoint
		turns int
		at    []time.Duration // of the requests
		after []time.Duration // what each turn asks for
	}{
		"no limit":    {delivery.Endpoint{}, 1, []time.Duration{0, 0, 0, 0}, []time.Duration{0}},
		"fast enough": {delivery.Endpoint{RateLimit: 20}, 1, []time.Duration{0, 50 * ms, 100 * ms, 150 * ms}, []time.Duration{0}},
		"slow":        {delivery.Endpoint{RateLimit: 1}, 3, []time.Duration{0, 1000 * ms, 2000 * ms}, []time.Duration{1000 * ms, 1000 * ms, 1000 * ms}},
		"no order":    {delivery.Endpoint{RateLimit: 10, Unordered: true}, 1, []time.Duration{0, 100 * ms, 200 * ms, 300 * ms}, []time.Duration{0}},
		"slow, and no order": {
			delivery.Endpoint{RateLimit: 5, Unordered: true}, 2, []time.Duration{0, 200 * ms}, []time.Duration{200 * ms, 200 * ms},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				got := receive(t, s, nil)
				for turn, batch := 0, calls(tc.to, 4); turn < tc.turns; turn++ {
					outcomes := s.Send(t.Context(), batch)
					i := slices.IndexFunc(outcomes, func(o delivery.Outcome) bool { return o.Verdict == untried })
					if i < 0 {
						i = 0
					}
					if outcomes[i].After != tc.after[turn] {
						t.Errorf("turn %d: %+v, want a wait of %v", turn, outcomes[i], tc.after[turn])
					}
					<-time.After(outcomes[i].After)
					batch.Deliveries = batch.Deliveries[i:]
				}
				if diff := cmp.Diff(tc.at, got.at); diff != "" {
					t.Errorf("times of requests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A request that waits for its time does not leave any more when we stop, and gives its time back.
func TestRateLimitHeedsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		got := receive(t, s, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		batch := calls(delivery.Endpoint{RateLimit: 10}, 2)
		if diff := cmp.Diff([]delivery.Verdict{sent, untried}, verdicts(s.Send(ctx, batch))); diff != "" {
			t.Error(diff)
		}
		batch.Deliveries = batch.Deliveries[1:]
		s.Send(t.Context(), batch)
		if diff := cmp.Diff([]time.Duration{0, 100 * time.Millisecond}, got.at); diff != "" {
			t.Errorf("times of requests (-want +got):\n%s", diff)
		}
	})
}

func TestRateLimitCanBeChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		got := receive(t, s, nil)
		s.Send(t.Context(), calls(delivery.Endpoint{RateLimit: 1}, 1))
		<-time.After(time.Second)
		s.Send(t.Context(), calls(delivery.Endpoint{RateLimit: 20}, 2))
		if diff := cmp.Diff([]time.Duration{0, time.Second, 1050 * time.Millisecond}, got.at); diff != "" {
			t.Errorf("times of requests (-want +got):\n%s", diff)
		}
	})
}

// Limits that are at rest are forgotten when there are many.
func TestRateLimitsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		receive(t, s, func(http.ResponseWriter, *http.Request, string, int) { <-time.After(10 * time.Millisecond) })
		for i := range 2500 {
			batch := calls(delivery.Endpoint{RateLimit: 1}, 1)
			batch.Destination.ID = fmt.Sprint("erp", i)
			s.Send(t.Context(), batch)
		}
		if got := s.Paced(); got > 1000 {
			t.Errorf("%d limits are kept", got)
		}
	})
}
