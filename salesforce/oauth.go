package salesforce

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"time"

	"dispatch/event"
)

// scope is what we ask for: calls of the API, who authorized it, and to go on when they are not there.
const scope = "api id refresh_token"

// Asking is who wants to authorize a source's org.
type Asking struct {
	UserID string // Discord snowflake
	Source event.Source
	Domain string // the org's My Domain, as it was typed; "" where they log in as everybody does
	Locale string
}

// Begun is an authorization that was begun.
type Begun struct {
	URL   string    // where to go on
	Until time.Time // it is good for
}

// Begin begins an authorization. It fails with ErrDomain, and with ErrGone when there is no such source.
func (o *Orgs) Begin(ctx context.Context, by Asking) (Begun, error) {
	login, err := o.loginOf(ctx, by)
	if err != nil {
		return Begun{}, err
	}
	state := randomText(stateBytes)
	consent := Consent{
		Hash: sha256.Sum256([]byte(state)), GuildID: by.Source.GuildID, UserID: by.UserID, SourceID: by.Source.ID,
		LoginURL: login, Locale: by.Locale, Verifier: Token(randomText(verifierBytes)),
		ExpiresAt: o.opts.Now().Add(o.opts.StateTTL).UTC(),
	}
	if err := o.consents.SaveConsent(ctx, consent); err != nil {
		return Begun{}, fmt.Errorf("begin authorization: %w", err)
	}
	return Begun{URL: o.opts.App.authorizeURL(login, state, consent.Verifier), Until: consent.ExpiresAt}, nil
}

// loginOf is where the asker is sent: to the domain they named, where they were sent the last time, or where everybody
// logs in.
func (o *Orgs) loginOf(ctx context.Context, by Asking) (string, error) {
	if by.Domain != "" {
		return o.opts.Logins.at(by.Domain)
	}
	if before, err := o.connections.Connection(ctx, by.Source.ID); err == nil {
		if login, trusted := o.opts.Logins.origin(before.LoginURL); trusted {
			return login, nil
		}
	}
	return o.opts.Logins.of(by.Source.Environment), nil
}

func (a App) authorizeURL(login, state string, verifier Token) string {
	return login + "/services/oauth2/authorize?" + url.Values{
		"response_type":         {"code"},
		"client_id":             {a.ClientID},
		"redirect_uri":          {a.CallbackURL},
		"scope":                 {scope},
		"state":                 {state},
		"code_challenge":        {challengeOf(verifier)},
		"code_challenge_method": {"S256"},
	}.Encode()
}

// Outcome is how an authorization ended.
type Outcome string

// The outcomes of an authorization.
const (
	Authorized  Outcome = "authorized"
	Denied      Outcome = "denied"      // the person said no
	Forged      Outcome = "forged"      // nobody began it
	Expired     Outcome = "expired"     // it took too long
	Replayed    Outcome = "replayed"    // it has ended before
	BadCode     Outcome = "bad_code"    // it was begun by somebody else, or in another browser
	Refused     Outcome = "refused"     // Salesforce does not take our app
	Elsewhere   Outcome = "elsewhere"   // we would have had to send the token to somebody who is not Salesforce
	SourceGone  Outcome = "source_gone" // the source was disconnected meanwhile
	Unavailable Outcome = "unavailable" // Salesforce, or our own store, did not answer
)

// Ended is what there is to tell of an authorization.
type Ended struct {
	Outcome  Outcome
	SourceID string // for which it was begun; "" when nobody did
	Locale   string // of the person who began it; "" when nobody did
}

// maxParameter is how long what a browser comes back with may be.
const maxParameter = 2048

