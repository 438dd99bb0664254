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

// link adds a link from the source to the channel.
func link(t testing.TB, db *storage.DB, s event.Source, channel string, l delivery.Link) delivery.LinkInfo {
	t.Helper()
	l.SourceID = s.ID
	added, err := db.AddLink(t.Context(), guild, l, channel)
	must(t, err)
	return added
}

// routes tells of the guild's links, in order: which events are shown by which template.
func routes(t testing.TB, db *storage.DB) []string {
	t.Helper()
	links, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	var told []string
	for _, l := range links {
		events := strings.Join(l.Events, ",")
		if events == "" {
			events = "all"
		}
		told = append(told, events+"→"+l.TemplateName)
	}
	return told
}

func TestAddLink(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	tpl, flat := template(t, db, "Won"), transform(t, db, "Flat", ".record")
	asked := delivery.Link{
		SourceID: s.ID, Events: []string{"Case.*", "!Case.deleted"}, Filter: "record.Amount > 1 && 'a' != \"b\"",
		TemplateID: tpl.ID, TransformID: flat.ID, Assigned: true, ID: "mine",
	}
	added, err := db.AddLink(t.Context(), guild, asked, "2")
	must(t, err)
	want := delivery.LinkInfo{
		Link: asked, SourceName: "Sales", TemplateName: "Won", TransformName: "Flat",
		Destination: delivery.Destination{GuildID: guild, Kind: delivery.KindChannel, ChannelID: "2", Locale: "de"},
	}
	want.ID, want.Assigned = added.ID, false
	want.DestinationID, want.Destination.ID = added.DestinationID, added.DestinationID
	if diff := cmp.Diff(want, added); diff != "" || added.ID == "mine" || added.DestinationID == "" {
		t.Error("-want +got:", diff)
	}
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	if len(links) != 2 || cmp.Diff(want.Link, links[1]) != "" {
		t.Errorf("links are %+v", links)
	}

	byDestination := asked
	byDestination.DestinationID, byDestination.Filter = added.DestinationID, ""
	again, err := db.AddLink(t.Context(), guild, byDestination, "9") // the channel does not count
	must(t, err)
	if again.DestinationID != added.DestinationID {
		t.Errorf("it leads to %+v", again.Destination)
	}
}

// TestAddLinkRefuses changes one thing at a time of a link that is there.
func TestAddLinkRefuses(t *testing.T) {
	db := open(t)
	s, gone := connect(t, db, "Sales", "1"), connect(t, db, "Gone", "1")
	must(t, db.Disconnect(t.Context(), guild, gone.ID, at))
	tpl, flat := template(t, db, "Won"), transform(t, db, "Flat", ".record")
	base := link(t, db, s, "1", delivery.Link{Events: []string{"Case.*"}, Filter: "true", TemplateID: tpl.ID, TransformID: flat.ID}).Link

	other, err := db.Connect(t.Context(), event.Source{GuildID: "2", Name: "Other"}, "2")
	must(t, err)
	theirTemplate, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: "2", Name: "Theirs"})
	must(t, err)
	theirTransform, err := db.CreateTransform(t.Context(), delivery.Transform{GuildID: "2", Name: "Theirs"})
	must(t, err)

	tests := map[string]struct {
		change func(*delivery.Link)
		want   fault.Kind // "" when it is a new one
	}{
		"the same":                   {func(*delivery.Link) {}, fault.Exists},
		"other events":               {func(l *delivery.Link) { l.Events = []string{"Case.created"} }, ""},
		"all events":                 {func(l *delivery.Link) { l.Events = nil }, ""},
		"another filter":             {func(l *delivery.Link) { l.Filter = "" }, ""},
		"without template":           {func(l *delivery.Link) { l.TemplateID = "" }, ""},
		"without transform":          {func(l *delivery.Link) { l.TransformID = "" }, ""},
		"an unknown source":          {func(l *delivery.Link) { l.SourceID = "x" }, fault.NotFound},
		"a disconnected source":      {func(l *delivery.Link) { l.SourceID = gone.ID }, fault.NotFound},
		"another guild's source":     {func(l *delivery.Link) { l.SourceID = other.ID }, fault.NotFound},
		"an unknown destination":     {func(l *delivery.Link) { l.DestinationID = "x" }, fault.NotFound},
		"no destination":             {func(l *delivery.Link) { l.DestinationID = "" }, fault.NotFound},
		"another's destination":      {func(l *delivery.Link) { l.DestinationID = destination(t, db, other).ID }, fault.NotFound},
		"an unknown template":        {func(l *delivery.Link) { l.TemplateID = "x" }, fault.NotFound},
		"another guild's template":   {func(l *delivery.Link) { l.TemplateID = theirTemplate.ID }, fault.NotFound},
		"another guild's transform":  {func(l *delivery.Link) { l.TransformID = theirTransform.ID }, fault.NotFound},
		"a template for a transform": {func(l *delivery.Link) { l.TransformID = tpl.ID }, fault.NotFound},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := base
			tc.change(&l)
			_, err := db.AddLink(t.Context(), guild, l, "")
			if tc.want == "" {
				must(t, err)
			} else {
				wantKind(t, err, tc.want)
			}
		})
	}
}

