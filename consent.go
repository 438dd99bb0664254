package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/config"
	"dispatch/locales"
	"dispatch/salesforce"
	"dispatch/storage"
	"dispatch/webhook"
)

// callbackPath is where Salesforce sends people back to.
const callbackPath = "/oauth/salesforce/callback"

func newOrgs(cfg config.Config, log *logrus.Logger, db *storage.DB) *salesforce.Orgs {
	return salesforce.NewOrgs(salesforce.OrgsOptions{
		App: salesforce.App{
			ClientID:     cfg.Salesforce.ClientID,
			ClientSecret: salesforce.Token(cfg.Salesforce.ClientSecret.Reveal()),
			CallbackURL:  cfg.HTTP.PublicURL + callbackPath,
		},
		Logins:   salesforce.Logins{Production: cfg.Salesforce.LoginURL, Sandbox: cfg.Salesforce.SandboxLoginURL},
		StateTTL: cfg.Salesforce.StateTTL,
		Log:      log,
	}, db, db)
}

// orgsToAuthorize are none where Salesforce does not know us.
func orgsToAuthorize(cfg config.Salesforce, orgs *salesforce.Orgs) commands.Orgs {
	if cfg.ClientID == "" {
		return nil
	}
	return orgs
}

// Disconnect implements commands.Connector. What an org has granted is wiped first, then revoked; nobody waits for that.
func (b books) Disconnect(ctx context.Context, guildID, sourceID string, at time.Time) error {
	granted, missing := b.Connection(ctx, sourceID)
	if err := b.DB.Disconnect(ctx, guildID, sourceID, at); err != nil {
		return err
	}
	if missing == nil {
		b.orgs.Leave(granted)
	}
	return nil
}

// consents says what became of an authorization, in the language of who began it.
type consents struct {
	orgs       *salesforce.Orgs
	authorized func(ctx context.Context, sourceID string) // is told of each source that was authorized
}

// statuses are the answers to those who come back; what somebody has decided is fine.
var statuses = map[salesforce.Outcome]int{
	salesforce.Authorized:  http.StatusOK,
	salesforce.Denied:      http.StatusOK,
	salesforce.Forged:      http.StatusBadRequest,
	salesforce.Expired:     http.StatusBadRequest,
	salesforce.Replayed:    http.StatusBadRequest,
	salesforce.BadCode:     http.StatusBadRequest,
	salesforce.Refused:     http.StatusBadGateway,
	salesforce.Elsewhere:   http.StatusBadGateway,
	salesforce.SourceGone:  http.StatusGone,
	salesforce.Unavailable: http.StatusServiceUnavailable,
}

// Finish implements webhook.Authorizations. Who did not begin it is answered in the language that their browser prefers.
func (c consents) Finish(ctx context.Context, came url.Values, languages string) webhook.Page {
	ended := c.orgs.Finish(ctx, came)
	if ended.Outcome == salesforce.Authorized {
		c.authorized(ctx, ended.SourceID)
	}
	tag := ended.Locale
	if tag == "" {
		tag, _, _ = strings.Cut(languages, ",")
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
	}
	say, key := locales.For(tag), "consent."+string(ended.Outcome)
	return webhook.Page{
		Status:   statuses[ended.Outcome],
		Good:     ended.Outcome == salesforce.Authorized,
		Language: say.Tag(),
		Title:    say.T(key + ".title"),
		Lines:    []string{say.T(key + ".what"), say.T(key + ".next")},
	}
}
