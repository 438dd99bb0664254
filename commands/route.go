package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/filter"
)

// RouteStore is as much of the store as routes and transforms need.
type RouteStore interface {
	Linking
	Transforms
	TransformChanges
	Refusals
}

// Linking changes where a source's events go.
type Linking interface {
	// GuildLinks are in the order of their sources' names, those of one source in the order in which they are asked.
	GuildLinks(ctx context.Context, guildID string) ([]delivery.LinkInfo, error)
	// AddLink leads to the link's destination, or to the channel. It fails with fault.NotFound when something that the
	// link ties together is gone, and with fault.Exists when there is the very same link.
	AddLink(ctx context.Context, guildID string, l delivery.Link, channelID string) (delivery.LinkInfo, error)
	// RemoveLink fails with fault.NotFound. What is on its way over the link still arrives.
	RemoveLink(ctx context.Context, guildID, linkID string) error
}

// Shapes are what a route can do to an event on its way, by name.
type Shapes interface {
	Templates
	Transforms
}

const (
	maxShownEvents = 300 // characters of a route's event types
	maxShownFilter = 200 // characters of its filter

	maxTypedEvents = maxPatterns * (event.MaxType + len("!, ")) // characters of as many types as there may be
)

// routing leads events of sources to where they are wanted.
type routing struct {
	sources      Sources
	links        Linking
	destinations Destinations
	shapes       Shapes
	sent         SentTypes
}

func routeRoutes(desk *desk, store Store) func(handler.Router) {
	r := &routing{sources: store, links: store, destinations: store, shapes: store, sent: store}
	return func(on handler.Router) {
		on.SlashCommand("/add", desk.command(r.add))
		on.SlashCommand("/list", desk.command(r.list))
		on.SlashCommand("/remove", desk.command(r.remove))
		on.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"source":      suggestNames(store, func(s event.Source) bool { return s.State != event.Disconnected }),
			"destination": r.suggestDestinations,
			"events":      r.suggestEvents,
			"filter":      suggestFilters,
			"template":    templatesOf(store).suggest("template"),
			"transform":   transformsOf(store).suggest("transform"),
			"route":       r.suggestRoutes,
		})))
	}
}

func routeDefinition() discord.SlashCommandCreate {
	optional := discord.ApplicationCommandOptionString{Name: "source", Autocomplete: true, MaxLength: omit.Ptr(maxSourceName)}
	source := optional
	source.Required = true
	typed := func(name string, characters int) discord.ApplicationCommandOption {
		return discord.ApplicationCommandOptionString{Name: name, Autocomplete: true, MaxLength: omit.Ptr(characters)}
	}
	return forAdmins("route",
		discord.ApplicationCommandOptionSubCommand{Name: "add", Options: []discord.ApplicationCommandOption{
			source,
			discord.ApplicationCommandOptionChannel{Name: "channel", ChannelTypes: routable()},
			typed("destination", maxChoice),
			typed("events", maxTypedEvents),
			typed("filter", filter.MaxLength),
			typed("template", maxTemplateName),
			typed("transform", maxTransformName),
		}},
		discord.ApplicationCommandOptionSubCommand{Name: "list", Options: []discord.ApplicationCommandOption{optional}},
		discord.ApplicationCommandOptionSubCommand{Name: "remove", Options: []discord.ApplicationCommandOption{
			source,
			typed("route", maxChoice),
			discord.ApplicationCommandOptionChannel{Name: "channel", ChannelTypes: routable()},
			typed("destination", maxChoice),
		}},
	)
}

// source is the one that the asker named, unless it is disconnected.
func (r *routing) source(ctx context.Context, by asker, name string) (event.Source, error) {
	s, err := anySource(ctx, r.sources, by, name)
	if err != nil {
		return event.Source{}, err
	}
	return s, mustBeConnected(s)
}

// routesOf are the source's, in the order in which they are asked.
func (r *routing) routesOf(ctx context.Context, by asker, source event.Source) ([]delivery.LinkInfo, error) {
	links, err := r.links.GuildLinks(ctx, by.guild)
	return slices.DeleteFunc(links, func(l delivery.LinkInfo) bool { return l.SourceID != source.ID }), err
}

// suggestRoutes offers the routes of the source that was entered, each in a line without markdown.
func (r *routing) suggestRoutes(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	source, err := r.sources.Source(ctx, by.guild, strings.TrimSpace(asked.String("source")))
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	links, err := r.routesOf(ctx, by, source)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	names, offers := channelNames(ctx, by), make([]offer, len(links))
	for i, l := range links {
		offers[i] = offer{plainRoute(i+1, l, names, by), l.ID}
	}
	return matching(offers, asked.String("route")), nil
}

// suggestDestinations offers those that are no channel.
func (r *routing) suggestDestinations(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	found, err := r.elsewhere(ctx, by)
	if err != nil {
		return nil, err
	}
	offers := make([]offer, len(found))
	for i, d := range found {
		offers[i] = offer{d.Name, d.ID}
	}
	return matching(offers, asked.String("destination")), nil
}

func (r *routing) suggestEvents(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	return suggestTypes(ctx, r.sent, by.guild, asked.String("source"), asked.String("events")), nil
}