// TestAddLinkToPausedChannel tries the channel again, unless nothing comes of it.
func TestAddLinkToPausedChannel(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	pause := delivery.Progress{DestinationID: d.ID, Failures: 1, Pause: "pause.no_permission"}
	must(t, db.Finish(t.Context(), pause))
	_, err := db.AddLink(t.Context(), guild, delivery.Link{SourceID: s.ID}, "1")
	wantKind(t, err, fault.Exists)
	if got := destination(t, db, s).Paused; got == "" {
		t.Error("active, although nothing was added")
	}
	added := link(t, db, s, "1", delivery.Link{Filter: "true"})
	if added.Destination.ID != d.ID || added.Destination.Paused != "" || destination(t, db, s).Paused != "" {
		t.Errorf("it is %+v", added.Destination)
	}
}

// TestLinkOrder asks links in the order in which they were added, however quickly, and knows each change at once.
func TestLinkOrder(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	var want []string
	for _, filter := range []string{"", "e", "d", "c", "b", "a"} {
		if filter != "" {
			link(t, db, s, "1", delivery.Link{Filter: filter})
		}
		want = append(want, filter)
		links, err := db.Links(t.Context(), s.ID)
		must(t, err)
		var got []string
		for _, l := range links {
			got = append(got, l.Filter)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("-want +got:", diff)
		}
	}
}

func TestGuildLinks(t *testing.T) {
	db := open(t)
	for _, name := range []string{"zulu", "Bravo", "alpha"} {
		s := connect(t, db, name, "1")
		link(t, db, s, "2", delivery.Link{})
	}
	gone := connect(t, db, "gone", "1")
	must(t, db.Disconnect(t.Context(), guild, gone.ID, at))
	_, err := db.Connect(t.Context(), event.Source{GuildID: "2", Name: "theirs"}, "1")
	must(t, err)
	links, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	var got []string
	for _, l := range links {
		got = append(got, l.SourceName+" "+l.Destination.ChannelID)
	}
	if diff := cmp.Diff([]string{"alpha 1", "alpha 2", "Bravo 1", "Bravo 2", "zulu 1", "zulu 2"}, got); diff != "" {
		t.Error("-want +got:", diff)
	}
}

func TestRemoveLink(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	tpl := template(t, db, "Won")
	link(t, db, s, "2", delivery.Link{TemplateID: tpl.ID})
	assign(t, db, tpl, s, "1", "Case.*")
	id := accept(t, db, s, 1)[0] // by the link that was assigned
	links, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	if diff := cmp.Diff([]string{"Case.*→Won", "all→", "all→Won"}, routes(t, db)); diff != "" {
		t.Fatal("-want +got:", diff)
	}

	wantKind(t, db.RemoveLink(t.Context(), "2", links[1].ID), fault.NotFound)
	must(t, db.RemoveLink(t.Context(), guild, links[1].ID))
	wantKind(t, db.RemoveLink(t.Context(), guild, links[1].ID), fault.NotFound)
	if diff := cmp.Diff([]string{"all→Won"}, routes(t, db)); diff != "" {
		t.Error("it goes with what was made for it: -want +got:", diff)
	}
	batch, err := db.Claim(t.Context(), links[1].DestinationID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Deliveries[0].Event.ID != id || batch.Deliveries[0].LinkID != links[0].ID {
		t.Fatalf("what was pending is not: %+v", batch)
	}
	if diff := cmp.Diff(delivery.Look{}, lookOf(t, db, links[0].ID)); diff != "" {
		t.Error("-want +got:", diff)
	}
	if later := entry(t, db, s, `{}`); len(later.Routes) != 1 || later.Routes[0].DestinationID == links[1].DestinationID {
		t.Errorf("routes are %+v", later.Routes)
	}
}
