package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/omit"

	"dispatch/delivery"
	"dispatch/locales"
)

// Destinations are where the events of a guild go.
type Destinations interface {
	// PausedDestinations are those that nothing is sent to until somebody has resumed them.
	PausedDestinations(ctx context.Context, guildID string) ([]delivery.Destination, error)
	// Resume has what waits for a destination that was paused sent. It fails with fault.NotFound when the
	// guild has no such destination.
	Resume(ctx context.Context, guildID, destinationID string) error
}

// resumeID is the button that resumes a destination, wherever it is shown: alerts have it, too.
func resumeID(destinationID string) string { return "/resume/" + destinationID }

func destinationRoutes(desk *desk, store Store) func(handler.Router) {
	m := &mending{store}
	return func(r handler.Router) {
		r.SlashCommand("/resume", desk.command(m.command))
		r.Autocomplete("/resume", desk.suggest(m.suggest))
	}
}

func destinationDefinition() discord.SlashCommandCreate {
	return forAdmins("destination",
		discord.ApplicationCommandOptionSubCommand{Name: "resume", Options: []discord.ApplicationCommandOption{
			discord.ApplicationCommandOptionString{Name: "name", Required: true, Autocomplete: true, MaxLength: omit.Ptr(maxChoice)},
		}},
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
		name := d.Name
		if d.Kind == delivery.KindChannel {
			name = "#" + d.ChannelID
			if known, ok := names[d.ChannelID]; ok {
				name = "#" + known
			}
		}
		why := strings.ReplaceAll(say(d.Paused).in(speak), "**", "") // a suggestion is shown without markdown
		offers[i] = offer{name + " — " + why, d.ID}
	}
	return matching(offers, asked.String("name")), nil
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
