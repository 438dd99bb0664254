package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"
)

// alerting is the setting of the alerts channel.
type alerting struct{ alerts Alerts }

func (a alerting) field(ctx context.Context, guildID string) (field, error) {
	id, err := a.alerts.AlertsChannel(ctx, guildID)
	if err != nil {
		return field{}, err
	}
	f := field{name: say("settings.alerts.title"), lines: []text{say("settings.alerts.off")}}
	if id != "" {
		f.lines = []text{say("settings.alerts.on", "channel", channel(id))}
	}
	return f, nil
}

func (a alerting) change(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (text, error) {
	to, given := asked.OptChannel("alerts")
	off := asked.Bool("alerts_off")
	switch {
	case given && off:
		return text{}, refuse("settings.alerts.on_and_off")
	case off:
		return say("settings.alerts.set_off"), a.alerts.SetAlertsChannel(ctx, by.guild, "")
	case !given:
		return text{}, nil
	}
	if err := mustTakePosts(ctx, by, to); err != nil {
		return text{}, err
	}
	id := to.ID.String()
	return say("settings.alerts.set_on", "channel", channel(id)), a.alerts.SetAlertsChannel(ctx, by.guild, id)
}
