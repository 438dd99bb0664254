package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
)

// wantedTarget is the destination that is a target as the asker wants it. How an endpoint is called is not about it.
func (f *forwarding) wantedTarget(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (delivery.Destination, error) {
	for _, option := range []string{"secret", "ordered", "rate_limit"} {
		if _, given := asked.Option(option); given {
			return delivery.Destination{}, refuse("destination.create.not_for_target", "option", say("command.destination.create.option."+option+".name"))
		}
	}
	name := strings.TrimSpace(asked.String("name"))
	if err := mustBeName(name); err != nil {
		return delivery.Destination{}, err
	}
	target, err := targetsOf(f.targets.store).named(ctx, by, asked.String("target"))
	return delivery.Destination{GuildID: by.guild, Kind: delivery.KindSalesforce, Name: name, TargetID: target.ID}, err
}

// mustNotCircle refuses to lead the replies of a target back to it.
func mustNotCircle(from event.Source, to delivery.Destination) error {
	if to.TargetID != "" && from.RepliesOf() == to.TargetID {
		return refuse("route.add.circle", "source", quoted(from.Name, maxSourceName), "place", nameOf(to))
	}
	return nil
}

// announcedTarget tells what is asked of the org from now on.
func announcedTarget(way delivery.LinkInfo) reply {
	r := tell(say("destination.create.done_target", "name", quoted(way.Destination.Name, maxSourceName)))
	if way.SourceID == "" {
		r.lines = append(r.lines, say("destination.create.unlinked"))
	} else {
		r.lines = append(r.lines, added(event.Source{Name: way.SourceName}, way).lines...)
	}
	r.lines = append(r.lines, untransformed(way), say("destination.create.next_target"))
	return r
}

// untransformed says what an event has to be that goes to an org as it is; nothing for other ways.
func untransformed(way delivery.LinkInfo) text {
	if way.Destination.Kind != delivery.KindSalesforce || way.TransformID != "" {
		return text{}
	}
	return say("destination.create.untransformed")
}

// testTarget signs in, which is all that can be tried without changing the org.
func (f *forwarding) testTarget(ctx context.Context, by asker, d delivery.Destination) (reply, error) {
	target, err := targetsOf(f.targets.store).byID(ctx, by, d.TargetID)
	if err != nil {
		return reply{}, err
	}
	r, err := f.targets.try(ctx, target)
	if err != nil {
		return reply{}, err
	}
	r.lines = append(r.lines, say("destination.test.target"))
	if d.Paused != "" {
		r.lines = append(r.lines, say("event.show.paused", "reason", say(d.Paused)))
	}
	return r, nil
}

// targetNames are the names of the guild's targets by id, where one of the destinations is a target.
func (f *forwarding) targetNames(ctx context.Context, by asker, all []delivery.Destination) (map[string]string, error) {
	names := make(map[string]string)
	for _, d := range all {
		if d.TargetID == "" {
			continue
		}
		targets, err := f.targets.store.Targets(ctx, by.guild)
		for _, t := range targets {
			names[t.ID] = t.Name
		}
		return names, err
	}
	return names, nil
}
