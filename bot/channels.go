package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/delivery"
	"dispatch/locales"
)

// channels is the delivery.Sender of Discord channels.
type channels struct {
	rest   rest.Client
	limits *Limiter
	counts *counts
	studio *studio
	forums *forums
	self   snowflake.ID
	token  string // to keep it out of what is stored
}

// nobody is who our messages may mention. Its slices are empty rather than nil: Discord wants lists.
func nobody() *discord.AllowedMentions {
	return &discord.AllowedMentions{
		Parse: []discord.AllowedMentionType{},
		Roles: []snowflake.ID{},
		Users: []snowflake.ID{},
	}
}

// Send posts the batch to its channel, in as few messages as it fits into. See delivery.Sender.
func (c *channels) Send(ctx context.Context, batch delivery.Batch) []delivery.Outcome {
	failed := make([]delivery.Outcome, len(batch.Deliveries))
	channel, err := snowflake.Parse(batch.Destination.ChannelID)
	if err != nil {
		failed[0] = delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.channel_gone", Err: fmt.Errorf("read channel id: %w", err)}
		return failed
	}
	drawn, err := c.draw(ctx, batch)
	if err != nil {
		failed[0] = delivery.Outcome{Verdict: delivery.Untried, Err: err}
		return failed
	}
	ctx, cancel := context.WithTimeout(ctx, delivery.TurnTime)
	defer cancel()
	if c.forums.known(channel) {
		return c.sendPosts(ctx, channel, batch, drawn)
	}
	turn, to := newTurn(drawn), rest.CreateMessage.Compile(nil, channel)
	for more := true; more; {
		some := turn.next()
		outcome, named := c.post(ctx, to, some.message(batch))
		if outcome.Reason == reasonForum && c.forums.meet(channel) {
			return c.sendPosts(ctx, channel, batch, drawn)
		}
		c.count(some, outcome)
		more = turn.done(some, outcome, named)
	}
	c.room(to, turn.outcomes)
	return turn.outcomes
}

// draw draws the batch.
func (c *channels) draw(ctx context.Context, batch delivery.Batch) (group, error) {
	to, drawn := batch.Destination, make(group, len(batch.Deliveries))
	say := locales.For(to.Locale).WithCurrency(to.Currency).WithZone(to.Zone)
	for i, d := range batch.Deliveries {
		message, err := c.studio.draw(ctx, d, say)
		if err != nil {
			return nil, err
		}
		drawn[i] = piece{index: i, Message: message}
	}
	return drawn, nil
}

// count counts what was posted.
func (c *channels) count(some group, outcome delivery.Outcome) {
	if outcome.Verdict != delivery.Sent {
		return
	}
	c.counts.messages.Inc()
	for _, p := range some {
		c.counts.embeds.Add(float64(len(p.Embeds)))
	}
}

// room has the last that was sent say when the channel has room again: what comes until then can go together.
func (c *channels) room(to *rest.CompiledEndpoint, outcomes []delivery.Outcome) {
	for i := range slices.Backward(outcomes) {
		if outcomes[i].Verdict == delivery.Sent {
			outcomes[i].After = max(0, time.Until(c.limits.Opens(to)))
			return
		}
	}
}

// post makes one attempt, which begins when the rate limiter lets the message go. Until then the end of ctx calls
// it back; after that it is let finish in its own time, so that neither a stop nor the end of the turn leaves open
// whether the message is there. named are the embeds that Discord finds fault with.
func (c *channels) post(ctx context.Context, to *rest.CompiledEndpoint, body any) (outcome delivery.Outcome, named []int) {
	deadline, _ := ctx.Deadline() // whoever calls has set one
	attempt, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(c.rest.HTTPClient().Timeout))
	defer cancel()
	letGo := context.AfterFunc(ctx, cancel)
	defer letGo()
	var (
		left    time.Time // when it left last; zero when it never did
		created struct {
			ID snowflake.ID `json:"id"`
		}
	)
	leave := func() bool {
		if left.IsZero() && !letGo() {
			return false
		}
		left = time.Now()
		return true
	}
	err := c.rest.Do(to, body, &created, rest.WithCtx(attempt), rest.WithCheck(leave))
	if err == nil {
		return delivery.Outcome{
			Verdict: delivery.Sent, Status: http.StatusOK, Latency: time.Since(left), Receipt: created.ID.String(),
		}, nil
	}
	return failed(plain(err, c.token), left)
}

// failed judges a message that is not known to be there. One that never left was not attempted. One that left without
// an answer may be there; the nonce settles that next time.
func failed(err error, left time.Time) (outcome delivery.Outcome, named []int) {
	outcome = delivery.Outcome{Verdict: delivery.Down, Err: fmt.Errorf("post message: %w", err)}
	if !left.IsZero() {
		outcome.Latency = time.Since(left)
	}
	var (
		limited *LimitedError
		refused *refusal
	)
	switch {
	case errors.As(err, &limited) && !left.IsZero(): // a 429 that lasts
		outcome.Verdict, outcome.After = delivery.Later, time.Until(limited.Until)
	case errors.As(err, &limited):
		outcome.Verdict, outcome.After = delivery.Untried, time.Until(limited.Until)
	case left.IsZero():
		outcome.Verdict = delivery.Untried
	case errors.As(err, &refused):
		outcome.Status, outcome.Response = refused.status, refused.body
		outcome.Verdict, outcome.Reason = refused.meaning()
		if outcome.Verdict == delivery.Later {
			outcome.After = refused.after
		}
		named = refused.embeds
	}
	return outcome, named
}
