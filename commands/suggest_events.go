package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"dispatch/event"
	"dispatch/salesforce"
)

const (
	maxPatterns = 25  // of one list
	maxTypes    = 400 // characters of a list, as it is typed
	maxSent     = 25  // types of a source that are suggested
)

// SentTypes is what a source has really sent.
type SentTypes interface {
	Source(ctx context.Context, guildID, name string) (event.Source, error)
	// SentTypes are distinct event types, the most recent first.
	SentTypes(ctx context.Context, sourceID string, limit int) ([]string, error)
}

// wantedTypes reads a comma-separated list of event type patterns; an empty one takes all. Whatever has no comma and
// nothing invisible in it can be a type, so little can be wrong.
func wantedTypes(list string) ([]string, error) {
	var patterns []string
	for piece := range strings.SplitSeq(list, ",") {
		excluded := strings.HasPrefix(strings.TrimSpace(piece), "!")
		pattern := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(piece), "!"))
		switch {
		case pattern == "" && !excluded:
			continue
		case pattern == "", strings.HasPrefix(pattern, "!"), clip(pattern, event.MaxType) != pattern, strings.ContainsFunc(pattern, unicode.IsControl):
			return nil, refuse("pattern.invalid", "pattern", quoted(piece, event.MaxType), "max", event.MaxType)
		case excluded:
			pattern = "!" + pattern
		}
		if !containsFold(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	if len(patterns) > maxPatterns {
		return nil, refuse("pattern.too_many", "max", maxPatterns)
	}
	return patterns, nil
}

// suggestTypes completes the last pattern of a list with what the source has sent, then with what any may send. Which
// source it is may not be known yet.
func suggestTypes(ctx context.Context, store SentTypes, guildID, source, typed string) []offer {
	done, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		done, last = strings.TrimSpace(typed[:i])+", ", typed[i+1:]
	}
	last = strings.TrimSpace(last)
	if after, excluded := strings.CutPrefix(last, "!"); excluded {
		done, last = done+"!", after
	}
	var listed []string
	for piece := range strings.SplitSeq(done, ",") {
		listed = append(listed, strings.TrimSpace(piece))
	}
	found := matching(plain(patternsOf(ctx, store, guildID, source)...), last)
	slices.SortStableFunc(found, func(a, b offer) int { return cmp.Compare(rank(a.value, last), rank(b.value, last)) })
	var offers []offer
	for _, o := range found {
		if !containsFold(listed, o.value) {
			offers = append(offers, offer{done + o.name, done + o.value})
		}
	}
	return offers
}

// rank puts those in front that begin with what was typed.
func rank(pattern, typed string) int {
	if strings.HasPrefix(strings.ToLower(pattern), strings.ToLower(typed)) {
		return 0
	}
	return 1
}

// patternsOf are the types that the source sent, a pattern for each of their objects, and, unless it is no source for
// Salesforce, what those send.
func patternsOf(ctx context.Context, store SentTypes, guildID, source string) []string {
	var sent []string
	known, err := store.Source(ctx, guildID, strings.TrimSpace(source))
	if err == nil {
		sent, _ = store.SentTypes(ctx, known.ID, maxSent) // what is not known is not suggested
	}
	all := slices.Concat(sent, families(sent))
	if err == nil && known.Kind != event.SourceSalesforce {
		return distinct(all)
	}
	catalogue := salesforce.Catalogue()
	return distinct(slices.Concat(all, []string{"*.created", "*.updated", "*.deleted", "*__c.*"}, catalogue, families(catalogue)))
}

// families are patterns that take every action of the types' objects.
func families(types []string) []string {
	var patterns []string
	for _, t := range types {
		if i := strings.LastIndexByte(t, '.'); i > 0 {
			patterns = append(patterns, t[:i]+".*")
		}
	}
	return patterns
}

// distinct leaves out what was there before.
func distinct(all []string) []string {
	var kept []string
	for _, s := range all {
		if !containsFold(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

func containsFold(all []string, s string) bool {
	return slices.ContainsFunc(all, func(other string) bool { return strings.EqualFold(other, s) })
}
