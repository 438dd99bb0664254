package salesforce

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/singleflight"
)

// Log keys.
const (
	keyComponent = "component"
	keyGuild     = "guild"
	keySource    = "source"
	keyOutcome   = "outcome"
	keyErr       = "err"
)

// OrgsOptions are what the orgs of sources need to be reached.
type OrgsOptions struct {
	App      App
	Logins   Logins
	StateTTL time.Duration    // how long an authorization may take
	Now      func() time.Time // nil: time.Now
	Log      *logrus.Logger
}

// Orgs are the orgs behind sources: how one lets us in, the way into it, and how we leave.
type Orgs struct {
	opts        OrgsOptions
	client      *Client
	consents    Consents
	connections Connections
	log         *logrus.Entry
	renewals    singleflight.Group // by source
	listings    singleflight.Group // by source
	leaving     chan Connection

	mu      sync.Mutex
	known   map[string]*Org       // by source
	objects map[string]objectList // by source
}

// NewOrgs makes the orgs. Run has to run for those that are left to hear of it.
func NewOrgs(opts OrgsOptions, consents Consents, connections Connections) *Orgs {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Orgs{
		opts: opts, client: NewClient(opts.Logins), consents: consents, connections: connections,
		log: opts.Log.WithField(keyComponent, "salesforce"), leaving: make(chan Connection, maxLeaving), known: make(map[string]*Org),
		objects: make(map[string]objectList),
	}
}

// Org is the org that the source was authorized for, or will be: calls fail until it is.
func (o *Orgs) Org(sourceID string) *Org {
	o.mu.Lock()
	defer o.mu.Unlock()
	org, ok := o.known[sourceID]
	if !ok {
		org = o.client.Org(access{orgs: o, sourceID: sourceID}, OrgOptions{})
		o.known[sourceID] = org
	}
	return org
}

// forget drops what is known of a source's org.
func (o *Orgs) forget(sourceID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.known, sourceID)
	delete(o.objects, sourceID)
}

// lookTime bounds how long an org may take to say how it is.
const lookTime = 4 * time.Second

// Look is what there is to see of a source's org.
type Look struct {
	Connection
	Usage Usage // zero when it is not known
	Err   error // why the org did not answer now; nil when it did, or is lost
}

// Look asks a source's org how it is, which is one call of its API. It fails when the source was not authorized.
func (o *Orgs) Look(ctx context.Context, sourceID string) (Look, error) {
	c, err := o.connections.Connection(ctx, sourceID)
	if err != nil || c.Lost() {
		return Look{Connection: c}, err
	}
	asking, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	org := o.Org(sourceID)
	about, err := org.About(asking, c.OrgID)
	if errors.Is(err, ErrLost) { // just now
		c, err = o.connections.Connection(ctx, sourceID)
		return Look{Connection: c}, err
	}
	if err == nil {
		c.OrgName = about.Name
	}
	usage, _ := org.Usage()
	return Look{Connection: c, Usage: usage, Err: err}, nil
}
