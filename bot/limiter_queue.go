package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/disgoorg/disgo/rest"
)

// whenAnswered stands for a moment that no clock knows: when a request in flight is answered.
var whenAnswered = time.Unix(1<<40, 0)

// waiter is a request that waits for its turn.
type waiter struct {
	endpoint *rest.CompiledEndpoint
	route    string
	free     bool       // it answers an interaction
	deadline time.Time  // it wants no turn after that; zero: it has time
	turn     chan error // buffered; gets exactly one value unless the waiter leaves
}

func newWaiter(ctx context.Context, endpoint *rest.CompiledEndpoint, now time.Time) *waiter {
	w := &waiter{
		endpoint: endpoint,
		route:    routeOf(endpoint),
		free:     answersInteraction(endpoint),
		turn:     make(chan error, 1),
	}
	w.deadline, _ = ctx.Deadline()
	if soon := now.Add(answerPatience); w.free && (w.deadline.IsZero() || w.deadline.After(soon)) {
		w.deadline = soon
	}
	return w
}

// late says whether a turn at that time is of no use any more.
func (w *waiter) late(at time.Time) bool {
	return !w.deadline.IsZero() && at != whenAnswered && at.After(w.deadline)
}

// dispatch lets go whoever may, sends away whose turn comes too late, and sets the timer for the next turn.
// It asks in the order of arrival, and one who goes only ever takes room from those behind: so nobody is
// overtaken by a request that waits for the same thing.
func (l *Limiter) dispatch(now time.Time) {
	next := whenAnswered
	l.queue = slices.DeleteFunc(l.queue, func(w *waiter) bool {
		b := l.bucketOf(w.route, w.endpoint.MajorParams)
		at := latest(b.opens(now), l.banned)
		if !w.free {
			at = latest(at, l.pace.opens(now))
		}
		switch {
		case w.late(at):
			w.turn <- &LimitedError{Until: at}
			return true
		case at.After(now):
			if at.Before(next) {
				next = at
			}
			return false
		}
		l.start(w, b)
		return true
	})
	if next != whenAnswered {
		l.wake(next.Sub(now))
	}
}

func (l *Limiter) start(w *waiter, b *bucket) {
	b.inFlight++
	if !w.free {
		l.pace.start()
	}
	l.flights[w.endpoint] = append(l.flights[w.endpoint], flight{bucket: b, free: w.free})
	l.flying.begin()
	w.turn <- nil
}

func (l *Limiter) wake(after time.Duration) {
	if l.timer != nil {
		l.timer.Reset(after)
		return
	}
	l.timer = time.AfterFunc(after, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.closed {
			l.dispatch(time.Now())
		}
	})
}

// bucketOf is the bucket of the route and major parameters, a new one when there is none.
func (l *Limiter) bucketOf(route, major string) *bucket {
	key := bucketKey{scope: route, major: major}
	if hash, ok := l.routes[route]; ok {
		key.scope = hash
	}
	b := l.buckets[key]
	if b == nil {
		b = &bucket{}
		l.buckets[key] = b
	}
	return b
}

// learn takes in what the answer to a request of the bucket said.
func (l *Limiter) learn(b *bucket, endpoint *rest.CompiledEndpoint, said answer, now time.Time) {
	if said.hash != "" {
		l.name(routeOf(endpoint), said.hash)
		b = l.bucketOf(routeOf(endpoint), endpoint.MajorParams)
	}
	if said.counts {
		b.learn(said, now)
	} else if !said.refused {
		b.lose(now)
	}
	if !said.refused {
		return
	}
	l.refused.Add(1)
	until := now.Add(said.retryAfter + resetMargin)
	switch {
	case said.edge:
		l.banned = latest(l.banned, until)
	case said.global:
		l.pace.blocked = latest(l.pace.blocked, until)
	default:
		b.blocked = latest(b.blocked, until)
	}
}

// name notes the hash of a route's buckets. What was learned under the route's own name goes with it.
func (l *Limiter) name(route, hash string) {
	if l.routes[route] == hash {
		return
	}
	l.routes[route] = hash
	for key, b := range l.buckets {
		if key.scope != route {
			continue
		}
		delete(l.buckets, key)
		key.scope = hash
		if l.buckets[key] == nil {
			l.buckets[key] = b
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// routeOf names the endpoint's route before its hash is known.
func routeOf(endpoint *rest.CompiledEndpoint) string {
	return endpoint.Endpoint.Method + " " + endpoint.Endpoint.Route
}

// answersInteraction says whether the endpoint is one that Discord counts neither for the bot's 50 requests
// a second nor in a global stop.
func answersInteraction(endpoint *rest.CompiledEndpoint) bool {
	return strings.Contains(endpoint.Endpoint.Route, "{interaction.token}")
}
