package delivery

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	maxPaced = 1000                   // limits that are kept without a look at which of them are at rest
	maxRest  = 100 * time.Millisecond // how long a turn is held for the next request; for longer, another may have it
)

// pacer keeps the requests to each destination apart.
type pacer struct {
	mu     sync.Mutex
	limits map[string]*rate.Limiter // by destination
}

// pass returns when a request may leave, at so many a second. When it may not now, after says how long that is to last.
func (p *pacer) pass(ctx context.Context, destination string, perSecond int) (after time.Duration, ok bool) {
	if perSecond <= 0 {
		return 0, ctx.Err() == nil
	}
	place := p.limit(destination, rate.Limit(perSecond)).Reserve()
	delay := place.Delay()
	if delay > maxRest {
		place.Cancel()
		return delay, false
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		place.Cancel()
		return 0, false
	case <-timer.C:
		return 0, ctx.Err() == nil
	}
}

func (p *pacer) limit(destination string, perSecond rate.Limit) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	limiter, known := p.limits[destination]
	if known {
		if limiter.Limit() != perSecond {
			limiter.SetLimit(perSecond)
		}
		return limiter
	}
	if p.limits == nil {
		p.limits = map[string]*rate.Limiter{}
	}
	if len(p.limits) >= maxPaced {
		p.forget()
	}
	limiter = rate.NewLimiter(perSecond, 1)
	p.limits[destination] = limiter
	return limiter
}

// forget drops the limits that allow a request now: a new one would do so, too.
func (p *pacer) forget() {
	for destination, limiter := range p.limits {
		if limiter.Tokens() >= 1 {
			delete(p.limits, destination)
		}
	}
}
