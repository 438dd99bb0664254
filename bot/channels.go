package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/delivery"
	"dispatch/locales"
	"dispatch/render"
)

// turnTime is how long a batch may take in all, most of which is waiting for Discord's rate limits. What could not
// leave by then was not attempted and costs nothing.
const turnTime = time.Minute

// channels is the delivery.Sender of Discord channels.
type channels struct {
	rest  rest.Client
	token string // to keep it out of what is stored
}

// message is what is posted at once for some deliveries of a batch, which share its outcome.
type message struct {
	create     discord.MessageCreate
	deliveries int
}

// messages renders what the batch becomes in its channel, in order and only as far as it is asked for: today a
// message for each delivery.
func messages(batch delivery.Batch) iter.Seq[message] {
	say := locales.For(batch.Destination.Locale)
	return func(yield func(message) bool) {
		for i, d := range batch.Deliveries {
			create := discord.MessageCreate{
				Embeds:          []discord.Embed{render.Embed(d.Event, d.SourceName, say)},
				Nonce:           nonce(batch.Destination.ID, batch.Deliveries[i:i+1]),
				EnforceNonce:    true,
				AllowedMentions: nobody(),
			}
			if !yield(message{create: create, deliveries: 1}) {
				return
			}
		}
	}
}

// nonce is the same for the same deliveries at every attempt and in every process, so that Discord recognizes a
// message that it has although its answer was lost. It is 24 of the 25 characters that Discord takes.
func nonce(destinationID string, deliveries []delivery.Delivery) string {
	hash := sha256.New()
	_, _ = io.WriteString(hash, destinationID)
	for _, d := range deliveries {
		_, _ = io.WriteString(hash, "\n"+strconv.FormatInt(int64(d.Event.ID), 10))
	}
	return base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:18])
}

// nobody is who our messages may mention. Its slices are empty rather than nil: Discord wants lists.
func nobody() *discord.AllowedMentions {
	return &discord.AllowedMentions{
		Parse: []discord.AllowedMentionType{},
		Roles: []snowflake.ID{},
		Users: []snowflake.ID{},
	}
}

// Send posts the batch to its channel. See delivery.Sender.
func (c *channels) Send(ctx context.Context, batch delivery.Batch) []delivery.Outcome {
	outcomes := make([]delivery.Outcome, len(batch.Deliveries))
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	done := 0
	for m := range messages(batch) {
		outcome := c.post(ctx, batch.Destination.ChannelID, m.create)
		for range m.deliveries {
			outcomes[done] = outcome
			done++
		}
		if outcome.Verdict != delivery.Sent && outcome.Verdict != delivery.Wrong {
			break
		}
	}
	return outcomes
}

// post makes one attempt, which begins when the rate limiter lets the message go. Until then the end of ctx calls
// it back; after that it is let finish, so that a stop does not leave open whether the message is there.
func (c *channels) post(ctx context.Context, channelID string, create discord.MessageCreate) delivery.Outcome {
	channel, err := snowflake.Parse(channelID)
	if err != nil {
		return delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.channel_gone", Err: fmt.Errorf("read channel id: %w", err)}
	}
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
	err = c.rest.Do(rest.CreateMessage.Compile(nil, channel), create, &created, rest.WithCtx(attempt), rest.WithCheck(leave))
	if err == nil {
		return delivery.Outcome{Verdict: delivery.Sent, Status: http.StatusOK, Latency: time.Since(left), Receipt: created.ID.String()}
	}
	return failed(plain(err, c.token), left)
}

// failed judges a message that is not known to be there. One that never left was not attempted, unless we know how
// long to stay away. One that left without an answer may be there; the nonce settles that next time.
func failed(err error, left time.Time) delivery.Outcome {
	outcome := delivery.Outcome{Verdict: delivery.Later, Err: fmt.Errorf("post message: %w", err)}
	if !left.IsZero() {
		outcome.Latency = time.Since(left)
	}
	var (
		limited *LimitedError
		refused *refusal
	)
	switch {
	case errors.As(err, &limited):
		outcome.After = time.Until(limited.Until)
	case left.IsZero():
		outcome.Verdict = delivery.Untried
	case errors.As(err, &refused):
		outcome.Status, outcome.Response = refused.status, refused.body
		outcome.Verdict, outcome.Reason = refused.meaning()
		if outcome.Verdict == delivery.Later {
			outcome.After = refused.after
		}
	}
	return outcome
}
