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

// lease is one that begins some time after at.
func lease(owner string, after, length time.Duration) delivery.Lease {
	return delivery.Lease{Owner: owner, Now: at.Add(after), Until: at.Add(after + length)}
}

// finished is the progress of one attempt.
func finished(t testing.TB, db *storage.DB, destinationID string, id event.ID, attempt int, state delivery.State) delivery.Progress {
	t.Helper()
	e, err := db.Event(t.Context(), id)
	must(t, err)
	r := delivery.Result{EventID: id, SourceID: e.SourceID, LinkID: "link", Attempt: attempt, State: state, At: at}
	switch state {
	case delivery.Delivered:
		r.Status, r.Receipt = 200, "message"
	case delivery.Pending, delivery.Abandoned:
		r.Status, r.Error = 500, "no luck"
	}
	return delivery.Progress{DestinationID: destinationID, Results: []delivery.Result{r}}
}

// claim returns the ids of what is claimed, and when to ask again.
func claim(t *testing.T, db *storage.DB, destinationID string, l delivery.Lease, limit int) ([]event.ID, time.Time) {
	t.Helper()
	batch, err := db.Claim(t.Context(), destinationID, l, limit)
	must(t, err)
	var ids []event.ID
	for _, v := range batch.Deliveries {
		ids = append(ids, v.Event.ID)
	}
	return ids, batch.DueAt
}

func TestClaim(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	ids := accept(t, db, s, 5)

	batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 3)
	must(t, err)
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	want := delivery.Batch{
		Destination: delivery.Destination{
			ID: d.ID, GuildID: guild, Kind: delivery.KindChannel, ChannelID: "1", Locale: "de",
		},
		DueAt: at,
		More:  true,
	}
	for i, body := range []string{`{"n":0}`, `{"n":1}`, `{"n":2}`} {
		want.Deliveries = append(want.Deliveries, delivery.Delivery{
			Event: event.Event{
				ID: ids[i], SourceID: s.ID, Type: "Case.created", ReceivedAt: at, Body: []byte(body),
			},
			LinkID: links[0].ID, SourceName: "Sales",
		})
	}
	if diff := cmp.Diff(want, batch); diff != "" {
		t.Error("-want +got:", diff)
	}
	nothing, err := db.Claim(t.Context(), "gone", lease("a", 0, time.Minute), 3)
	must(t, err)
	if len(nothing.Deliveries) > 0 || !nothing.DueAt.IsZero() {
		t.Errorf("a destination that is gone has %+v", nothing)
	}
}

// TestClaimIsBounded gives less than asked for when bodies are large, but never nothing.
func TestClaimIsBounded(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	body := make([]byte, 3<<20)
	for range 4 {
		e := entry(t, db, s, string(body))
		_, err := db.Append(t.Context(), []delivery.Entry{e})
		must(t, err)
	}
	if ids, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 10); len(ids) != 2 {
		t.Errorf("claimed %d large ones, want 2", len(ids))
	}
}

