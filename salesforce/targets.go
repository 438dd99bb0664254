package salesforce

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
)

const keyTarget = "target" // in the log

// TargetStore keeps targets.
type TargetStore interface {
	// TargetBySlug fails when there is none.
	TargetBySlug(ctx context.Context, slug string) (event.Target, error)
	// TargetKey gives the private key of the target of the id, a PEM file.
	TargetKey(ctx context.Context, id string) (Token, error)
	// DeleteTarget removes a target of the guild for good.
	DeleteTarget(ctx context.Context, guildID, id string) error
}

// Targets are the orgs that guilds act on. Each keeps its token, which all calls share.
type Targets struct {
	TargetStore
	client *Client
	logins Logins
	now    func() time.Time
	log    *logrus.Entry

	mu    sync.Mutex
	known map[string]*target // by id
}

// target is one that was called before.
type target struct {
	access *keyAccess
	org    *Org
}

// NewTargets makes the targets; now may be nil.
func NewTargets(logins Logins, now func() time.Time, store TargetStore, log *logrus.Logger) *Targets {
	if now == nil {
		now = time.Now
	}
	return &Targets{
		TargetStore: store, client: NewClient(logins), logins: logins, now: now,
		log: log.WithField(keyComponent, "salesforce"), known: make(map[string]*target),
	}
}

// Server is where the people of an org log in, by what was typed: "" for production, a My Domain, or an address of the org.
// It fails with ErrDomain.
func (t *Targets) Server(typed string) (string, error) {
	return t.logins.at(cmp.Or(typed, t.logins.Production))
}

// DeleteTarget removes a target of the guild for good, and forgets its key and token.
func (t *Targets) DeleteTarget(ctx context.Context, guildID, id string) error {
	if err := t.TargetStore.DeleteTarget(ctx, guildID, id); err != nil {
		return fmt.Errorf("delete target: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.known, id)
	return nil
}

// Org is the REST API of a target's org.
func (t *Targets) Org(ctx context.Context, of event.Target) (*Org, error) {
	found, err := t.target(ctx, of)
	if err != nil {
		return nil, err
	}
	return found.org, nil
}

func (t *Targets) target(ctx context.Context, of event.Target) (*target, error) {
	t.mu.Lock()
	found, ok := t.known[of.ID]
	t.mu.Unlock()
	if ok {
		return found, nil
	}
	file, err := t.TargetKey(ctx, of.ID)
	if err != nil {
		return nil, fmt.Errorf("find key of target: %w", err)
	}
	key, err := ParseKey([]byte(file.Reveal()))
	if err != nil {
		return nil, fmt.Errorf("read key of target: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if found, ok = t.known[of.ID]; ok { // somebody was faster
		return found, nil
	}
	access := &keyAccess{client: t.client, target: of, key: key, now: t.now}
	found = &target{access: access, org: t.client.Org(access, OrgOptions{Version: of.Version, RenewOnForbidden: true})}
	t.known[of.ID] = found
	return found, nil
}
