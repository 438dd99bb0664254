package commands_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestRouteRemove(t *testing.T) {
	const (
		done    = "This route of **Acme\\_QA** is removed. What is on its way already still arrives.\n"
		unknown = "**Acme\\_QA** has no such route. Pick one from the suggestions, or give its number in **/route list**."
		at      = "<t:1749988800:R>"
	)
	tests := map[string]struct {
		route string // the id of the link with that number where it is "#1"
		edit  edit
		left  int // of the three that there are
		want  string
	}{
		"by suggestion": {"#1", nil, 2, done + "**1.** <#" + channelID + "> · events of type `Lead.*`\n↳ template **deals**, made by **/template assign**"},
		"by number": {" 3. ", nil, 2, done + "**3.** " + there + " · events of type `Opportunity.*`, but not `*.deleted`\n" +
			"↳ only if `" + filterOfDeals + "`, transform **slim**, template **deals**\n" +
			"⚠️ Its filter failed " + at + ", so it let the event through: “record.Amount is a \\`text\\`”"},
		"with the one before": {"2", nil, 1, done + "**2.** <#" + channelID + "> · all events\nWith it went one that **/template assign** had put in front of it."},
		"zero":                {"0", nil, 3, unknown},
		"too many":            {"4", nil, 3, unknown},
		"words":               {"the first", nil, 3, unknown},
		"of another guild":    {"#1", field("guild_id", "100000000000000002"), 3, "There is no source called **acme\\_qa**. Pick one from the suggestions."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := routesEverywhere(t, db)
			before := routesOf(t, db, s)
			if tc.route == "#1" {
				tc.route = before[0].ID
			}
			edits := []edit{set("source", "acme_qa"), set("route", tc.route)}
			if tc.edit != nil {
				edits = append(edits, tc.edit)
			}
			checkContent(t, b.slash("route", "remove", edits...), tc.want)
			if left := routesOf(t, db, s); len(left) != tc.left {
				t.Errorf("%d routes are left", len(left))
			}
		})
	}
}

// TestRouteRemoveByPlace names a route by where it leads.
func TestRouteRemoveByPlace(t *testing.T) {
	const which = "Which of these routes of **Acme** shall I remove? Pick it as **route**.\n"
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	deals := template(t, db, "deals", simple)
	if _, err := db.AssignTemplate(t.Context(), guildID, deals.ID, s.ID, channelID, []string{"Lead.*"}); err != nil {
		t.Fatal(err)
	}
	b.slash("destination", "create", set("name", "crm"), set("url", "https://crm.example.com/hook"), set("source", "Acme"))
	for _, events := range []string{"Case.*", "Order.*"} {
		b.routed(in(elsewhere, 0), set("events", events))
	}
	steps := []struct {
		edits []edit
		want  string
		left  int
	}{
		{nil, which + "**1.** <#" + channelID + "> · events of type `Lead.*`", 5},
		{[]edit{in(elsewhere, 0)}, which + "**4.** " + there + " · events of type `Case.*`\n**5.** " + there + " · events of type `Order.*`", 5},
		{[]edit{in(elsewhere, 0), set("route", "5")}, "This route of **Acme** is removed.", 4},
		{[]edit{in(elsewhere, 0), set("route", "1")}, "**Acme** has no such route.", 4},
		{[]edit{in("100000000000000099", 0)}, "**Acme** has no such route.", 4},
		{[]edit{set("destination", "nobody")}, "**Acme** has no such route.", 4},
		{[]edit{set("destination", "CRM")}, "This route of **Acme** is removed. What is on its way already still arrives.\n**3.** crm · all events", 3},
		{[]edit{in(channelID, 0)}, "This route of **Acme** is removed. What is on its way already still arrives.\n**2.** <#" + channelID + "> · all events\nWith it", 1},
		{nil, "This route of **Acme** is removed.", 0},
		{nil, "**Acme** has no such route.", 0},
	}
	for i, step := range steps {
		got := b.slash("route", "remove", append([]edit{set("source", "Acme")}, step.edits...)...).Body.Content
		if left := len(routesOf(t, db, s)); !strings.HasPrefix(got, step.want) || left != step.left {
			t.Errorf("step %d: %q, want %q…; %d routes are left, want %d", i, got, step.want, left, step.left)
		}
	}
}

