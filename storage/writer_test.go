package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// hold keeps the writer busy until release is called.
func hold(t *testing.T, db *storage.DB) (release func()) {
	t.Helper()
	held, gate, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Change(context.Background(), func(context.Context, func(string, ...any) error) error {
			close(held)
			<-gate
			return nil
		})
	}()
	<-held
	return func() {
		close(gate)
		must(t, <-done)
	}
}

// TestGroupCommit has many callers wait at once: one transaction takes them all, and ids are in the order
// of acceptance without gaps.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t)
		s := connect(t, db, "Sales", "1")
		e := entry(t, db, s, `{}`)
		commits, err := db.CountCommits(t.Context())
		must(t, err)

		const callers, each = 100, 3
		ids := make([][]event.ID, callers)
		release := hold(t, db)
		var done sync.WaitGroup
		for i := range callers {
			done.Go(func() {
				got, err := db.Append(t.Context(), []delivery.Entry{e, e, e})
				if err != nil {
					t.Error(err)
				}
				ids[i] = got
			})
		}
		synctest.Wait()
		release()
		done.Wait()

		if n := commits.Load(); n != 2 {
			t.Errorf("%d transactions, want that of hold and one for all callers", n)
		}
		wantDense(t, ids, callers*each)
		for _, of := range ids {
			if of[1] != of[0]+1 || of[2] != of[1]+1 {
				t.Errorf("ids of one caller are apart: %v", of)
			}
		}
	})
}

// wantDense checks that there are n ids and no gaps between them.
func wantDense(t *testing.T, ids [][]event.ID, n int) {
	t.Helper()
	all := slices.Concat(ids...)
	slices.Sort(all)
	if len(all) != n {
		t.Fatalf("%d ids, want %d", len(all), n)
	}
	for i := 1; i < n; i++ {
		if all[i] != all[i-1]+1 {
			t.Fatalf("id %d follows %d", all[i], all[i-1])
		}
	}
}

