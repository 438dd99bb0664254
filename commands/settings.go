package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
)

// Alerts is where a guild wants to hear of what an admin has to mend.
type Alerts interface {
	// AlertsChannel is "" when the guild has none.
	AlertsChannel(ctx context.Context, guildID string) (string, error)
	SetAlertsChannel(ctx context.Context, guildID, channelID string) error
}

// setting is a thing that a guild may have its way: a field of /settings show, and options of /settings set.
type setting interface {
	field(ctx context.Context, guildID string) (field, error)
	// change says what it has set, and nothing when the asker gave none of its options.
	change(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (text, error)
}

// choosing shows and changes the settings of a guild.
type choosing struct{ settings []setting }

func settingsRoutes(desk *desk, store Store) func(handler.Router) {
	c := &choosing{[]setting{alerting{store}}}
	return func(r handler.Router) {
		r.SlashCommand("/show", desk.command(c.show))
		r.SlashCommand("/set", desk.command(c.set))
	}
}

func settingsDefinition() discord.SlashCommandCreate {
	return forAdmins("settings",
		discord.ApplicationCommandOptionSubCommand{Name: "show"},
		discord.ApplicationCommandOptionSubCommand{Name: "set", Options: []discord.ApplicationCommandOption{
			discord.ApplicationCommandOptionChannel{Name: "alerts", ChannelTypes: postable},
			discord.ApplicationCommandOptionBool{Name: "alerts_off"},
		}},
	)
}

func (c *choosing) show(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	r := reply{card: &card{title: say("settings.title"), colour: colourWaiting}}
	for _, s := range c.settings {
		f, err := s.field(ctx, by.guild)
		if err != nil {
			return reply{}, err
		}
		r.card.fields = append(r.card.fields, f)
	}
	return r, nil
}

func (c *choosing) set(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	var r reply
	for _, s := range c.settings {
		said, err := s.change(ctx, by, asked)
		if err != nil {
			return reply{}, err
		}
		if said.key != "" {
			r.lines = append(r.lines, said)
		}
	}
	if len(r.lines) == 0 {
		return reply{}, refuse("settings.set_nothing")
	}
	return r, nil
}