func TestRouteRemoveTheLast(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	other := connect(t, db, "Other", event.AuthSecret)
	foreign := routesOf(t, db, other)[0].ID
	remove := func(route string) string {
		t.Helper()
		return b.slash("route", "remove", set("source", "Acme"), set("route", route)).Body.Content
	}
	if got := remove(foreign); !strings.HasPrefix(got, "**Acme** has no such route.") || len(routesOf(t, db, other)) != 1 {
		t.Errorf("another's: %s", got)
	}
	want := "This route of **Acme** is removed. What is on its way already still arrives.\n**1.** <#" + channelID + "> · all events\n" +
		"**Acme** has no route left: its events are only kept from now on. **/route add** makes another."
	if diff := cmp.Diff(want, remove("1")); diff != "" || len(routesOf(t, db, s)) != 0 {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	if got := remove("1"); !strings.HasPrefix(got, "**Acme** has no such route.") {
		t.Errorf("again: %s", got)
	}
}

func TestRouteSuggestions(t *testing.T) {
	b, db := open(t)
	s := routesEverywhere(t, db)
	b.discord.api.channels = map[string]string{channelID: salesHere}
	links := routesOf(t, db, s)
	want := []string{
		"1. #sales · Lead.* · deals = " + links[0].ID,
		"2. #sales · all events = " + links[1].ID,
		`3. #` + elsewhere + ` · Opportunity.*, !*.deleted · record.Amount > 100000 && changed("StageName")… = ` + links[2].ID,
	}
	for typed, some := range map[string][]string{"": want, "SALES": want[:2], "3.": want[2:], "stagename": want[2:], "nothing": nil} {
		got := b.suggestedWith("route", "remove", "route", typed, set("source", "acme_qa"))
		if diff := cmp.Diff(some, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
	for _, source := range []string{"", "nobody", "Idle"} {
		if got := b.suggestedWith("route", "remove", "route", "", set("source", source)); got != nil {
			t.Errorf("of the source %q: %v", source, got)
		}
	}
}

func TestRouteAddSuggestions(t *testing.T) {
	b, db := open(t)
	s := routesEverywhere(t, db)
	accept(t, db, s, "Shipment__c.lost")
	tests := map[string]struct {
		option, typed string
		want          []string // the first of them
	}{
		"source":    {"source", "", []string{"Acme_QA = Acme_QA", "Idle = Idle"}},
		"template":  {"template", "DE", []string{"deals = deals"}},
		"transform": {"transform", "sl", []string{"slim = slim"}},
		"events":    {"events", "Case.*, lead.con", []string{"Case.*, Lead.converted = Case.*, Lead.converted"}},
		"filter":    {"filter", "priority", []string{`record.Priority in ["High", "Critical"] = record.Priority in ["High", "Critical"]`}},
	}
	sent := b.suggestedWith("route", "add", "events", "shipment", set("source", "acme_qa"))
	if diff := cmp.Diff([]string{"Shipment__c.lost = Shipment__c.lost", "Shipment__c.* = Shipment__c.*"}, sent); diff != "" {
		t.Errorf("what was sent (-want +got):\n%s", diff)
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := b.suggestedWith("route", "add", tc.option, tc.typed)
			if len(got) < len(tc.want) || !cmp.Equal(tc.want, got[:len(tc.want)]) {
				t.Errorf("got %q, want %q…", got, tc.want)
			}
		})
	}
}

// Every filter that is suggested can be used as it is.
func TestSuggestedFiltersAreSound(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	examples := b.suggestedWith("route", "add", "filter", "")
	for _, example := range examples {
		b.routed(in(elsewhere, 0), set("filter", example[len(example)/2+2:])) // name and value are the same
	}
	links := routesOf(t, db, s)
	if len(examples) < 5 || len(links) != len(examples)+1 {
		t.Fatalf("%d examples make %d routes", len(examples), len(links)-1)
	}
}
