package commands

import (
	"context"
	"slices"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
)

// maxListedError is how many characters of a filter's last error a list has room for.
const maxListedError = 150

func (r *routing) list(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	if name, given := asked.OptString("source"); given {
		return r.listOf(ctx, by, name)
	}
	links, err := r.links.GuildLinks(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	known, err := r.sources.Sources(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	c := listing(say("route.list.title"))
	for _, s := range known {
		own := slices.DeleteFunc(slices.Clone(links), func(l delivery.LinkInfo) bool { return l.SourceID != s.ID })
		name := asWritten("__**" + quoted(s.Name, maxSourceName) + "**__")
		switch {
		case s.State == event.Disconnected:
		case len(own) == 0:
			c.lines = append(c.lines, together(name, say("route.list.nowhere")))
		default:
			for i, line := range listed(own) {
				if i == 0 {
					line = together(name, line)
				}
				c.lines = append(c.lines, line)
			}
		}
	}
	if len(c.lines) == 0 {
		return tell(say("route.list.none")), nil
	}
	c.colour = listColour(links)
	return reply{card: c}, nil
}

func (r *routing) listOf(ctx context.Context, by asker, name string) (reply, error) {
	source, err := r.source(ctx, by, name)
	if err != nil {
		return reply{}, err
	}
	links, err := r.routesOf(ctx, by, source)
	if err != nil {
		return reply{}, err
	}
	if len(links) == 0 {
		return tell(say("route.list.none_of", "name", quoted(source.Name, maxSourceName))), nil
	}
	c := listing(say("route.list.title_of", "name", quoted(source.Name, maxSourceName)))
	c.lines, c.colour = listed(links), listColour(links)
	return reply{card: c}, nil
}

func listing(title text) *card {
	return &card{title: title, more: func(n int) text { return sayCount("route.list.more", n) }}
}

func listColour(links []delivery.LinkInfo) int {
	if slices.ContainsFunc(links, func(l delivery.LinkInfo) bool { return l.Failing != nil }) {
		return colourTrouble
	}
	return colourFine
}

// listed has a text of a few short lines for each route.
func listed(links []delivery.LinkInfo) []text {
	lines := make([]text, len(links))
	for i, l := range links {
		lines[i] = together(append([]text{routeLine(i+1, l)}, detailsOf(l)...)...)
	}
	return lines
}

func routeLine(number int, l delivery.LinkInfo) text {
	return say("route.line", "number", number, "place", nameOf(l.Destination), "events", eventsOf(l.Events))
}

func detailsOf(l delivery.LinkInfo) []text {
	var lines []text
	what := shapeOf(l)
	if l.Assigned {
		what = append(what, say("route.list.assigned"))
	}
	if len(what) > 0 {
		lines = append(lines, say("route.list.detail", "what", what))
	}
	if l.Failing != nil {
		lines = append(lines, say("route.list.failing", "time", ago(l.Failing.At), "error", quoted(l.Failing.Error, maxListedError)))
	}
	return lines
}
