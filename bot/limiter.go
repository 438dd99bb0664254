package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/disgoorg/disgo/rest"
)

const (
	// maxTries is how often disgo makes a request that is answered 429, the first time included.
	maxTries = 3
	// sweepEvery is how long an idle bucket is remembered at least.
	sweepEvery = time.Minute
	// answerPatience is how long the answer to an interaction may wait for its turn: Discord gives three
	// seconds in all, and later it is worth nothing.
	answerPatience = 3 * time.Second
)

// ErrClosed is what Wait returns once the Limiter is closed. The request was not made.
var ErrClosed = errors.New("rate limiter is closed")

// LimitedError says that a request was not made, because its turn comes after its deadline.
type LimitedError struct {
	Until time.Time // when its turn would come, at the earliest
}

func (e *LimitedError) Error() string {
	return "rate limited until " + e.Until.UTC().Format(time.RFC3339Nano)
}

// Unwrap makes it a context.DeadlineExceeded, which is what the wait would have ended with.
func (e *LimitedError) Unwrap() error { return context.DeadlineExceeded }

// Limiter is our rest.RateLimiter. Every request waits in one queue, in the order of arrival, and leaves it
// once all of these have room:
//
//   - Its bucket. Which routes share one, Discord tells by a hash in the answer; within a hash each major
//     parameter (channel, guild, webhook) counts for itself. Until a bucket has answered, one request at a
//     time; from then on as many as are left. See bucket.
//   - The whole bot: so many requests a second over everything. See pace.
//   - The address, when Discord's edge has refused it altogether.
//
// Answers to interactions are bound to their own bucket only, so they never stand behind posts. Those behind
// a request that has to wait overtake it, unless they are for the same bucket.
//
// There is no goroutine of its own: whoever comes, or is answered, lets the next go, and one timer does when
// only time has to pass.
type Limiter struct {
	mu      sync.Mutex
	routes  map[string]string // route → hash of its buckets, once it is known
	buckets map[bucketKey]*bucket
	flights map[*rest.CompiledEndpoint][]flight
	queue   []*waiter // oldest first
	pace    pace
	banned  time.Time // Discord's edge refuses our address until then
	timer   *time.Timer
	swept   time.Time
	closed  bool

	flying  drain
	refused atomic.Uint64
}

// bucketKey names a bucket: by the hash, or by the route as long as its hash is unknown.
type bucketKey struct{ scope, major string }

// flight is a request that was let go and is not answered.
type flight struct {
	bucket *bucket
	free   bool // it does not count for the pace
}

// NewLimiter makes a Limiter that knows no bucket yet. perSecond is how many requests Discord takes from the bot within
// a second, over all routes; 0: as many as it likes.
func NewLimiter(perSecond int) *Limiter {
	return &Limiter{
		pace:    pace{perSecond: perSecond},
		routes:  map[string]string{},
		buckets: map[bucketKey]*bucket{},
		flights: map[*rest.CompiledEndpoint][]flight{},
	}
}

var _ rest.RateLimiter = (*Limiter)(nil)

// MaxRetries is how often a request that meets a 429 is made in all.
func (l *Limiter) MaxRetries() int { return maxTries }

// Refused counts the requests that were answered 429.
func (l *Limiter) Refused() uint64 { return l.refused.Load() }

// Wait returns nil when the request may be made; the caller then owes an Unlock. It fails at once with a
// *LimitedError when the turn would come after ctx's deadline.
func (l *Limiter) Wait(ctx context.Context, endpoint *rest.CompiledEndpoint) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for rate limit: %w", err)
	}
	now := time.Now()
	w := newWaiter(ctx, endpoint, now)
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return ErrClosed
	}
	l.sweep(now)
	l.queue = append(l.queue, w)
	l.dispatch(now)
	l.mu.Unlock()
	select {
	case err := <-w.turn:
		return err
	case <-ctx.Done():
		return l.leave(ctx, w)
	}
}

// leave takes w out of the queue, unless its turn came at the same moment.
func (l *Limiter) leave(ctx context.Context, w *waiter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case err := <-w.turn:
		return err
	default:
		l.queue = slices.DeleteFunc(l.queue, func(other *waiter) bool { return other == w })
		return fmt.Errorf("wait for rate limit: %w", ctx.Err())
	}
}

// Unlock takes in what the answer says; rs is nil when there was none. It never fails: an odd header is no
// reason to call a message lost that is there.
func (l *Limiter) Unlock(endpoint *rest.CompiledEndpoint, rs *http.Response) error {
	now := time.Now()
	said := readAnswer(rs, now)
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.land(endpoint)
	if !ok {
		return nil
	}
	f.bucket.inFlight--
	if !f.free {
		l.pace.land(now)
	}
	l.learn(f.bucket, endpoint, said, now)
	if !l.closed {
		l.dispatch(now)
	}
	l.flying.end()
	return nil
}

// land finds the flight that Wait began for the endpoint.
func (l *Limiter) land(endpoint *rest.CompiledEndpoint) (flight, bool) {
	flights := l.flights[endpoint]
	if len(flights) == 0 {
		return flight{}, false
	}
	last := len(flights) - 1
	if last == 0 {
		delete(l.flights, endpoint)
	} else {
		l.flights[endpoint] = flights[:last]
	}
	return flights[last], true
}

// Opens says from when on a request to the endpoint may be made, as far as is known: not after now when nothing is
// known to stand in its way.
func (l *Limiter) Opens(endpoint *rest.CompiledEndpoint) time.Time {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	at := latest(latest(l.bucketOf(routeOf(endpoint), endpoint.MajorParams).opens(now), l.banned), l.pace.blocked)
	if at.Equal(whenAnswered) {
		return now
	}
	return at
}

// Close lets nobody go any more and waits until what is in flight is answered, or ctx ends.
func (l *Limiter) Close(ctx context.Context) {
	l.mu.Lock()
	l.closed = true
	for _, w := range l.queue {
		w.turn <- ErrClosed
	}
	l.queue = nil
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	l.flying.wait(ctx)
}

// Reset forgets everything that Discord said.
func (l *Limiter) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.routes)
	clear(l.buckets) // flights keep theirs
	l.pace.blocked, l.banned = time.Time{}, time.Time{}
	if !l.closed {
		l.dispatch(time.Now())
	}
}

// sweep forgets the buckets that nobody uses and that have nothing to say.
func (l *Limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if b.idle(now) {
			delete(l.buckets, key)
		}
	}
}
