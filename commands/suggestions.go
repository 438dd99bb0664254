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
		found, err := guarded(ctx, func(ctx context.Context) ([]string, error) {
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
	return func(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]string, error) {
		if answer, ok := handlers[asked.Focused().Name]; ok {
			return answer(ctx, by, asked)
		}
		return nil, nil
	}
}

// matching are those of the offers that have in them what was typed so far, in whatever case.
func matching(offers []string, typed string) []string {
	typed = strings.ToLower(strings.TrimSpace(typed))
	var found []string
	for _, offer := range offers {
		if strings.Contains(strings.ToLower(offer), typed) {
			found = append(found, offer)
		}
	}
	return found
}

// choices are the first that fit. A value that is too long is left out: cut, it would mean something else.
func choices(values []string) []discord.AutocompleteChoice {
	list := make([]discord.AutocompleteChoice, 0, maxChoices)
	for _, value := range values {
		if len(list) == maxChoices {
			break
		}
		if clip(value, maxChoice) == value {
			list = append(list, discord.AutocompleteChoiceString{Name: value, Value: value})
		}
	}
	return list
}
