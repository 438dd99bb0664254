package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
)

// Discord's limits of a list of suggestions.
const (
	maxChoices = 25
	maxChoice  = 100 // characters, of the value too
)

// suggest serves the list under an option. Whatever goes wrong, the list is just empty.
func (d *desk) suggest(answer suggest) handler.AutocompleteHandler {
	return func(e *handler.AutocompleteEvent) error {
		ctx, cancel := context.WithTimeout(e.Ctx, longestSuggest)
		defer cancel()
		found, err := guarded(ctx, func(ctx context.Context) ([]offer, error) {
			return answer(ctx, askerOf(e.AutocompleteInteraction, e.Client()), e.Data)
		})
		if err != nil {
			d.logOf(e.AutocompleteInteraction).WithField(keyErr, err).Error("suggestions failed")
		}
		return withoutToken(e.AutocompleteResult(choices(found)))
	}
}

// byOption leaves each option's list to its own handler.
func byOption(handlers map[string]suggest) suggest {
	return func(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
		if answer, ok := handlers[asked.Focused().Name]; ok {
			return answer(ctx, by, asked)
		}
		return nil, nil
	}
}

// offer is one of the suggestions: what is shown, and what is then entered.
type offer struct{ name, value string }

// plain are offers that are shown as what they are.
func plain(values ...string) []offer {
	offers := make([]offer, len(values))
	for i, value := range values {
		offers[i] = offer{value, value}
	}
	return offers
}

// matching are those of the offers that have in them what was typed so far, in whatever case, or whose value
// begins with it.
func matching(offers []offer, typed string) []offer {
	typed = strings.ToLower(strings.TrimSpace(typed))
	var found []offer
	for _, o := range offers {
		if strings.Contains(strings.ToLower(o.name), typed) || strings.HasPrefix(o.value, typed) {
			found = append(found, o)
		}
	}
	return found
}

// choices are the first that fit. A value that is too long is left out: cut, it would mean something else.
func choices(offers []offer) []discord.AutocompleteChoice {
	list := make([]discord.AutocompleteChoice, 0, maxChoices)
	for _, o := range offers {
		if len(list) == maxChoices {
			break
		}
		if clip(o.value, maxChoice) == o.value {
			list = append(list, discord.AutocompleteChoiceString{Name: clip(o.name, maxChoice), Value: o.value})
		}
	}
	return list
}