// TestLease walks through the life of one, with its times counted from at.
func TestLease(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	accept(t, db, s, 1)
	commits, err := db.CountCommits(t.Context())
	must(t, err)

	steps := []struct {
		name    string
		owner   string
		after   time.Duration
		release string        // whose leases are given back first
		want    bool          // it is claimed
		dueAt   time.Duration // else: when to ask again
		writes  int64         // transactions
	}{
		{name: "free", owner: "a", after: 0, want: true, writes: 1},
		{name: "another's", owner: "b", after: 0, dueAt: time.Minute},
		{name: "own, more than half left", owner: "a", after: 29 * time.Second, want: true},
		{name: "own, less than half left", owner: "a", after: 31 * time.Second, want: true, writes: 1},
		{name: "renewed", owner: "b", after: time.Minute, dueAt: 91 * time.Second},
		{name: "lapsed", owner: "b", after: 91 * time.Second, want: true, writes: 1},
		{name: "lost", owner: "a", after: 92 * time.Second, dueAt: 151 * time.Second},
		{name: "given back by nobody", release: "a", owner: "a", after: 92 * time.Second, dueAt: 151 * time.Second, writes: 1},
		{name: "given back", release: "b", owner: "a", after: 92 * time.Second, want: true, writes: 2},
		{name: "own, lapsed long ago", owner: "a", after: time.Hour, want: true, writes: 1},
	}
	for _, step := range steps {
		before := commits.Load()
		if step.release != "" {
			must(t, db.Release(t.Context(), step.release))
		}
		ids, dueAt := claim(t, db, d.ID, lease(step.owner, step.after, time.Minute), 1)
		if claimed := len(ids) == 1; claimed != step.want {
			t.Fatalf("%s: claimed is %t", step.name, claimed)
		}
		if !step.want && !dueAt.Equal(at.Add(step.dueAt)) {
			t.Errorf("%s: ask again at %v, want %v", step.name, dueAt, at.Add(step.dueAt))
		}
		if got := commits.Load() - before; got != step.writes {
			t.Errorf("%s: %d transactions, want %d", step.name, got, step.writes)
		}
	}
}

func TestFinish(t *testing.T) {
	tests := map[string]struct {
		attempt int
		state   delivery.State
		left    int // deliveries pending afterwards
		want    delivery.Result
		counts  delivery.Counts
	}{
		"delivered": {
			1, delivery.Delivered, 1,
			delivery.Result{Attempt: 1, State: delivery.Delivered, At: at, Status: 200, Receipt: "message"},
			delivery.Counts{Accepted: 2, Delivered: 1},
		},
		"abandoned": {
			1, delivery.Abandoned, 1,
			delivery.Result{Attempt: 1, State: delivery.Abandoned, At: at, Status: 500, Error: "no luck"},
			delivery.Counts{Accepted: 2, Abandoned: 1},
		},
		"filtered": {
			1, delivery.Filtered, 1,
			delivery.Result{Attempt: 1, State: delivery.Filtered, At: at},
			delivery.Counts{Accepted: 2, Filtered: 1},
		},
		"tried again later": {
			1, delivery.Pending, 2,
			delivery.Result{Attempt: 1, State: delivery.Pending, At: at, Status: 500, Error: "no luck"},
			delivery.Counts{Accepted: 2},
		},
		"late": {
			2, delivery.Delivered, 2,
			delivery.Result{State: delivery.Pending},
			delivery.Counts{Accepted: 2},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			d := destination(t, db, s)
			ids := accept(t, db, s, 2)
			must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[0], tc.attempt, tc.state)))

			got, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 10)
			if diff := cmp.Diff(ids[2-tc.left:], got); diff != "" {
				t.Error("pending: -want +got:", diff)
			}
			results, err := db.Results(t.Context(), ids[0])
			must(t, err)
			tc.want.EventID = ids[0]
			if diff := cmp.Diff([]delivery.Result{tc.want}, results, cmpopts.IgnoreFields(delivery.Result{}, "LinkID")); diff != "" {
				t.Error("results: -want +got:", diff)
			}
			a, err := db.Activity(t.Context(), s.ID, at)
			must(t, err)
			if diff := cmp.Diff(tc.counts, a.Day); diff != "" {
				t.Error("counts: -want +got:", diff)
			}
		})
	}
}

// TestFence lets two workers finish the same delivery.
func TestFence(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	id := accept(t, db, s, 1)[0]

	failed := finished(t, db, d.ID, id, 1, delivery.Pending)
	failed.Failures, failed.DueAt = 1, at.Add(time.Minute)
	must(t, db.Finish(t.Context(), failed))

	late := finished(t, db, d.ID, id, 1, delivery.Abandoned)
	late.Failures, late.DueAt, late.Pause = 7, at.Add(time.Hour), "pause.channel_gone"
	must(t, db.Finish(t.Context(), late))

	batch, err := db.Claim(t.Context(), d.ID, lease("a", time.Minute, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Deliveries[0].Attempts != 1 || batch.Failures != 1 {
		t.Fatalf("the late worker's result counts: %+v", batch)
	}
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 2, delivery.Delivered)))
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 2, delivery.Abandoned)))
	results, err := db.Results(t.Context(), id)
	must(t, err)
	if len(results) != 1 || results[0].State != delivery.Delivered || results[0].Attempt != 2 {
		t.Errorf("results are %+v", results)
	}
}

