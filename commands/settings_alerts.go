package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"
)

// alerting is the setting of the alerts channel.
type alerting struct{ alerts Alerts }

func (a alerting) field(ctx context.Context, by asker) (field, error) {
	id, err := a.alerts.AlertsChannel(ctx, by.guild)
	if err != nil {
		return field{}, err
	}
	f := field{name: say("settings.alerts.title"), lines: []text{say("settings.alerts.off")}}
	if id != "" {
		f.lines = []text{say("settings.alerts.on", "channel", channel(id))}
	}
	return f, nil
}

func (a alerting) change(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (change, error) {
	to, given := asked.OptChannel("alerts")
	off := asked.Bool("alerts_off")
	switch {
	case given && off:
		return change{}, refuse("settings.alerts.on_and_off")
	case off:
		return a.to(by, "", say("settings.alerts.set_off")), nil
	case !given:
		return change{}, nil
	}
	if err := mustTakePosts(ctx, by, to); err != nil {
		return change{}, err
	}
	id := to.ID.String()
	return a.to(by, id, say("settings.alerts.set_on", "channel", channel(id))), nil
}

// to sets the channel, or none.
func (a alerting) to(by asker, id string, said text) change {
	return change{said, func(ctx context.Context) error { return a.alerts.SetAlertsChannel(ctx, by.guild, id) }}
}
