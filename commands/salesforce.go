package commands

import (
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/event"
)

const defaultSample = "Opportunity.updated"

func salesforceRoutes(opts Options, desk *desk, asked *questions, store Store, tester Tester) func(handler.Router) {
	authorize := &authorizing{sources: store, orgs: opts.Orgs}
	deploy := &deploying{publicURL: opts.PublicURL, now: opts.Now, sources: store, deployer: opts.Deployer, asked: asked}
	connect := &connecting{connector: store, authorize: authorize}
	generate := &generating{
		publicURL: opts.PublicURL, now: opts.Now, sources: store, connector: store, asked: asked, turn: make(chan struct{}, 1),
		deploy: deploy,
	}
	disconnect := &disconnecting{now: opts.Now, sources: store, connector: store, asked: asked, deploy: deploy}
	look := &looking{now: opts.Now, sources: store, routes: store, activities: store, authorize: authorize, deploy: deploy}
	resume := &resuming{sources: store, routes: store, destinations: store}
	poll := &polling{sources: store, targets: store, poller: opts.Poller, authorize: authorize}
	sample := &sampling{now: opts.Now, sources: store, routes: store, tester: tester}
	return func(r handler.Router) {
		r.SlashCommand("/connect", desk.command(connect.command))
		r.SlashCommand("/authorize", desk.command(authorize.command))
		r.SlashCommand("/generate-url", desk.command(generate.command))
		r.SlashCommand("/disconnect", desk.command(disconnect.command))
		r.SlashCommand("/list", desk.command(look.list))
		r.SlashCommand("/status", desk.command(look.status))
		r.SlashCommand("/test", desk.command(sample.command))
		r.ButtonComponent("/generate/{id}", desk.button(generate.button))
		r.ButtonComponent("/authorize/{id}", desk.button(authorize.button))
		r.ButtonComponent("/resume/{id}", desk.button(resume.button))
		r.ButtonComponent("/deploy/{id}", desk.button(deploy.deploy))
		r.ButtonComponent("/remove/{id}", desk.button(deploy.remove))
		r.ButtonComponent("/halt/{id}", desk.choice(deploy.halt))
		if opts.Poller != nil {
			r.Route("/poll", poll.routes(desk))
		}
		r.Autocomplete("/status", desk.suggest(suggestSources(store, true)))
		r.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"source":  suggestSources(store, false),
			"objects": authorize.suggestObjects,
			"event":   suggestEvents,
		})))
	}
}

func salesforceDefinition() discord.SlashCommandCreate {
	required := discord.ApplicationCommandOptionString{Name: "source", Required: true, Autocomplete: true}
	return forAdmins("salesforce",
		connectDefinition(),
		discord.ApplicationCommandOptionSubCommand{Name: "authorize", Options: []discord.ApplicationCommandOption{
			required,
			discord.ApplicationCommandOptionString{Name: "domain", MaxLength: omit.Ptr(maxDomain)},
		}},
		discord.ApplicationCommandOptionSubCommand{Name: "generate-url", Options: []discord.ApplicationCommandOption{
			required,
			discord.ApplicationCommandOptionString{Name: "objects", Autocomplete: true},
			discord.ApplicationCommandOptionInt{Name: "keep_old", MinValue: omit.Ptr(0), MaxValue: omit.Ptr(maxKeepOld)},
			discord.ApplicationCommandOptionString{Name: "org", MaxLength: omit.Ptr(maxShownOrg)},
		}},
		discord.ApplicationCommandOptionSubCommand{Name: "disconnect", Options: []discord.ApplicationCommandOption{required}},
		discord.ApplicationCommandOptionSubCommand{Name: "list"},
		discord.ApplicationCommandOptionSubCommand{Name: "status", Options: []discord.ApplicationCommandOption{
			discord.ApplicationCommandOptionString{Name: "source", Autocomplete: true},
		}},
		discord.ApplicationCommandOptionSubCommand{Name: "test", Options: []discord.ApplicationCommandOption{
			required,
			discord.ApplicationCommandOptionString{Name: "event", Autocomplete: true, MaxLength: omit.Ptr(event.MaxType)},
		}},
		pollDefinition(),
	)
}

func connectDefinition() discord.ApplicationCommandOption {
	return discord.ApplicationCommandOptionSubCommand{Name: "connect", Options: []discord.ApplicationCommandOption{
		discord.ApplicationCommandOptionString{
			Name: "name", Required: true, MinLength: omit.Ptr(1), MaxLength: omit.Ptr(maxSourceName),
		},
		discord.ApplicationCommandOptionChannel{Name: "channel", Required: true, ChannelTypes: routable()},
		discord.ApplicationCommandOptionString{Name: "environment", Choices: []discord.ApplicationCommandOptionChoiceString{
			{Value: string(event.Production)}, {Value: string(event.Sandbox)},
		}},
		discord.ApplicationCommandOptionBool{Name: "verify"},
	}}
}
