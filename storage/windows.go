package storage

import (
	"sync"
	"time"

	"dispatch/delivery"
)

// Limits of what is kept in memory of the queues.
const (
	maxWindows     = 10_000
	maxWindowBytes = 2 << 20 // of bodies, in all windows: over that, they hold what the next claim needs
	readAhead      = 50      // deliveries that are read at once
	readAheadBytes = 128 << 10
)

// windows are the fronts of the queues that are being sent. What an append or a result changes is changed in them once
// it is committed; any other change of a queue empties them. Only the writer changes what a window holds.
type windows struct {
	mu    sync.Mutex
	of    map[string]*window // by destination
	bytes int
}

// claim is window.claim. It is not ok when more has to be read first.
func (w *windows) claim(destinationID string, lease delivery.Lease, limit int) (batch delivery.Batch, h head, flight string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := w.of[destinationID]
	if known == nil || known.loading {
		return delivery.Batch{}, head{}, "", false
	}
	batch, flight, ok = known.claim(lease, limit)
	return batch, known.head, flight, ok
}

// next is window.next.
func (w *windows) next(destinationID string, results []delivery.Result, limit int) (was, flight string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if known := w.of[destinationID]; known != nil && limit > 0 {
		return known.flight, known.next(results, limit)
	}
	return "", ""
}

// reserve makes a place for what is about to be read: what is accepted meanwhile is added to it.
func (w *windows) reserve(destinationID string) *window {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.of) >= maxWindows {
		w.empty()
	}
	w.drop(destinationID)
	place := &window{whole: true, loading: true}
	if w.of == nil {
		w.of = make(map[string]*window)
	}
	w.of[destinationID] = place
	return place
}

// ahead is how many deliveries, and bytes of them, are worth reading for a claim of so many.
func (w *windows) ahead(limit int) (rows, bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bytes > maxWindowBytes {
		return limit, 0
	}
	return max(limit, readAhead), readAheadBytes
}

// install puts what was read into its place, unless something happened meanwhile that it may not show.
func (w *windows) install(destinationID string, place, read *window) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[destinationID] != place {
		return
	}
	for _, d := range place.waiting {
		read.push(d)
	}
	w.drop(destinationID)
	w.of[destinationID] = read
	w.bytes += read.bytes
}

// discard gives up a place.
func (w *windows) discard(destinationID string, place *window) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of[destinationID] == place {
		w.drop(destinationID)
	}
}

// drop forgets the destination's queue.
func (w *windows) drop(destinationID string) {
	if known := w.of[destinationID]; known != nil {
		w.bytes -= known.bytes
		delete(w.of, destinationID)
	}
}

func (w *windows) empty() { w.of, w.bytes = nil, 0 }

// idle says whether nothing is pending for the destination and what comes can be sent at once, and what its flight was.
func (w *windows) idle(destinationID string, now time.Time) (flight string, idle bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := w.of[destinationID]
	if known == nil || known.loading || known.silent || !known.whole || len(known.waiting) > 0 || known.due > millis(now) {
		return "", false
	}
	return known.flight, true
}

// note notes what became of a transaction.
func (w *windows) note(batch []*ticket, departures map[string]*departure, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil { // it may be there all the same
		w.empty()
		return
	}
	for id, d := range departures {
		if known := w.of[id]; known != nil && d.flight != "" {
			known.fly(d.flight)
		}
	}
	for _, t := range batch {
		if t.err != nil {
			continue
		}
		switch work := t.work.(type) {
		case *appendWork:
			w.appended(work)
		case *leaseWork:
			w.leased(work)
		case *finishWork:
			w.finished(work)
		case *change:
			if !work.besides {
				w.empty()
			}
		}
	}
}

func (w *windows) appended(a *appendWork) {
	for i := range a.entries {
		e := a.entries[i].Event
		e.ID, e.ReceivedAt = a.ids[i], a.ids[i].Time()
		for _, route := range a.entries[i].Routes {
			known := w.of[route.DestinationID]
			if known == nil || !known.whole {
				continue
			}
			if w.bytes > maxWindowBytes {
				known.whole = false // what is behind is read when its time comes
				continue
			}
			before := known.bytes
			known.push(delivery.Delivery{Event: e, LinkID: route.LinkID})
			w.bytes += known.bytes - before
		}
	}
}

func (w *windows) leased(l *leaseWork) {
	known := w.of[l.destination]
	switch {
	case known == nil:
	case l.holder != l.lease.Owner:
		w.drop(l.destination)
	default:
		known.owner, known.until = l.holder, l.until
		known.fly(l.flight)
	}
}

func (w *windows) finished(f *finishWork) {
	known := w.of[f.DestinationID]
	if known == nil {
		return
	}
	before, sound := known.bytes, f.taken == len(f.Results) && f.Pause == ""
	for i := range f.Results {
		sound = sound && known.settle(&f.Results[i])
	}
	w.bytes += known.bytes - before
	if !sound { // somebody else was faster, or a pause says more than this
		w.drop(f.DestinationID)
		return
	}
	known.failures, known.due = f.Failures, millis(f.DueAt)
	switch {
	case f.Failures == 0:
		known.failing = 0
	case known.failing == 0:
		known.failing = millis(now())
	}
	if f.flight != "" {
		known.fly(f.flight)
	}
}