// TestConcurrent mixes all writes without any order, for the race detector.
func TestConcurrent(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{}`)
	to := e.Routes[0].DestinationID
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			for n := range 20 {
				ids, err := db.Append(t.Context(), []delivery.Entry{e})
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := db.SourceBySlug(t.Context(), s.Slug); err != nil || got.ID != s.ID {
					t.Error(got, err)
				}
				if err := db.Finish(t.Context(), finished(t, db, to, ids[0], 1, delivery.Delivered)); err != nil {
					t.Error(err)
				}
				if err := db.SetFingerprint(t.Context(), fmt.Sprint(i), fmt.Sprint(n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	a, err := db.Activity(t.Context(), s.ID, at)
	must(t, err)
	if want := (delivery.Counts{Accepted: 160, Delivered: 160}); a.Day != want {
		t.Errorf("counts are %+v, want %+v", a.Day, want)
	}
}

// TestWithdrawn ends the context of a caller who still waits: nothing of theirs is written.
func TestWithdrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t)
		s := connect(t, db, "Sales", "1")
		e := entry(t, db, s, `{}`)
		release := hold(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := db.Append(ctx, []delivery.Entry{e})
			failed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v, want that of the context", err)
		}
		release()
		accept(t, db, s, 1)
		a, err := db.Activity(t.Context(), s.ID, at)
		must(t, err)
		if a.Waiting != 1 {
			t.Errorf("%d deliveries wait, want the one that was not withdrawn", a.Waiting)
		}
	})
}

// TestTaken ends the context of a caller whose work is being done: they are told the truth about it.
func TestTaken(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Change(ctx, func(_ context.Context, exec func(string, ...any) error) error {
		cancel()
		return exec(`INSERT INTO fingerprints VALUES ('a', 'b')`)
	})
	must(t, err)
	if got, err := db.Fingerprint(t.Context(), "a"); err != nil || got != "b" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t)
		s := connect(t, db, "Sales", "1")
		e := entry(t, db, s, `{}`)
		release := hold(t, db)
		var waiting sync.WaitGroup
		for range storage.MaxQueue {
			waiting.Go(func() {
				if _, err := db.Append(t.Context(), []delivery.Entry{e}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		_, err := db.Append(t.Context(), []delivery.Entry{e})
		wantKind(t, err, fault.Unavailable)
		release()
		waiting.Wait()
	})
}

// TestCloseDrains closes while callers wait: each is served.
func TestCloseDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t)
		s := connect(t, db, "Sales", "1")
		e := entry(t, db, s, `{}`)
		release := hold(t, db)
		var waiting sync.WaitGroup
		for range 50 {
			waiting.Go(func() {
				if _, err := db.Append(t.Context(), []delivery.Entry{e}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- db.Close() }()
		synctest.Wait()
		_, err := db.Append(t.Context(), []delivery.Entry{e})
		wantKind(t, err, fault.Unavailable)
		release()
		waiting.Wait()
		must(t, <-closed)
	})
}

// TestSpoiled puts bad requests between good ones of the same transaction. Only the bad ones fail, and
// nothing of them is written.
func TestSpoiled(t *testing.T) {
	tests := map[string]struct {
		spoil func(t *testing.T, db *storage.DB, good delivery.Entry) error
		want  fault.Kind
	}{
		"destination is gone": {
			func(t *testing.T, db *storage.DB, good delivery.Entry) error {
				bad := good
				bad.Routes = []delivery.Route{{LinkID: "l", DestinationID: "gone"}}
				_, err := db.Append(t.Context(), []delivery.Entry{good, bad})
				return err
			},
			fault.NotFound,
		},
		"source is gone": {
			func(t *testing.T, db *storage.DB, good delivery.Entry) error {
				bad := good
				bad.Event.SourceID = "gone"
				_, err := db.Append(t.Context(), []delivery.Entry{good, bad})
				return err
			},
			fault.NotFound,
		},
		"one key twice": {
			func(t *testing.T, db *storage.DB, good delivery.Entry) error {
				good.Event.IdempotencyKey = "k"
				_, err := db.Append(t.Context(), []delivery.Entry{good, good})
				return err
			},
			fault.Exists,
		},
		"change fails": {
			func(t *testing.T, db *storage.DB, _ delivery.Entry) error {
				return db.Change(t.Context(), func(_ context.Context, exec func(string, ...any) error) error {
					return errors.Join(exec(`DELETE FROM links`), errors.New("changed my mind"))
				})
			},
			fault.Internal,
		},
		"change panics": {
			func(t *testing.T, db *storage.DB, _ delivery.Entry) error {
				return db.Change(t.Context(), func(_ context.Context, exec func(string, ...any) error) error {
					panic(exec(`DELETE FROM links`))
				})
			},
			fault.Internal,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				db := open(t)
				s := connect(t, db, "Sales", "1")
				good := entry(t, db, s, `{}`)
				ids := make([][]event.ID, 10)
				release := hold(t, db)
				var done sync.WaitGroup
				for i := range ids {
					done.Go(func() {
						if i%3 == 1 {
							wantKind(t, tc.spoil(t, db, good), tc.want)
							return
						}
						got, err := db.Append(t.Context(), []delivery.Entry{good})
						if err != nil {
							t.Error(err)
						}
						ids[i] = got
					})
				}
				synctest.Wait()
				release()
				done.Wait()
				wantDense(t, ids, 7)
				a, err := db.Activity(t.Context(), s.ID, at)
				must(t, err)
				if a.Day.Accepted != 7 || a.Waiting != 7 {
					t.Errorf("%d accepted, %d waiting, want the 7 good ones", a.Day.Accepted, a.Waiting)
				}
				if links, err := db.Links(t.Context(), s.ID); err != nil || len(links) != 1 {
					t.Errorf("links are %v, %v: a failed change was written", links, err)
				}
			})
		})
	}
}

// TestDiskTrouble makes writing impossible for a while.
func TestDiskTrouble(t *testing.T) {
	tests := map[string]struct{ begin, end string }{
		"full":      {"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"},
		"read-only": {"PRAGMA query_only = on", "PRAGMA query_only = off"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			large := entry(t, db, s, fmt.Sprintf(`{"a":"%0100000d"}`, 1))
			before := accept(t, db, s, 1)

			must(t, db.OnWriter(t.Context(), tc.begin))
			_, err := db.Append(t.Context(), []delivery.Entry{large, large})
			wantKind(t, err, fault.Unavailable)
			_, err = db.Append(t.Context(), []delivery.Entry{large})
			wantKind(t, err, fault.Unavailable)

			must(t, db.OnWriter(t.Context(), tc.end))
			after, err := db.Append(t.Context(), []delivery.Entry{large})
			must(t, err)
			if after[0] != before[0]+1 {
				t.Errorf("id %d after %d: the failures took ids", after[0], before[0])
			}
			a, err := db.Activity(t.Context(), s.ID, at)
			must(t, err)
			if a.Day.Accepted != 2 || a.Waiting != 2 {
				t.Errorf("%d accepted, %d waiting, want 2", a.Day.Accepted, a.Waiting)
			}
		})
	}
}
