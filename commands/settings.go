package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/delivery"
)

// Alerts is where a guild wants to hear of what an admin has to mend.
type Alerts interface {
	// AlertsChannel is "" when the guild has none.
	AlertsChannel(ctx context.Context, guildID string) (string, error)
	SetAlertsChannel(ctx context.Context, guildID, channelID string) error
}

// Settings are what a guild wants its own way.
type Settings interface {
	Settings(ctx context.Context, guildID string) (delivery.Settings, error)
	// ChangeSettings has them changed while nobody else does; change may run twice.
	ChangeSettings(ctx context.Context, guildID string, change func(*delivery.Settings)) error
}

// setting is a thing that a guild may have its way: a field of /settings show, and options of /settings set.
type setting interface {
	field(ctx context.Context, by asker) (field, error)
	// change is what the asker wants of it: nothing when none of its options was given.
	change(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (change, error)
}

// change is what has to be done, and what is said once it is. The zero value is none.
type change struct {
	said text
	do   func(context.Context) error
}

// choosing shows and changes the settings of a guild.
type choosing struct{ settings []setting }

func settingsRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	c := &choosing{[]setting{
		word{store, headerPrefix},
		word{store, language},
		word{store, currency},
		word{store, zoneAt(opts.Now)},
		alerting{store},
	}}
	sms := &texting{opts.Preferences, store}
	return func(r handler.Router) {
		r.SlashCommand("/sms", desk.command(sms.show))
		for _, p := range textingParts {
			r.ButtonComponent("/sms/edit/"+p.id, desk.opener(sms.edit(p)))
			r.Modal("/sms/save/"+p.id, desk.submission(p.again, sms.save(p)))
		}
		r.SlashCommand("/show", desk.command(c.show))
		r.SlashCommand("/set", desk.command(c.set))
		r.Autocomplete("/set", desk.suggest(byOption(map[string]suggest{
			"language": suggestLanguages,
			"currency": suggestCurrencies,
			"timezone": suggestZones(opts.Now),
		})))
	}
}

func settingsDefinition() discord.SlashCommandCreate {
	typed := func(name string, characters int) discord.ApplicationCommandOptionString {
		return discord.ApplicationCommandOptionString{Name: name, Autocomplete: true, MaxLength: omit.Ptr(characters)}
	}
	prefix := typed("header_prefix", maxPrefix)
	prefix.Autocomplete = false
	return forAdmins("settings",
		discord.ApplicationCommandOptionSubCommand{Name: "show"},
		discord.ApplicationCommandOptionSubCommand{Name: "set", Options: []discord.ApplicationCommandOption{
			prefix, typed("language", maxChoice), typed("currency", maxChoice), typed("timezone", maxChoice),
			discord.ApplicationCommandOptionChannel{Name: "alerts", ChannelTypes: postable},
			discord.ApplicationCommandOptionBool{Name: "alerts_off"},
		}},
		discord.ApplicationCommandOptionSubCommand{Name: "sms"},
	)
}

func (c *choosing) show(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	r := reply{card: &card{title: say("settings.title"), colour: colourWaiting}}
	for _, s := range c.settings {
		f, err := s.field(ctx, by)
		if err != nil {
			return reply{}, err
		}
		r.card.fields = append(r.card.fields, f)
	}
	return r, nil
}

// set changes nothing unless all can be changed that was asked for.
func (c *choosing) set(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	var wanted []change
	for _, s := range c.settings {
		one, err := s.change(ctx, by, asked)
		if err != nil {
			return reply{}, err
		}
		if one.do != nil {
			wanted = append(wanted, one)
		}
	}
	if len(wanted) == 0 {
		return reply{}, refuse("settings.set_nothing")
	}
	var r reply
	for _, one := range wanted {
		if err := one.do(ctx); err != nil {
			return reply{}, err
		}
		r.lines = append(r.lines, one.said)
	}
	return r, nil
}
