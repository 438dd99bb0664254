package delivery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

var policy = delivery.Policy{Attempts: 3, Backoff: 5 * time.Second, BackoffMax: time.Minute}

func TestDelay(t *testing.T) {
	tests := map[string]struct {
		failures int
		jitter   float64
		want     time.Duration
	}{
		"first":                   {1, 0, 5 * time.Second},
		"jitter only lengthens":   {1, 0.5, 7500 * time.Millisecond},
		"doubled":                 {2, 0, 10 * time.Second},
		"doubled again":           {3, 0, 20 * time.Second},
		"cut by the maximum":      {4, 1, time.Minute},
		"far beyond the maximum":  {1_000_000, 0, time.Minute},
		"no failure, no doubling": {0, 0, 5 * time.Second},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := policy.Delay(tc.failures, tc.jitter); got != tc.want {
				t.Errorf("delay: got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	broken := errors.New("broken")
	sent := delivery.Outcome{Verdict: delivery.Sent, Status: 200, Receipt: "message"}
	later := delivery.Outcome{Verdict: delivery.Later, Status: 500, Err: broken}
	wrong := delivery.Outcome{Verdict: delivery.Wrong, Status: 400, Err: broken}
	down := delivery.Outcome{Verdict: delivery.Down, Err: broken}
	full := delivery.Outcome{Verdict: delivery.Sent, After: 4 * time.Second, Status: 200, Receipt: "message"}
	untried := delivery.Outcome{}

	delivered := func(id event.ID, attempt int) delivery.Result {
		return delivery.Result{EventID: id, Attempt: attempt, State: delivery.Delivered, At: now, Status: 200, Receipt: "message"}
	}
	failed := func(id event.ID, attempt, status int, state delivery.State) delivery.Result {
		return delivery.Result{EventID: id, Attempt: attempt, State: state, At: now, Status: status, Error: "broken"}
	}
	tests := map[string]struct {
		attempts []int // made so far, by delivery; events are numbered from 1
		replayed int   // of those of each, made before it was replayed
		failures int
		outcomes []delivery.Outcome
		want     delivery.Progress
	}{
		"all sent": {[]int{0, 2}, 0, 2, []delivery.Outcome{sent, sent}, delivery.Progress{
			Results: []delivery.Result{delivered(1, 1), delivered(2, 3)},
		}},
		"a wrong one holds up nobody": {[]int{0, 0}, 0, 0, []delivery.Outcome{wrong, sent}, delivery.Progress{
			Results: []delivery.Result{failed(1, 1, 400, delivery.Abandoned), delivered(2, 1)},
		}},
		"later holds up the rest": {[]int{0, 0, 0}, 0, 0, []delivery.Outcome{sent, later, untried}, delivery.Progress{
			Results:  []delivery.Result{delivered(1, 1), failed(2, 1, 500, delivery.Pending)},
			Failures: 1, DueAt: now.Add(5 * time.Second),
		}},
		"later in a row waits longer": {[]int{1}, 0, 1, []delivery.Outcome{later}, delivery.Progress{
			Results:  []delivery.Result{failed(1, 2, 500, delivery.Pending)},
			Failures: 2, DueAt: now.Add(10 * time.Second),
		}},
		"the last attempt abandons": {[]int{2, 0}, 0, 2, []delivery.Outcome{later, untried}, delivery.Progress{
			Results:  []delivery.Result{failed(1, 3, 500, delivery.Abandoned)},
			Failures: 3, DueAt: now.Add(20 * time.Second),
		}},
		"the other side says when": {
			[]int{0},
			0,
			4,
			[]delivery.Outcome{{Verdict: delivery.Later, After: 1500 * time.Millisecond, Status: 429, Err: broken}},
			delivery.Progress{
				Results:  []delivery.Result{failed(1, 1, 429, delivery.Pending)},
				Failures: 5, DueAt: now.Add(1500 * time.Millisecond),
			},
		},
		"the other side asks for too long": {
			[]int{0},
			0,
			0,
			[]delivery.Outcome{{Verdict: delivery.Later, After: 24 * time.Hour, Status: 503, Err: broken}},
			delivery.Progress{
				Results:  []delivery.Result{failed(1, 1, 503, delivery.Pending)},
				Failures: 1, DueAt: now.Add(time.Minute),
			},
		},
		"a pause costs no attempt": {
			[]int{0, 1, 0},
			0,
			0,
			[]delivery.Outcome{sent, {Verdict: delivery.Pause, Reason: "pause.gone", Err: broken}, untried},
			delivery.Progress{Results: []delivery.Result{delivered(1, 1)}, Pause: "pause.gone"},
		},
		"gone abandons and pauses": {
			[]int{0, 1, 0},
			0,
			2,
			[]delivery.Outcome{sent, {Verdict: delivery.Gone, Reason: "pause.gone", Status: 410, Err: broken}, untried},
			delivery.Progress{Results: []delivery.Result{delivered(1, 1), failed(2, 2, 410, delivery.Abandoned)}, Pause: "pause.gone"},
		},
		"a stop costs no attempt": {[]int{0}, 0, 0, []delivery.Outcome{{Verdict: delivery.Stop, Err: broken}}, delivery.Progress{}},
		"nothing tried":           {[]int{0}, 0, 7, []delivery.Outcome{untried}, delivery.Progress{Failures: 7}},
		"nothing is heard":        {[]int{1, 0}, 0, 2, []delivery.Outcome{down, untried}, delivery.Progress{Failures: 2}},
		"no room before":          {[]int{0}, 0, 2, []delivery.Outcome{{After: 3 * time.Second}}, delivery.Progress{Failures: 2, DueAt: now.Add(3 * time.Second)}},
		"no room for too long":    {[]int{0}, 0, 0, []delivery.Outcome{{After: time.Hour}}, delivery.Progress{DueAt: now.Add(time.Minute)}},
		"nothing is heard any more": {[]int{0, 0}, 0, 1, []delivery.Outcome{sent, down}, delivery.Progress{
			Results: []delivery.Result{delivered(1, 1)},
		}},
		"no room behind what was sent": {[]int{0, 0}, 0, 3, []delivery.Outcome{sent, full}, delivery.Progress{
			Results: []delivery.Result{delivered(1, 1), delivered(2, 1)}, DueAt: now.Add(4 * time.Second),
		}},
		"no room before the last that was sent": {[]int{0, 0}, 0, 0, []delivery.Outcome{full, {After: 2 * time.Second}}, delivery.Progress{
			Results: []delivery.Result{delivered(1, 1)}, DueAt: now.Add(2 * time.Second),
		}},
		"a failure behind what was sent": {[]int{0, 0}, 0, 0, []delivery.Outcome{full, later}, delivery.Progress{
			Results:  []delivery.Result{delivered(1, 1), failed(2, 1, 500, delivery.Pending)},
			Failures: 1, DueAt: now.Add(5 * time.Second),
		}},
		"a replay has its own attempts": {[]int{4}, 3, 0, []delivery.Outcome{later}, delivery.Progress{
			Results:  []delivery.Result{failed(1, 5, 500, delivery.Pending)},
			Failures: 1, DueAt: now.Add(5 * time.Second),
		}},
		"the last attempt of a replay": {[]int{5}, 3, 2, []delivery.Outcome{later}, delivery.Progress{
			Results:  []delivery.Result{failed(1, 6, 500, delivery.Abandoned)},
			Failures: 3, DueAt: now.Add(20 * time.Second),
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			batch := delivery.Batch{Destination: delivery.Destination{ID: "sales"}, Failures: tc.failures}
			for i, attempts := range tc.attempts {
				batch.Deliveries = append(batch.Deliveries, delivery.Delivery{
					Event: event.Event{ID: event.ID(i + 1)}, Attempts: attempts, Replayed: tc.replayed,
				})
			}
			tc.want.DestinationID = "sales"
			got := policy.Judge(batch, tc.outcomes, now, 0)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("progress (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJudgeKeepsTwoKilobytesOfAnAnswer(t *testing.T) {
	batch := delivery.Batch{Deliveries: []delivery.Delivery{{Event: event.Event{ID: 1}}}}
	long := strings.Repeat("a", delivery.MaxResponse-1) + "é" // the é straddles the limit
	got := policy.Judge(batch, []delivery.Outcome{{Verdict: delivery.Wrong, Response: long}}, time.Now(), 0)
	if want := long[:delivery.MaxResponse-1]; got.Results[0].Response != want {
		t.Errorf("kept %d bytes, want %d whole characters", len(got.Results[0].Response), len(want))
	}
}
