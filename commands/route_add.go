package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

func (r *routing) add(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := r.source(ctx, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	wanted, err := r.wantedLink(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	to, err := r.wantedPlace(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	wanted.SourceID, wanted.DestinationID = source.ID, to.destination.ID
	if err := mustNotCircle(source, to.destination); err != nil {
		return reply{}, err
	}
	if wanted.TemplateID != "" && wanted.DestinationID != "" {
		return reply{}, refuse("route.add.no_template_there", "place", nameOf(to.destination))
	}
	before, err := r.routesOf(ctx, by, source)
	if err != nil {
		return reply{}, err
	}
	known, err := r.knownTypes(ctx, source)
	if err != nil {
		return reply{}, err
	}
	made, err := r.links.AddLink(ctx, by.guild, wanted, to.channelID())
	if fault.KindOf(err) == fault.Exists {
		return reply{}, refuse("route.add.exists", "source", quoted(source.Name, maxSourceName))
	}
	if err != nil {
		return reply{}, err
	}
	answer := added(source, made)
	if to.isForum() {
		answer.lines = append(answer.lines, say("route.add.forum"))
	}
	answer.lines = append(answer.lines, untransformed(made), crowded(before, made, known), unmatched(made.Events, known))
	return answer, nil
}

// wantedLink is what the options say of which events are wanted, and how.
func (r *routing) wantedLink(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (delivery.Link, error) {
	events, err := wantedTypes(asked.String("events"))
	if err != nil {
		return delivery.Link{}, err
	}
	link := delivery.Link{Events: events, Filter: strings.TrimSpace(asked.String("filter"))}
	if err := mustBeFilter(link.Filter); err != nil {
		return delivery.Link{}, err
	}
	if name, given := asked.OptString("template"); given {
		t, err := templatesOf(r.shapes).named(ctx, by, name)
		if err != nil {
			return delivery.Link{}, err
		}
		link.TemplateID = t.ID
	}
	if name, given := asked.OptString("transform"); given {
		t, err := transformsOf(r.shapes).named(ctx, by, name)
		if err != nil {
			return delivery.Link{}, err
		}
		link.TransformID = t.ID
	}
	return link, nil
}

// added tells what happens from now on.
func added(source event.Source, made delivery.LinkInfo) reply {
	what := []any{"events", eventsOf(made.Events), "source", quoted(source.Name, maxSourceName), "place", nameOf(made.Destination)}
	if how := shapeOf(made); len(how) > 0 {
		return tell(say("route.add.done_with", append(what, "how", how)...))
	}
	return tell(say("route.add.done", what...))
}