// TestDue keeps a destination waiting that failed, and no other.
func TestDue(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "2")
	d, e := destination(t, db, s), destination(t, db, other)
	id := accept(t, db, s, 1)[0]
	accept(t, db, other, 1)

	failed := finished(t, db, d.ID, id, 1, delivery.Pending)
	failed.Failures, failed.DueAt = 1, at.Add(time.Minute)
	must(t, db.Finish(t.Context(), failed))

	waiting, err := db.Waiting(t.Context())
	must(t, err)
	if diff := cmp.Diff(map[string]time.Time{d.ID: at.Add(time.Minute), e.ID: {}}, waiting); diff != "" {
		t.Error("-want +got:", diff)
	}
	if ids, dueAt := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); ids != nil || !dueAt.Equal(at.Add(time.Minute)) {
		t.Errorf("claimed %v, ask again at %v", ids, dueAt)
	}
	if ids, _ := claim(t, db, e.ID, lease("a", 0, time.Minute), 1); len(ids) != 1 {
		t.Error("the other destination is held up")
	}
	if ids, _ := claim(t, db, d.ID, lease("a", time.Minute, time.Minute), 1); len(ids) != 1 {
		t.Error("not due when it should be")
	}
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 2, delivery.Delivered)))
	waiting, err = db.Waiting(t.Context())
	must(t, err)
	if diff := cmp.Diff(map[string]time.Time{e.ID: {}}, waiting); diff != "" {
		t.Error("-want +got:", diff)
	}
}

func TestPause(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	id := accept(t, db, s, 1)[0]
	failed := finished(t, db, d.ID, id, 1, delivery.Pending)
	failed.Failures, failed.Pause = 1, "pause.no_permission"
	must(t, db.Finish(t.Context(), failed))

	batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 0 || !batch.DueAt.IsZero() || batch.Destination.Paused != "pause.no_permission" {
		t.Errorf("paused, but claimed %+v", batch)
	}
	if waiting, err := db.Waiting(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("paused, but waiting: %v, %v", waiting, err)
	}

	connect(t, db, "Again", "1")
	batch, err = db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Destination.Paused != "" || batch.Failures != 0 {
		t.Errorf("connected again, but claimed %+v", batch)
	}
}

func TestResume(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	id := accept(t, db, s, 1)[0]
	failed := finished(t, db, d.ID, id, 1, delivery.Pending)
	failed.Failures, failed.DueAt, failed.Pause = 3, at.Add(time.Hour), "pause.no_permission"
	must(t, db.Finish(t.Context(), failed))

	if err := db.Resume(t.Context(), "another guild", d.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another guild's: %v", err)
	}
	if ids, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); ids != nil {
		t.Errorf("claimed %v before it was resumed", ids)
	}
	must(t, db.Resume(t.Context(), guild, d.ID))
	batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Destination.Paused != "" || batch.Failures != 0 {
		t.Errorf("resumed, but claimed %+v", batch)
	}
}

// TestLeft keeps what is pending for a guild that we have left, and sends it when we are back.
func TestLeft(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	accept(t, db, s, 1)
	must(t, db.LeaveGuild(t.Context(), guild, at))
	if ids, dueAt := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); ids != nil || !dueAt.IsZero() {
		t.Errorf("claimed %v, ask again at %v", ids, dueAt)
	}
	if waiting, err := db.Waiting(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("waiting: %v, %v", waiting, err)
	}
	must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at))
	if ids, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); len(ids) != 1 {
		t.Error("not sent after we came back")
	}
}
