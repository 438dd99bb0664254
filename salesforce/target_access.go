package salesforce

import (
	"context"
	"crypto/rsa"
	"fmt"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"dispatch/event"
)

// keyAccess is the way into a target's org: an assertion signed with its key. There is nothing to store: who has the key gets
// another token any time.
type keyAccess struct {
	client *Client
	target event.Target
	key    *rsa.PrivateKey
	now    func() time.Time
	signIn singleflight.Group

	mu    sync.Mutex
	grant Grant
}

// Session implements Access.
func (a *keyAccess) Session(ctx context.Context) (Session, error) {
	if g := a.granted(); g.AccessToken != "" {
		return sessionBy(g), nil
	}
	return a.Renew(ctx, Session{})
}

// Renew implements Access. However many ask, one of them signs in.
func (a *keyAccess) Renew(ctx context.Context, refused Session) (Session, error) {
	results := a.signIn.DoChan("", func() (any, error) {
		if g := a.granted(); g.AccessToken != refused.Token { // somebody was faster
			return sessionBy(g), nil
		}
		// Those who wait may give up; the others need it all the same.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
		defer cancel()
		return a.renew(ctx)
	})
	select {
	case <-ctx.Done():
		return Session{}, fmt.Errorf("%w: %w", errSignIn, ctx.Err())
	case result := <-results:
		if result.Err != nil {
			return Session{}, fmt.Errorf("%w: %w", errSignIn, result.Err)
		}
		return result.Val.(Session), nil
	}
}

func (a *keyAccess) renew(ctx context.Context) (Session, error) {
	t := a.target
	assertion, err := assertionOf(a.key, t.ClientID, t.User, t.Server, a.now())
	if err != nil {
		return Session{}, err
	}
	form := url.Values{"grant_type": {assertionGrant}, "assertion": {assertion.Reveal()}}
	g, err := a.client.grant(ctx, App{}, t.Server, form)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.grant = g // none when it failed: the one before was refused
	return sessionBy(g), err
}

func (a *keyAccess) granted() Grant {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.grant
}

func sessionBy(g Grant) Session { return Session{InstanceURL: g.InstanceURL, Token: g.AccessToken} }
