package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/salesforce"
)

func (p *polling) status(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := salesforceSource(ctx, p.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	is, err := p.poller.Status(ctx, source.ID)
	if err != nil {
		return reply{}, p.refusal(source, err)
	}
	c := card{title: say("salesforce.poll.status.title", "name", quoted(source.Name, maxSourceName)), colour: colourFine, lines: aboutPoll(is)}
	for _, read := range is.Reads {
		c.fields = append(c.fields, field{name: asWritten(clip(read.Object, maxFieldName)), lines: aboutRead(read), inline: true})
		if read.Trouble != nil {
			c.colour = colourTrouble
		}
	}
	r := reply{card: &c}
	switch {
	case !is.Active:
		c.colour = colourOff
	case is.Trouble != nil:
		c.colour = colourTrouble
		if is.Trouble.Kind == salesforce.PollLost || is.Trouble.Kind == salesforce.PollUnauthorized {
			r.buttons = p.authorize.offer(source, say("button.authorize_again"))
		}
	}
	return r, nil
}

// aboutPoll tells how it is with the poll as a whole.
func aboutPoll(is salesforce.PollStatus) []text {
	lines := []text{say("salesforce.poll.status.every", "every", minutesOf(is.Every))}
	if is.Target != "" {
		lines = append(lines, say("salesforce.poll.status.target", "name", quoted(is.Target, maxSourceName)))
	}
	switch {
	case !is.Active:
		return append(lines, say("salesforce.poll.status.paused"))
	case is.Trouble != nil:
		lines = append(lines, troubleOf(is.Trouble))
	}
	if !is.NextAt.IsZero() {
		lines = append(lines, say("salesforce.poll.status.next", "time", ago(is.NextAt)))
	}
	if is.Usage.Max > 0 {
		lines = append(lines, say("salesforce.poll.status.usage", "used", amount(is.Usage.Used), "max", amount(is.Usage.Max),
			"left", amount(max(0, is.Usage.Max-is.Usage.Used))))
	}
	if is.Slowed {
		lines = append(lines, say("salesforce.poll.status.slowed"))
	}
	return lines
}

// aboutRead tells how it is with one object.
func aboutRead(read salesforce.PollRead) []text {
	if !read.Based {
		if read.Trouble != nil {
			return []text{troubleOf(read.Trouble)}
		}
		return []text{say("salesforce.poll.status.waiting")}
	}
	lines := []text{say("salesforce.poll.status.polled", "time", ago(read.PolledAt))}
	if read.ChangedAt.IsZero() {
		lines = append(lines, say("salesforce.poll.status.unchanged"))
	} else {
		lines = append(lines, say("salesforce.poll.status.changed", "time", ago(read.ChangedAt)))
	}
	if read.Trouble != nil {
		lines = append(lines, troubleOf(read.Trouble))
	}
	return lines
}

// troubleOf tells what stands in the way, since when, and in the org's words.
func troubleOf(t *salesforce.PollTrouble) text {
	return say("salesforce.poll.trouble."+string(t.Kind), "time", ago(t.Since), "error", quoted(t.Told, maxReason))
}
