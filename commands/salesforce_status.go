package commands

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
)

// Activities tell how sources have been doing.
type Activities interface {
	Activity(ctx context.Context, sourceID string, now time.Time) (delivery.Activity, error)
}

// looking shows sources without changing them.
type looking struct {
	now        func() time.Time
	sources    Sources
	routes     Routes
	activities Activities
	authorize  *authorizing
	deploy     *deploying
}

// sighting is what there is to see of a source.
type sighting struct {
	destinations []delivery.Destination
	activity     delivery.Activity
}

func (l *looking) at(ctx context.Context, s event.Source) (sighting, error) {
	destinations, err := l.routes.Destinations(ctx, s.ID)
	if err != nil {
		return sighting{}, err
	}
	activity, err := l.activities.Activity(ctx, s.ID, l.now())
	return sighting{destinations, activity}, err
}

// status is about the source that was named, or the only one. Of several it shows how each is doing.
func (l *looking) status(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	if name, named := asked.OptString("source"); named {
		source, err := salesforceSource(ctx, l.sources, by, name)
		if err != nil {
			return reply{}, err
		}
		return l.statusOf(ctx, source)
	}
	known, err := salesforceSources(ctx, l.sources, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(known) == 1 {
		return l.statusOf(ctx, known[0])
	}
	return l.each(ctx, by, say("salesforce.status.overview"), func(s event.Source, seen sighting) text {
		return say("salesforce.status.line",
			"name", quoted(s.Name, maxSourceName), "health", healthOf(s, seen.activity, l.now()).verdict)
	})
}

func (l *looking) statusOf(ctx context.Context, s event.Source) (reply, error) {
	seen, err := l.at(ctx, s)
	if err != nil {
		return reply{}, err
	}
	a, health := seen.activity, healthOf(s, seen.activity, l.now())
	org, authorize, err := l.authorize.look(ctx, s)
	if err != nil {
		return reply{}, err
	}
	at, deployable, err := l.deploy.survey(ctx, s)
	if err != nil {
		return reply{}, err
	}
	buttons := append(offerResume(s, a.Paused), authorize...)
	if deployable {
		buttons = append(buttons, at.buttons()...)
	}
	return reply{buttons: buttons, card: &card{
		title:  say("salesforce.status.title", "name", quoted(s.Name, maxSourceName)),
		colour: health.colour,
		lines:  []text{health.verdict},
		fields: []field{
			{name: say("salesforce.status.last"), lines: []text{lastOf(a)}, inline: true},
			{name: say("salesforce.status.day"), lines: dayOf(a), inline: true},
			{name: say("salesforce.status.queue"), lines: queueOf(a), inline: true},
			{name: say("salesforce.status.source"), lines: aboutOf(s, seen.destinations), inline: true},
			{name: say("salesforce.status.org"), lines: org},
			at.state(),
			{name: say("salesforce.status.paused"), lines: pausedOf(a)},
			{name: say("salesforce.status.failure"), lines: failureOf(a.LastFailure)},
		},
	}}, nil
}

func lastOf(a delivery.Activity) text {
	if a.LastAt.IsZero() {
		return say("salesforce.status.never")
	}
	return say("salesforce.status.last_event", "type", quoted(a.LastType, event.MaxType), "time", ago(a.LastAt))
}

// dayOf leaves out what did not happen, but for the first: that nothing came is worth knowing.
func dayOf(a delivery.Activity) []text {
	lines := []text{sayCount("salesforce.status.accepted", a.Day.Accepted)}
	for _, c := range []struct {
		key string
		n   int
	}{
		{"salesforce.status.delivered", a.Day.Delivered},
		{"salesforce.status.filtered", a.Day.Filtered},
		{"salesforce.status.abandoned", a.Day.Abandoned},
	} {
		if c.n > 0 {
			lines = append(lines, sayCount(c.key, c.n))
		}
	}
	return lines
}

func queueOf(a delivery.Activity) []text {
	switch {
	case a.Waiting == 0:
		return []text{say("salesforce.status.queue_empty")}
	case a.Waiting >= delivery.WaitingMax:
		return []text{sayCount("salesforce.status.waiting_many", a.Waiting), say("salesforce.status.oldest", "time", ago(a.Oldest))}
	}
	return []text{sayCount("salesforce.status.waiting", a.Waiting), say("salesforce.status.oldest", "time", ago(a.Oldest))}
}

func aboutOf(s event.Source, to []delivery.Destination) []text {
	lines := []text{environment(s)}
	if s.Auth == event.AuthNone {
		lines = append(lines, say("salesforce.status.unverified"))
	}
	if links := places(to); links != "" {
		lines = append(lines, say("salesforce.status.channels", "channels", links))
	}
	return lines
}

// pausedOf says of each destination that nothing is sent to why that is so.
func pausedOf(a delivery.Activity) []text {
	var lines []text
	for _, d := range a.Paused {
		lines = append(lines, say("salesforce.status.paused_line", "channel", nameOf(d), "reason", say(d.Paused)))
	}
	return lines
}

func nameOf(d delivery.Destination) string {
	if d.Kind == delivery.KindChannel {
		return channel(d.ChannelID)
	}
	return quoted(d.Name, maxSourceName)
}
