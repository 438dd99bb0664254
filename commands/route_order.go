package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
)

// maxRemembered is how many of the types that a source has sent are compared with patterns.
const maxRemembered = 200

// knownTypes are the event types that the source has sent and, for Salesforce, that it may.
func (r *routing) knownTypes(ctx context.Context, source event.Source) ([]string, error) {
	known, err := r.sent.SentTypes(ctx, source.ID, maxRemembered)
	if source.Kind == event.SourceSalesforce {
		known = append(known, salesforce.Catalogue()...)
	}
	return known, err
}

// crowded warns of routes to the same place that are asked before the new one: what they take does not come over it.
func crowded(before []delivery.LinkInfo, made delivery.LinkInfo, known []string) text {
	left := probes(append(before, made), known)
	left = slices.DeleteFunc(left, func(t string) bool { return !made.Takes(t) })
	wanted := slices.Clone(left)
	var some, all []string // numbers
	for i, l := range before {
		if l.DestinationID != made.DestinationID || !slices.ContainsFunc(wanted, l.Takes) {
			continue
		}
		some = append(some, strconv.Itoa(i+1))
		if l.Filter != "" && l.Filter != made.Filter || !slices.ContainsFunc(left, l.Takes) {
			continue // what does not pass its filter is left, or all that it takes was taken before
		}
		all = append(all, strconv.Itoa(i+1))
		left = slices.DeleteFunc(left, l.Takes)
	}
	switch {
	case len(some) == 0:
		return text{}
	case len(left) == 0:
		return sayCount("route.add.takes_all", len(all), "numbers", strings.Join(all, ", "), "place", nameOf(made.Destination))
	}
	return sayCount("route.add.takes_some", len(some), "numbers", strings.Join(some, ", "), "place", nameOf(made.Destination))
}

// probes are types to tell the links' patterns apart by: the known ones, and for each pattern one that nobody knows.
func probes(links []delivery.LinkInfo, known []string) []string {
	types := append(slices.Clone(known), "~.~")
	for _, l := range links {
		for _, pattern := range l.Events {
			types = append(types, strings.ReplaceAll(strings.TrimPrefix(pattern, "!"), "*", "~"))
		}
	}
	return types
}

// unmatched hints at patterns that match nothing that is known. That is no mistake: there may be such events yet.
func unmatched(patterns, known []string) text {
	if len(known) == 0 {
		return text{}
	}
	var odd []string
	for _, pattern := range patterns {
		pattern = strings.TrimPrefix(pattern, "!")
		if !slices.ContainsFunc(known, delivery.Link{Events: []string{pattern}}.Takes) {
			odd = append(odd, pattern)
		}
	}
	if len(odd) == 0 {
		return text{}
	}
	return sayCount("route.add.unmatched", len(odd), "patterns", inSpans(odd, maxShownEvents))
}
