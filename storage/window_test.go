package storage_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// model is a queue as it should be.
type model struct {
	pending, flight, done []event.ID
	ahead                 []event.ID // the flight, if it was chosen already, with the last results or the first events
}

// next is what a claim should give: what is left of the flight, else the front of the queue.
func (m *model) next(limit int) []event.ID {
	var left []event.ID
	for _, id := range m.pending {
		if slices.Contains(m.flight, id) && len(left) < limit {
			left = append(left, id)
		}
	}
	if left != nil {
		return left
	}
	return slices.Clone(m.pending[:min(limit, len(m.pending))])
}

func (m *model) settle(id event.ID) {
	m.pending = slices.DeleteFunc(m.pending, func(other event.ID) bool { return other == id })
	m.done = append(m.done, id)
}

// TestClaimsAgreeWithTheQueue has a queue accept, claim, finish, replay, start again in any order: what a claim gives is
// what the queue says, wherever it is read from.
func TestClaimsAgreeWithTheQueue(t *testing.T) {
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 0))
		path := filepath.Join(t.TempDir(), "dispatch.db")
		db, err := storage.Open(t.Context(), "sqlite://"+path, key)
		must(t, err)
		s := connect(t, db, "Sales", "1")
		d := destination(t, db, s)
		m, attempts := &model{}, map[event.ID]int{}
		for step := range 150 {
			switch random.IntN(10) {
			case 0, 1, 2:
				idle := len(m.pending) == 0
				m.pending = append(m.pending, accept(t, db, s, 1+random.IntN(30))...)
				if idle {
					m.ahead = m.next(10)
				}
			case 3:
				if len(m.done) > 0 {
					again := m.done[random.IntN(len(m.done))]
					made, err := db.Requeue(t.Context(), entriesOf(t, db, s, again), false)
					must(t, err)
					if made == 1 {
						m.pending = append(m.pending, again)
						slices.Sort(m.pending)
						m.flight = slices.DeleteFunc(m.flight, func(id event.ID) bool { return id == again })
					}
				}
			case 4:
				must(t, db.Close())
				db, err = storage.Open(t.Context(), "sqlite://"+path, key)
				must(t, err)
			default:
				turnOf(t, db, d.ID, m, attempts, random, time.Duration(step)*time.Second)
			}
		}
		must(t, db.Close())
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// turnOf claims and finishes some of it.
func turnOf(t *testing.T, db *storage.DB, destinationID string, m *model, attempts map[event.ID]int, random *rand.Rand, now time.Duration) {
	t.Helper()
	batch, err := db.Claim(t.Context(), destinationID, lease("a", now, time.Minute), 10)
	must(t, err)
	var got []event.ID
	for _, v := range batch.Deliveries {
		got = append(got, v.Event.ID)
		if v.Attempts != attempts[v.Event.ID] || v.SourceName != "Sales" || len(v.Event.Body) == 0 {
			t.Fatalf("delivery %+v, want %d attempts", v, attempts[v.Event.ID])
		}
	}
	want := m.next(10)
	if slices.Equal(m.ahead, got) {
		want = got // what came since did not join it
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("claimed (-want +got): %s", diff)
	}
	if more := len(m.pending) > len(got); batch.More != more {
		t.Fatalf("More is %v with %d pending and %d given", batch.More, len(m.pending), len(got))
	}
	if got == nil {
		return
	}
	m.flight, m.ahead = got, nil
	progress := delivery.Progress{DestinationID: destinationID, Ahead: 10 * random.IntN(2)}
	for _, v := range batch.Deliveries[:1+random.IntN(len(got))] {
		r := delivery.Result{EventID: v.Event.ID, SourceID: v.Event.SourceID, LinkID: v.LinkID, Attempt: v.Attempts + 1, State: delivery.Delivered, At: at}
		attempts[v.Event.ID]++
		if random.IntN(8) == 0 {
			r.State, r.Error = delivery.Pending, "no luck"
		}
		progress.Results = append(progress.Results, r)
		if r.State == delivery.Pending {
			progress.Failures = 1
			break
		}
		m.settle(v.Event.ID)
	}
	if progress.Ahead > 0 {
		m.ahead = m.next(progress.Ahead)
	}
	must(t, db.Finish(t.Context(), progress))
}

// TestClaimWhileAccepting has events come while they are claimed: each is given once, in order, whether it was read or
// handed over.
func TestClaimWhileAccepting(t *testing.T) {
	const senders, each = 4, 100
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	var accepting sync.WaitGroup
	for range senders {
		accepting.Go(func() {
			for range each {
				accept(t, db, s, 1)
			}
		})
	}
	var got []event.ID
	for len(got) < senders*each && !t.Failed() {
		batch, err := db.Claim(context.Background(), d.ID, lease("a", 0, time.Minute), 10)
		must(t, err)
		progress := delivery.Progress{DestinationID: d.ID, Ahead: 10}
		for _, v := range batch.Deliveries {
			got = append(got, v.Event.ID)
			progress.Results = append(progress.Results, delivery.Result{
				EventID: v.Event.ID, SourceID: s.ID, LinkID: v.LinkID, Attempt: 1, State: delivery.Delivered, At: at,
			})
		}
		must(t, db.Finish(context.Background(), progress))
	}
	accepting.Wait()
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != senders*each {
		t.Errorf("%d events, sorted %v", len(got), slices.IsSorted(got))
	}
}
