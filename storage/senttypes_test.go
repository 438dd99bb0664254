package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

func TestSentTypes(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "1")
	send := func(s event.Source, types ...string) {
		t.Helper()
		entries := make([]delivery.Entry, len(types))
		for i, typ := range types {
			entries[i].Event = event.Event{SourceID: s.ID, Type: typ, ReceivedAt: at, Body: []byte(`{}`)}
		}
		_, err := db.Append(t.Context(), entries)
		must(t, err)
	}
	want := func(limit int, types ...string) {
		t.Helper()
		got, err := db.SentTypes(t.Context(), s.ID, limit)
		must(t, err)
		if diff := cmp.Diff(types, got); diff != "" {
			t.Error("-want +got:", diff)
		}
	}
	want(25)
	send(s, "Case.created", "Lead.created", "Case.created", "push", "Lead.created")
	send(other, "Account.created")
	want(25, "Lead.created", "push", "Case.created")
	want(2, "Lead.created", "push")
	send(s, slices.Repeat([]string{"Task.created"}, storage.MaxTypesLooked-1)...)
	want(25, "Task.created", "Lead.created")
}

// TestSentTypesPlan makes sure that events are looked at from the last one on, and no more of them than are asked for.
func TestSentTypesPlan(t *testing.T) {
	db := open(t)
	plan, err := db.Plan(t.Context(), storage.SentTypesQuery, "s", 1, 1)
	must(t, err)
	told := strings.Join(plan, "\n")
	if !strings.Contains(told, "SEARCH events USING INDEX events_source (source_id=?)") || strings.Count(told, "TEMP B-TREE") > 2 {
		t.Errorf("plan is\n%s", told)
	}
}

// BenchmarkSentTypes asks one source of many, with bodies of 1 KB.
func BenchmarkSentTypes(b *testing.B) {
	db := open(b)
	s, other := connect(b, db, "Sales", "1"), connect(b, db, "Service", "1")
	entries := make([]delivery.Entry, 500)
	for range 40 {
		for i := range entries {
			entries[i] = entry(b, db, []event.Source{s, other}[i%2], `{"a":"`+strings.Repeat("x", 1050)+`"}`)
			entries[i].Event.Type = fmt.Sprintf("Case%d.created", i%40)
		}
		_, err := db.Append(b.Context(), entries)
		must(b, err)
	}
	b.ResetTimer()
	for b.Loop() {
		_, err := db.SentTypes(b.Context(), s.ID, 25)
		must(b, err)
	}
}
