package storage_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/storage"
)

// What was claimed together is claimed together again, whatever came meanwhile and whoever asks.
func TestClaimGivesAFlightUntilItHasLanded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	db, err := storage.Open(t.Context(), "sqlite://"+path, key)
	must(t, err)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	ids := accept(t, db, s, 3)
	first, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 10)
	if diff := cmp.Diff(ids, first); diff != "" {
		t.Fatal("-want +got:", diff)
	}
	ids = append(ids, accept(t, db, s, 2)...)
	must(t, db.Close()) // as after a crash: nothing was written down

	db = openAt(t, path)
	must(t, db.Release(t.Context(), "a"))
	again, _ := claim(t, db, d.ID, lease("b", time.Second, time.Minute), 10)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error("after a crash, -want +got:", diff)
	}
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[0], 1, delivery.Delivered)))
	rest, _ := claim(t, db, d.ID, lease("b", 2*time.Second, time.Minute), 10)
	if diff := cmp.Diff(ids[1:3], rest); diff != "" {
		t.Error("what is left, -want +got:", diff)
	}
	for _, id := range rest {
		must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 1, delivery.Delivered)))
	}
	next, _ := claim(t, db, d.ID, lease("b", 3*time.Second, time.Minute), 10)
	if diff := cmp.Diff(ids[3:], next); diff != "" {
		t.Error("behind it, -want +got:", diff)
	}
}

// A replay joins no flight: what is left of one must be composed as it was.
func TestRequeueLeavesFlightsAsTheyWere(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	ids := accept(t, db, s, 3)
	claim(t, db, d.ID, lease("a", 0, time.Minute), 10)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, ids[1], 1, delivery.Delivered)))

	made, err := db.Requeue(t.Context(), entriesOf(t, db, s, ids[1]), false)
	must(t, err)
	if made != 1 {
		t.Errorf("%d deliveries, want 1", made)
	}
	left, _ := claim(t, db, d.ID, lease("a", time.Second, time.Minute), 10)
	if diff := cmp.Diff([]any{ids[0], ids[2]}, []any{left[0], left[1]}); diff != "" || len(left) != 2 {
		t.Errorf("flight %v, -want +got: %s", left, diff)
	}
	for _, id := range left {
		must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 1, delivery.Delivered)))
	}
	batch, err := db.Claim(t.Context(), d.ID, lease("a", 2*time.Second, time.Minute), 10)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Deliveries[0].Attempts != 1 || batch.Deliveries[0].Replayed != 1 {
		t.Errorf("replayed: %+v", batch.Deliveries)
	}
}