// Finish takes what a browser came back with. Whatever the outcome, it does not come back a second time.
func (o *Orgs) Finish(ctx context.Context, came url.Values) Ended {
	state, ok := only(came, "state")
	if !ok {
		return Ended{Outcome: Forged}
	}
	consent, found, err := o.consents.SpendConsent(ctx, sha256.Sum256([]byte(state)))
	if err != nil {
		o.log.WithField(keyErr, err).Error("authorization cannot be looked up")
		return Ended{Outcome: Unavailable}
	}
	if !found {
		return Ended{Outcome: Forged}
	}
	outcome, err := o.decide(ctx, consent, came)
	entry := o.log.WithField(keyGuild, consent.GuildID).WithField(keySource, consent.SourceID).WithField(keyOutcome, outcome)
	if err != nil {
		entry.WithField(keyErr, err).Warn("org not authorized")
	} else {
		entry.Info("authorization ended")
	}
	return Ended{Outcome: outcome, SourceID: consent.SourceID, Locale: consent.Locale}
}

// only is the value of a parameter that is there once, and no longer than it may be.
func only(came url.Values, name string) (string, bool) {
	all := came[name]
	if len(all) != 1 || all[0] == "" || len(all[0]) > maxParameter {
		return "", false
	}
	return all[0], true
}

func (o *Orgs) decide(ctx context.Context, consent Consent, came url.Values) (Outcome, error) {
	switch {
	case consent.Spent:
		return Replayed, nil
	case !o.opts.Now().Before(consent.ExpiresAt):
		return Expired, nil
	case came.Get("error") == "access_denied":
		return Denied, nil
	case came.Has("error"):
		return Refused, oauthError(0, came.Get("error"), "")
	}
	code, ok := only(came, "code")
	if !ok {
		return BadCode, nil
	}
	return o.authorize(ctx, consent, code)
}

// authorize makes a connection of the code.
func (o *Orgs) authorize(ctx context.Context, consent Consent, code string) (Outcome, error) {
	grant, err := o.client.Exchange(ctx, o.opts.App, consent.LoginURL, code, consent.Verifier.Reveal())
	if err != nil {
		return outcomeOf(err), err
	}
	made, err := o.enter(ctx, grant, consent.LoginURL)
	if made.SourceID = consent.SourceID; err == nil {
		err = o.keep(ctx, made)
	}
	if err != nil {
		o.Leave(made)
		return outcomeOf(err), err
	}
	return Authorized, nil
}

// enter makes a connection of a grant, which is to be left when there is an error.
func (o *Orgs) enter(ctx context.Context, grant Grant, login string) (Connection, error) {
	made := Connection{
		OrgID: grant.OrgID, InstanceURL: grant.InstanceURL, LoginURL: login, Scope: grant.Scope,
		AccessToken: grant.AccessToken, RefreshToken: grant.RefreshToken, IssuedAt: o.issued(grant),
	}
	who, err := o.client.Identity(ctx, grant)
	if err == nil {
		made.Username = who.Username
		made.OrgName = o.nameOf(ctx, grant)
	}
	return made, err
}

// nameOf is what the org calls itself. It may not say so: that is no reason to turn it away.
func (o *Orgs) nameOf(ctx context.Context, g Grant) string {
	about, err := o.client.Org(given{InstanceURL: g.InstanceURL, Token: g.AccessToken}, OrgOptions{}).About(ctx, g.OrgID)
	if err != nil {
		return ""
	}
	return about.Name
}

// given is access by a token alone.
type given Session

// Session implements Access.
func (g given) Session(context.Context) (Session, error) { return Session(g), nil }

// Renew implements Access.
func (given) Renew(context.Context, Session) (Session, error) { return Session{}, ErrLost }

// keep saves the connection. The one before it is revoked: nobody knows it any more.
func (o *Orgs) keep(ctx context.Context, made Connection) error {
	before, err := o.connections.Connection(ctx, made.SourceID)
	known := err == nil
	if err := o.connections.SaveConnection(ctx, made); err != nil {
		return err
	}
	o.forget(made.SourceID)
	if known && before.RefreshToken != made.RefreshToken {
		o.Leave(before)
	}
	return nil
}

func outcomeOf(err error) Outcome {
	var refused *OAuthError
	switch {
	case errors.Is(err, ErrGone):
		return SourceGone
	case errors.Is(err, ErrUntrusted):
		return Elsewhere
	case !errors.As(err, &refused) || isBusy(refused.Status):
		return Unavailable
	case refused.spent():
		return BadCode
	}
	return Refused
}
