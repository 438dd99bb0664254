package storage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// refused is an event of the source that the links did not take.
func refused(t testing.TB, db *storage.DB, s event.Source, routed bool, refusals ...delivery.Refusal) delivery.Entry {
	t.Helper()
	e := entry(t, db, s, `{}`)
	e.Refused = refusals
	if !routed {
		e.Routes = nil
	}
	return e
}

func TestRefusals(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	first := link(t, db, s, "2", delivery.Link{Events: []string{"Lead.*"}})
	second := link(t, db, s, "3", delivery.Link{Filter: "record.Amount > 1"})
	byType := delivery.Refusal{LinkID: first.ID, Reason: delivery.RefusedByType, Detail: "Lead.*"}
	byFilter := delivery.Refusal{LinkID: second.ID, Reason: delivery.RefusedByFilter, Detail: "record.Amount > 1"}
	gone := delivery.Refusal{LinkID: "a link that is gone", Reason: delivery.RefusedByFilter, Detail: "true"}

	ids, err := db.Append(t.Context(), []delivery.Entry{
		refused(t, db, s, false, byFilter, byType), refused(t, db, s, true, byFilter), refused(t, db, s, true), refused(t, db, s, false, gone),
	})
	must(t, err)
	want := [][]delivery.RefusedLink{
		{{Refusal: byType, Destination: first.Destination}, {Refusal: byFilter, Destination: second.Destination}},
		{{Refusal: byFilter, Destination: second.Destination}},
		nil,
		{{Refusal: gone}},
	}
	must(t, db.RemoveLink(t.Context(), guild, second.ID)) // what it did is known all the same
	for i, id := range ids {
		got, err := db.Refusals(t.Context(), id)
		must(t, err)
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("event %d: -want +got: %s", i, diff)
		}
		results, err := db.Results(t.Context(), id)
		must(t, err)
		if routed := i == 1 || i == 2; len(results) == 0 || (results[0].State == delivery.Filtered) == routed {
			t.Errorf("event %d: results are %+v", i, results)
		}
	}
}

func TestRefusalsAreBounded(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	many := make([]delivery.Refusal, 200)
	for i := range many {
		many[i] = delivery.Refusal{LinkID: fmt.Sprintf("%03d", i), Reason: delivery.RefusedByType}
	}
	entries := []delivery.Entry{refused(t, db, s, false, many...), refused(t, db, s, true)}
	if rows := storage.RowsOf(entries); rows != 2+storage.MaxRefusals {
		t.Errorf("the writer reckons with %d rows", rows)
	}
	ids, err := db.Append(t.Context(), entries)
	must(t, err)
	got, err := db.Refusals(t.Context(), ids[0])
	must(t, err)
	if len(got) != storage.MaxRefusals || got[0].LinkID != "000" {
		t.Errorf("%d refusals, the first of %q", len(got), got[0].LinkID)
	}
}

// TestRefusalsGoWithTheirEvent removes events in each of the ways that there are.
func TestRefusalsGoWithTheirEvent(t *testing.T) {
	tests := map[string]func(t *testing.T, db *storage.DB){
		"old": func(t *testing.T, db *storage.DB) {
			must(t, db.Retain(t.Context(), at.Add(31*day), storage.Retention{Keep: 30 * day}))
		},
		"surplus": func(t *testing.T, db *storage.DB) {
			must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day, GuildEvents: 1}))
		},
		"left guild": func(t *testing.T, db *storage.DB) {
			must(t, db.LeaveGuild(t.Context(), guild, at.Add(-31*day)))
			must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
		},
	}
	for name, remove := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			refusal := delivery.Refusal{LinkID: "x", Reason: delivery.RefusedByType}
			gone, last := refused(t, db, s, false, refusal), refused(t, db, s, false)
			last.Event.ReceivedAt = at.Add(time.Minute)
			ids, err := db.Append(t.Context(), []delivery.Entry{gone, last})
			must(t, err)
			if n, err := db.CountRows(t.Context(), "refusals"); n != 1 || err != nil {
				t.Fatalf("%d refusals, %v", n, err)
			}
			remove(t, db)
			if n, err := db.CountRows(t.Context(), "refusals"); n != 0 || err != nil {
				t.Errorf("%d refusals are left of %s, %v", n, ids[0], err)
			}
		})
	}
}
