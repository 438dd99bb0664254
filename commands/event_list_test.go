package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

func TestEventList(t *testing.T) {
	store := logbook{DB: database(t), found: []event.Summary{
		{ID: stamp(3), Type: "Opportunity.closed_won", SourceName: "Acme", State: "delivered", Deliveries: 1},
		{ID: stamp(2), Type: "Case.created", SourceName: "Acme", State: "abandoned", Deliveries: 2},
		{ID: stamp(1), Type: "*bold*", SourceName: "Acme_QA", State: "pending", Deliveries: 1},
		{ID: stamp(0), Type: "Lead.created", SourceName: "Acme", State: "filtered"},
	}}
	golden(t, "event_list", sit(t, store, nil).slash("event", "list"))
}

// numbers are what is on the page, by the end of the types, and the buttons that can be pressed.
func numbers(t *testing.T, a answer) (types, buttons string) {
	t.Helper()
	_, description, _ := a.embed(t)
	for line := range strings.SplitSeq(description, "\n") {
		_, after, _ := strings.Cut(line, "**n")
		number, _, _ := strings.Cut(after, "**")
		types += number + " "
	}
	for _, r := range a.Body.Components {
		for _, c := range r.Components {
			if !c.Disabled {
				buttons += c.Label + " "
			}
		}
	}
	return strings.TrimSpace(types), strings.TrimSpace(buttons)
}

func TestEventListTurnsPages(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	var types []string
	for i := range 25 {
		types = append(types, fmt.Sprint("n", i))
	}
	accept(t, db, s, types...)
	page := func(a answer, wantTypes, wantButtons string) answer {
		t.Helper()
		gotTypes, gotButtons := numbers(t, a)
		if gotTypes != wantTypes || gotButtons != wantButtons {
			t.Errorf("got %s with %s\nwant %s with %s", gotTypes, gotButtons, wantTypes, wantButtons)
		}
		return a
	}
	turn := func(a answer, label string) answer {
		t.Helper()
		got := b.press(a.button(label))
		if got.How != "update" {
			t.Errorf("the page is not in place of the other: %s", got.How)
		}
		return got
	}
	const first, second, third = "24 23 22 21 20 19 18 17 16 15", "14 13 12 11 10 9 8 7 6 5", "4 3 2 1 0"
	one := page(b.slash("event", "list", set("source", "acme"), set("state", "pending")), first, "Older")
	two := page(turn(one, "Older"), second, "Newer Older")
	three := page(turn(two, "Older"), third, "Newer")
	page(turn(two, "Newer"), first, "Older")
	back := page(turn(three, "Newer"), second, "Newer Older")

	b = sit(t, db, nil) // as after a restart
	page(turn(back, "Newer"), first, "Older")
	accept(t, db, s, "n25", "n26")
	page(turn(back, "Newer"), "24 23 22 21 20 19 18 17 16 15", "Newer Older")
	page(turn(page(b.slash("event", "list"), "26 25 24 23 22 21 20 19 18 17", "Older"), "Older"), "16 15 14 13 12 11 10 9 8 7", "Newer Older")
}

func TestEventListOfWhatIsAskedFor(t *testing.T) {
	b, db := open(t)
	acme, qa := connect(t, db, "Acme", event.AuthSecret), connect(t, db, "QA", event.AuthSecret)
	ids := accept(t, db, acme, "n1", "n2", "n3")
	accept(t, db, qa, "n4")
	finish(t, db, acme, ids[0], delivery.Delivered)
	finish(t, db, acme, ids[1], delivery.Abandoned)
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"all":         {nil, "4 3 2 1"},
		"of a source": {[]edit{set("source", " ACME ")}, "3 2 1"},
		"abandoned":   {[]edit{set("state", "abandoned")}, "2"},
		"both":        {[]edit{set("state", "pending"), set("source", "QA")}, "4"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got, buttons := numbers(t, b.slash("event", "list", tc.edits...)); got != tc.want || buttons != "" {
				t.Errorf("got %s with %q, want %s and no buttons", got, buttons, tc.want)
			}
		})
	}
}

