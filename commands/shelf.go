package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/fault"
)

// shelf is what a guild has of one kind, each thing under a name of its own, and what is said of one that is not there.
type shelf[T any] struct {
	all     func(ctx context.Context, guildID string) ([]T, error) // in the order of their names
	label   func(T) (id, name string)
	longest int    // characters of a name
	unknown string // the sentence when nothing has the {name}
	gone    string // the sentence when it is not there any more
}

// named is the one that the asker named, in whatever case.
func (s shelf[T]) named(ctx context.Context, by asker, typed string) (T, error) {
	typed = strings.TrimSpace(typed)
	folded := strings.ToLower(typed) // as the store does: for EqualFold, names can be one that are two there
	return s.find(ctx, by, func(_, name string) bool { return strings.ToLower(name) == folded },
		refuse(s.unknown, "name", quoted(typed, s.longest)))
}

// byID fails with fault.NotFound when the guild has no such thing, or not any more.
func (s shelf[T]) byID(ctx context.Context, by asker, id string) (T, error) {
	return s.find(ctx, by, func(known, _ string) bool { return known == id }, fault.Say(fault.NotFound, s.gone))
}

func (s shelf[T]) find(ctx context.Context, by asker, is func(id, name string) bool, missing error) (found T, err error) {
	all, err := s.all(ctx, by.guild)
	if err != nil {
		return found, err
	}
	i := slices.IndexFunc(all, func(one T) bool { return is(s.label(one)) })
	if i < 0 {
		return found, missing
	}
	return all[i], nil
}

// suggest offers the names for the option.
func (s shelf[T]) suggest(option string) suggest {
	return func(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
		all, err := s.all(ctx, by.guild)
		if err != nil {
			return nil, err
		}
		names := make([]string, len(all))
		for i, one := range all {
			_, names[i] = s.label(one)
		}
		return matching(plain(names...), asked.String(option)), nil
	}
}
