package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/delivery"
)

// turnTime is how long a batch may take in all, most of which is waiting for Discord's rate limits. What could not
// leave by then was not attempted and costs nothing.
const turnTime = time.Minute

// channels is the delivery.Sender of Discord channels.
type channels struct {
	rest   rest.Client
	limits *Limiter
	counts *counts
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
	outcomes := make([]delivery.Outcome, len(batch.Deliveries))
	channel, err := snowflake.Parse(batch.Destination.ChannelID)
	if err != nil {
		outcomes[0] = delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.channel_gone", Err: fmt.Errorf("read channel id: %w", err)}
		return outcomes
	}
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	to := rest.CreateMessage.Compile(nil, channel)
	for some := range groups(batch) {
		if !c.send(ctx, to, batch, some, outcomes) {
			break
		}
	}
	if last := &outcomes[len(outcomes)-1]; last.Verdict == delivery.Sent {
		last.After = time.Until(c.limits.Opens(to))
	}
	return outcomes
}

// send posts some deliveries as one message and notes what came of it. When Discord does not take the message for
// what is in it, the bad ones are found, and the others go without them. It says whether those behind may go, too.
func (c *channels) send(ctx context.Context, to *rest.CompiledEndpoint, batch delivery.Batch, some group, outcomes []delivery.Outcome) bool {
	outcome, named := c.post(ctx, to, some.message(batch))
	if outcome.Verdict == delivery.Wrong && len(some) > 1 {
		bad, rest := some.split(named)
		if len(bad) == 0 { // Discord does not say which
			half := len(some) / 2
			return c.send(ctx, to, batch, some[:half], outcomes) && c.send(ctx, to, batch, some[half:], outcomes)
		}
		bad.note(outcome, outcomes)
		return len(rest) == 0 || c.send(ctx, to, batch, rest, outcomes)
	}
	some.note(outcome, outcomes)
	if outcome.Verdict == delivery.Sent {
		c.counts.messages.Inc()
		c.counts.embeds.Add(float64(len(some)))
	}
	return outcome.Verdict == delivery.Sent || outcome.Verdict == delivery.Wrong
}

// post makes one attempt, which begins when the rate limiter lets the message go. Until then the end of ctx calls
// it back; after that it is let finish, so that a stop does not leave open whether the message is there. named are the
// embeds that Discord finds fault with.
func (c *channels) post(ctx context.Context, to *rest.CompiledEndpoint, create discord.MessageCreate) (outcome delivery.Outcome, named []int) {
	deadline, _ := ctx.Deadline() // Send has set one
	attempt, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
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
	err := c.rest.Do(to, create, &created, rest.WithCtx(attempt), rest.WithCheck(leave))
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
