package commands

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
)

const (
	maxTypedTime = 40   // characters of a time
	maxCounted   = 1000 // events that are counted before somebody is asked; beyond, it is "or more"
)

func (l *logging) replay(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	id, one := asked.OptString("id")
	name, many := asked.OptString("source")
	typed, timed := asked.OptString("since")
	switch {
	case one == many:
		return reply{}, refuse("event.replay.one_of_both")
	case one && timed:
		return reply{}, refuse("event.replay.since_source")
	case one:
		return l.again(ctx, by, id)
	}
	which := delivery.Selection{GuildID: by.guild, Abandoned: !timed}
	if timed {
		var err error
		if which.Since, err = wantedTime(typed, l.now()); err != nil {
			return reply{}, err
		}
	}
	source, err := anySource(ctx, l.sources, by, name)
	if err != nil {
		return reply{}, err
	}
	which.SourceID = source.ID
	return l.offerReplay(ctx, by, which, quoted(source.Name, maxSourceName))
}

// again sends one event once more.
func (l *logging) again(ctx context.Context, by asker, id string) (reply, error) {
	h, err := l.historyOf(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	done, err := l.replayer.Replay(ctx, delivery.Selection{GuildID: by.guild, EventID: h.ID})
	if err != nil {
		return reply{}, err
	}
	kind, name := quoted(h.Type, event.MaxType), quoted(h.SourceName, maxSourceName)
	switch {
	case done.Deliveries > 0:
		return tell(sayCount("event.replay.done_one", done.Deliveries, "type", kind), say("event.replay.look", "id", short(h.ID))), nil
	case isWaiting(h):
		return tell(say("event.replay.waiting", "type", kind)), nil
	}
	return tell(say("event.replay.no_link", "type", kind, "name", name)), nil
}

func isWaiting(h event.History) bool {
	for _, t := range h.Deliveries {
		if t.State == string(delivery.Pending) {
			return true
		}
	}
	return false
}

// offerReplay asks before many events are shown again, and says how many these are.
func (l *logging) offerReplay(ctx context.Context, by asker, which delivery.Selection, name string) (reply, error) {
	n, err := l.count(ctx, which)
	if err != nil {
		return reply{}, err
	}
	if n == 0 {
		return tell(say("event.replay.nothing", "name", name)), nil
	}
	events := sayCount("event.replay.events", n)
	if n > maxCounted {
		events = sayCount("event.replay.events_or_more", maxCounted)
	}
	question := say("event.replay.ask_abandoned", "events", events, "name", name)
	if !which.Abandoned {
		question = say("event.replay.ask_since", "events", events, "name", name, "time", date(which.Since))
	}
	return l.asked.ask(by, tell(question), say("button.replay"), func(ctx context.Context) (reply, error) {
		done, err := l.replayer.Replay(ctx, which)
		return replayed(done, err, name)
	}), nil
}

// count looks at what would be sent again, up to one more than is counted.
func (l *logging) count(ctx context.Context, which delivery.Selection) (int, error) {
	q := event.Query{GuildID: which.GuildID, SourceID: which.SourceID, Limit: maxCounted + 1}
	if which.Abandoned {
		q.State = string(delivery.Abandoned)
	} else {
		q.After = event.FirstID(which.Since) - 1
	}
	found, err := l.events.Events(ctx, q)
	return len(found), err
}

// replayed tells what went into the queue, also when the time for it has run out on the way.
func replayed(done delivery.Replayed, err error, name string) (reply, error) {
	events, deliveries := sayCount("event.replay.events", done.Events), sayCount("event.replay.deliveries", done.Deliveries)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && done.Events > 0:
		return tell(say("event.replay.partly", "events", events, "deliveries", deliveries)), nil
	case err != nil:
		return reply{}, err
	case done.Deliveries == 0:
		return tell(say("event.replay.none", "name", name)), nil
	}
	return tell(say("event.replay.done", "events", events, "deliveries", deliveries)), nil
}

// spans are the units that a time before now is given in.
var spans = map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// span matches such as 2h and 3 d.
var span = regexp.MustCompile(`^(\d{1,4})\s*([mhdw])$`)

// moments are the forms of a time, in UTC where they name no zone.
var moments = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// wantedTime reads a time that is past.
func wantedTime(typed string, now time.Time) (time.Time, error) {
	typed = strings.TrimSpace(typed)
	at := now
	if parts := span.FindStringSubmatch(strings.ToLower(typed)); parts != nil {
		n, _ := strconv.Atoi(parts[1]) // it is digits
		at = now.Add(-time.Duration(n) * spans[parts[2]])
	}
	for _, form := range moments {
		if read, err := time.ParseInLocation(form, typed, time.UTC); err == nil {
			at = read.UTC()
		}
	}
	if !at.Before(now) || at.Year() < 1970 {
		return time.Time{}, refuse("event.replay.no_time", "time", quoted(typed, maxTypedTime))
	}
	return at, nil
}

func suggestSince(_ context.Context, _ asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	return matching(plain("1h", "6h", "1d", "7d"), asked.String("since")), nil
}
