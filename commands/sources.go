package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// Sources are the sources of a guild.
type Sources interface {
	// Sources are in the order of their names, disconnected ones last.
	Sources(ctx context.Context, guildID string) ([]event.Source, error)
	// Source finds by name, in whatever case: what is active first, what was disconnected last. It fails
	// with fault.NotFound.
	Source(ctx context.Context, guildID, name string) (event.Source, error)
	// SourceByID fails with fault.NotFound when the guild has none with that id.
	SourceByID(ctx context.Context, guildID, id string) (event.Source, error)
}

// Routes are where a source's events go.
type Routes interface {
	Links(ctx context.Context, sourceID string) ([]delivery.Link, error)
	Destinations(ctx context.Context, sourceID string) ([]delivery.Destination, error)
}

// maxSourceName is how many characters a source's name has at most.
const maxSourceName = 80

// salesforceSource is the one that the asker named.
func salesforceSource(ctx context.Context, sources Sources, by asker, name string) (event.Source, error) {
	s, err := sources.Source(ctx, by.guild, strings.TrimSpace(name))
	if fault.KindOf(err) == fault.NotFound || err == nil && s.Kind != event.SourceSalesforce {
		return event.Source{}, refuse("salesforce.unknown", "name", quoted(name, maxSourceName))
	}
	return s, err
}

// anySource is the one that the asker named, of whatever kind, connected or not.
func anySource(ctx context.Context, sources Sources, by asker, name string) (event.Source, error) {
	s, err := sources.Source(ctx, by.guild, strings.TrimSpace(name))
	if fault.KindOf(err) == fault.NotFound {
		return event.Source{}, refuse("event.unknown_source", "name", quoted(name, maxSourceName))
	}
	return s, err
}

// connectedSource is one for Salesforce, but not one that is disconnected: nothing can be done with it any more.
func connectedSource(ctx context.Context, sources Sources, by asker, name string) (event.Source, error) {
	s, err := salesforceSource(ctx, sources, by, name)
	if err != nil {
		return event.Source{}, err
	}
	return s, mustBeConnected(s)
}

func mustBeConnected(s event.Source) error {
	if s.State == event.Disconnected {
		return refuse("salesforce.disconnected", "name", quoted(s.Name, maxSourceName))
	}
	return nil
}

func salesforceSources(ctx context.Context, sources Sources, guildID string) ([]event.Source, error) {
	all, err := sources.Sources(ctx, guildID)
	if err != nil {
		return nil, err
	}
	var found []event.Source
	for _, s := range all {
		if s.Kind == event.SourceSalesforce {
			found = append(found, s)
		}
	}
	return found, nil
}

// suggestSources offers the names of Salesforce sources that are connected, or of all.
func suggestSources(sources Sources, all bool) suggest {
	return suggestNames(sources, func(s event.Source) bool {
		return s.Kind == event.SourceSalesforce && (all || s.State != event.Disconnected)
	})
}

// suggestNames is suggestNamed for the option that most commands have.
func suggestNames(sources Sources, does func(event.Source) bool) suggest {
	return suggestNamed(sources, "source", does)
}

// suggestNamed offers for the option the names of the sources that will do.
func suggestNamed(sources Sources, option string, does func(event.Source) bool) suggest {
	return func(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
		known, err := sources.Sources(ctx, by.guild)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, s := range known {
			if does(s) && !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
		return matching(plain(names...), asked.String(option)), nil
	}
}

// ways are the destinations in a list of sources, where some may have none.
func ways(to []delivery.Destination) text {
	if len(to) == 0 {
		return say("source.list.nowhere")
	}
	return asWritten(places(to))
}

// places are the destinations, as links where they are channels.
func places(to []delivery.Destination) string {
	names := make([]string, len(to))
	for i, d := range to {
		names[i] = nameOf(d)
	}
	return strings.Join(names, ", ")
}
