package salesforce

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"dispatch/event"
)

// ErrNoApp is for a code where nobody says which app it was made for.
var ErrNoApp = errors.New("no app is configured, and none is named")

// Code is what somebody came back with from a login that we did not begin, and so without PKCE.
type Code struct {
	Code        string
	App         App // that it was made for; without a ClientID, the configured one
	Environment event.Environment
}

// appOf is the app, or the configured one where it has no id.
func (o *Orgs) appOf(own App) App {
	if own.ClientID != "" {
		return own
	}
	return App{ClientID: o.opts.App.ClientID, ClientSecret: o.opts.App.ClientSecret, CallbackURL: cmp.Or(own.CallbackURL, o.opts.App.CallbackURL)}
}

// CodeURL is where somebody gets a code for an app, with which Salesforce sends them back to the app. It fails with ErrNoApp.
func (o *Orgs) CodeURL(app App, environment event.Environment, state string) (string, error) {
	app = o.appOf(app)
	if app.ClientID == "" {
		return "", ErrNoApp
	}
	return o.opts.Logins.of(environment) + "/services/oauth2/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {app.ClientID}, "redirect_uri": {app.CallbackURL}, "scope": {scope}, "state": {state},
	}.Encode(), nil
}

// Entry is access to an org that is nobody's yet: it is to be kept for a source, or dropped.
type Entry struct {
	orgs *Orgs
	made Connection
}

// Enter makes access of a code. The error comes with what it means: ErrNoApp with Refused.
func (o *Orgs) Enter(ctx context.Context, with Code) (*Entry, Outcome, error) {
	app := o.appOf(with.App)
	if app.ClientID == "" {
		return nil, Refused, ErrNoApp
	}
	login := o.opts.Logins.of(with.Environment)
	grant, err := o.client.Exchange(ctx, app, login, with.Code, "")
	if err != nil {
		return nil, outcomeOf(err), err
	}
	made, err := o.enter(ctx, grant, login)
	if with.App.ClientID != "" {
		made.ClientID, made.ClientSecret = app.ClientID, app.ClientSecret
	}
	if err != nil {
		o.Leave(made)
		return nil, outcomeOf(err), err
	}
	return &Entry{orgs: o, made: made}, Authorized, nil
}

// Keep makes the access a source's, in place of the one that it had.
func (e *Entry) Keep(ctx context.Context, sourceID string) error {
	e.made.SourceID = sourceID
	return e.orgs.keep(ctx, e.made)
}

// Drop gives the access back to the org.
func (e *Entry) Drop() { e.orgs.Leave(e.made) }
