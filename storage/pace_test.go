package storage_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/storage"
)

// TestStepsAreBounded removes many events, small and large, while others append. It looks at every transaction: what one
// removes is bounded, and whoever began to wait during a step is served before the next.
func TestStepsAreBounded(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	bytes := make(map[int64]int)
	add := func(n, size int) {
		e := entry(t, db, s, `"`+strings.Repeat("x", size)+`"`)
		e.Routes, e.Event.ReceivedAt = nil, at.Add(-31*day)
		ids, err := db.Append(t.Context(), slices.Repeat([]delivery.Entry{e}, n))
		must(t, err)
		for _, id := range ids {
			bytes[int64(id)] = len(e.Event.Body)
		}
	}
	add(2000, 10)
	add(10, 3<<19)
	add(1, storage.StepBytes+1) // goes alone
	add(3, 3<<19)

	young := entry(t, db, s, `{}`)
	appended := make(chan error, len(bytes))
	var seen []storage.Transaction
	must(t, db.WatchEvents(t.Context(), func(tx storage.Transaction) {
		seen = append(seen, tx)
		if len(tx.Removed) == 0 {
			return
		}
		before := db.Queued()
		go func() {
			_, err := db.Append(context.WithoutCancel(t.Context()), []delivery.Entry{young})
			appended <- err
		}()
		for db.Queued() == before {
			runtime.Gosched()
		}
	}))
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	removed, steps := 0, 0
	for i, tx := range seen {
		if len(tx.Removed) == 0 {
			continue
		}
		must(t, <-appended)
		removed, steps = removed+len(tx.Removed), steps+1
		size := 0
		for _, id := range tx.Removed {
			size += bytes[id]
		}
		if len(tx.Removed) > storage.StepMax || len(tx.Removed) > 1 && size > storage.StepBytes {
			t.Errorf("a step removed %d events of %d bytes", len(tx.Removed), size)
		}
		if i+1 == len(seen) || len(seen[i+1].Added) == 0 {
			t.Errorf("what waited during step %d was not appended before the next", steps)
		}
	}
	if removed != len(bytes) || steps < 10 {
		t.Errorf("%d of %d were removed in %d steps", removed, len(bytes), steps)
	}
}

func TestPace(t *testing.T) {
	tests := map[string]struct {
		rows []int // of each step
		took []time.Duration
		want int // rows of the next
	}{
		"at first":             {nil, nil, storage.StepMin},
		"fast":                 {[]int{10}, []time.Duration{1}, 20},
		"fast, again":          {[]int{10, 20, 40}, []time.Duration{1, 1, 1}, 80},
		"fast for ever":        {[]int{10, 400, 500, 500}, []time.Duration{1, 1, 1, 1}, storage.StepMax},
		"fast, but it was few": {[]int{10, 20, 3}, []time.Duration{1, 1, 1}, 40},
		"as it should be":      {[]int{10, 20}, []time.Duration{1, storage.StepAim}, 20},
		"too slow":             {[]int{10, 400}, []time.Duration{1, 4 * storage.StepAim}, 100},
		"far too slow":         {[]int{10, 400}, []time.Duration{1, time.Hour}, storage.StepMin},
		"slow, then fast":      {[]int{400, 100}, []time.Duration{4 * storage.StepAim, 1}, 200},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var p storage.Pace
			got := storage.StepMin
			for i := range tc.rows {
				got = p.Record(tc.rows[i], tc.took[i])
			}
			if got != tc.want {
				t.Errorf("next step has %d rows, want %d", got, tc.want)
			}
		})
	}
}

// TestYield waits for a writer that is busy for ever: not longer than it has patience, and not beyond its context.
func TestYield(t *testing.T) {
	db := open(t)
	busy, free := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() { done <- db.WhenIdle(t.Context(), func() { close(busy); <-free }) }()
	<-busy
	must(t, db.Yield(t.Context(), time.Millisecond))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Yield(ctx, time.Hour); err == nil {
		t.Error("it went on after its context had ended")
	}
	close(free)
	must(t, <-done)
	must(t, db.Yield(t.Context(), time.Hour))
}
