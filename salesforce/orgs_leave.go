package salesforce

import (
	"cmp"
	"context"
	"time"
)

const (
	maxLeaving = 100              // orgs that wait to hear that we leave
	leaveTime  = 10 * time.Second // how long one may take to hear it
)

// Leave has the tokens of a connection that is wiped here forgotten at Salesforce, too. It waits for nobody: should that
// fail, nobody has them any more all the same.
func (o *Orgs) Leave(c Connection) {
	o.forget(c.SourceID)
	if c.RefreshToken == "" && c.AccessToken == "" {
		return
	}
	select {
	case o.leaving <- c:
	default:
		o.log.WithField(keySource, c.SourceID).Warn("access to org not revoked: too many wait")
	}
}

// Run revokes what was left, until ctx ends. What waits then has leaveTime for all of it.
func (o *Orgs) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		select {
		case c := <-o.leaving:
			o.revoke(context.WithoutCancel(ctx), c)
		case <-ctx.Done():
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	for {
		select {
		case c := <-o.leaving:
			o.revoke(ctx, c)
		default:
			return nil
		}
	}
}

// revoke takes the refresh token, with which all others die.
func (o *Orgs) revoke(ctx context.Context, c Connection) {
	ctx, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	token := cmp.Or(c.RefreshToken, c.AccessToken)
	entry := o.log.WithField(keySource, c.SourceID)
	if err := o.client.Revoke(ctx, c.LoginURL, token); err != nil {
		entry.WithField(keyErr, err).Warn("access to org not revoked")
		return
	}
	entry.Info("access to org revoked")
}
