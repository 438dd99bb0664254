package commands

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"dispatch/delivery"
	"dispatch/locales"
)

// eventsOf says which events a route takes, as far as their types decide.
func eventsOf(patterns []string) text {
	var taken, excluded []string
	for _, p := range patterns {
		if without, ok := strings.CutPrefix(p, "!"); ok {
			excluded = append(excluded, without)
		} else {
			taken = append(taken, p)
		}
	}
	types, but := inSpans(taken, maxShownEvents), inSpans(excluded, maxShownEvents)
	switch {
	case len(patterns) == 0:
		return say("route.events.all")
	case len(taken) == 0:
		return say("route.events.all_but", "excluded", but)
	case len(excluded) == 0:
		return say("route.events.of", "types", types)
	}
	return say("route.events.of_but", "types", types, "excluded", but)
}

// inSpans are patterns as code, as many as have room in so many characters.
func inSpans(patterns []string, characters int) string {
	var shown string
	for i, p := range patterns {
		next := inSpan(p, characters)
		if i > 0 {
			next = ", " + next
			if utf8.RuneCountInString(shown+next) > characters {
				return shown + ", …"
			}
		}
		shown += next
	}
	return shown
}

// shapeOf says under which condition the route takes events, and what it does to them.
func shapeOf(l delivery.LinkInfo) []text {
	var how []text
	if l.Filter != "" {
		how = append(how, say("route.filter", "filter", inSpan(l.Filter, maxShownFilter)))
	}
	if l.TransformID != "" {
		how = append(how, say("route.transform", "name", quoted(l.TransformName, maxTransformName)))
	}
	if l.TemplateID != "" {
		how = append(how, say("route.template", "name", quoted(l.TemplateName, maxTemplateName)))
	}
	return how
}

// plainRoute is the route in one line without markdown.
func plainRoute(number int, l delivery.LinkInfo, channels map[string]string, by asker) string {
	speak, to := locales.For(string(by.interaction.Locale())), plainName(l.Destination, channels)
	events := say("route.events.all")
	if len(l.Events) > 0 {
		events = asWritten(strings.Join(l.Events, ", "))
	}
	parts := []text{asWritten(to), events, asWritten(l.Filter), asWritten(l.TransformName), asWritten(l.TemplateName)}
	return fmt.Sprintf("%d. %s", number, join(parts, " · ", speak))
}
