package storage_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

func TestDeleteDestination(t *testing.T) {
	const waiting = 1200 // more than one step takes
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d, other := forward(t, db, "CRM", s), forward(t, db, "Other", s)
	ids := accept(t, db, s, waiting)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[0], 1, delivery.Delivered)))
	_, err := db.Requeue(t.Context(), entriesOf(t, db, s, ids[0]), false)
	must(t, err)
	for id, want := range map[string]int{d.ID: waiting, other.ID: waiting, "gone": 0} {
		if n, err := db.WaitingFor(t.Context(), id); err != nil || n != want {
			t.Errorf("%d wait for %s, %v", n, id, err)
		}
	}
	wantKind(t, db.DeleteDestination(t.Context(), "2", d.ID), fault.NotFound)
	found, err := db.Destinations(t.Context(), s.ID)
	must(t, err)
	wantKind(t, db.DeleteDestination(t.Context(), guild, found[0].ID), fault.NotFound) // a channel

	var deleting sync.WaitGroup // both have seen the question
	for range 2 {
		deleting.Go(func() {
			err := db.DeleteDestination(t.Context(), guild, d.ID)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				t.Error(err)
			}
		})
	}
	deleting.Wait()
	if diff := cmp.Diff([]string{"Other", "1"}, named(t, db, guild)); diff != "" {
		t.Error("-want +got:", diff)
	}
	if links, err := db.Links(t.Context(), s.ID); err != nil || len(links) != 2 {
		t.Errorf("links: %+v, %v", links, err)
	}
	if n, err := db.WaitingFor(t.Context(), other.ID); err != nil || n != waiting {
		t.Errorf("%d wait for the other, %v", n, err)
	}
	for i, want := range []delivery.State{delivery.Delivered, delivery.Abandoned} {
		h, err := db.History(t.Context(), guild, ids[i])
		must(t, err)
		at := traceOf(h, d.ID)
		if at.State != string(want) || at.Kind != "" {
			t.Errorf("event %d is %+v, want %s", i, at, want)
		}
	}
	if a, err := db.Activity(t.Context(), s.ID, time.Now()); err != nil || a.Day.Abandoned != 0 {
		t.Errorf("%d count as lost, %v", a.Day.Abandoned, err)
	}
	forward(t, db, "crm") // the name is free
}

func traceOf(h event.History, destinationID string) event.Trace {
	for _, trace := range h.Deliveries {
		if trace.DestinationID == destinationID {
			return trace
		}
	}
	return event.Trace{}
}
