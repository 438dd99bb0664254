package storage_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

func TestAppendAndRead(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	tests := map[string]event.Event{
		"all fields": {
			SourceID: s.ID, Type: "Opportunity.updated", IdempotencyKey: "k", ReceivedAt: at,
			Headers: json.RawMessage(`{"x-a":"b"}`), Body: []byte("{\n \"a\" : \"ü\\u0000\"}"),
		},
		"few fields": {SourceID: s.ID, Type: "x", ReceivedAt: at, Body: []byte(`{}`)},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			ids, err := db.Append(t.Context(), []delivery.Entry{{Event: want}})
			must(t, err)
			want.ID = ids[0]
			got, err := db.Event(t.Context(), ids[0])
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
	_, err := db.Event(t.Context(), 1)
	wantKind(t, err, fault.NotFound)
	ids, err := db.Append(t.Context(), nil)
	if err != nil || ids != nil {
		t.Errorf("nothing to append gives %v, %v", ids, err)
	}
}

// TestIDs follows the clock forward, but not back, and not over a restart.
func TestIDs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	db := openAt(t, path)
	s := connect(t, db, "Sales", "1")
	step := func(received time.Time) event.ID {
		e := entry(t, db, s, `{}`)
		e.Event.ReceivedAt = received
		ids, err := db.Append(t.Context(), []delivery.Entry{e})
		must(t, err)
		return ids[0]
	}
	first := event.FirstID(at)
	if got := step(at); got != first {
		t.Errorf("id is %d, want %d", got, first)
	}
	if got := step(at.Add(-time.Hour)); got != first+1 {
		t.Errorf("clock went back: id is %d, want %d", got, first+1)
	}
	must(t, db.Close())
	db = openAt(t, path)
	if got := step(at); got != first+2 {
		t.Errorf("restarted: id is %d, want %d", got, first+2)
	}
	if got, want := step(at.Add(time.Millisecond)), event.FirstID(at.Add(time.Millisecond)); got != want {
		t.Errorf("clock went on: id is %d, want %d", got, want)
	}
	before := time.Now()
	if got := step(time.Time{}); got.Time().Before(before.Truncate(time.Millisecond)) {
		t.Errorf("no time was given: id is of %v, before %v", got.Time(), before)
	}
}

func TestDuplicate(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "1")
	keyed := func(of event.Source, key string) delivery.Entry {
		e := entry(t, db, of, `{}`)
		e.Event.IdempotencyKey = key
		return e
	}
	first, err := db.Append(t.Context(), []delivery.Entry{keyed(s, "a")})
	must(t, err)

	tests := map[string]struct {
		entries   []delivery.Entry
		duplicate bool
	}{
		"same key":              {[]delivery.Entry{keyed(s, "a")}, true},
		"same key behind":       {[]delivery.Entry{keyed(s, "c"), keyed(s, ""), keyed(s, "a")}, true},
		"another key":           {[]delivery.Entry{keyed(s, "b")}, false},
		"no key":                {[]delivery.Entry{keyed(s, ""), keyed(s, "")}, false},
		"key of another source": {[]delivery.Entry{keyed(other, "a")}, false},
		"case differs":          {[]delivery.Entry{keyed(s, "A")}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before, err := db.Activity(t.Context(), s.ID, at)
			must(t, err)
			_, err = db.Append(t.Context(), tc.entries)
			if !tc.duplicate {
				must(t, err)
				return
			}
			var duplicate *event.DuplicateError
			if !errors.As(err, &duplicate) || duplicate.First != first[0] {
				t.Fatalf("error is %v, want a duplicate of %s", err, first[0])
			}
			after, err := db.Activity(t.Context(), s.ID, at)
			must(t, err)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Error("something was written: -before +after:", diff)
			}
		})
	}
}

// TestDuplicateInOneCommit has many send the same key at once: one is accepted, the others are told its id.
func TestDuplicateInOneCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t)
		s := connect(t, db, "Sales", "1")
		e := entry(t, db, s, `{}`)
		e.Event.IdempotencyKey = "k"
		release := hold(t, db)
		var (
			done                sync.WaitGroup
			mu                  sync.Mutex
			accepted, duplicate []event.ID
		)
		for range 20 {
			done.Go(func() {
				ids, err := db.Append(t.Context(), []delivery.Entry{e})
				mu.Lock()
				defer mu.Unlock()
				var dup *event.DuplicateError
				switch {
				case errors.As(err, &dup):
					duplicate = append(duplicate, dup.First)
				case err != nil:
					t.Error(err)
				default:
					accepted = append(accepted, ids[0])
				}
			})
		}
		synctest.Wait()
		release()
		done.Wait()
		if len(accepted) != 1 || len(duplicate) != 19 {
			t.Fatalf("%d accepted, %d duplicates", len(accepted), len(duplicate))
		}
		for _, first := range duplicate {
			if first != accepted[0] {
				t.Errorf("a duplicate was told %s, not %s", first, accepted[0])
			}
		}
	})
}
