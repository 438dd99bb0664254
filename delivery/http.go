package delivery

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	connectTime = 5 * time.Second  // to look up an endpoint's host and to connect to it
	idleTime    = 30 * time.Second // how long a connection is kept for the next event
	maxAtOnce   = 5                // requests to an endpoint where order is off
	maxHeader   = 16 << 10         // bytes of an answer's header
)

// Looks tells what links do to events.
type Looks interface {
	// LookOf tells what a link does to an event on its way.
	LookOf(ctx context.Context, linkID string) (Look, error)
}

// HTTPOptions are what an HTTPSender is told.
type HTTPOptions struct {
	Looks        Looks
	Version      string        // ours, for the User-Agent
	Timeout      time.Duration // of one attempt, from the first look at the name to the end of the answer
	AllowPrivate bool          // endpoints may be in private networks, too
}

// HTTPSender is the Sender of webhook destinations.
type HTTPSender struct {
	looks    Looks
	agent    string
	timeout  time.Duration
	guard    *guard
	way      *http.Transport
	programs Programs
	pace     pacer
}

var _ Sender = (*HTTPSender)(nil)

// NewHTTPSender makes an HTTPSender.
func NewHTTPSender(opts HTTPOptions) *HTTPSender {
	s := &HTTPSender{
		looks:   opts.Looks,
		agent:   "Dispatch/" + opts.Version,
		timeout: opts.Timeout,
		guard:   newGuard(opts.AllowPrivate),
	}
	s.way = &http.Transport{ // without a Proxy: one from the environment would get around the guard
		DialContext:            s.guard.dial,
		TLSHandshakeTimeout:    connectTime,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           maxTurns,
		MaxIdleConnsPerHost:    maxAtOnce,
		IdleConnTimeout:        idleTime,
		MaxResponseHeaderBytes: maxHeader,
	}
	return s
}

// target is the endpoint that a turn is for.
type target struct {
	Endpoint
	destination string
	url         *url.URL
}

func targetOf(d Destination) (target, error) {
	t := target{destination: d.ID}
	if d.Endpoint != nil {
		t.Endpoint = *d.Endpoint
	}
	var err error
	t.url, err = parseURL(t.URL)
	return t, err
}

// heldUpBy says whether nothing more is to be sent in this turn.
func (t target) heldUpBy(o Outcome) bool {
	switch o.Verdict {
	case Sent, Wrong:
		return false
	case Later:
		return !t.Unordered || o.After > 0 // which is the endpoint's wish for all
	}
	return true
}

// Send posts the deliveries to their endpoint: one after the other, or a few at once where order is off. See Sender.
func (s *HTTPSender) Send(ctx context.Context, batch Batch) []Outcome {
	outcomes := make([]Outcome, len(batch.Deliveries))
	to, err := targetOf(batch.Destination)
	if err != nil {
		outcomes[0] = unfit(err)
		return outcomes
	}
	ctx, cancel := context.WithTimeout(ctx, TurnTime)
	defer cancel()
	places := make(chan struct{}, 1)
	if to.Unordered {
		places = make(chan struct{}, maxAtOnce)
	}
	var (
		flight sync.WaitGroup
		held   atomic.Bool
	)
	for i, d := range batch.Deliveries {
		places <- struct{}{}
		if held.Load() {
			break
		}
		m, failed := s.prepare(ctx, to, d)
		if failed != nil {
			outcomes[i] = *failed
			if to.heldUpBy(*failed) {
				break
			}
			<-places
			continue
		}
		flight.Go(func() {
			outcomes[i] = s.post(ctx, to, m)
			if to.heldUpBy(outcomes[i]) {
				held.Store(true)
			}
			<-places
		})
	}
	flight.Wait()
	return outcomes
}

// prepare makes the message, and waits until it may leave. What hinders that is an outcome.
func (s *HTTPSender) prepare(ctx context.Context, to target, d Delivery) (message, *Outcome) {
	look, err := s.looks.LookOf(ctx, d.LinkID)
	if err != nil {
		return message{}, &Outcome{Err: fmt.Errorf("find look: %w", err)}
	}
	m := messageOf(d)
	if t := look.Transform; t != nil {
		m.body, err = s.programs.Apply(ctx, t, m.body)
		switch {
		case err != nil && ctx.Err() != nil:
			return message{}, &Outcome{} // it may be no fault of the program's
		case err != nil: // what it should have hidden must not leave instead
			return message{}, &Outcome{Verdict: Wrong, Err: fmt.Errorf("transform by %q: %w", t.Name, err)}
		}
	}
	if to.Callback != nil {
		m.body = to.Callback.body(d, m.id, m.body)
	}
	if after, ok := s.pace.pass(ctx, to.destination, to.RateLimit); !ok {
		return message{}, &Outcome{After: after}
	}
	return m, nil
}
