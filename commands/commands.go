// Package commands is what a server admin can ask in Discord: the slash commands, their suggestions and
// buttons, and the replies. A handler is given a question and returns a reply or an error; the desk sends
// either, in time and in the asker's language.
package commands

import (
	"context"
	"net/http"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
)

// Options are what the commands have to know.
type Options struct {
	PublicURL string           // base of the URLs that senders are given, without a slash at its end
	APIURL    string           // base of Discord's API: files may come from its host, too
	Client    *http.Client     // fetches the files that people attach; nil: one with a time-out
	Now       func() time.Time // nil: time.Now
	Log       *logrus.Logger

	Orgs     Orgs     // that can be authorized; nil: we are no app at Salesforce
	Deployer Deployer // takes packages into them; nil: admins do it themselves
	Targets  Targets  // orgs that are acted on; nil: there is no /target
	Poller   Poller   // asks orgs what has changed; nil: there is no /salesforce poll

	Preferences Preferences // for SMS

	AllowPrivate bool // webhook destinations may be in private networks, too
	// Ping sends a sample to a webhook destination at once, and says what came of it.
	Ping func(ctx context.Context, to delivery.Destination) delivery.Outcome
}

// Store is what the commands read and change, put together from what each of them needs.
type Store interface {
	SourceStore
	LinkStore
	Events
	GuildStore
}

// GuildStore is as much of it as a guild's destinations, keys and settings need.
type GuildStore interface {
	Destinations
	DestinationChanges
	APIKeys
	SettingStore
}

// SettingStore is as much of it as a guild's settings need.
type SettingStore interface {
	Alerts
	Settings
}

// LinkStore is as much of it as the ways from sources to destinations need.
type LinkStore interface {
	TemplateStore
	RouteStore
	TargetStore
}

// SourceStore is as much of it as sources need.
type SourceStore interface {
	Sources
	SourceChanges
	Routes
	Activities
}

// New makes the router that answers interactions: add it to the client as a listener. It runs a handler in
// the caller's goroutine, so the client's events must be asynchronous.
func New(opts Options, store Store, tester Tester, replayer Replayer) *handler.Mux {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	asked := newQuestions(opts.Now)
	desk := &desk{log: opts.Log.WithField(keyComponent, "commands"), asked: asked}
	mux := handler.New()
	mux.Use(desk.admit)
	mux.NotFound(desk.unknown)
	mux.Error(desk.failed)
	mux.ButtonComponent("/confirm/{id}", desk.choice(asked.confirm))
	mux.ButtonComponent("/cancel/{id}", desk.choice(asked.cancel))
	mux.ButtonComponent("/again/{id}", desk.opener(asked.reopen))
	mux.Route("/salesforce", salesforceRoutes(opts, desk, asked, store, tester))
	mux.Route("/event", eventRoutes(opts, desk, asked, store, replayer))
	mux.Route("/source", sourceRoutes(opts, desk, store))
	mux.Route("/apikey", apiKeyRoutes(opts, desk, store))
	mux.Route("/destination", destinationRoutes(opts, desk, store))
	mux.ButtonComponent(resumeID("{id}"), desk.button((&mending{store}).button))
	mux.Route("/settings", settingsRoutes(opts, desk, store))
	mux.Route("/template", templateRoutes(opts, desk, store))
	mux.Route("/route", routeRoutes(desk, store))
	mux.Route("/transform", transformRoutes(opts, desk, store))
	if opts.Targets != nil {
		mux.Route("/target", targetRoutes(opts, desk, store))
	}
	return mux
}

// Definitions are the commands as Discord is told of them.
func Definitions() []discord.ApplicationCommandCreate {
	return []discord.ApplicationCommandCreate{
		localized(salesforceDefinition()),
		localized(eventDefinition()),
		localized(sourceDefinition()),
		localized(apiKeyDefinition()),
		localized(destinationDefinition()),
		localized(settingsDefinition()),
		localized(templateDefinition()),
		localized(routeDefinition()),
		localized(transformDefinition()),
		localized(targetDefinition()),
	}
}

// forAdmins is a command as all of ours are: in guilds only, and hidden from those who may not use it.
func forAdmins(name string, subcommands ...discord.ApplicationCommandOption) discord.SlashCommandCreate {
	return discord.SlashCommandCreate{
		Name:                     name,
		DefaultMemberPermissions: omit.NewPtr(discord.PermissionManageGuild),
		IntegrationTypes:         []discord.ApplicationIntegrationType{discord.ApplicationIntegrationTypeGuildInstall},
		Contexts:                 []discord.InteractionContextType{discord.InteractionContextTypeGuild},
		Options:                  subcommands,
	}
}
