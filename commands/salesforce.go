package commands

import (
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/event"
)

const defaultSample = "Opportunity.updated"

func salesforceRoutes(opts Options, desk *desk, asked *questions, store Store, tester Tester) func(handler.Router) {
	connect := &connecting{connector: store}
	generate := &generating{
		publicURL: opts.PublicURL, now: opts.Now, sources: store, connector: store, asked: asked, turn: make(chan struct{}, 1),
	}
	disconnect := &disconnecting{now: opts.Now, sources: store, connector: store, asked: asked}
	look := &looking{now: opts.Now, sources: store, routes: store, activities: store}
	resume := &resuming{sources: store, routes: store, destinations: store}
	sample := &sampling{now: opts.Now, sources: store, routes: store, tester: tester}
	return func(r handler.Router) {
		r.SlashCommand("/connect", desk.command(connect.command))
		r.SlashCommand("/generate-url", desk.command(generate.command))
		r.SlashCommand("/disconnect", desk.command(disconnect.command))
		r.SlashCommand("/list", desk.command(look.list))
		r.SlashCommand("/status", desk.command(look.status))
		r.SlashCommand("/test", desk.command(sample.command))
		r.ButtonComponent("/generate/{id}", desk.button(generate.button))
		r.ButtonComponent("/resume/{id}", desk.button(resume.button))
		r.Autocomplete("/status", desk.suggest(suggestSources(store, true)))
		r.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"source":  suggestSources(store, false),
			"objects": suggestObjects,
			"event":   suggestEvents,
		})))
	}
}

func salesforceDefinition() discord.SlashCommandCreate {
	required := discord.ApplicationCommandOptionString{Name: "source", Required: true, Autocomplete: true}
	return forAdmins("salesforce",
		connectDefinition(),
		discord.ApplicationCommandOptionSubCommand{Name: "generate-url", Options: []discord.ApplicationCommandOption{
			required,
			discord.ApplicationCommandOptionString{Name: "objects", Autocomplete: true},
			discord.ApplicationCommandOptionInt{Name: "keep_old", MinValue: omit.Ptr(0), MaxValue: omit.Ptr(maxKeepOld)},
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
	)
}

func connectDefinition() discord.ApplicationCommandOption {
	return discord.ApplicationCommandOptionSubCommand{Name: "connect", Options: []discord.ApplicationCommandOption{
		discord.ApplicationCommandOptionString{
			Name: "name", Required: true, MinLength: omit.Ptr(1), MaxLength: omit.Ptr(maxSourceName),
		},
		discord.ApplicationCommandOptionChannel{Name: "channel", Required: true, ChannelTypes: postable},
		discord.ApplicationCommandOptionString{Name: "environment", Choices: []discord.ApplicationCommandOptionChoiceString{
			{Value: string(event.Production)}, {Value: string(event.Sandbox)},
		}},
		discord.ApplicationCommandOptionBool{Name: "verify"},
	}}
}
