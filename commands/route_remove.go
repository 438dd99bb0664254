package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/fault"
)

func (r *routing) remove(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := r.source(ctx, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	links, err := r.routesOf(ctx, by, source)
	if err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	unknown := refuse("route.remove.unknown", "source", name)
	found := meant(links, asked)
	switch {
	case len(found) == 0:
		return reply{}, unknown
	case len(found) > 1:
		return tell(append([]text{say("route.remove.which", "source", name)}, some(listed(links), found)...)...), nil
	}
	i := found[0]
	err = r.links.RemoveLink(ctx, by.guild, links[i].ID)
	if fault.KindOf(err) == fault.NotFound {
		return reply{}, unknown
	}
	if err != nil {
		return reply{}, err
	}
	left, err := r.routesOf(ctx, by, source)
	if err != nil {
		return reply{}, err
	}
	answer := tell(say("route.remove.done", "source", name), together(listed(links)[i]))
	if along := len(links) - len(left) - 1; along > 0 {
		answer.lines = append(answer.lines, sayCount("route.remove.along", along))
	}
	if len(left) == 0 {
		answer.lines = append(answer.lines, say("route.remove.last", "source", name))
	}
	return answer, nil
}

// meant finds the routes that the options leave, as indexes: the one that was picked, and those that lead where it is said.
// One that was made for a template goes with the one behind it: its place alone does not mean it.
func meant(links []delivery.LinkInfo, asked discord.SlashCommandInteractionData) []int {
	typed, picked := asked.OptString("route")
	to, inChannel := asked.OptChannel("channel")
	name, elsewhere := asked.OptString("destination")
	var found []int
	for i, l := range links {
		switch {
		case picked && numbered(links, typed) != i, !picked && (inChannel || elsewhere) && l.Assigned:
		case inChannel && l.Destination.ChannelID != to.ID.String():
		case elsewhere && (l.Destination.Kind == delivery.KindChannel || !isCalled(l.Destination, strings.TrimSpace(name), nil)):
		default:
			found = append(found, i)
		}
	}
	return found
}

func some(lines []text, indexes []int) []text {
	picked := make([]text, len(indexes))
	for i, index := range indexes {
		picked[i] = lines[index]
	}
	return picked
}

// numbered finds the route by its id, which the suggestions enter, or by its number in the list; -1 is none.
func numbered(links []delivery.LinkInfo, typed string) int {
	typed = strings.TrimSpace(typed)
	if n, err := strconv.Atoi(strings.TrimRight(typed, ".")); err == nil && n >= 1 && n <= len(links) {
		return n - 1
	}
	return slices.IndexFunc(links, func(l delivery.LinkInfo) bool { return l.ID == typed })
}
