package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

// maxListed is how many sources are looked at for one message.
const maxListed = 25

func (l *looking) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	return l.each(ctx, by, say("salesforce.list.title"), func(s event.Source, seen sighting) text {
		return say("salesforce.list.line",
			"name", quoted(s.Name, maxSourceName),
			"channels", ways(seen.destinations),
			"environment", environment(s),
			"state", stateOf(s),
			"last", lastOf(seen.activity))
	})
}

// each makes a card with a line for each source.
func (l *looking) each(ctx context.Context, by asker, title text, line func(event.Source, sighting) text) (reply, error) {
	known, err := salesforceSources(ctx, l.sources, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(known) == 0 {
		return tell(say("salesforce.none")), nil
	}
	shown := known[:min(len(known), maxListed)]
	c := card{title: title, colour: colourFine, hidden: len(known) - len(shown), more: func(n int) text {
		return sayCount("salesforce.list.more", n)
	}}
	for _, s := range shown {
		seen, err := l.at(ctx, s)
		if err != nil {
			return reply{}, err
		}
		c.lines = append(c.lines, line(s, seen))
	}
	return reply{card: &c}, nil
}

func environment(s event.Source) text {
	if s.Environment == event.Sandbox {
		return say("salesforce.environment.sandbox")
	}
	return say("salesforce.environment.production")
}

func stateOf(s event.Source) text {
	switch s.State {
	case event.Paused:
		return say("salesforce.state.paused")
	case event.Disconnected:
		return say("salesforce.state.disconnected")
	}
	return say("salesforce.state.active")
}
