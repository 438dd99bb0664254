package commands

import (
	"cmp"
	"context"
	_ "embed"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/locales"
)

// zones are the time zones that are offered: one for each place where clocks have been set in a way of their own. See
// https://www.iana.org/time-zones. Any other that has a name will do, too.
//
//go:embed zones.txt
var zones string

// utc is the zone of those who have not chosen any.
const utc = "UTC"

// zoneAt is the zone in which times are told where Discord does not do so by itself. It is shown with its time.
func zoneAt(now func() time.Time) wordKind {
	return wordKind{
		option: "timezone",
		title:  "settings.timezone.title",
		in:     func(s *delivery.Settings) *string { return &s.Zone },
		read: func(typed string) (string, error) {
			name := zoneNamed(typed)
			if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
				return "", refuse("settings.timezone.unknown", "zone", quoted(typed, maxPiece))
			}
			return name, nil
		},
		shown: func(_ asker, stored string) text {
			name := cmp.Or(stored, utc)
			return say("settings.timezone.value", "zone", name, "time", clockIn(name, now()))
		},
	}
}

// zoneNamed is the zone that is spelt like that, but for case and spaces.
func zoneNamed(typed string) string {
	typed = strings.ReplaceAll(typed, " ", "_")
	for name := range strings.Lines(zones) {
		if name = strings.TrimSpace(name); strings.EqualFold(name, typed) {
			return name
		}
	}
	return typed
}

// clockIn is what clocks in the zone show.
func clockIn(zone string, now time.Time) string {
	return locales.Catalog{}.WithZone(zone).Local(now).Format("15:04")
}

func suggestZones(now func() time.Time) suggest {
	return func(_ context.Context, _ asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
		var names []string
		for name := range strings.Lines(zones) {
			names = append(names, strings.TrimSpace(name))
		}
		found := matching(plain(names...), strings.ReplaceAll(strings.TrimSpace(asked.String("timezone")), " ", "_"))
		found = found[:min(len(found), maxChoices)]
		for i := range found {
			found[i].name += " · " + clockIn(found[i].value, now())
		}
		return found, nil
	}
}