func TestEventListOfNothing(t *testing.T) {
	const (
		none     = "No event has come in yet. **/salesforce test** sends a sample, and **/salesforce connect** connects an org."
		noneSuch = "There is no such event. Leave out **state** or **source** to see more."
		outdated = "I don't know this command or button any more; I may have been updated since. Please run the command again."
		notFound = "I can't find that; it may have been removed. Pick one from the suggestions and try again."
	)
	b, db := open(t)
	if got := b.slash("event", "list").Body.Content; got != none {
		t.Errorf("got %q", got)
	}
	foreign := connect(t, db, "Acme", event.AuthSecret)
	presses := map[string]struct{ id, want string }{
		"nothing older":          {"/event/list/older:::1", none},
		"nothing newer":          {"/event/list/newer::abandoned:1", noneSuch},
		"source of another":      {"/event/list/newer:" + foreign.ID + "::1", notFound},
		"no direction":           {"/event/list/sideways:::1", outdated},
		"no cursor":              {"/event/list/older:::", outdated},
		"a cursor below nothing": {"/event/list/older:::-1", outdated},
		"parts missing":          {"/event/list/older", outdated},
	}
	for name, tc := range presses {
		t.Run(name, func(t *testing.T) {
			var edits []edit
			if name == "source of another" {
				edits = []edit{field("guild_id", "100000000000000002")}
			}
			if got := b.press(tc.id, edits...).Body.Content; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if got := b.slash("event", "list", set("state", "filtered")).Body.Content; got != noneSuch {
		t.Errorf("of a state: %q", got)
	}
	if got, want := b.slash("event", "list", set("source", "a*b")).Body.Content, `There is no source called **a\*b**. Pick one from the suggestions.`; got != want {
		t.Errorf("of no source: %q, want %q", got, want)
	}
}

// Whatever the senders call their types, ten lines fit whole, and the buttons' ids do, too.
func TestEventListFits(t *testing.T) {
	db := database(t)
	source := connect(t, db, strings.Repeat("*", 80), event.AuthSecret)
	store := logbook{DB: db}
	for i := range 11 {
		store.found = append(store.found, event.Summary{
			ID: stamp(i + 1<<30), Type: strings.Repeat("_", event.MaxType), SourceName: source.Name, State: "abandoned",
		})
	}
	got := sit(t, store, nil).slash("event", "list", set("source", source.Name), set("state", "abandoned"))
	_, description, _ := got.embed(t)
	if lines := strings.Split(description, "\n"); len(lines) != 10 || !strings.HasSuffix(lines[9], "`") {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
	if id := got.button("Older"); len(id) < 60 || len(id) > 100 {
		t.Errorf("the button's id has %d characters: %s", len(id), id)
	}
}

func TestEventSuggestions(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	connect(t, db, "Old", event.AuthSecret)
	if err := db.Disconnect(t.Context(), guildID, sourceOf(t, db, "Old").ID, b.now); err != nil {
		t.Fatal(err)
	}
	ids := accept(t, db, s, "Opportunity.closed_won", "Case.created")
	b.now = ids[0].Time().Add(150 * time.Second)
	won, created := "Opportunity.closed_won · 2 min ago = "+ids[0].String(), "Case.created · 2 min ago = "+ids[1].String()
	tests := map[string]struct {
		sub, option, typed string
		want               []string
	}{
		"ids, newest first": {"show", "id", "", []string{created, won}},
		"id by its type":    {"replay", "id", "closed", []string{won}},
		"id by itself":      {"show", "id", ids[1].String()[:36], []string{created}},
		"sources":           {"list", "source", "", []string{"Acme = Acme", "Old = Old"}},
		"since":             {"replay", "since", "", []string{"1h = 1h", "6h = 6h", "1d = 1d", "7d = 7d"}},
		"since, in days":    {"replay", "since", "d", []string{"1d = 1d", "7d = 7d"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, b.suggested("event", tc.sub, tc.option, tc.typed)); diff != "" {
				t.Errorf("suggestions (-want +got):\n%s", diff)
			}
		})
	}
	for gone, want := range map[time.Duration]string{
		0: "just now", time.Minute: "1 min ago", time.Hour: "1 h ago", 47 * time.Hour: "47 h ago", 48 * time.Hour: "2 days ago",
	} {
		b.now = ids[0].Time().Add(gone)
		if got := b.suggested("event", "show", "id", "closed"); len(got) != 1 || !strings.Contains(got[0], " · "+want+" = ") {
			t.Errorf("after %v: %v, want %s", gone, got, want)
		}
	}
}
