package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// TestHistoryOfDelivery follows one delivery; the wanted trace is without what does not change.
func TestHistoryOfDelivery(t *testing.T) {
	fail := func(due time.Duration, pause string) func(*testing.T, *storage.DB, delivery.Destination, event.ID) {
		return func(t *testing.T, db *storage.DB, d delivery.Destination, id event.ID) {
			progress := finished(t, db, d.ID, id, 1, delivery.Pending)
			progress.Failures, progress.DueAt, progress.Pause = 1, at.Add(due), pause
			must(t, db.Finish(t.Context(), progress))
		}
	}
	failed := []event.Attempt{{Number: 1, At: at, Status: 500, Error: "no luck"}}
	tests := map[string]struct {
		steps func(t *testing.T, db *storage.DB, d delivery.Destination, id event.ID)
		want  event.Trace
	}{
		"new": {
			func(*testing.T, *storage.DB, delivery.Destination, event.ID) {},
			event.Trace{State: "pending"},
		},
		"to be tried again": {fail(time.Minute, ""), event.Trace{State: "pending", DueAt: at.Add(time.Minute), Attempts: failed}},
		"paused":            {fail(time.Minute, "pause.x"), event.Trace{State: "pending", Paused: "pause.x", Attempts: failed}},
		"replayed": {
			func(t *testing.T, db *storage.DB, d delivery.Destination, id event.ID) {
				must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 1, delivery.Abandoned)))
				requeue(t, db, d, id)
			},
			event.Trace{State: "pending", Attempts: failed},
		},
		"replayed and delivered": {
			func(t *testing.T, db *storage.DB, d delivery.Destination, id event.ID) {
				must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 1, delivery.Abandoned)))
				requeue(t, db, d, id)
				must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 2, delivery.Delivered)))
			},
			event.Trace{
				State: "delivered", At: at, Receipt: "message",
				Attempts: append(failed[:1:1], event.Attempt{Number: 2, At: at, Status: 200}),
			},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			d := destination(t, db, s)
			id := accept(t, db, s, 1)[0]
			tc.steps(t, db, d, id)
			got, err := db.History(t.Context(), guild, id)
			must(t, err)
			tc.want.DestinationID, tc.want.Kind, tc.want.ChannelID = d.ID, "channel", "1"
			if diff := cmp.Diff([]event.Trace{tc.want}, got.Deliveries); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
}

func requeue(t *testing.T, db *storage.DB, d delivery.Destination, id event.ID) {
	t.Helper()
	entry := delivery.Entry{Event: event.Event{ID: id}, Routes: []delivery.Route{{LinkID: "link", DestinationID: d.ID}}}
	if n, err := db.Requeue(t.Context(), []delivery.Entry{entry}, false); err != nil || n != 1 {
		t.Fatalf("requeued %d: %v", n, err)
	}
}

// TestHistoryOfSeveral has an event that went to two destinations, and one that no link took.
func TestHistoryOfSeveral(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	both := entry(t, db, s, `{}`)
	both.Routes = append(both.Routes, entry(t, db, connect(t, db, "Service", "2"), `{}`).Routes...)
	both.Event.IdempotencyKey, both.Event.Headers = "k", []byte(`{"a":"b"}`)
	ids, err := db.Append(t.Context(), []delivery.Entry{both, {Event: event.Event{SourceID: s.ID, Type: "x", Body: []byte(`{}`)}}})
	must(t, err)
	must(t, db.Finish(t.Context(), finished(t, db, both.Routes[1].DestinationID, ids[0], 1, delivery.Delivered)))

	got, err := db.History(t.Context(), guild, ids[0])
	must(t, err)
	both.Event.ID = ids[0]
	want := event.History{Event: both.Event, SourceName: "Sales", Deliveries: []event.Trace{
		{DestinationID: both.Routes[0].DestinationID, Kind: "channel", ChannelID: "1", State: "pending"},
		{DestinationID: both.Routes[1].DestinationID, Kind: "channel", ChannelID: "2", State: "delivered", At: at, Receipt: "message"},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(event.Trace{}, "Attempts")); diff != "" {
		t.Error("two destinations, -want +got:", diff)
	}
	got, err = db.History(t.Context(), guild, ids[1])
	must(t, err)
	if len(got.Deliveries) != 0 {
		t.Errorf("no link took it: %+v", got.Deliveries)
	}
}

func TestHistoryEndsWithRetention(t *testing.T) {
	db := open(t)
	e := entry(t, db, connect(t, db, "Sales", "1"), `{}`)
	e.Routes = nil
	id := old(t, db, e, 31*day)
	_, err := db.History(t.Context(), guild, id)
	must(t, err)
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	_, err = db.History(t.Context(), guild, id)
	wantKind(t, err, fault.NotFound)
}
