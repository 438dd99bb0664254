package storage_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

const day = 24 * time.Hour

// old appends an event that was received so long before at.
func old(t *testing.T, db *storage.DB, e delivery.Entry, ago time.Duration) event.ID {
	t.Helper()
	e.Event.ReceivedAt = at.Add(-ago)
	ids, err := db.Append(t.Context(), []delivery.Entry{e})
	must(t, err)
	return ids[0]
}

func TestRetention(t *testing.T) {
	tests := map[string]struct {
		keep  time.Duration
		ago   time.Duration
		key   string
		state delivery.State
		kept  bool
	}{
		"delivered, old":             {30 * day, 31 * day, "", delivery.Delivered, false},
		"abandoned, old":             {30 * day, 31 * day, "", delivery.Abandoned, false},
		"filtered, old":              {30 * day, 31 * day, "", delivery.Filtered, false},
		"pending, old":               {30 * day, 31 * day, "", delivery.Pending, true},
		"delivered, young":           {30 * day, 29 * day, "", delivery.Delivered, true},
		"with a key, old":            {30 * day, 31 * day, "k", delivery.Delivered, false},
		"with a key, kept shortly":   {time.Hour, 23 * time.Hour, "k", delivery.Delivered, true},
		"with a key, kept a day":     {time.Hour, 25 * time.Hour, "k", delivery.Delivered, false},
		"without key, kept shortly":  {time.Hour, 23 * time.Hour, "", delivery.Delivered, false},
		"younger than a short while": {time.Hour, time.Minute, "", delivery.Delivered, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			e := entry(t, db, s, `{}`)
			e.Event.IdempotencyKey = tc.key
			if tc.state == delivery.Filtered {
				e.Routes = nil
			}
			id := old(t, db, e, tc.ago)
			if tc.state != delivery.Pending && tc.state != delivery.Filtered {
				must(t, db.Finish(t.Context(), finished(t, db, e.Routes[0].DestinationID, id, 1, tc.state)))
			}
			before, err := db.Results(t.Context(), id)
			must(t, err)

			must(t, db.Retain(t.Context(), at, storage.Retention{Keep: tc.keep}))
			_, err = db.Event(t.Context(), id)
			if tc.kept {
				must(t, err)
			} else {
				wantKind(t, err, fault.NotFound)
				before = nil
			}
			after, err := db.Results(t.Context(), id)
			must(t, err)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Error("results: -want +got:", diff)
			}
			next, err := db.Append(t.Context(), []delivery.Entry{{Event: event.Event{
				SourceID: s.ID, Type: "x", ReceivedAt: at.Add(-100 * day), Body: []byte(`{}`),
			}}})
			must(t, err)
			if next[0] <= id {
				t.Errorf("id %d was given after %d", next[0], id)
			}
		})
	}
}

