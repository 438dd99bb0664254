package commands_test

import (
	"fmt"
	"strings"
	"testing"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/locales"
	"dispatch/storage"
)

// routesEverywhere makes two sources, one with routes of all kinds.
func routesEverywhere(t *testing.T, db *storage.DB) event.Source {
	t.Helper()
	s := connect(t, db, "Acme_QA", event.AuthSecret)
	idle := connect(t, db, "Idle", event.AuthSecret)
	for _, l := range routesOf(t, db, idle) {
		if err := db.RemoveLink(t.Context(), guildID, l.ID); err != nil {
			t.Fatal(err)
		}
	}
	gone := connect(t, db, "Gone", event.AuthSecret)
	if err := db.Disconnect(t.Context(), guildID, gone.ID, stamp(0).Time()); err != nil {
		t.Fatal(err)
	}
	deals, small := template(t, db, "deals", simple), slim(t, db, "slim", ".record")
	failing := addRoute(t, db, s, elsewhere, func(l *delivery.Link) {
		l.Events, l.Filter = []string{"Opportunity.*", "!*.deleted"}, filterOfDeals
		l.TemplateID, l.TransformID = deals.ID, small.ID
	})
	err := db.FilterFailed(t.Context(), failing.ID, delivery.Failing{EventID: stamp(0), At: stamp(0).Time(), Error: "record.Amount is a `text`"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.AssignTemplate(t.Context(), guildID, deals.ID, s.ID, channelID, []string{"Lead.*"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRouteList(t *testing.T) {
	b, db := open(t)
	routesEverywhere(t, db)
	golden(t, "route_list", b.slash("route", "list"))
	golden(t, "route_list_of", b.slash("route", "list", set("source", "acme_qa")))
}

func TestRouteListOfNothing(t *testing.T) {
	b, db := open(t)
	checkContent(t, b.slash("route", "list"),
		"There are no routes yet. **/salesforce connect** connects an org to a channel, and **/route add** leads its events to others.")
	routesEverywhere(t, db)
	checkContent(t, b.slash("route", "list", set("source", "Idle")),
		"**Idle** has no route: its events are kept, and go nowhere. **/route add** makes one.")
	for name, want := range map[string]string{"Gone": "**Gone** is disconnected for good.", "_": `There is no source called **\_**.`} {
		if got := b.slash("route", "list", set("source", name)).Body.Content; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What a list has no room for, it counts; a route is never cut in two.
func TestRouteListFits(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, strings.Repeat("*", 80), event.AuthSecret)
	for i := range 80 {
		made := addRoute(t, db, s, elsewhere, func(l *delivery.Link) {
			l.Events = []string{fmt.Sprintf("%s%d", strings.Repeat("`", 100), i), "!" + strings.Repeat("x", 128), strings.Repeat("y", 128), strings.Repeat("z", 128)}
			l.Filter = `record.Name == "` + strings.Repeat("`_*", 300) + `"`
		})
		err := db.FilterFailed(t.Context(), made.ID, delivery.Failing{EventID: stamp(0), At: stamp(0).Time(), Error: strings.Repeat("_", 900)})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tag := range locales.Tags() {
		for _, edits := range [][]edit{nil, {set("source", s.Name)}} {
			_, description, _ := b.slash("route", "list", append(edits, field("locale", tag))...).embed(t) // which knows the limits
			lines := strings.Split(description, "\n")
			last, shown := lines[len(lines)-1], strings.Count(description, "⚠️")
			if shown < 3 || !strings.Contains(last, fmt.Sprint(81-1-shown)) {
				t.Errorf("%s: %d shown, then %q", tag, shown, last)
			}
		}
	}
}
