package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
)

// named is the destination that the asker means, of those that are no channel.
func (f *forwarding) named(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (delivery.Destination, error) {
	all, err := f.routes.elsewhere(ctx, by)
	if err != nil {
		return delivery.Destination{}, err
	}
	return called(all, asked.String("name"), nil)
}

// called is the one of the destinations that somebody calls so.
func called(all []delivery.Destination, typed string, channels map[string]string) (delivery.Destination, error) {
	typed = strings.TrimSpace(typed)
	i := slices.IndexFunc(all, func(d delivery.Destination) bool { return isCalled(d, typed, channels) })
	if i < 0 {
		return delivery.Destination{}, refuse("destination.unknown", "name", quoted(typed, maxSourceName))
	}
	return all[i], nil
}

func (f *forwarding) suggestNamed(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	all, err := f.routes.elsewhere(ctx, by)
	offers := make([]offer, len(all))
	for i, d := range all {
		offers[i] = offer{d.Name, d.ID}
	}
	return matching(offers, asked.String("name")), err
}

// pause takes channels, too.
func (f *forwarding) pause(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	all, err := f.destinations.GuildDestinations(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	d, err := called(all, asked.String("name"), channelNames(ctx, by))
	if err != nil {
		return reply{}, err
	}
	if d.Paused != "" {
		return tell(say("destination.pause.already", "name", nameOf(d), "reason", say(d.Paused))), nil
	}
	if err := f.destinations.PauseDestination(ctx, by.guild, d.ID); err != nil {
		return reply{}, err
	}
	return tell(say("destination.pause.done", "name", nameOf(d))), nil
}

// suggestActive offers what is not paused.
func (f *forwarding) suggestActive(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	all, err := f.destinations.GuildDestinations(ctx, by.guild)
	if err != nil {
		return nil, err
	}
	names := channelNames(ctx, by)
	var offers []offer
	for _, d := range all {
		if d.Paused == "" {
			offers = append(offers, offer{plainName(d, names), d.ID})
		}
	}
	return matching(offers, asked.String("name")), nil
}

// delete tells what goes with the destination, and asks.
func (f *forwarding) delete(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	d, err := f.named(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	links, err := f.routes.links.GuildLinks(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	waiting, err := f.changes.WaitingFor(ctx, d.ID)
	if err != nil {
		return reply{}, err
	}
	name := quoted(d.Name, maxSourceName)
	question := tell(say("destination.delete.ask", "name", name))
	links = slices.DeleteFunc(links, func(l delivery.LinkInfo) bool { return l.DestinationID != d.ID })
	if len(links) > 0 {
		question.lines = append(question.lines, sayCount("destination.delete.routes", len(links)))
	}
	switch {
	case waiting >= delivery.WaitingMax:
		question.lines = append(question.lines, sayCount("destination.delete.waiting_many", waiting))
	case waiting > 0:
		question.lines = append(question.lines, sayCount("destination.delete.waiting", waiting))
	}
	return f.asked.ask(by, question, say("button.delete"), func(ctx context.Context) (reply, error) {
		if err := f.changes.DeleteDestination(ctx, by.guild, d.ID); err != nil {
			return reply{}, err
		}
		return tell(say("destination.delete.done", "name", name)), nil
	}), nil
}
