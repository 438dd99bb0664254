package render_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
)

// Where Discord does not do it, a moment is told in the guild's time zone. A day is the same in all of them.
func TestTemplateTellsTimeInTheZone(t *testing.T) {
	const text = `{"title":"{{date .Record.At}} {{datetime .Record.At}} {{relative .Record.At}} {{date .Record.Day}}",
		"description":"{{datetime .Record.At}}"}`
	e := event.Event{Type: "Order.updated", Body: []byte(`{"record":{"At":"2026-03-31T23:30:00Z","Day":"2026-03-31"}}`)}
	for zone, want := range map[string]string{
		"":              "March 31, 2026 March 31, 2026, 23:30 UTC March 31, 2026, 23:30 UTC March 31, 2026",
		"Europe/Berlin": "April 1, 2026 April 1, 2026, 01:30 CEST April 1, 2026, 01:30 CEST March 31, 2026",
	} {
		m, _, err := parse(t, text).Message(e, "s", locales.For("en-US").WithZone(zone))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{want, "<t:1774999800:f>"}, []string{m.Embeds[0].Title, m.Embeds[0].Description}); diff != "" {
			t.Errorf("in %q (-want +got):\n%s", zone, diff)
		}
	}
}
