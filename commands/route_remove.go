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
	i := numbered(links, asked.String("route"))
	if i < 0 {
		return reply{}, unknown
	}
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

// numbered finds the route by its id, which the suggestions enter, or by its number in the list; -1 is none.
func numbered(links []delivery.LinkInfo, typed string) int {
	typed = strings.TrimSpace(typed)
	if n, err := strconv.Atoi(strings.TrimRight(typed, ".")); err == nil && n >= 1 && n <= len(links) {
		return n - 1
	}
	return slices.IndexFunc(links, func(l delivery.LinkInfo) bool { return l.ID == typed })
}
