package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// entriesOf are stored events with the routes that lead from their source now.
func entriesOf(t *testing.T, db *storage.DB, s event.Source, ids ...event.ID) []delivery.Entry {
	t.Helper()
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	var entries []delivery.Entry
	for _, id := range ids {
		e, err := db.Event(t.Context(), id)
		must(t, err)
		entries = append(entries, delivery.Entry{Event: e, Routes: delivery.Routes(links, e.Type)})
	}
	return entries
}

func TestReplayable(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Support", "2")
	d := destination(t, db, s)
	ids := accept(t, db, s, 4)
	accept(t, db, other, 2)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[2], 1, delivery.Abandoned)))
	tests := map[string]struct {
		which delivery.Selection
		after event.ID
		limit int
		want  []event.ID
	}{
		"one":               {delivery.Selection{GuildID: guild, EventID: ids[1]}, 0, 10, ids[1:2]},
		"one, done":         {delivery.Selection{GuildID: guild, EventID: ids[1]}, ids[1], 10, nil},
		"of a source":       {delivery.Selection{GuildID: guild, SourceID: s.ID}, 0, 10, ids},
		"some":              {delivery.Selection{GuildID: guild, SourceID: s.ID}, ids[0], 2, ids[1:3]},
		"abandoned":         {delivery.Selection{GuildID: guild, SourceID: s.ID, Abandoned: true}, 0, 10, ids[2:3]},
		"since then":        {delivery.Selection{GuildID: guild, SourceID: s.ID, Since: at}, 0, 10, ids},
		"since later":       {delivery.Selection{GuildID: guild, SourceID: s.ID, Since: at.Add(time.Hour)}, 0, 10, nil},
		"of another guild":  {delivery.Selection{GuildID: "2", SourceID: s.ID}, 0, 10, nil},
		"abandoned, others": {delivery.Selection{GuildID: guild, SourceID: other.ID, Abandoned: true}, 0, 10, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			found, err := db.Replayable(t.Context(), tc.which, tc.after, tc.limit)
			must(t, err)
			var got []event.ID
			for _, e := range found {
				got = append(got, e.ID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
	_, err := db.Replayable(t.Context(), delivery.Selection{GuildID: "2", EventID: ids[0]}, 0, 1)
	wantKind(t, err, fault.NotFound)
}

func TestRequeue(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	ids := accept(t, db, s, 3)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[0], 1, delivery.Delivered)))
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[1], 1, delivery.Abandoned)))
	made, err := db.Requeue(t.Context(), entriesOf(t, db, s, ids...), true)
	must(t, err)
	if made != 1 {
		t.Errorf("where it is missing: %d, want the one that was abandoned", made)
	}
	made, err = db.Requeue(t.Context(), entriesOf(t, db, s, ids...), false)
	must(t, err)
	if made != 1 {
		t.Errorf("everywhere: %d, want the one that is not pending", made)
	}
	again := finished(t, db, d.ID, ids[1], 2, delivery.Delivered)
	must(t, db.Finish(t.Context(), again))
	results, err := db.Results(t.Context(), ids[1])
	must(t, err)
	if len(results) != 1 || results[0].State != delivery.Delivered || results[0].Attempt != 2 {
		t.Errorf("after the replay: %+v", results)
	}
}
