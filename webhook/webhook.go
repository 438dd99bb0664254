// Package webhook is HTTP in: it verifies a callout, names its events, has them accepted durably, and
// answers. A callout passes the rate limit, then the checks in the order of the contract: method, source,
// size, authentication, content type, JSON; and it must not have gone round in circles. Only then does the
// inbox see it, and only when the inbox says that it is on disk does the sender get a 202.
//
// Programs with an API key are served, too: they look events up, change settings, run instances, and have targets act.
package webhook

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"

	"dispatch/event"
)

// Sources knows who may send where.
type Sources interface {
	// SourceBySlug gives the source at the slug, fault.NotFound when there is none that takes callouts.
	SourceBySlug(ctx context.Context, slug string) (event.Source, error)
	// APIKey gives the live key whose whole text, dsp_ included, has the SHA-256 hash; fault.NotFound when
	// there is none.
	APIKey(ctx context.Context, hash [sha256.Size]byte) (event.APIKey, error)
}

// Inbox accepts events.
type Inbox interface {
	// Accept stores the events of one callout together or not at all, and gives their ids in order. They
	// are on disk when it returns without an error. It fails with *event.DuplicateError when the
	// idempotency key was accepted before, and with fault.Unavailable when nothing can be stored now. The
	// events own their memory: they may be kept.
	Accept(ctx context.Context, events []event.Event) ([]event.ID, error)
}

// Health knows whether the process can do its work.
type Health interface {
	// Ready gives the reasons why it cannot, none when it can. Everybody may read them.
	Ready(ctx context.Context) []string
}

// Options are what an operator may set.
type Options struct {
	MaxBody        int64                // bytes of a body
	RateLimit      int                  // requests a second for one client IP, burst twice that; 0: no limit
	TrustedProxies []netip.Prefix       // whose X-Forwarded-For counts
	AdminToken     string               // bearer for /metrics and /debug; "": only from the machine itself
	Metrics        *prometheus.Registry // what /metrics shows, and where the intake counts; nil: there is none
	Targets        Targets              // what CloudEvents act on; nil: there are none
	Now            func() time.Time     // nil: time.Now

	Preferences    Preferences    // what /salesforce-settings shows and changes; nil: there is nothing there
	Connectors     Connectors     // what the Open Connectors API works with; the zero value: there is none
	Authorizations Authorizations // takes in who comes back from Salesforce; nil: nobody is sent there
}

// New makes the handler of everything that comes in over HTTP.
func New(opts Options, sources Sources, inbox Inbox, events Events, health Health, log *logrus.Logger) http.Handler {
	now := opts.Now
	if now == nil {
		now = time.Now
	}
	metrics := newMetrics(opts.Metrics)
	answers := newAnswers(log, metrics)
	keys := keyring{sources: sources}
	hooks := &hooks{
		sources: sources, inbox: inbox, answers: answers, metrics: metrics, keys: keys, maxBody: opts.MaxBody, now: now,
	}
	logged := &eventlog{events: events, keys: keys, answers: answers}

	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.RedirectTrailingSlash = false // a sender would lose its body on the way
	engine.HandleMethodNotAllowed = true
	engine.Use(shapeErrors, answers.recoverPanic)
	for _, method := range []string{http.MethodGet, http.MethodHead} { // many a prober asks for no body
		engine.Handle(method, "/healthz", alive)
		engine.Handle(method, "/readyz", ready(health))
	}
	// What is registered from here on, and what is not registered at all, is limited; health is not, so
	// that a busy neighbour of the prober does not make us look ill.
	if opts.RateLimit > 0 {
		engine.Use(limitRate(newLimiter(opts.RateLimit), clients{trusted: opts.TrustedProxies}, answers, now))
	}
	engine.POST("/hooks/:slug", hooks.receive)
	engine.POST("/cloudevents/:slug", (&cloudEvents{hooks: hooks, targets: opts.Targets}).receive)
	engine.GET("/v1/events/:id", logged.show)
	engine.POST("/v1/events/:id/replay", logged.replay)
	(&settings{preferences: opts.Preferences, keys: keys, answers: answers, maxBody: opts.MaxBody}).routes(engine)
	(&connectors{
		Connectors: opts.Connectors, inbox: inbox, keys: keys, answers: answers, metrics: metrics,
		maxBody: opts.MaxBody, now: now,
	}).routes(engine)
	oauthRoutes(engine, opts.Authorizations)
	operator{token: opts.AdminToken, answers: answers}.routes(engine, opts.Metrics)
	engine.NoRoute(answers.always(errNoRoute))
	engine.NoMethod(answers.always(errMethod)) // gin has set Allow
	return engine
}
