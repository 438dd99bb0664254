package commands

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/delivery"
	"dispatch/event"
)

// Events are what was accepted.
type Events interface {
	Events(ctx context.Context, q event.Query) ([]event.Summary, error)
	// History fails with fault.NotFound when the guild has no such event.
	History(ctx context.Context, guildID string, id event.ID) (event.History, error)
}

// Replayer sends again what was accepted, over the links that there are now.
type Replayer interface {
	Replay(ctx context.Context, which delivery.Selection) (delivery.Replayed, error)
}

// logging shows the event log and plays from it.
type logging struct {
	now      func() time.Time
	sources  Sources
	events   Events
	refusals Refusals
	replayer Replayer
	asked    *questions
}

func eventRoutes(opts Options, desk *desk, asked *questions, store Store, replayer Replayer) func(handler.Router) {
	l := &logging{now: opts.Now, sources: store, events: store, refusals: store, replayer: replayer, asked: asked}
	return func(r handler.Router) {
		r.SlashCommand("/list", desk.command(l.list))
		r.SlashCommand("/show", desk.command(l.show))
		r.SlashCommand("/replay", desk.command(l.replay))
		r.ButtonComponent("/list/{id}", desk.choice(l.turn))
		r.ButtonComponent("/replay/{id}", desk.button(l.again))
		r.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"source": suggestNames(store, func(event.Source) bool { return true }),
			"id":     l.suggestIDs,
			"since":  suggestSince,
		})))
	}
}

// states are those that an event can be looked for by.
var states = []delivery.State{delivery.Pending, delivery.Delivered, delivery.Filtered, delivery.Abandoned}

func eventDefinition() discord.SlashCommandCreate {
	id := discord.ApplicationCommandOptionString{Name: "id", Autocomplete: true, MaxLength: omit.Ptr(maxTypedID)}
	required := id
	required.Required = true
	source := discord.ApplicationCommandOptionString{Name: "source", Autocomplete: true, MaxLength: omit.Ptr(maxSourceName)}
	state := discord.ApplicationCommandOptionString{Name: "state"}
	for _, s := range states {
		state.Choices = append(state.Choices, discord.ApplicationCommandOptionChoiceString{Value: string(s)})
	}
	return forAdmins("event",
		discord.ApplicationCommandOptionSubCommand{Name: "list", Options: []discord.ApplicationCommandOption{source, state}},
		discord.ApplicationCommandOptionSubCommand{Name: "show", Options: []discord.ApplicationCommandOption{required}},
		discord.ApplicationCommandOptionSubCommand{Name: "replay", Options: []discord.ApplicationCommandOption{
			id, source,
			discord.ApplicationCommandOptionString{Name: "since", Autocomplete: true, MaxLength: omit.Ptr(maxTypedTime)},
		}},
	)
}

// worded is the state as people read it, with a sign to find it by.
func worded(state string) text {
	switch delivery.State(state) {
	case delivery.Pending:
		return say("event.state.pending")
	case delivery.Delivered:
		return say("event.state.delivered")
	case delivery.Filtered:
		return say("event.state.filtered")
	case delivery.Abandoned:
		return say("event.state.abandoned")
	}
	return asWritten(state)
}