// TestNumberingOutlivesEvents restarts after the last event was removed.
func TestNumberingOutlivesEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	db := openAt(t, path)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{}`)
	e.Routes = nil
	id := old(t, db, e, 31*day)
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	_, err := db.Event(t.Context(), id)
	wantKind(t, err, fault.NotFound)
	must(t, db.Close())
	db = openAt(t, path)
	if next := old(t, db, e, 40*day); next != id+1 {
		t.Errorf("id %d was given after %d", next, id)
	}
}

// TestPendingIsKept removes what is around an event that another destination still waits for.
func TestPendingIsKept(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "2")
	e := entry(t, db, s, `{}`)
	both := e
	both.Routes = append(both.Routes, entry(t, db, other, `{}`).Routes...)
	entries := make([]delivery.Entry, 1200) // more than two steps
	for i := range entries {
		entries[i] = e
	}
	entries[600] = both
	for i := range entries {
		entries[i].Event.ReceivedAt = at.Add(-31 * day)
	}
	ids, err := db.Append(t.Context(), entries)
	must(t, err)
	progress := delivery.Progress{DestinationID: e.Routes[0].DestinationID}
	for _, id := range ids {
		progress.Results = append(progress.Results, finished(t, db, "", id, 1, delivery.Delivered).Results...)
	}
	must(t, db.Finish(t.Context(), progress))
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	for i, id := range ids {
		_, err := db.Event(t.Context(), id)
		if kept := err == nil; kept != (i == 600) {
			t.Fatalf("event %d: kept is %t", i, kept)
		}
	}
	if results, err := db.Results(t.Context(), ids[600]); err != nil || len(results) != 2 {
		t.Errorf("results are %v, %v", results, err)
	}
	got, _ := claim(t, db, destination(t, db, other).ID, lease("a", 0, time.Minute), 10)
	if diff := cmp.Diff(ids[600:601], got); diff != "" {
		t.Error("pending: -want +got:", diff)
	}
}

// TestFileShrinks removes most of a large file.
func TestFileShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	db := openAt(t, path)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{"a":"`+strings.Repeat("x", 50_000)+`"}`)
	e.Routes = nil
	for range 400 {
		old(t, db, e, 31*day)
	}
	must(t, db.OnWriter(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`))
	before, err := os.Stat(path)
	must(t, err)
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	after, err := os.Stat(path)
	must(t, err)
	if after.Size() > before.Size()/4 {
		t.Errorf("%d bytes before, %d after", before.Size(), after.Size())
	}
}

// TestLeftGuildIsRemoved removes one guild with all it owns, and nothing of another.
func TestLeftGuildIsRemoved(t *testing.T) {
	tests := map[string]struct {
		ago     time.Duration
		back    bool
		removed bool
	}{
		"long ago":            {31 * day, false, true},
		"not long ago":        {29 * day, false, false},
		"long ago, came back": {31 * day, true, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			must(t, db.AddKey(t.Context(), guild, s.ID, []byte("a"), at))
			_, err := db.CreateAPIKey(t.Context(), guild, "CI", [32]byte{1})
			must(t, err)
			other, err := db.Connect(t.Context(), event.Source{GuildID: "2", Name: "Other"}, "2")
			must(t, err)
			_, err = db.CreateTemplate(t.Context(), delivery.Template{GuildID: "2", Name: "Other"})
			must(t, err)
			_, err = db.CreateTransform(t.Context(), delivery.Transform{GuildID: "2", Name: "Other"})
			must(t, err)
			transform(t, db, "Flat", ".record")
			assign(t, db, template(t, db, "Won"), s, "", "Lead.*")
			theirs, others := accept(t, db, s, 700), accept(t, db, other, 3)
			must(t, db.Finish(t.Context(), finished(t, db, destination(t, db, s).ID, theirs[0], 1, delivery.Pending)))

			must(t, db.LeaveGuild(t.Context(), guild, at.Add(-tc.ago)))
			if tc.back {
				must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at))
			}
			must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 365 * day}))

			sources, err := db.Sources(t.Context(), guild)
			must(t, err)
			_, err = db.Event(t.Context(), theirs[0])
			if removed := len(sources) == 0 && err != nil; removed != tc.removed {
				t.Errorf("removed is %t: %d sources, event: %v", removed, len(sources), err)
			}
			if keys, err := db.APIKeys(t.Context(), guild); err != nil || (len(keys) == 0) != tc.removed {
				t.Errorf("API keys: %v, %v", keys, err)
			}
			for _, id := range others {
				_, err := db.Event(t.Context(), id)
				must(t, err)
			}
			if got, _ := claim(t, db, destination(t, db, other).ID, lease("a", 0, time.Minute), 10); len(got) != 3 {
				t.Errorf("%d of another guild are pending, want 3", len(got))
			}
			for _, table := range []string{"links", "templates", "transforms"} {
				want := 1 // of the other guild
				if !tc.removed {
					want = map[string]int{"links": 3, "templates": 2, "transforms": 2}[table]
				}
				if n, err := db.CountRows(t.Context(), table); err != nil || n != want {
					t.Errorf("%d rows of %s, %v, want %d", n, table, err, want)
				}
			}
			_, err = db.Append(t.Context(), []delivery.Entry{{Event: event.Event{SourceID: s.ID, Type: "x", Body: []byte(`{}`)}}})
			if tc.removed {
				wantKind(t, err, fault.NotFound)
			} else {
				must(t, err)
			}
		})
	}
}

// TestSpentRowsAreRemoved counts the rows of the tables that would grow for ever.
func TestSpentRowsAreRemoved(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{}`)
	id := old(t, db, e, 31*day)
	failed := finished(t, db, e.Routes[0].DestinationID, id, 1, delivery.Abandoned)
	failed.Results[0].At = at.Add(-31 * day)
	must(t, db.Finish(t.Context(), failed))
	must(t, db.AddKey(t.Context(), guild, s.ID, []byte("a"), at))
	must(t, db.AddKey(t.Context(), guild, s.ID, []byte("b"), at.Add(-time.Hour)))
	must(t, db.AddKey(t.Context(), guild, s.ID, []byte("c"), at.Add(time.Hour)))
	revoked, err := db.CreateAPIKey(t.Context(), guild, "CI", [32]byte{1})
	must(t, err)
	must(t, db.RevokeAPIKey(t.Context(), guild, revoked.ID, at.Add(-31*day)))

	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	want := map[string]int{
		"events": 0, "deliveries": 0, "outcomes": 0, "attempts": 0, "counts": 0, "failures": 0, "api_keys": 0,
		"signing_keys": 2, "sources": 1,
	}
	got := make(map[string]int)
	for table := range want {
		n, err := db.CountRows(t.Context(), table)
		must(t, err)
		got[table] = n
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("rows: -want +got:", diff)
	}
}

