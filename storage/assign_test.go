package storage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// assign gives the template to the source, in a channel or in all, for all events or for some.
func assign(t testing.TB, db *storage.DB, tpl delivery.Template, s event.Source, channel string, events ...string) int {
	t.Helper()
	n, err := db.AssignTemplate(t.Context(), guild, tpl.ID, s.ID, channel, events)
	must(t, err)
	return n
}

// TestAssignForEvents has a source with one link of its own, whose patterns are given, and assigns templates to it, each
// by "Name patterns".
func TestAssignForEvents(t *testing.T) {
	tests := map[string]struct {
		own    string
		assign []string
		want   []string // none: fault.NotFound
	}{
		"one type":                      {"", []string{"A Case.created"}, []string{"Case.created→A", "all→"}},
		"several types":                 {"", []string{"A Case.created,Lead.*"}, []string{"Case.created,Lead.*→A", "all→"}},
		"all but some":                  {"", []string{"A !Lead.*"}, []string{"!Lead.*→A", "all→"}},
		"other types":                   {"", []string{"A Case.*", "B Lead.*"}, []string{"Case.*→A", "Lead.*→B", "all→"}},
		"the more specific comes first": {"", []string{"A Case.*", "B Case.created"}, []string{"Case.created→B", "Case.*→A", "all→"}},
		"and stays there":               {"", []string{"B Case.created", "A Case.*"}, []string{"Case.created→B", "Case.*→A", "all→"}},
		"whatever the case":             {"", []string{"A case.*", "B CASE.created"}, []string{"CASE.created→B", "case.*→A", "all→"}},
		"the same types again":          {"", []string{"A Case.*", "B Case.*"}, []string{"Case.*→B", "all→"}},
		"the same template, too":        {"", []string{"A Case.*", "A Case.*"}, []string{"Case.*→A", "all→"}},
		"some of what it takes":         {"Case.*,Lead.*", []string{"A Case.created"}, []string{"Case.created→A", "Case.*,Lead.*→"}},
		"more than it takes":            {"Case.created,Lead.*", []string{"A Case.*"}, []string{"Case.created→A", "Case.created,Lead.*→"}},
		"all of what it takes":          {"Case.*", []string{"A *"}, []string{"Case.*→A", "Case.*→"}},
		"nothing of what it takes":      {"Case.*", []string{"A Lead.*"}, nil},
		"what it refuses":               {"!Case.*", []string{"A Case.created"}, nil},
		"not what it refuses":           {"!Case.deleted", []string{"A Case.*"}, []string{"Case.*,!Case.deleted→A", "!Case.deleted→"}},
		"an action of an object":        {"Case.*", []string{"A *.deleted"}, []string{"Case.deleted→A", "Case.*→"}},
		"an object of an action":        {"*.deleted", []string{"A *__c.*"}, []string{"*__c.deleted→A", "*.deleted→"}},
		"what no pattern says":          {"Opp*.created", []string{"A *ity.created"}, nil},
		"another kind of name":          {"push", []string{"A *.created"}, nil},
		"twice the same":                {"Case.*,*.created", []string{"A Case.created"}, []string{"Case.created→A", "Case.*,*.created→"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			if tc.own != "" {
				first, err := db.Links(t.Context(), s.ID)
				must(t, err)
				must(t, db.RemoveLink(t.Context(), guild, first[0].ID))
				link(t, db, s, "1", delivery.Link{Events: strings.Split(tc.own, ",")})
			}
			templates := map[string]delivery.Template{"A": template(t, db, "A"), "B": template(t, db, "B")}
			for _, asked := range tc.assign {
				name, patterns, _ := strings.Cut(asked, " ")
				n, err := db.AssignTemplate(t.Context(), guild, templates[name].ID, s.ID, "", strings.Split(patterns, ","))
				if tc.want == nil {
					wantKind(t, err, fault.NotFound)
					return
				}
				must(t, err)
				if n != 1 {
					t.Errorf("%s: given to %d links, want 1", asked, n)
				}
			}
			if diff := cmp.Diff(tc.want, routes(t, db)); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
}

// TestAssignedIsAlike looks at what a link that was made for a template has of the one that it specializes, and which of
// several links are specialized.
func TestAssignedIsAlike(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	flat, tpl := transform(t, db, "Flat", ".record"), template(t, db, "Won")
	link(t, db, s, "1", delivery.Link{Filter: "a"})
	link(t, db, s, "1", delivery.Link{TransformID: flat.ID})
	link(t, db, s, "2", delivery.Link{Filter: "b", Events: []string{"Lead.*"}})
	if n := assign(t, db, tpl, s, "", "Case.*"); n != 3 {
		t.Errorf("given to %d links, want 3", n)
	}
	links, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	type line struct {
		Channel, Filter, Events, Template, Transform string
		Assigned                                     bool
	}
	var got []line
	for _, l := range links {
		got = append(got, line{l.Destination.ChannelID, l.Filter, strings.Join(l.Events, ","), l.TemplateName, l.TransformName, l.Assigned})
	}
	want := []line{
		{"1", "", "Case.*", "Won", "", true},
		{"1", "", "", "", "", false},
		{"1", "a", "Case.*", "Won", "", true},
		{"1", "a", "", "", "", false},
		{"1", "", "Case.*", "Won", "Flat", true},
		{"1", "", "", "", "Flat", false},
		{"2", "b", "Lead.*", "", "", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:", diff)
	}
}

// TestAssign gives templates to links of their own and takes them back, step by step.
func TestAssign(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "1")
	link(t, db, s, "2", delivery.Link{})
	link(t, db, s, "2", delivery.Link{Events: []string{"Case.*"}})
	a, b := template(t, db, "A"), template(t, db, "B")
	unassign := func(tpl delivery.Template, sourceID, channel string, events ...string) int {
		t.Helper()
		n, err := db.UnassignTemplate(t.Context(), guild, tpl.ID, sourceID, channel, events)
		must(t, err)
		return n
	}
	steps := []struct {
		name   string
		change func() int
		links  int
		want   []string // of Sales, and then of Service
	}{
		{"to a source", func() int { return assign(t, db, a, s, "") }, 3, []string{"all→A", "all→A", "Case.*→A", "all→"}},
		{"in a channel", func() int { return assign(t, db, b, s, "2") }, 2, []string{"all→A", "all→B", "Case.*→B", "all→"}},
		{
			"for some events, in a channel", func() int { return assign(t, db, a, s, "2", "Case.created") }, 2,
			[]string{"all→A", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→"},
		},
		{
			"to those of its own only", func() int { return assign(t, db, b, s, "") }, 3,
			[]string{"all→B", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→"},
		},
		{
			"to another source", func() int { return assign(t, db, a, other, "1") }, 1,
			[]string{"all→B", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→A"},
		},
		{
			"back from a channel without", func() int { return unassign(a, s.ID, "1") }, 0,
			[]string{"all→B", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→A"},
		},
		{
			"for more events", func() int { return assign(t, db, b, s, "1", "Lead.lost", "Lead.won") }, 1,
			[]string{"Lead.lost,Lead.won→B", "all→B", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→A"},
		},
		{
			"back from some of its events", func() int { return unassign(b, s.ID, "", "Lead.lost") }, 0,
			[]string{"Lead.lost,Lead.won→B", "all→B", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→A"},
		},
		{
			"back from events", func() int { return unassign(b, s.ID, "", "Lead.won", "Lead.lost") }, 1,
			[]string{"all→B", "Case.created→A", "Case.created→A", "all→B", "Case.*→B", "all→A"},
		},
		{
			"back from everywhere", func() int { return unassign(a, "", "") }, 3,
			[]string{"all→B", "all→B", "Case.*→B", "all→"},
		},
		{
			"back from a link's own events", func() int { return unassign(b, s.ID, "", "Case.*") }, 1,
			[]string{"all→B", "all→B", "Case.*→", "all→"},
		},
		{
			"back from a channel", func() int { return unassign(b, s.ID, "2") }, 1,
			[]string{"all→B", "all→", "Case.*→", "all→"},
		},
		{
			"back from a source", func() int { return unassign(b, s.ID, "") }, 1,
			[]string{"all→", "all→", "Case.*→", "all→"},
		},
	}
	for _, step := range steps {
		if n := step.change(); n != step.links {
			t.Errorf("%s: %d links, want %d", step.name, n, step.links)
		}
		if diff := cmp.Diff(step.want, routes(t, db)); diff != "" {
			t.Errorf("%s: -want +got: %s", step.name, diff)
		}
	}
}

func TestAssignRefuses(t *testing.T) {
	db := open(t)
	s, gone := connect(t, db, "Sales", "1"), connect(t, db, "Gone", "1")
	must(t, db.Disconnect(t.Context(), guild, gone.ID, at))
	tpl := template(t, db, "Won")
	theirs, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: "2", Name: "Theirs"})
	must(t, err)
	tests := map[string]struct{ guild, template, source, channel string }{
		"another channel":          {guild, tpl.ID, s.ID, "2"},
		"an unknown source":        {guild, tpl.ID, "x", ""},
		"a disconnected source":    {guild, tpl.ID, gone.ID, ""},
		"an unknown template":      {guild, "x", s.ID, ""},
		"another guild's template": {guild, theirs.ID, s.ID, ""},
		"another guild's source":   {"2", theirs.ID, s.ID, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, events := range [][]string{nil, {"Case.*"}} {
				_, err := db.AssignTemplate(t.Context(), tc.guild, tc.template, tc.source, tc.channel, events)
				wantKind(t, err, fault.NotFound)
			}
		})
	}
	assign(t, db, tpl, s, "")
	n, err := db.UnassignTemplate(t.Context(), "2", tpl.ID, "", "", nil)
	must(t, err)
	if diff := cmp.Diff([]string{"all→Won"}, routes(t, db)); n != 0 || diff != "" {
		t.Errorf("another guild took it from %d links: %s", n, diff)
	}
}

// TestAssignedDecides sends an event by the link that was made for its type.
func TestAssignedDecides(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	assign(t, db, template(t, db, "Won"), s, "", "Case.*")
	accept(t, db, s, 1) // Case.created
	batch, err := db.Claim(t.Context(), destination(t, db, s).ID, lease("a", 0, time.Minute), 10)
	must(t, err)
	if len(batch.Deliveries) != 1 {
		t.Fatalf("%d deliveries, want 1", len(batch.Deliveries))
	}
	if look := lookOf(t, db, batch.Deliveries[0].LinkID); look.Template == nil || look.Template.Name != "Won" {
		t.Errorf("it is shown by %+v", look.Template)
	}
}
