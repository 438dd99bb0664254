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
	"dispatch/render"
)

const (
	alertEvery  = time.Minute      // between two looks at what nobody was told of
	alertTime   = 10 * time.Second // to wait for a channel's rate limit: others are to be told, too
	alertRest   = 5 * time.Second  // before the next, when Discord was not heard
	alertColour = 0xED4245
)

// Alerts knows which destinations were paused without anybody being told.
type Alerts interface {
	// Untold gives the pauses that nobody was told of.
	Untold(ctx context.Context) ([]delivery.Alert, error)
	// Told notes that the pause which began then was told of.
	Told(ctx context.Context, destinationID string, pausedAt time.Time) error
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
		if channel, ok := placeOf(alert); ok {
			switch a.tell(ctx, channel, alert) {
			case delivery.Stop:
				return nil // nobody can be told
			case delivery.Down: // by and by, in case that it is this channel only
				if err := sleep(ctx, alertRest); err != nil {
					return err
				}
				continue
			case delivery.Untried, delivery.Later:
				continue
			}
		}
		if err := a.alerts.Told(ctx, alert.ID, alert.PausedAt); err != nil {
			return err
		}
	}
	return nil
}

// placeOf is where the guild can be told. There is none when it has no channel for that, or that is the paused one.
func placeOf(alert delivery.Alert) (channel snowflake.ID, ok bool) {
	channel, err := snowflake.Parse(alert.Channel)
	return channel, err == nil && alert.Channel != alert.ChannelID
}

// tell posts the alert. One that Discord will never take is only logged.
func (a *alerter) tell(ctx context.Context, channel snowflake.ID, alert delivery.Alert) delivery.Verdict {
	ctx, cancel := context.WithTimeout(ctx, alertTime)
	defer cancel()
	outcome, _ := a.channels.post(ctx, rest.CreateMessage.Compile(nil, channel), alertMessage(alert))
	if outcome.Verdict == delivery.Wrong || outcome.Verdict == delivery.Pause {
		a.log.WithFields(logrus.Fields{keyErr: outcome.Err, keyGuild: alert.GuildID}).Warn("alert refused")
	}
	return outcome.Verdict
}

// alertMessage says what is paused, why, and what to do. Its nonce is that of the pause: a crash behind the message
// does not make a second one.
func alertMessage(alert delivery.Alert) discord.MessageCreate {
	say := locales.For(alert.Locale)
	name := render.Escape(alert.Name)
	if alert.Kind == delivery.KindChannel {
		name = "<#" + alert.ChannelID + ">"
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

func (b *Bot) alerter() *alerter {
	return &alerter{alerts: b.options.Alerts, channels: b.channels(), log: b.log, wake: b.alerts}
}

// Alert has the guilds told of what was paused, soon.
func (b *Bot) Alert() {
	select {
	case b.alerts <- struct{}{}:
	default:
	}
}
