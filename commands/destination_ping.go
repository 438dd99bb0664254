package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
)

// test sends a sample there, past the queue, or signs in where there is no sample that does no harm.
func (f *forwarding) test(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	d, err := f.named(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	if d.Kind == delivery.KindSalesforce {
		return f.testTarget(ctx, by, d)
	}
	outcome, name := f.ping(ctx, d), quoted(d.Name, maxSourceName)
	r := tell(say("destination.test.done", "name", name, "status", outcome.Status, "took", took(outcome.Latency)))
	if outcome.Verdict != delivery.Sent {
		r = tell(say("destination.test.failed", "name", name, "reason", complaintOf(outcome)))
	}
	if outcome.Response != "" {
		r.lines = append(r.lines, asWritten("↳ "+quoted(outcome.Response, maxShownResponse)))
	}
	if d.Paused != "" {
		r.lines = append(r.lines, say("event.show.paused", "reason", say(d.Paused)))
	}
	return r, nil
}

// complaintOf says why the sample was not taken.
func complaintOf(o delivery.Outcome) text {
	if o.Reason != "" {
		return say(o.Reason)
	}
	written := ""
	if o.Err != nil {
		written = o.Err.Error()
	}
	return reasonOf(delivery.KindWebhook, o.Status, written)
}
