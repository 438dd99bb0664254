package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/config"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/locales"
	"dispatch/salesforce"
	"dispatch/webhook"
)

// instances do what the Open Connectors API asks for, here and at Salesforce.
type instances struct {
	books
	deployer  *salesforce.Deployer
	publicURL string
	log       *logrus.Logger
}

func (i instances) connectors(cfg config.Config) webhook.Connectors {
	return webhook.Connectors{
		Instances: i, Orgs: i, Packages: i, PollMin: cfg.Salesforce.PollMin,
		CheckURL: func(raw string) error { return checkCallback(raw, cfg.Delivery.AllowPrivate) },
	}
}

// checkCallback says why a callback cannot have the URL, in the words that admins are told.
func checkCallback(raw string, allowPrivate bool) error {
	var wrong *delivery.URLError
	if err := delivery.ValidateURL(raw, allowPrivate); errors.As(err, &wrong) {
		return webhook.InstanceError(locales.For("en-US").T(wrong.Reason))
	}
	return nil
}

// SaveInstance implements webhook.Instances. What waits for its callback need not wait any longer.
func (i instances) SaveInstance(ctx context.Context, changed event.Instance, resume bool) (event.Instance, error) {
	saved, err := i.DB.SaveInstance(ctx, changed, resume)
	if err == nil && resume && saved.DestinationID != "" {
		i.resume(saved.DestinationID)
	}
	return saved, err
}

func appOf(s event.InstanceSettings) salesforce.App {
	return salesforce.App{ClientID: s.AppKey, ClientSecret: salesforce.Token(s.AppSecret), CallbackURL: s.CallbackURL}
}

// errNoApp is for those who name no app where none is configured.
const errNoApp = webhook.InstanceError("oauth.api.key is needed: this Dispatch has no app of its own at Salesforce.")

// CodeURL implements webhook.InstanceOrgs.
func (i instances) CodeURL(s event.InstanceSettings, state string) (string, error) {
	address, err := i.orgs.CodeURL(appOf(s), s.Environment, state)
	if errors.Is(err, salesforce.ErrNoApp) {
		return "", errNoApp
	}
	return address, err
}

// Exchange implements webhook.InstanceOrgs.
func (i instances) Exchange(ctx context.Context, s event.InstanceSettings, code string) (webhook.Granted, error) {
	entry, outcome, err := i.orgs.Enter(ctx, salesforce.Code{Code: code, App: appOf(s), Environment: s.Environment})
	switch {
	case err == nil:
		return entry, nil
	case errors.Is(err, salesforce.ErrNoApp):
		return nil, errNoApp
	case outcome == salesforce.BadCode:
		return nil, refused("providerData.code is refused by Salesforce: it is wrong, too old, or was used before.", err)
	case outcome == salesforce.Refused:
		return nil, refused("Salesforce does not take oauth.api.key with oauth.api.secret and oauth.callback.url.", err)
	}
	return nil, fault.New(fault.Unavailable, "ask Salesforce: %w", err)
}

func refused(why webhook.InstanceError, err error) error { return fmt.Errorf("%w: %w", why, err) }

// Poll implements webhook.InstanceOrgs.
func (i instances) Poll(ctx context.Context, of event.Instance) error {
	if !of.Authorized || !of.Settings.Polls() {
		return i.stop(ctx, of)
	}
	err := i.poller.Start(ctx, salesforce.Poll{
		SourceID: of.SourceID, GuildID: of.GuildID, Objects: of.Settings.All(), Every: of.Settings.Every,
	})
	var (
		object *salesforce.PollObjectError
		told   *salesforce.APIError
	)
	switch {
	case errors.As(err, &object):
		return refused(webhook.InstanceError("event.objects: Salesforce has no "+object.Object+" that can be polled."), err)
	case salesforce.IsLater(err):
		return fault.New(fault.Unavailable, "poll org: %w", err)
	case errors.As(err, &told), errors.Is(err, salesforce.ErrLost), errors.Is(err, salesforce.ErrNotAuthorized):
		return refused("Salesforce refuses to be polled.", err)
	}
	return err
}

// authorized has the org of a source polled whose instance waits for that.
func (i instances) authorized(ctx context.Context, sourceID string) {
	of, err := i.InstanceOf(ctx, sourceID)
	if fault.KindOf(err) == fault.NotFound {
		return
	}
	if err == nil {
		err = i.Poll(ctx, of)
	}
	if err != nil {
		i.log.WithFields(logrus.Fields{"component": "main", "source": sourceID, "err": err}).Error("org of instance not polled")
	}
}

// stop ends polling, if there is any.
func (i instances) stop(ctx context.Context, of event.Instance) error {
	err := i.poller.Stop(ctx, of.GuildID, of.SourceID)
	if fault.KindOf(err) == fault.NotFound || errors.Is(err, salesforce.ErrNotPolled) {
		return nil
	}
	return err
}

// Remove implements webhook.InstanceOrgs. The source comes last: until it is disconnected, all can be tried again.
func (i instances) Remove(ctx context.Context, of event.Instance) error {
	if err := i.stop(ctx, of); err != nil {
		return err
	}
	if of.DestinationID != "" {
		if err := i.DeleteDestination(ctx, of.GuildID, of.DestinationID); err != nil {
			return err
		}
	}
	return i.Disconnect(ctx, of.GuildID, of.SourceID, time.Now())
}

// Package implements webhook.InstancePackages. It signs by the source's secret.
func (i instances) Package(ctx context.Context, of event.Instance) (name string, archive []byte, err error) {
	source, objects, err := i.packed(ctx, of)
	if err != nil {
		return "", nil, err
	}
	var secret []byte
	for _, key := range source.Keys {
		if secret == nil && key.Valid(time.Now()) {
			secret = key.Secret
		}
	}
	if secret == nil {
		return "", nil, webhook.InstanceError("The source takes no signatures: /salesforce generate-url gives it a secret.")
	}
	made, err := salesforce.Package(salesforce.PackageOptions{
		Endpoint: i.publicURL + "/hooks/" + source.Slug, Secret: string(secret), Source: source.Name, Objects: objects,
	})
	if err != nil {
		return "", nil, err
	}
	return made.Name, made.Content, i.SetPackageObjects(ctx, of.GuildID, of.SourceID, objects)
}

// packed is the source of an instance, and the objects that there are triggers on.
func (i instances) packed(ctx context.Context, of event.Instance) (event.Source, []string, error) {
	objects, err := salesforce.ParseObjects(strings.Join(of.Settings.All(), ","))
	if bad := (*salesforce.ObjectError)(nil); errors.As(err, &bad) {
		return event.Source{}, nil, webhook.InstanceError("event.objects: there can be no trigger of ours on " + bad.Object + ".")
	}
	if err != nil {
		return event.Source{}, nil, err
	}
	source, err := i.SourceByID(ctx, of.GuildID, of.SourceID)
	return source, objects, err
}
