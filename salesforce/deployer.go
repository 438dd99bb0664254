package salesforce

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/sirupsen/logrus"
)

// DeployStore keeps deployments, so that none is lost when we are stopped.
type DeployStore interface {
	// StartDeployment writes one down with its cargo. It fails with ErrDeploying while its source has one that is not
	// over, and with ErrGone.
	StartDeployment(ctx context.Context, d Deployment) error
	// SaveDeployment writes down how far one is. Callouts that its secret signs are good from DeployChanging on: for good
	// when it succeeded, and then older secrets end at oldUntil; not any more when it failed or was cancelled. The cargo
	// of one that is over is wiped.
	SaveDeployment(ctx context.Context, d Deployment, oldUntil time.Time) error
	// OpenDeployments are those that are not over, with their cargo.
	OpenDeployments(ctx context.Context) ([]Deployment, error)
	// Deployed tells of a source's deployments into an org.
	Deployed(ctx context.Context, sourceID, orgID string) (Deployed, error)
}

// DeployerOptions are how deployments are gone about. Zero values are made up for.
type DeployerOptions struct {
	Every    time.Duration    // the shortest time between two questions about one
	Patience time.Duration    // how long an org may fail to answer
	Now      func() time.Time // nil: time.Now
	Log      *logrus.Logger
}

// Deployer takes packages into orgs and out of them, by the REST form of the Metadata API: first as a check, then in
// earnest. Run does the work.
type Deployer struct {
	orgs  *Orgs
	store DeployStore
	opts  DeployerOptions
	log   *logrus.Entry
	begun chan *journey
	ended chan struct{} // closed when Run has ended

	mu       sync.Mutex
	journeys map[string]*journey // by source: the last that was under way since we began
}

// NewDeployer makes a deployer of what the orgs let us do.
func NewDeployer(opts DeployerOptions, orgs *Orgs, store DeployStore) *Deployer {
	if opts.Every == 0 {
		opts.Every = time.Second
	}
	if opts.Patience == 0 {
		opts.Patience = 15 * time.Minute
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Deployer{
		orgs: orgs, store: store, opts: opts, log: opts.Log.WithField(keyComponent, "salesforce"),
		begun: make(chan *journey), ended: make(chan struct{}), journeys: make(map[string]*journey),
	}
}

// Start begins a deployment and fills in what it does not decide. One that is not over yet is ErrDeploying.
func (d *Deployer) Start(ctx context.Context, wanted Deployment) (Deployment, error) {
	wanted.ID = uuid.Must(uuid.NewV7()).String()
	wanted.StartedAt, wanted.Phase = d.opts.Now().UTC().Truncate(time.Millisecond), DeployChecking
	j := newJourney(wanted)
	if err := d.enter(j); err != nil {
		return Deployment{}, err
	}
	if err := d.store.StartDeployment(ctx, wanted); err != nil {
		d.leave(j)
		return Deployment{}, err
	}
	select {
	case d.begun <- j:
	case <-d.ended: // the next start of the program takes it up
		j.end()
	case <-ctx.Done(): // Run never began
		j.end()
	}
	return j.state(), nil
}

// enter makes the journey the one of its source, unless there is one that is not over.
func (d *Deployer) enter(j *journey) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	source := j.state().SourceID
	if before, ok := d.journeys[source]; ok && !before.state().Phase.Over() {
		return ErrDeploying
	}
	d.journeys[source] = j
	return nil
}

func (d *Deployer) leave(j *journey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.journeys, j.state().SourceID)
}

func (d *Deployer) journeyOf(sourceID string) (*journey, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	j, ok := d.journeys[sourceID]
	return j, ok
}

// Watch gives how far a source's deployment is, now and whenever that has changed, until it is over, ctx ends, or we are
// stopped. It is for those that were under way since the program began.
func (d *Deployer) Watch(ctx context.Context, sourceID string) iter.Seq[Deployment] {
	return func(yield func(Deployment) bool) {
		j, ok := d.journeyOf(sourceID)
		for ok {
			now, changed, last := j.look()
			if !yield(now) || last {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// Cancel has a source's deployment end, if it can still be ended, and says whether there is one under way.
func (d *Deployer) Cancel(sourceID string) bool {
	j, ok := d.journeyOf(sourceID)
	return ok && j.callOff()
}

// Deployed tells of a source's deployments into an org, of one that is under way as it is now.
func (d *Deployer) Deployed(ctx context.Context, sourceID, orgID string) (Deployed, error) {
	found, err := d.store.Deployed(ctx, sourceID, orgID)
	if j, ok := d.journeyOf(sourceID); ok && err == nil {
		if now := j.state(); now.ID == found.Last.ID {
			found.Last = now
		}
	}
	return found, err
}

// Run takes up what was under way when the program ended, and whatever is started, until ctx ends. What is not over then
// goes on at the next start.
func (d *Deployer) Run(ctx context.Context) error {
	open, err := d.store.OpenDeployments(ctx)
	if err != nil {
		d.log.WithField(keyErr, err).Error("deployments that were under way not taken up")
	}
	var under sync.WaitGroup
	defer under.Wait()
	defer close(d.ended)
	for _, one := range open {
		if j := newJourney(one); d.enter(j) == nil {
			under.Go(func() { d.travel(ctx, j) })
		}
	}
	for {
		select {
		case j := <-d.begun:
			under.Go(func() { d.travel(ctx, j) })
		case <-ctx.Done():
			return nil
		}
	}
}
