package salesforce

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// renewTime bounds one renewal, whoever waits for it.
const renewTime = 30 * time.Second

// ErrLost is for an org that does not let us in any more: somebody has to authorize it again.
var ErrLost = errors.New("the org does not let us in any more")

// errNoRefresh is for an access that was granted until it expires.
var errNoRefresh = errors.New("there is no refresh token")

// access is the way into a source's org by its connection.
type access struct {
	orgs     *Orgs
	sourceID string
}

// Session implements Access.
func (a access) Session(ctx context.Context) (Session, error) {
	c, err := a.orgs.connections.Connection(ctx, a.sourceID)
	if err != nil {
		return Session{}, err
	}
	return sessionOf(c)
}

func sessionOf(c Connection) (Session, error) {
	if c.Lost() {
		return Session{}, ErrLost
	}
	return Session{InstanceURL: c.InstanceURL, Token: c.AccessToken}, nil
}

// Renew implements Access. However many ask, a refresh token is used once: it may be good for no more.
func (a access) Renew(ctx context.Context, refused Session) (Session, error) {
	results := a.orgs.renewals.DoChan(a.sourceID, func() (any, error) {
		// Those who wait may give up; what comes back has to be stored all the same.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
		defer cancel()
		return a.orgs.renew(ctx, a.sourceID, refused)
	})
	select {
	case <-ctx.Done():
		return Session{}, ctx.Err()
	case result := <-results:
		if result.Err != nil {
			return Session{}, result.Err
		}
		return result.Val.(Session), nil
	}
}

func (o *Orgs) renew(ctx context.Context, sourceID string, refused Session) (Session, error) {
	c, err := o.connections.Connection(ctx, sourceID)
	if err != nil {
		return Session{}, err
	}
	if c.Lost() || c.AccessToken != refused.Token { // somebody was faster
		return sessionOf(c)
	}
	renewed, err := o.renewed(ctx, c)
	if err != nil {
		return Session{}, err
	}
	kept, err := o.connections.RenewConnection(ctx, renewed)
	switch {
	case err != nil:
		return Session{}, fmt.Errorf("keep tokens: %w", err)
	case kept:
		return sessionOf(renewed)
	}
	// Meanwhile it was authorized anew, or left.
	if renewed.RefreshToken != c.RefreshToken {
		o.Leave(renewed)
	}
	if c, err = o.connections.Connection(ctx, sourceID); err != nil {
		return Session{}, err
	}
	return sessionOf(c)
}

// renewed is the connection with new tokens, or lost.
func (o *Orgs) renewed(ctx context.Context, c Connection) (Connection, error) {
	if c.RefreshToken == "" {
		return o.lost(c, errNoRefresh), nil
	}
	var refused *OAuthError
	app := o.appOf(App{ClientID: c.ClientID, ClientSecret: c.ClientSecret})
	grant, err := o.client.Refresh(ctx, app, c.LoginURL, c.RefreshToken)
	switch {
	case errors.As(err, &refused) && refused.spent():
		return o.lost(c, err), nil
	case err != nil:
		return c, fmt.Errorf("renew access: %w", err)
	case grant.OrgID != c.OrgID:
		return c, fmt.Errorf("renew access: %w", ErrUntrusted)
	}
	c.AccessToken, c.InstanceURL, c.IssuedAt = grant.AccessToken, grant.InstanceURL, o.issued(grant)
	if grant.RefreshToken != "" {
		c.RefreshToken = grant.RefreshToken
	}
	return c, nil
}

func (o *Orgs) lost(c Connection, why error) Connection {
	o.log.WithField(keySource, c.SourceID).WithField(keyErr, why).Warn("access to org lost")
	c.LostAt, c.AccessToken, c.RefreshToken = o.opts.Now().UTC(), "", ""
	return c
}

// issued is when the access token was made.
func (o *Orgs) issued(g Grant) time.Time {
	if g.IssuedAt.IsZero() {
		return o.opts.Now().UTC()
	}
	return g.IssuedAt
}
