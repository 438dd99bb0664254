package commands

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/locales"
)

const (
	maxTypedID   = 60 // characters: a UUID, and what may have been copied around it
	shortBase    = 36
	maxLookedFor = 100 // events that a suggestion is looked for among
	maxShownType = 70  // characters of a type in a line that holds more than it
	maxShownName = 40  // of a source there
)

// short is an id in a third of its characters, for lists on a small screen. It is as good as the long one
// wherever an admin enters it.
func short(id event.ID) string { return strconv.FormatInt(int64(id), shortBase) }

// wantedID reads an id in either form, as it was typed or copied.
func wantedID(typed string) (event.ID, error) {
	typed = strings.ToLower(strings.Trim(typed, " `"))
	if id, err := event.ParseID(typed); err == nil {
		return id, nil
	}
	if n, err := strconv.ParseInt(typed, shortBase, 64); err == nil && n > 0 {
		return event.ID(n), nil
	}
	return 0, unknownEvent(typed)
}

func unknownEvent(typed string) error {
	return refuse("event.unknown", "id", quoted(typed, maxTypedID))
}

// historyOf is what became of the event that was asked for.
func (l *logging) historyOf(ctx context.Context, by asker, typed string) (event.History, error) {
	id, err := wantedID(typed)
	if err != nil {
		return event.History{}, err
	}
	h, err := l.events.History(ctx, by.guild, id)
	if fault.KindOf(err) == fault.NotFound {
		return event.History{}, unknownEvent(typed)
	}
	return h, err
}

// suggestIDs offers the newest events, or those among the newer ones that what was typed is in.
func (l *logging) suggestIDs(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	found, err := l.events.Events(ctx, event.Query{GuildID: by.guild, Limit: maxLookedFor})
	if err != nil {
		return nil, err
	}
	speak, offers := locales.For(string(by.interaction.Locale())), make([]offer, len(found))
	for i, s := range found {
		name := say("event.suggestion", "type", clip(s.Type, maxShownType), "time", elapsed(s.ID.Time(), l.now()))
		offers[i] = offer{name.in(speak), s.ID.String()}
	}
	return matching(offers, asked.String("id")), nil
}

// elapsed is how long ago something was, where Discord shows text as it is and could not count on.
func elapsed(at, now time.Time) text {
	const day = 24 * time.Hour
	switch gone := now.Sub(at); {
	case gone < time.Minute:
		return say("event.ago.now")
	case gone < time.Hour:
		return sayCount("event.ago.minutes", int(gone/time.Minute))
	case gone < 2*day:
		return sayCount("event.ago.hours", int(gone/time.Hour))
	default:
		return sayCount("event.ago.days", int(gone/day))
	}
}
