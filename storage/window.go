package storage

import (
	"bytes"
	"encoding/json"
	"slices"

	"dispatch/delivery"
	"dispatch/event"
)

// window is the front of a destination's queue as it stands on disk, so that a claim need not read what was written a
// moment ago.
type window struct {
	head
	flying  []int64             // the event ids of what was claimed together last, in order
	waiting []delivery.Delivery // pending, in order, from the very first; their SourceName may be missing
	last    event.ID            // the last that it ever held
	whole   bool                // nothing is pending behind them
	bytes   int                 // of the bodies in it
	loose   bool                // each delivery has a time of its own; such a window is read for one claim
	retry   int64               // when the first of them is due, if none is
	loading bool                // it is a place for what is being read, and knows what was accepted since
}

// fly notes what was claimed together.
func (w *window) fly(flight string) {
	if flight != w.flight {
		w.flight, w.flying = flight, idsOf(flight)
	}
}

// board gives what is to be sent next: what is left of the flight, or, when that has landed, the front of the queue. It
// names the flight.
func (w *window) board(limit int) (some []delivery.Delivery, flight string) {
	for _, d := range w.waiting {
		if len(some) == limit || !w.before(d) {
			break
		}
		if slices.Contains(w.flying, int64(d.Event.ID)) {
			some = append(some, d)
		}
	}
	if len(some) > 0 {
		return some, w.flight
	}
	some = slices.Clone(front(w.waiting, limit))
	return some, flightOf(some)
}

// before says whether the delivery may be one of the flight: what comes behind the last of it is not.
func (w *window) before(d delivery.Delivery) bool {
	return len(w.flying) > 0 && int64(d.Event.ID) <= w.flying[len(w.flying)-1]
}

// front are the first deliveries that go into one batch.
func front(waiting []delivery.Delivery, limit int) []delivery.Delivery {
	size := 0
	for i := range waiting {
		if i == limit || size >= maxClaim {
			return waiting[:i]
		}
		size += len(waiting[i].Event.Body)
	}
	return waiting
}

// flightOf names what is claimed together.
func flightOf(deliveries []delivery.Delivery) string {
	ids := make([]int64, len(deliveries))
	for i := range deliveries {
		ids[i] = int64(deliveries[i].Event.ID)
	}
	return jsonOf(ids)
}

// idsOf reads what flightOf wrote.
func idsOf(flight string) []int64 {
	var ids []int64
	_ = json.Unmarshal([]byte(flight), &ids) // nobody else writes it
	return ids
}

// claim is what a claim gives, and the flight that it is. There is none when nothing can be sent now. known is false
// when that cannot be told without reading more.
func (w *window) claim(lease delivery.Lease, limit int) (batch delivery.Batch, flight string, known bool) {
	batch = delivery.Batch{Destination: w.Destination, Failures: w.failures, Failing: timeOf(w.failing)}
	if w.silent || w.whole && len(w.waiting) == 0 && w.retry == 0 {
		return batch, "", true
	}
	if ask := w.notBefore(lease); ask > millis(lease.Now) {
		batch.DueAt = timeOf(ask)
		return batch, "", true
	}
	if w.retry > 0 {
		batch.DueAt, batch.Open = timeOf(w.retry), true
		return batch, "", true
	}
	batch.DueAt = lease.Now
	batch.Deliveries, flight = w.board(limit)
	batch.More = !w.whole || len(w.waiting) > len(batch.Deliveries)
	return batch, flight, w.whole || len(w.waiting) >= limit
}

// push adds what was accepted for the destination, if it can be known to be the next: what was read may be ahead of what
// is noted.
func (w *window) push(d delivery.Delivery) {
	if w.whole && d.Event.ID > w.last {
		d.Event.Body = own(d.Event.Body)
		w.waiting = append(w.waiting, d)
		w.last = d.Event.ID
		w.bytes += len(d.Event.Body)
	}
}

// own keeps a small body from holding a large one, such as the batch that it came in, in memory.
func own(body []byte) []byte {
	if cap(body) > 2*len(body)+bytes.MinRead {
		return bytes.Clone(body)
	}
	return body
}

// settle does to the window what the result did to the queue, and says whether it knew the delivery.
func (w *window) settle(r *delivery.Result) bool {
	i := slices.IndexFunc(w.waiting, func(d delivery.Delivery) bool { return d.Event.ID == r.EventID })
	if i < 0 {
		return false
	}
	if r.State == delivery.Pending {
		w.waiting[i].Attempts++
		return true
	}
	w.bytes -= len(w.waiting[i].Event.Body)
	if i == 0 { // as it mostly is; the rest need not move
		w.waiting[0] = delivery.Delivery{}
		w.waiting = w.waiting[1:]
	} else {
		w.waiting = slices.Delete(w.waiting, i, i+1)
	}
	return true
}

// next is the flight that follows when all of the results are final; "" when that is not known.
func (w *window) next(results []delivery.Result, limit int) string {
	if w.silent || len(results) > len(w.waiting) {
		return ""
	}
	for i := range results {
		if results[i].State == delivery.Pending || w.waiting[i].Event.ID != results[i].EventID {
			return ""
		}
	}
	rest := w.waiting[len(results):]
	if len(rest) == 0 || !w.whole && len(rest) < limit || w.before(rest[0]) {
		return ""
	}
	return flightOf(front(rest, limit))
}
