package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

func TestEvents(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Support", "2")
	d := destination(t, db, s)
	ids := accept(t, db, s, 4)
	elsewhere := accept(t, db, other, 1)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[0], 1, delivery.Delivered)))
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[1], 1, delivery.Abandoned)))
	tests := map[string]struct {
		query event.Query
		want  []event.ID
	}{
		"all":           {event.Query{}, []event.ID{elsewhere[0], ids[3], ids[2], ids[1], ids[0]}},
		"first page":    {event.Query{Limit: 2}, []event.ID{elsewhere[0], ids[3]}},
		"second page":   {event.Query{Limit: 2, Before: ids[3]}, []event.ID{ids[2], ids[1]}},
		"back again":    {event.Query{Limit: 2, After: ids[2]}, []event.ID{elsewhere[0], ids[3]}},
		"one source":    {event.Query{SourceID: other.ID}, elsewhere},
		"delivered":     {event.Query{State: "delivered"}, ids[:1]},
		"abandoned":     {event.Query{State: "abandoned"}, ids[1:2]},
		"pending":       {event.Query{State: "pending"}, []event.ID{elsewhere[0], ids[3], ids[2]}},
		"pending there": {event.Query{State: "pending", SourceID: s.ID}, []event.ID{ids[3], ids[2]}},
		"filtered":      {event.Query{State: "filtered"}, nil},
		"another guild": {event.Query{GuildID: "2"}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.query.GuildID == "" {
				tc.query.GuildID = guild
			}
			if tc.query.Limit == 0 {
				tc.query.Limit = 10
			}
			found, err := db.Events(t.Context(), tc.query)
			must(t, err)
			var got []event.ID
			for _, summary := range found {
				got = append(got, summary.ID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
	one, err := db.Events(t.Context(), event.Query{GuildID: guild, State: "abandoned", Limit: 1})
	must(t, err)
	want := []event.Summary{{ID: ids[1], Type: "Case.created", SourceName: "Sales", State: "abandoned", Deliveries: 1}}
	if diff := cmp.Diff(want, one); diff != "" {
		t.Error("summary, -want +got:", diff)
	}
}

func TestHistory(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	id := accept(t, db, s, 1)[0]
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 1, delivery.Pending)))
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 2, delivery.Delivered)))
	got, err := db.History(t.Context(), guild, id)
	must(t, err)
	want := event.History{
		Event:      event.Event{ID: id, SourceID: s.ID, Type: "Case.created", ReceivedAt: at, Body: []byte(`{"n":0}`)},
		SourceName: "Sales",
		Deliveries: []event.Trace{{
			DestinationID: d.ID, Kind: "channel", ChannelID: "1", State: "delivered", At: at, Receipt: "message",
			Attempts: []event.Attempt{
				{Number: 1, At: at, Status: 500, Error: "no luck"},
				{Number: 2, At: at, Status: 200},
			},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:", diff)
	}
	_, err = db.History(t.Context(), "2", id)
	wantKind(t, err, fault.NotFound)
	_, err = db.History(t.Context(), guild, id+1)
	wantKind(t, err, fault.NotFound)
}

func TestAlerts(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	must(t, db.SetAlertsChannel(t.Context(), guild, "9"))
	for range 2 { // a pause that is there stays as it is
		must(t, db.Finish(t.Context(), delivery.Progress{DestinationID: d.ID, Pause: "pause.channel_gone"}))
	}
	alerts, err := db.Untold(t.Context())
	must(t, err)
	if len(alerts) != 1 || alerts[0].ID != d.ID || alerts[0].Channel != "9" || alerts[0].PausedAt.IsZero() || alerts[0].Locale != "de" {
		t.Fatalf("untold: %+v", alerts)
	}
	must(t, db.Told(t.Context(), d.ID, alerts[0].PausedAt.Add(-time.Millisecond)))
	if earlier, err := db.Untold(t.Context()); err != nil || len(earlier) != 1 {
		t.Errorf("told of an earlier pause: %+v (%v)", earlier, err)
	}
	must(t, db.Told(t.Context(), d.ID, alerts[0].PausedAt))
	must(t, db.Finish(t.Context(), delivery.Progress{DestinationID: d.ID, Pause: "pause.channel_gone"}))
	if alerts, err = db.Untold(t.Context()); err != nil || len(alerts) > 0 {
		t.Errorf("told already: %+v (%v)", alerts, err)
	}
	paused, err := db.PausedDestinations(t.Context(), guild)
	must(t, err)
	if len(paused) != 1 || paused[0].Paused != "pause.channel_gone" {
		t.Errorf("paused: %+v", paused)
	}
	must(t, db.Resume(t.Context(), guild, d.ID))
	if paused, err = db.PausedDestinations(t.Context(), guild); err != nil || len(paused) > 0 {
		t.Errorf("resumed: %+v (%v)", paused, err)
	}
	must(t, db.Finish(t.Context(), delivery.Progress{DestinationID: d.ID, Pause: "pause.no_access"}))
	if alerts, err = db.Untold(t.Context()); err != nil || len(alerts) != 1 {
		t.Errorf("paused again: %+v (%v)", alerts, err)
	}
}
