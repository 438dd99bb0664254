package delivery

import (
	"context"
	"sync"
	"time"
)

const (
	probeFirst = time.Second      // between two probes, at least
	probeMax   = 30 * time.Second // between two probes, at most; the pause doubles until then
	doubts     = 3                // lanes that need not wait for the pause: it may be only others that hear nothing
	blameAfter = time.Hour        // a destination that hears nothing for longer is to blame itself
)

// gate stands before the sender of one kind. When the other side is not heard of at all, that says nothing about
// any delivery, and trying them all would only add to its trouble: so lanes wait here, and one at a time tries,
// in turn, until somebody is heard again.
type gate struct {
	mu     sync.Mutex
	outage *outage   // nil while there is none
	proven time.Time // when something was last sent
}

// outage is a time during which nothing is heard. There is one right to try: it rests until it is offered, is in one
// of the channels, or with one lane.
type outage struct {
	since  time.Time
	doubts int           // lanes that did not wait for the pause, and heard nothing either
	pause  time.Duration // before the next probe
	next   time.Time     // when it is over
	over   chan struct{} // closed at the end of the outage
	first  chan struct{} // holds the right for a lane that has not tried yet
	turn   chan struct{} // holds the right for any lane
}

// probe is the right to try during an outage. The zero value is none.
type probe struct {
	outage *outage
	first  bool // it is the lane's first
}

// pass returns when the lane may try; first says that it has not missed anything yet. A probe that it returns has to be
// used for an attempt, or to be passed on.
func (g *gate) pass(ctx context.Context, first bool) (probe, error) {
	g.mu.Lock()
	o := g.outage
	g.mu.Unlock()
	if o == nil {
		return probe{}, nil
	}
	var sooner <-chan struct{}
	if first {
		sooner = o.first
	}
	select {
	case <-ctx.Done():
		return probe{}, ctx.Err()
	case <-o.over:
		return probe{}, nil
	case <-sooner:
	case <-o.turn:
	}
	return probe{outage: o, first: first}, nil
}

// passOn gives a probe that tried nothing to the next lane.
func (g *gate) passOn(p probe) {
	if p.outage != nil {
		g.offer(p.outage)
	}
}

// offer lets a lane try that has not tried yet. If none waits, any may as soon as it is time.
func (g *gate) offer(o *outage) {
	o.first <- struct{}{} // there is room: the right is the only one
	g.mu.Lock()
	rest := time.Until(o.next)
	g.mu.Unlock()
	time.AfterFunc(rest, func() { g.offerAll(o) })
}

func (g *gate) offerAll(o *outage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Now().Before(o.next) {
		return // somebody tried meanwhile
	}
	select {
	case <-o.first:
		o.turn <- struct{}{}
	default:
	}
}

// heard ends an outage, and says how long it was; 0 when there was none. sent is whether something was sent.
func (g *gate) heard(now time.Time, sent bool) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if sent {
		g.proven = now
	}
	if g.outage == nil {
		return 0
	}
	lasted := now.Sub(g.outage.since)
	close(g.outage.over)
	g.outage = nil
	return lasted
}

// missed begins an outage, or prolongs it, unless the destination, which has heard nothing since then, is to blame itself:
// others were served meanwhile, or it has been so for too long. Several lanes may be under way when an outage begins,
// and some even when the next does: only a probe of this one sets the time of its next.
func (g *gate) missed(since, now time.Time, p probe) (began, blamed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	o := g.outage
	blamed = g.proven.After(since) || now.Sub(since) > blameAfter
	switch {
	case o == nil && blamed:
		return false, true
	case o == nil:
		o = &outage{since: now, pause: probeFirst, next: now.Add(probeFirst)}
		o.over, o.first, o.turn = make(chan struct{}), make(chan struct{}, 1), make(chan struct{}, 1)
		g.outage, began = o, true
	case o != p.outage:
		return false, blamed
	case p.first && o.doubts < doubts:
		o.doubts++
		if soonest := now.Add(probeFirst); o.next.Before(soonest) {
			o.next = soonest
		}
	default:
		o.pause = min(2*o.pause, probeMax)
		o.next = now.Add(o.pause)
	}
	rest := probeFirst
	if o.doubts == doubts {
		rest = o.next.Sub(now)
	}
	time.AfterFunc(rest, func() { g.offer(o) })
	return began, blamed
}

// down is when the outage began; the zero time while there is none.
func (g *gate) down() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.outage == nil {
		return time.Time{}
	}
	return g.outage.since
}
