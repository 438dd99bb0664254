package webhook

import (
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

const (
	// burst is how many seconds' worth of requests a client may send at once, and how long it takes an
	// empty bucket to fill up.
	burst = 2
	// maxClients is how many clients a generation of buckets holds.
	maxClients = 16 << 10
)

// limiter gives every client a bucket of tokens. Memory is bounded: buckets live in two generations, and
// every turn throws away those that nobody asked for since the one before. Turns are at least as far
// apart as a bucket takes to fill up, so a bucket that is thrown away is as good as a new one. Only when
// more than maxClients come in that time are some forgotten early.
type limiter struct {
	perSecond int

	mu           sync.Mutex
	fresh, stale map[netip.Addr]*rate.Limiter
	turned       time.Time
}

func newLimiter(perSecond int) *limiter {
	return &limiter{
		perSecond: perSecond,
		fresh:     make(map[netip.Addr]*rate.Limiter),
		stale:     make(map[netip.Addr]*rate.Limiter),
	}
}

// allow takes a token from the client's bucket and says whether there was one.
func (l *limiter) allow(client netip.Addr, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bucket(client, now).AllowN(now, 1)
}

func (l *limiter) bucket(client netip.Addr, now time.Time) *rate.Limiter {
	if now.Sub(l.turned) >= burst*time.Second || len(l.fresh) >= maxClients {
		l.fresh, l.stale, l.turned = l.stale, l.fresh, now
		clear(l.fresh)
	}
	bucket, ok := l.fresh[client]
	if !ok {
		if bucket, ok = l.stale[client]; !ok {
			bucket = rate.NewLimiter(rate.Limit(l.perSecond), burst*l.perSecond)
		}
		l.fresh[client] = bucket
	}
	return bucket
}

// limitRate refuses the requests of clients that send too many. There is a token again within a second,
// whatever the rate, which is what the refusal's Retry-After says.
func limitRate(l *limiter, who clients, a *answers, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !l.allow(who.of(c.Request), now()) {
			a.fail(c.Writer, "", errTooMany)
			c.Abort()
		}
	}
}
