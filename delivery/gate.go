package delivery

import (
	"context"
	"sync"
	"time"
)

const (
	probeFirst = time.Second      // between the beginning of an outage and the first probe
	probeMax   = 30 * time.Second // between two probes; the pause doubles until then
	blameAfter = time.Hour        // a destination that hears nothing for longer is to blame itself
)

// gate stands before the sender of one kind. When the other side is not heard of at all, that says nothing about
// any delivery, and trying them all would only add to its trouble: so lanes wait here, and one at a time tries,
// in turn, until somebody is heard again.
type gate struct {
	mu     sync.Mutex
	since  time.Time     // when the outage began; zero while there is none
	pause  time.Duration // before the next probe
	opened chan struct{} // closed when the outage ends
	turn   chan struct{} // holds one when the next lane may try
	timer  *time.Timer
	proven time.Time // when something was last sent
}

// pass returns when the lane may try. Its answer is whether that is a probe: it then has to be settled, or to be
// passed on when there was nothing to try.
func (g *gate) pass(ctx context.Context) (probe bool, err error) {
	g.mu.Lock()
	down, opened, turn := !g.since.IsZero(), g.opened, g.turn
	g.mu.Unlock()
	if !down {
		return false, nil
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-opened:
		return false, nil
	case <-turn:
		return true, nil
	}
}

// passOn gives a probe that tried nothing to the next lane.
func (g *gate) passOn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.call()
}

// call lets one lane try. The lock is held.
func (g *gate) call() {
	if g.since.IsZero() {
		return
	}
	select {
	case g.turn <- struct{}{}:
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
	if g.since.IsZero() {
		return 0
	}
	lasted := now.Sub(g.since)
	g.since = time.Time{}
	g.timer.Stop()
	close(g.opened)
	return lasted
}

// missed begins an outage, or prolongs it, and says whether it begins. Several lanes may be under way when it does;
// only a probe sets the time of the next.
func (g *gate) missed(now time.Time, probe bool) (began bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.since.IsZero():
		g.since, g.pause, began = now, probeFirst, true
		g.opened, g.turn = make(chan struct{}), make(chan struct{}, 1)
	case !probe:
		return false
	default:
		g.pause = min(2*g.pause, probeMax)
	}
	turn := g.turn
	g.timer = time.AfterFunc(g.pause, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.turn == turn {
			g.call()
		}
	})
	return began
}

// blames says whether a destination that has heard nothing since then is to blame itself: others were served
// meanwhile, or it has been so for too long.
func (g *gate) blames(since, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.proven.After(since) || now.Sub(since) > blameAfter
}

// down is when the outage began; the zero time while there is none.
func (g *gate) down() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.since
}
