package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/salesforce"
)

// longestList is how long an org may take to list its objects before others are suggested: who types does not wait.
const longestList = time.Second

// suggestObjects completes the last object of a list.
func (a *authorizing) suggestObjects(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	typed := asked.String("objects")
	done, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		done, last = strings.TrimSpace(typed[:i])+", ", typed[i+1:]
	}
	var there []string
	for object := range strings.SplitSeq(done, ",") {
		there = append(there, strings.ToLower(strings.TrimSpace(object)))
	}
	objects := slices.DeleteFunc(a.objectsOf(ctx, by, asked.String("source")), func(object string) bool {
		return slices.Contains(there, strings.ToLower(object))
	})
	found := matching(plain(objects...), last)
	for i := range found {
		found[i] = offer{done + found[i].name, done + found[i].value}
	}
	return found, nil
}

// objectsOf are what the source's org has, or what orgs have in common where it cannot say.
func (a *authorizing) objectsOf(ctx context.Context, by asker, name string) []string {
	if source, err := connectedSource(ctx, a.sources, by, name); err == nil && a.orgs != nil {
		ctx, cancel := context.WithTimeout(ctx, longestList)
		defer cancel()
		if own, err := a.orgs.Objects(ctx, source.ID); err == nil {
			return slices.Clone(own)
		}
	}
	var common []string
	for _, eventType := range salesforce.Catalogue() {
		object, _, _ := strings.Cut(eventType, ".")
		if _, err := salesforce.ParseObjects(object); err == nil && !slices.Contains(common, object) {
			common = append(common, object)
		}
	}
	return common
}
