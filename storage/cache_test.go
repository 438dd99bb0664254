package storage_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"dispatch/fault"
	"dispatch/storage"
)

// TestClearedWhileLoading clears the cache while a value is loaded, which may be from before: the next who asks
// gets a new one.
func TestClearedWhileLoading(t *testing.T) {
	var shelf storage.Shelf
	for i, want := range []int{0, 1, 1} {
		got, err := shelf.Get("key", func() (int, error) {
			if i == 0 {
				shelf.Clear()
			}
			return i, nil
		})
		if err != nil || got != want {
			t.Errorf("request %d got %d, %v, want %d", i, got, err, want)
		}
	}
}

// TestNothingStale reads without pause while a source is changed. Whoever asks after a change was
// acknowledged must not be answered from before it.
func TestNothingStale(t *testing.T) {
	db := open(t)
	for round := range 10 {
		s := connect(t, db, "Sales", "1")
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						_, _ = db.SourceBySlug(t.Context(), s.Slug)
						_, _ = db.Links(t.Context(), s.ID)
					}
				}
			})
		}
		must(t, db.AddKey(t.Context(), guild, s.ID, []byte{byte(round)}, time.Time{}))
		got, err := db.SourceBySlug(t.Context(), s.Slug)
		must(t, err)
		if len(got.Keys) != 1 || got.Keys[0].Secret[0] != byte(round) {
			t.Errorf("round %d: keys are from before the change", round)
		}
		must(t, db.Disconnect(t.Context(), guild, s.ID, at))
		_, err = db.SourceBySlug(t.Context(), s.Slug)
		wantKind(t, err, fault.NotFound)
		close(stop)
		readers.Wait()
	}
}

// TestMemoryIsBounded asks for more than is remembered, of what there is and of what there is not.
func TestMemoryIsBounded(t *testing.T) {
	db := open(t)
	for i := range 100 {
		_, err := db.SourceBySlug(t.Context(), fmt.Sprint("made up ", i))
		wantKind(t, err, fault.NotFound)
		_, err = db.APIKey(t.Context(), [32]byte{byte(i)})
		wantKind(t, err, fault.NotFound)
	}
	if n := db.Remembered(); n != 0 {
		t.Errorf("%d things are remembered that do not exist", n)
	}
	for i := range storage.ShelfSize + 10 {
		_, err := db.Links(t.Context(), fmt.Sprint(i))
		must(t, err)
	}
	if n := db.Remembered(); n > storage.ShelfSize {
		t.Errorf("%d things are remembered, want at most %d", n, storage.ShelfSize)
	}
}
