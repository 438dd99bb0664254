package delivery

import "strings"

// Routes are the ways that the links give to an event of the type, filters aside: the first matching link for each
// destination.
func Routes(links []Link, eventType string) []Route {
	var routes []Route
	for _, link := range links {
		if link.Takes(eventType) && !leadsTo(routes, link.DestinationID) {
			routes = append(routes, Route{LinkID: link.ID, DestinationID: link.DestinationID})
		}
	}
	return routes
}

func leadsTo(routes []Route, destinationID string) bool {
	for _, route := range routes {
		if route.DestinationID == destinationID {
			return true
		}
	}
	return false
}

// Takes says whether events of the type go over the link: at least one pattern matches and none behind a
// "!" does. Without a pattern that takes, all are taken.
func (l Link) Takes(eventType string) bool {
	taken, asked := false, false
	for _, pattern := range l.Events {
		if excluded, ok := strings.CutPrefix(pattern, "!"); ok {
			if matches(excluded, eventType) {
				return false
			}
			continue
		}
		asked = true
		taken = taken || matches(pattern, eventType)
	}
	return taken || !asked
}

// matches compares without regard to case; "*" stands for any run of characters.
func matches(pattern, eventType string) bool {
	pattern, eventType = strings.ToLower(pattern), strings.ToLower(eventType)
	head, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == eventType
	}
	if !strings.HasPrefix(eventType, head) {
		return false
	}
	eventType = eventType[len(head):]
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(eventType, part)
		}
		i := strings.Index(eventType, part)
		if i < 0 {
			return false
		}
		eventType, rest = eventType[i+len(part):], next
	}
}
