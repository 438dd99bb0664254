package salesforce

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
)

const (
	maxDeployAge = 24 * time.Hour // how long an org may keep one waiting
	maxPauses    = 60             // how many times longer the pauses between two questions may become
	saveTime     = 10 * time.Second
)

// travel takes the journey on until it is over, or ctx ends.
func (d *Deployer) travel(ctx context.Context, j *journey) {
	defer j.end()
	d.logOf(j.state()).Info("deployment under way")
	for {
		pause, err := d.step(ctx, j)
		if err != nil {
			return // we are being stopped
		}
		if now := j.state(); now.Phase.Over() {
			d.logOf(now).WithField("phase", string(now.Phase)).Info("deployment over")
			return
		}
		rest := time.NewTimer(pause)
		select {
		case <-rest.C:
		case <-j.called:
		case <-ctx.Done():
		}
		rest.Stop()
	}
}

// step makes one call to the org, writes down what it has brought, and says how long to wait for the next one.
func (d *Deployer) step(ctx context.Context, j *journey) (time.Duration, error) {
	now := j.whole()
	org := d.orgs.Org(now.SourceID)
	var err error
	switch {
	case now.RequestID != "":
		err = d.follow(ctx, org, j, &now)
	case now.Cancelled:
		now.Phase = DeployCancelled
	default:
		err = d.send(ctx, org, &now)
	}
	if err != nil && ctx.Err() != nil {
		return 0, ctx.Err()
	}
	j.looks++
	d.judge(j, &now, err)
	if now.Phase.Over() {
		now.EndedAt = d.opts.Now().UTC().Truncate(time.Millisecond)
	}
	if reached := milestoneOf(now); reached != j.saved {
		if err := d.save(ctx, now); err != nil {
			return 0, err
		}
		j.saved = reached
	}
	j.move(now)
	return d.pause(j, now, err), nil
}

// pause is how long to wait after a step: not at all when the next is ours, and ever longer while the org works.
func (d *Deployer) pause(j *journey, now Deployment, err error) time.Duration {
	if err == nil && now.RequestID == "" {
		return 0
	}
	pause := d.opts.Every * time.Duration(min(1+j.looks/10, maxPauses))
	var later *APIError
	if errors.As(err, &later) {
		pause = max(pause, later.RetryAfter)
	}
	return pause
}

// milestone is what of a deployment is worth writing down when it has changed.
type milestone struct {
	phase              DeployPhase
	requested, checked string
	tests              TestLevel
	cancelled          bool
}

func milestoneOf(d Deployment) milestone {
	return milestone{d.Phase, d.RequestID, d.CheckedID, d.TestLevel, d.Cancelled}
}

// send asks the org for what comes next.
func (d *Deployer) send(ctx context.Context, org *Org, now *Deployment) error {
	connection, err := d.orgs.connections.Connection(ctx, now.SourceID)
	if err != nil {
		return err
	}
	if connection.OrgID != now.OrgID {
		return ErrGone // it is another org's by now
	}
	if now.TestLevel == "" {
		if now.TestLevel, err = d.chooseTests(ctx, org, *now); err != nil {
			return err
		}
	}
	id, err := submit(ctx, org, *now)
	switch {
	case err == nil:
		now.RequestID = id
	case now.CheckedID != "" && troubleOf(err).Kind.lasting():
		now.CheckedID, err = "", nil // a check that may not be built upon
	case now.TestLevel == NoTestRun && refusesNoTests(err):
		now.TestLevel, err = testLevel(About{}, now.Removal), nil
	}
	return err
}

// chooseTests picks the test level. An org that does not tell us what it is gets that of production, which all take.
func (d *Deployer) chooseTests(ctx context.Context, org *Org, now Deployment) (TestLevel, error) {
	about, err := org.About(ctx, now.OrgID)
	var refused *APIError
	if errors.As(err, &refused) && (refused.Status == http.StatusForbidden || refused.Status == http.StatusNotFound) && !refused.Later() {
		about, err = About{}, nil
	}
	return testLevel(about, now.Removal), err
}

// follow asks the org how far it is.
func (d *Deployer) follow(ctx context.Context, org *Org, j *journey, now *Deployment) error {
	if now.Cancelled && !j.calledOff {
		err := callOff(ctx, org, now.RequestID)
		var refused *APIError
		j.calledOff = err == nil || errors.As(err, &refused) && !refused.Later() // it may be too late for it
	}
	report, err := lookAfter(ctx, org, now.RequestID)
	if err != nil {
		return err
	}
	now.Report = report
	succeeded, checking := report.State == stateSucceeded, now.Phase == DeployChecking
	switch {
	case !report.over():
	case succeeded && checking && !now.Cancelled:
		if now.TestLevel != NoTestRun {
			now.CheckedID = now.RequestID
		}
		now.Phase, now.RequestID, now.Checked = DeployChanging, "", true
		j.looks = 0
	case succeeded && !checking:
		now.Phase = DeploySucceeded
	case succeeded, report.State == stateCancelled:
		now.Phase, now.Checked = DeployCancelled, !checking
	case report.Partial() && !checking:
		now.Phase = DeployUnknown
	default:
		now.Phase = DeployFailed
	}
	return nil
}

// judge decides what an error means for the deployment. While the org works on a request, it is asked again as long as our
// patience lasts: somebody may authorize it again, or it comes back.
func (d *Deployer) judge(j *journey, now *Deployment, err error) {
	at := d.opts.Now()
	if err == nil {
		now.Trouble, j.troubled = DeployTrouble{}, time.Time{}
		if !now.Phase.Over() && at.Sub(now.StartedAt) >= maxDeployAge {
			now.Trouble = DeployTrouble{Kind: OrgBusy}
			now.Phase = givenUp(*now)
		}
		return
	}
	now.Trouble = troubleOf(err)
	if j.troubled.IsZero() {
		j.troubled = at
	}
	asked := now.RequestID != ""
	switch {
	case now.Cancelled && now.Phase == DeployChecking:
		now.Phase = DeployCancelled
	case !asked && now.Trouble.Kind.lasting(), now.Trouble.Kind == RequestGone, at.Sub(j.troubled) >= d.opts.Patience:
		now.Phase = givenUp(*now)
	}
}

// givenUp is how a deployment ends that we cannot follow. An org that was only asked to check, or has refused, is as it was;
// one that was asked for more may have done it.
func givenUp(d Deployment) DeployPhase {
	if d.Phase == DeployChanging && (d.RequestID != "" || d.Trouble.Kind == OrgSilent) {
		return DeployUnknown
	}
	return DeployFailed
}

func (d *Deployer) logOf(at Deployment) *logrus.Entry {
	return d.log.WithField(keySource, at.SourceID).WithField("deployment", at.ID)
}

// save writes the deployment down, however long that takes: what comes next builds on it. We may be stopped meanwhile.
func (d *Deployer) save(ctx context.Context, now Deployment) error {
	for {
		saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
		err := d.store.SaveDeployment(saving, now, d.opts.Now().Add(OldSecretsLive))
		cancel()
		if err == nil {
			return nil
		}
		d.logOf(now).WithField(keyErr, err).Error("deployment not written down")
		again := time.NewTimer(d.opts.Every)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return ctx.Err()
		}
	}
}
