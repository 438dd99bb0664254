package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/omit"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/filter"
	"dispatch/locales"
)

// Destinations are where the events of a guild go.
type Destinations interface {
	// PausedDestinations are those that nothing is sent to until somebody has resumed them.
	PausedDestinations(ctx context.Context, guildID string) ([]delivery.Destination, error)
	// Resume has what waits for a destination that was paused sent. It fails with fault.NotFound when the
	// guild has no such destination.
	Resume(ctx context.Context, guildID, destinationID string) error
	// PauseDestination has what comes wait.
	PauseDestination(ctx context.Context, guildID, destinationID string) error
	// GuildDestinations are those with a name, by that, and then the channels.
	GuildDestinations(ctx context.Context, guildID string) ([]delivery.Destination, error)
}

// DestinationChanges makes destinations that are no channels, and ends them.
type DestinationChanges interface {
	// CreateDestination makes the destination and the links that lead there, or nothing. It fails with fault.Exists when
	// the guild has one with that name.
	CreateDestination(ctx context.Context, d delivery.Destination, links ...delivery.Link) (delivery.Destination, error)
	// DeleteDestination ends what waits for the destination and the links that lead there, too.
	DeleteDestination(ctx context.Context, guildID, destinationID string) error
	// WaitingFor counts what waits, up to delivery.WaitingMax.
	WaitingFor(ctx context.Context, destinationID string) (int, error)
}

// maxRate is how many requests a second an endpoint can be limited to: more is as good as no limit.
const maxRate = 1000

// resumeID is the button that resumes a destination, wherever it is shown: alerts have it, too.
func resumeID(destinationID string) string { return "/resume/" + destinationID }

func destinationRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	m := &mending{store}
	f := &forwarding{
		destinations: store, changes: store, ping: opts.Ping, private: opts.AllowPrivate, asked: desk.asked, targets: newTargeting(opts, desk, store),
		routes: &routing{sources: store, links: store, destinations: store, shapes: store, sent: store},
	}
	return func(r handler.Router) {
		r.SlashCommand("/create", desk.command(f.create))
		r.SlashCommand("/list", desk.command(f.list))
		r.SlashCommand("/test", desk.command(f.test))
		r.SlashCommand("/pause", desk.command(f.pause))
		r.SlashCommand("/resume", desk.command(m.command))
		r.SlashCommand("/delete", desk.command(f.delete))
		r.Autocomplete("/create", desk.suggest(byOption(map[string]suggest{
			"source":    suggestNames(store, func(s event.Source) bool { return s.State != event.Disconnected }),
			"events":    f.routes.suggestEvents,
			"filter":    suggestFilters,
			"transform": transformsOf(store).suggest("transform"),
			"secret":    suggestGenerate,
			"target":    targetsOf(store).suggest("target"),
		})))
		r.Autocomplete("/resume", desk.suggest(m.suggest))
		r.Autocomplete("/pause", desk.suggest(f.suggestActive))
		r.Autocomplete("/{command}", desk.suggest(f.suggestNamed))
	}
}

func destinationDefinition() discord.SlashCommandCreate {
	typed := func(name string, characters int) discord.ApplicationCommandOptionString {
		return discord.ApplicationCommandOptionString{Name: name, Autocomplete: true, MaxLength: omit.Ptr(characters)}
	}
	known, newName, url := typed("name", maxChoice), typed("name", maxSourceName), typed("url", delivery.MaxURL)
	known.Required = true
	newName.Required, newName.Autocomplete = true, false
	url.Autocomplete = false
	sub := func(name string, options ...discord.ApplicationCommandOption) discord.ApplicationCommandOption {
		return discord.ApplicationCommandOptionSubCommand{Name: name, Options: options}
	}
	return forAdmins("destination",
		sub("create", newName, url,
			typed("target", maxSourceName),
			typed("source", maxSourceName),
			typed("events", maxTypedEvents),
			typed("filter", filter.MaxLength),
			typed("transform", maxTransformName),
			typed("secret", maxSecret),
			discord.ApplicationCommandOptionBool{Name: "ordered"},
			discord.ApplicationCommandOptionInt{Name: "rate_limit", MinValue: omit.Ptr(1), MaxValue: omit.Ptr(maxRate)}),
		sub("list"),
		sub("test", known),
		sub("pause", known),
		sub("resume", known),
		sub("delete", known),
	)
}

// mending lets paused destinations go on.
type mending struct{ destinations Destinations }

func (m *mending) command(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	paused, err := m.destinations.PausedDestinations(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(paused) == 0 {
		return tell(say("destination.resume.nothing")), nil
	}
	typed := strings.TrimSpace(asked.String("name"))
	names := channelNames(ctx, by)
	for _, d := range paused {
		if isCalled(d, typed, names) {
			return m.resume(ctx, by, d)
		}
	}
	return reply{}, refuse("destination.resume.unknown", "name", quoted(typed, maxSourceName))
}

// isCalled says whether that is what somebody may call the destination: its id, which the suggestions enter, its
// name, or its channel as a mention, an id or a name.
func isCalled(d delivery.Destination, typed string, channels map[string]string) bool {
	name := strings.TrimPrefix(typed, "#")
	switch {
	case typed == d.ID, d.Name != "" && strings.EqualFold(typed, d.Name):
		return true
	case d.ChannelID == "":
		return false
	}
	return typed == channel(d.ChannelID) || typed == d.ChannelID || name != "" && strings.EqualFold(name, channels[d.ChannelID])
}

// button resumes the destination with the id. That it is not paused any more is nobody's mistake.
func (m *mending) button(ctx context.Context, by asker, id string) (reply, error) {
	paused, err := m.destinations.PausedDestinations(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	for _, d := range paused {
		if d.ID == id {
			return m.resume(ctx, by, d)
		}
	}
	return tell(say("destination.resume.nothing")), nil
}

func (m *mending) resume(ctx context.Context, by asker, d delivery.Destination) (reply, error) {
	if err := m.destinations.Resume(ctx, by.guild, d.ID); err != nil {
		return reply{}, err
	}
	return tell(say("destination.resume.done", "name", nameOf(d))), nil
}

func (m *mending) suggest(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	paused, err := m.destinations.PausedDestinations(ctx, by.guild)
	if err != nil || len(paused) == 0 {
		return nil, err
	}
	speak, names := locales.For(string(by.interaction.Locale())), channelNames(ctx, by)
	offers := make([]offer, len(paused))
	for i, d := range paused {
		why := strings.ReplaceAll(say(d.Paused).in(speak), "**", "") // a suggestion is shown without markdown
		offers[i] = offer{plainName(d, names) + " — " + why, d.ID}
	}
	return matching(offers, asked.String("name")), nil
}

// plainName is nameOf for where markdown is not read. The names are those of channels, as far as they are known.
func plainName(d delivery.Destination, channels map[string]string) string {
	if d.Kind != delivery.KindChannel {
		return d.Name
	}
	if name, known := channels[d.ChannelID]; known {
		return "#" + name
	}
	return "#" + d.ChannelID
}

// channelNames are the guild's, by id, where Discord says them in time: without, people know them by a mention.
func channelNames(ctx context.Context, by asker) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, longestLookup)
	defer cancel()
	found, err := by.client.Rest.GetGuildChannels(*by.interaction.GuildID(), rest.WithCtx(ctx))
	if err != nil {
		return nil
	}
	names := make(map[string]string, len(found))
	for _, c := range found {
		names[c.ID().String()] = c.Name()
	}
	return names
}
