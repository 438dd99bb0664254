package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/locales"
)

const (
	alertEvery  = time.Minute // between two looks at what nobody was told of
	alertColour = 0xED4245
)

// Alerts knows which destinations were paused without anybody being told.
type Alerts interface {
	Untold(ctx context.Context) ([]delivery.Alert, error)
	Told(ctx context.Context, destinationID string) error
}

// alerter tells the guilds of destinations that were paused: each pause once, in the channel that the guild has for
// that. One without such a channel sees it in /salesforce status.
type alerter struct {
	alerts   Alerts
	channels *channels
	log      *logrus.Entry
	wake     chan struct{}
}

func (a *alerter) run(ctx context.Context) {
	tick := time.NewTicker(alertEvery)
	defer tick.Stop()
	for {
		if err := a.round(ctx); err != nil && ctx.Err() == nil {
			a.log.WithField(keyErr, err).Error("alerts cannot be read or noted")
		}
		select {
		case <-ctx.Done():
			return
		case <-a.wake:
		case <-tick.C:
		}
	}
}

func (a *alerter) round(ctx context.Context) error {
	untold, err := a.alerts.Untold(ctx)
	if err != nil {
		return err
	}
	for _, alert := range untold {
		if !a.tell(ctx, alert) {
			continue
		}
		if err := a.alerts.Told(ctx, alert.ID); err != nil {
			return err
		}
	}
	return nil
}

// tell says whether the alert is done with: told, or not to be told.
func (a *alerter) tell(ctx context.Context, alert delivery.Alert) bool {
	channel, err := snowflake.Parse(alert.Channel)
	if err != nil || alert.Channel == alert.ChannelID {
		return true // there is no channel, or it is the one that cannot be posted to
	}
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	outcome, _ := a.channels.post(ctx, rest.CreateMessage.Compile(nil, channel), alertMessage(alert))
	switch outcome.Verdict {
	case delivery.Sent:
		return true
	case delivery.Untried, delivery.Later, delivery.Down:
		return false
	}
	a.log.WithFields(logrus.Fields{keyErr: outcome.Err, keyGuild: alert.GuildID}).Warn("alert refused")
	return true
}

// alertMessage says what is paused, why, and what to do. Its nonce is that of the pause: a crash behind the message
// does not make a second one.
func alertMessage(alert delivery.Alert) discord.MessageCreate {
	say := locales.For(alert.Locale)
	name := alert.Name
	if alert.Kind == delivery.KindChannel {
		name = discord.ChannelMention(snowflake.MustParse(alert.ChannelID))
	}
	pause := sha256.Sum256([]byte(alert.ID + "\n" + strconv.FormatInt(alert.PausedAt.UnixMilli(), 10)))
	return discord.MessageCreate{
		Embeds: []discord.Embed{{
			Title:       say.T("alert.title"),
			Description: say.T("alert.paused", "destination", name, "reason", say.T(alert.Paused)) + "\n\n" + say.T("alert.waits"),
			Color:       alertColour,
		}},
		Components: []discord.LayoutComponent{discord.NewActionRow(
			discord.NewPrimaryButton(say.T("button.resume"), "/resume/"+alert.ID),
		)},
		Nonce:           base64.RawURLEncoding.EncodeToString(pause[:18]),
		EnforceNonce:    true,
		AllowedMentions: nobody(),
	}
}

// Alert has the guilds told of what was paused, soon.
func (b *Bot) Alert() {
	select {
	case b.alerts <- struct{}{}:
	default:
	}
}
