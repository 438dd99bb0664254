package commands

import (
	"context"
	"slices"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
)

// list shows the destinations that have a name, and the channels to which nothing is sent.
func (f *forwarding) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	all, err := f.destinations.GuildDestinations(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	links, err := f.routes.links.GuildLinks(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	targets, err := f.targetNames(ctx, by, all)
	if err != nil {
		return reply{}, err
	}
	c := card{title: say("destination.list.title"), colour: colourFine, more: func(n int) text {
		return sayCount("destination.list.more", n)
	}}
	for _, d := range all {
		if d.Kind == delivery.KindChannel && d.Paused == "" {
			continue
		}
		c.lines = append(c.lines, destinationLine(d, links, targets[d.TargetID]))
		if d.Paused != "" {
			c.colour = colourTrouble
		}
	}
	if len(c.lines) == 0 {
		return tell(say("destination.list.none")), nil
	}
	return reply{card: &c}, nil
}

// destinationLine tells of a destination; target is the name of the one that it is, "" when it is none.
func destinationLine(d delivery.Destination, links []delivery.LinkInfo, target string) text {
	lines := []text{asWritten(nameOf(d))}
	if target != "" {
		lines = []text{say("destination.list.target", "name", quoted(d.Name, maxSourceName), "target", quoted(target, maxSourceName))}
	}
	if e := d.Endpoint; e != nil {
		lines = []text{say("destination.list.line",
			"name", quoted(d.Name, maxSourceName), "url", inSpan(shownURL(e.URL), maxPiece), "how", wayTo(*e))}
	}
	var from []text
	for _, l := range links {
		name := asWritten(quoted(l.SourceName, maxSourceName))
		if l.DestinationID == d.ID && !slices.ContainsFunc(from, func(other text) bool { return other.written == name.written }) {
			from = append(from, name)
		}
	}
	if len(from) > 0 {
		lines = append(lines, say("destination.list.from", "sources", from))
	} else {
		lines = append(lines, say("destination.list.unlinked"))
	}
	if d.Paused != "" {
		lines = append(lines, say("event.show.paused", "reason", say(d.Paused)))
	}
	return together(lines...)
}

// wayTo says how an endpoint is called.
func wayTo(e delivery.Endpoint) []text {
	how := []text{say("destination.list.unsigned")}
	if len(e.Secret.Secret) > 0 {
		how[0] = say("destination.list.signed")
	}
	if e.Unordered {
		how = append(how, say("destination.list.unordered"))
	} else {
		how = append(how, say("destination.list.ordered"))
	}
	if e.RateLimit > 0 {
		how = append(how, sayCount("destination.list.rate_limit", e.RateLimit))
	}
	return how
}
