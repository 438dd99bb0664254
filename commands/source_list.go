package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

func (s *sourcing) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	all, err := s.sources.Sources(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	var known []event.Source
	for _, source := range all {
		if source.Kind == event.SourceWebhook && source.State != event.Disconnected {
			known = append(known, source)
		}
	}
	if len(known) == 0 {
		return tell(say("source.list.none")), nil
	}
	shown := known[:min(len(known), maxListed)]
	c := card{title: say("source.list.title"), colour: colourFine, hidden: len(known) - len(shown), more: func(n int) text {
		return sayCount("source.list.more", n)
	}}
	for _, source := range shown {
		line, err := s.line(ctx, source)
		if err != nil {
			return reply{}, err
		}
		c.lines = append(c.lines, line)
	}
	return reply{card: &c}, nil
}

// line tells of a source what it is, how it is doing, and its URL: admins need that again, and nobody else sees it.
func (s *sourcing) line(ctx context.Context, source event.Source) (text, error) {
	destinations, err := s.routes.Destinations(ctx, source.ID)
	if err != nil {
		return text{}, err
	}
	activity, err := s.activities.Activity(ctx, source.ID, s.now())
	if err != nil {
		return text{}, err
	}
	name, at := quoted(source.Name, maxSourceName), asWritten("`"+s.urlOf(source)+"`")
	if source.BuiltIn() {
		at = say(builtInKey(source), "name", name)
	}
	return together(
		say("source.list.line", "name", name, "places", ways(destinations), "how", howOf(source), "state", stateOf(source), "last", lastOf(activity)),
		at), nil
}

// builtInKey is the sentence that says what a source is for whose events we make ourselves.
func builtInKey(source event.Source) string {
	if source.RepliesOf() != "" {
		return "source.replies"
	}
	return "source.built_in"
}

// howOf says which service sends there, and how it shows that it may.
func howOf(source event.Source) []text {
	how := []text{say("command.source.create.option.auth.choice." + string(source.Auth))}
	if source.Preset != "" {
		how = append([]text{say("command.source.create.option.preset.choice." + string(source.Preset))}, how...)
	}
	if source.Auth == event.AuthSecret && len(source.Keys) == 0 {
		how = append(how, say("source.list.no_secret"))
	}
	return how
}
