package salesforce

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
)

// Accept takes events in, all or none. It fails with *event.DuplicateError when one of them was taken in before.
type Accept func(ctx context.Context, events []event.Event) ([]event.ID, error)

// PollerOptions are how polls are gone about. Zero values are made up for.
type PollerOptions struct {
	Shortest time.Duration    // the shortest time from one round of a poll to the next
	AtOnce   int              // how many polls are asked for at a time
	Now      func() time.Time // nil: time.Now
	Log      *logrus.Logger
}

const (
	pollsAtOnce = 8
	// describeTime is how long Start waits to hear what the objects are.
	describeTime = 30 * time.Second
	// firstRound is how long Start waits for the first round.
	firstRound = 10 * time.Second
	// reloadTime is the pause before stored polls are looked for again that could not be read.
	reloadTime = time.Minute
)

// Poller asks orgs what has changed, each at its own pace and none because of another, and has it accepted like callouts. Run
// does the work.
type Poller struct {
	opts    PollerOptions
	store   PollStore
	orgs    *Orgs
	targets *Targets
	accept  Accept
	log     *logrus.Entry
	wake    chan struct{} // holds one when there may be something to begin

	mu    sync.Mutex
	polls map[string]*polling // by source
	under int                 // how many Run has under way
}

// polling is what is known of a poll since the program began.
type polling struct {
	turn  chan struct{}        // has room for who asks the org
	plans map[string]fieldPlan // of who has the turn

	// The rest is guarded by the poller.
	due    time.Time
	under  bool
	health pollHealth
}

// NewPoller makes a poller of what the orgs let us see.
func NewPoller(opts PollerOptions, orgs *Orgs, targets *Targets, store PollStore, accept Accept) *Poller {
	if opts.AtOnce == 0 {
		opts.AtOnce = pollsAtOnce
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Poller{
		opts: opts, store: store, orgs: orgs, targets: targets, accept: accept, log: opts.Log.WithField(keyComponent, "salesforce"),
		wake: make(chan struct{}, 1), polls: make(map[string]*polling),
	}
}

// now is the time as precisely as it is stored.
func (p *Poller) now() time.Time { return p.opts.Now().UTC().Truncate(time.Millisecond) }

// Start begins a poll, or changes what is polled. When it returns, what changes from now on is announced, unless the org does
// not answer: then that holds from the first time that it does. It fails with ErrNothing, ErrTooOften, *PollObjectError,
// ErrNotAuthorized, ErrLost, ErrGone, or with the org's refusal.
func (p *Poller) Start(ctx context.Context, wanted Poll) error {
	switch {
	case len(wanted.Objects) == 0:
		return ErrNothing
	case len(wanted.Objects) > MaxPollObjects:
		return &PollObjectError{Object: wanted.Objects[MaxPollObjects], Problem: TooManyObjects}
	case wanted.Every <= 0, wanted.Every < p.opts.Shortest:
		return ErrTooOften
	}
	access, err := p.store.PollAccess(ctx, wanted.GuildID, wanted.SourceID, wanted.TargetID)
	if err != nil {
		return err
	}
	org, err := p.org(ctx, wanted.SourceID, access)
	if err != nil {
		return err
	}
	plans, err := p.describe(ctx, org, &wanted)
	if err != nil {
		return err
	}
	if err := p.store.SavePoll(ctx, wanted, access.Place()); err != nil {
		return err
	}
	one := p.known(wanted.SourceID)
	ctx, cancel := context.WithTimeout(ctx, firstRound)
	defer cancel()
	if one.enter(ctx) {
		one.plans = plans
		one.leave()
		p.visit(ctx, wanted.SourceID)
	}
	p.stir()
	return nil
}

// describe asks what the objects are, and spells them as the org does. An org that does not answer now is no hindrance.
func (p *Poller) describe(ctx context.Context, org *Org, wanted *Poll) (map[string]fieldPlan, error) {
	plans := make(map[string]fieldPlan)
	var objects []string
	asking, cancel := context.WithTimeout(ctx, describeTime)
	defer cancel()
	answers := true
	for _, object := range wanted.Objects {
		if answers {
			plan, err := planOf(asking, org, object)
			switch kind, _ := pollTroubleOf(err); {
			case err == nil:
				object = plan.object
				plan.until = p.now().Add(planLive)
				plans[object] = plan
			case ctx.Err() != nil || kind != PollSilent && kind != PollBusy && kind != PollLimit:
				return nil, err
			default:
				answers = false // nor would it for the others, and somebody waits
			}
		}
		if !slices.Contains(objects, object) {
			objects = append(objects, object)
		}
	}
	wanted.Objects = objects
	return plans, nil
}

// Stop ends the poll of a guild's source. It fails with ErrNotPolled.
func (p *Poller) Stop(ctx context.Context, guildID, sourceID string) error {
	err := p.store.StopPoll(ctx, guildID, sourceID)
	if err == nil || errors.Is(err, ErrNotPolled) {
		p.forget(sourceID)
	}
	return err
}

// org is the one that the access leads into.
func (p *Poller) org(ctx context.Context, sourceID string, access PollAccess) (*Org, error) {
	if err := access.trouble(); err != nil {
		return nil, err
	}
	if access.Target != nil {
		return p.targets.Org(ctx, *access.Target)
	}
	return p.orgs.Org(sourceID), nil
}

// known is what is known of a source's poll; nothing, if it is new.
func (p *Poller) known(sourceID string) *polling {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.polls[sourceID]
	if !ok {
		one = &polling{turn: make(chan struct{}, 1), plans: make(map[string]fieldPlan)}
		p.polls[sourceID] = one
	}
	return one
}

func (p *Poller) forget(sourceID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.polls, sourceID)
}

// enter waits for the turn, and says whether it came.
func (o *polling) enter(ctx context.Context) bool {
	select {
	case o.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (o *polling) leave() { <-o.turn }

// stir has Run look again at who is due.
func (p *Poller) stir() {
	select {
	case p.wake <- struct{}{}:
	default: // it will
	}
}
