package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

func TestActivity(t *testing.T) {
	db := open(t)
	s, quiet := connect(t, db, "Sales", "1"), connect(t, db, "Quiet", "2")
	d := destination(t, db, s)
	accepted := func(after time.Duration, typ string, routed bool) event.ID {
		e := entry(t, db, s, `{}`)
		e.Event.ReceivedAt, e.Event.Type = at.Add(after), typ
		if !routed {
			e.Routes = nil
		}
		ids, err := db.Append(t.Context(), []delivery.Entry{e})
		must(t, err)
		return ids[0]
	}
	accepted(-30*time.Hour, "Too.old", false)
	first := accepted(-20*time.Hour, "Case.created", true)
	second := accepted(-10*time.Hour, "Case.updated", true)
	third := accepted(-time.Hour, "Case.updated", true)
	accepted(-time.Minute, "Lead.created", false)

	must(t, db.Finish(t.Context(), finished(t, db, d.ID, first, 1, delivery.Delivered)))
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, second, 1, delivery.Abandoned)))

	want := delivery.Activity{
		LastType: "Lead.created", LastAt: at.Add(-time.Minute),
		Day:     delivery.Counts{Accepted: 4, Delivered: 1, Filtered: 1, Abandoned: 1},
		Waiting: 1, Oldest: at.Add(-time.Hour),
		LastFailure: &delivery.Failure{
			EventID: second, Type: "Case.updated", At: at, Attempt: 1, Status: 500, Error: "no luck", Kind: delivery.KindChannel, ChannelID: "1",
			State: delivery.Abandoned,
		},
	}
	got, err := db.Activity(t.Context(), s.ID, at)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("abandoned: -want +got:", diff)
	}

	failed := finished(t, db, d.ID, third, 1, delivery.Pending)
	failed.Failures, failed.DueAt = 1, at.Add(time.Minute)
	must(t, db.Finish(t.Context(), failed))
	want.LastFailure = &delivery.Failure{
		EventID: third, Type: "Case.updated", At: at, Attempt: 1, Status: 500, Error: "no luck", Kind: delivery.KindChannel, ChannelID: "1",
		State: delivery.Pending, DueAt: at.Add(time.Minute),
	}
	got, err = db.Activity(t.Context(), s.ID, at)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("tried again: -want +got:", diff)
	}

	failed = finished(t, db, d.ID, third, 2, delivery.Pending)
	failed.Pause = "pause.channel_gone"
	must(t, db.Finish(t.Context(), failed))
	want.LastFailure.Attempt, want.LastFailure.DueAt = 2, time.Time{}
	d.Paused = "pause.channel_gone"
	want.Paused = []delivery.Destination{d}
	got, err = db.Activity(t.Context(), s.ID, at)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("paused: -want +got:", diff)
	}

	got, err = db.Activity(t.Context(), quiet.ID, at)
	must(t, err)
	if diff := cmp.Diff(delivery.Activity{}, got); diff != "" {
		t.Error("quiet: -want +got:", diff)
	}
}

// TestResults asks for an event that went to two destinations, one that went nowhere, and an unknown one.
func TestResults(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "2")
	both := entry(t, db, s, `{}`)
	both.Routes = append(both.Routes, entry(t, db, other, `{}`).Routes...)
	ids, err := db.Append(t.Context(), []delivery.Entry{both, {Event: both.Event}})
	must(t, err)
	must(t, db.Finish(t.Context(), finished(t, db, both.Routes[0].DestinationID, ids[0], 1, delivery.Delivered)))

	got, err := db.Results(t.Context(), ids[0])
	must(t, err)
	states := map[delivery.State]int{}
	for _, r := range got {
		states[r.State]++
	}
	if diff := cmp.Diff(map[delivery.State]int{delivery.Delivered: 1, delivery.Pending: 1}, states); diff != "" {
		t.Error("two destinations: -want +got:", diff)
	}
	got, err = db.Results(t.Context(), ids[1])
	must(t, err)
	if diff := cmp.Diff([]delivery.Result{{EventID: ids[1], State: delivery.Filtered, At: at}}, got); diff != "" {
		t.Error("nowhere: -want +got:", diff)
	}
	if got, err := db.Results(t.Context(), 1); err != nil || len(got) != 0 {
		t.Errorf("unknown: %v, %v", got, err)
	}
}
