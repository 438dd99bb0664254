package webhook

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/sirupsen/logrus"
)

// Timeouts are those of Serve.
type Timeouts struct{ Header, Read, Write, Idle, Drain time.Duration }

// ServeWithin is Serve with other time-outs.
func ServeWithin(
	ctx context.Context, listener net.Listener, handler http.Handler, log *logrus.Logger, t Timeouts,
) error {
	return serve(ctx, listener, handler, log, timeouts{
		header: t.Header, read: t.Read, write: t.Write, idle: t.Idle, drain: t.Drain,
	})
}

// Limiter is the rate limiter, to be driven without HTTP.
type Limiter struct{ limiter *limiter }

// NewLimiter makes a Limiter.
func NewLimiter(perSecond int) Limiter { return Limiter{newLimiter(perSecond)} }

// Allow is limiter.allow.
func (l Limiter) Allow(client netip.Addr, now time.Time) bool { return l.limiter.allow(client, now) }

// Clients is how many clients the limiter remembers.
func (l Limiter) Clients() int { return len(l.limiter.fresh) + len(l.limiter.stale) }

// MaxClients is how many it may remember.
const MaxClients = 2 * maxClients