// TestGoneInstancesAreRemoved leaves those that live, those that were there until lately, those of which there are events, and
// sources that a person has made.
func TestGoneInstancesAreRemoved(t *testing.T) {
	db := open(t)
	ago := map[string]time.Duration{"a": 31 * day, "b": 29 * day, "c": 31 * day, "d": 0}
	for id, gone := range ago {
		made := createInstance(t, db, instance(id, id))
		if id == "c" {
			_, err := db.Append(t.Context(), []delivery.Entry{{Event: event.Event{SourceID: made.SourceID, Type: "x", Body: []byte(`{}`), ReceivedAt: at}}})
			must(t, err)
		}
		if gone > 0 {
			must(t, db.Disconnect(t.Context(), guild, made.SourceID, at.Add(-gone)))
		}
	}
	must(t, db.Disconnect(t.Context(), guild, connect(t, db, "Sales", "1").ID, at.Add(-31*day)))
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day}))
	for id := range ago {
		if _, err := db.Instance(t.Context(), id); (fault.KindOf(err) == fault.NotFound) != (id == "a") {
			t.Errorf("instance %s: %v", id, err)
		}
	}
	if sources, err := db.Sources(t.Context(), guild); err != nil || len(sources) != 4 {
		t.Errorf("%d sources, %v", len(sources), err)
	}
}

// TestRetentionGoesOn has every round fail: that is logged, and no reason to end the program.
func TestRetentionGoesOn(t *testing.T) {
	logged := make(logHook, 1)
	log := logrus.New()
	log.SetOutput(io.Discard)
	log.AddHook(logged)

	db := open(t)
	must(t, db.Close())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- db.RunRetention(ctx, storage.Retention{Keep: 30 * day}, log) }()
	entry := <-logged
	if entry.Level != logrus.WarnLevel || fault.KindOf(entry.Data["err"].(error)) != fault.Unavailable {
		t.Errorf("logged %+v", entry)
	}
	cancel()
	must(t, <-done)
}

type logHook chan *logrus.Entry

func (logHook) Levels() []logrus.Level { return logrus.AllLevels }

func (h logHook) Fire(entry *logrus.Entry) error { h <- entry; return nil }

// TestRunRetention ends with its context, having done a round.
func TestRunRetention(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{}`)
	e.Routes = nil
	e.Event.ReceivedAt = time.Now().Add(-31 * day)
	ids, err := db.Append(t.Context(), []delivery.Entry{e})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- db.RunRetention(ctx, storage.Retention{Keep: 30 * day}, logrus.New()) }()
	for gone := false; !gone; {
		_, err := db.Event(t.Context(), ids[0])
		gone = fault.KindOf(err) == fault.NotFound
	}
	cancel()
	must(t, <-done)
}
