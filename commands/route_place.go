package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
)

// routable are the kinds of channel that events can be led to.
func routable() []discord.ChannelType {
	return append(slices.Clone(postable), discord.ChannelTypeGuildForum, discord.ChannelTypeGuildVoice, discord.ChannelTypeGuildStageVoice)
}

// place is where a route leads: a channel, or a destination that is none.
type place struct {
	channel     discord.ResolvedChannel
	destination delivery.Destination // its ID is "" for a channel
}

func (p place) isForum() bool { return p.destination.ID == "" && isForum(p.channel.Type) }

func (p place) channelID() string {
	if p.destination.ID != "" {
		return ""
	}
	return p.channel.ID.String()
}

// wantedPlace is the one that the asker chose, where something can be posted.
func (r *routing) wantedPlace(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (place, error) {
	name, named := asked.OptString("destination")
	to, chosen := asked.OptChannel("channel")
	switch {
	case named == chosen:
		return place{}, refuse("route.add.one_of_both")
	case chosen:
		return place{channel: to}, mustTakeRoutes(ctx, by, to)
	}
	found, err := r.elsewhere(ctx, by)
	if err != nil {
		return place{}, err
	}
	name = strings.TrimSpace(name)
	for _, d := range found {
		if isCalled(d, name, nil) {
			return place{destination: d}, nil
		}
	}
	return place{}, refuse("route.add.unknown_destination", "name", quoted(name, maxSourceName))
}

// elsewhere are the destinations that are no channel, by name.
func (r *routing) elsewhere(ctx context.Context, by asker) ([]delivery.Destination, error) {
	all, err := r.destinations.GuildDestinations(ctx, by.guild)
	return slices.DeleteFunc(all, func(d delivery.Destination) bool { return d.Kind == delivery.KindChannel }), err
}

// mustTakeRoutes tells what is in the way of posting there.
func mustTakeRoutes(ctx context.Context, by asker, to discord.ResolvedChannel) error {
	link := channel(to.ID.String())
	if !slices.Contains(routable(), to.Type) {
		return refuse("route.add.not_postable", "channel", link)
	}
	missing := lacking(ctx, by, to)
	switch {
	case len(missing) == 0:
		return nil
	case to.Type == discord.ChannelTypeGuildPrivateThread:
		return refuse("route.add.private", "channel", link, "permissions", missing)
	}
	return refuse("salesforce.connect.lacking", "channel", link, "permissions", missing)
}
