package commands

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// Refusals tell why links did not take an event.
type Refusals interface {
	Refusals(ctx context.Context, id event.ID) ([]delivery.RefusedLink, error)
}

const (
	maxShownError    = 160 // characters of why an attempt failed
	maxShownResponse = 160 // characters of what the destination answered
)

// traceOf tells what became of the event at one destination: where, how it stands, and each attempt, newest first.
func traceOf(t event.Trace, guildID string, now time.Time) []text {
	lines := []text{together(placeOf(t, guildID), standingOf(t, now))}
	for i := len(t.Attempts) - 1; i >= 0; i-- {
		lines = append(lines, attemptOf(t.Attempts[i]))
	}
	return lines
}

func placeOf(t event.Trace, guildID string) text {
	switch {
	case t.Kind == "":
		return say("event.show.gone")
	case t.Kind != string(delivery.KindChannel):
		return asWritten(quoted(t.Name, maxSourceName))
	case t.Receipt == "":
		return asWritten(channel(t.ChannelID))
	}
	return asWritten(channel(t.ChannelID) + " " + fmt.Sprintf("https://discord.com/channels/%s/%s/%s", guildID, t.ChannelID, t.Receipt))
}

// standingOf says what is yet to come, which is nothing when the delivery has ended.
func standingOf(t event.Trace, now time.Time) text {
	switch {
	case t.Paused != "":
		return say("event.show.paused", "reason", say(t.Paused))
	case t.State != string(delivery.Pending):
		return text{}
	case t.DueAt.After(now):
		return say("event.show.next", "time", ago(t.DueAt))
	}
	return say("event.show.next_now")
}

func attemptOf(a event.Attempt) text {
	status := say("event.show.no_answer")
	if a.Status != 0 {
		status = asWritten(strconv.Itoa(a.Status))
	}
	lines := []text{say("event.show.attempt", "number", a.Number, "time", ago(a.At), "status", status, "took", took(a.Latency))}
	if a.Error != "" {
		lines = append(lines, asWritten(quoted(a.Error, maxShownError)))
	}
	if a.Response != "" {
		lines = append(lines, asWritten("↳ "+quoted(a.Response, maxShownResponse)))
	}
	return together(lines...)
}

// took is a latency in the unit that suits it.
func took(latency time.Duration) string {
	if latency < time.Second {
		return fmt.Sprintf("%d ms", latency.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", latency.Seconds())
}

// refusedField tells of each route that did not take the event why.
func refusedField(refused []delivery.RefusedLink) field {
	f := field{
		name: say("event.show.refused"), max: maxRefused,
		more: func(n int) text { return sayCount("event.show.more_refused", n) },
	}
	for _, r := range refused {
		f.lines = append(f.lines, refusalOf(r))
	}
	return f
}

func refusalOf(r delivery.RefusedLink) text {
	place := say("event.show.gone")
	if r.Destination.ID != "" {
		place = asWritten(nameOf(r.Destination))
	}
	if r.Reason == delivery.RefusedByFilter {
		return say("event.show.refused_by_filter", "place", place, "filter", inSpan(r.Detail, maxShownFilter))
	}
	return say("event.show.refused_by_type", "place", place, "types", inSpan(r.Detail, maxShownFilter))
}
