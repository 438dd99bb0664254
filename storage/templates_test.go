package storage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/fault"
	"dispatch/storage"
)

// template makes one of the guild.
func template(t testing.TB, db *storage.DB, name string) delivery.Template {
	t.Helper()
	made, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: guild, Name: name, Text: []byte(`{"title":"` + name + `"}`)})
	must(t, err)
	return made
}

func TestCreateTemplate(t *testing.T) {
	db := open(t)
	before := time.Now().Add(-time.Millisecond)
	text := []byte("{\n  \"title\": \"Größe \\u0000 {{.Record.Name}}\"\n}")
	asked := delivery.Template{GuildID: guild, Name: "Won Deal", Text: text, ID: "mine", Version: 7, Failing: &delivery.Failing{}}
	made, err := db.CreateTemplate(t.Context(), asked)
	must(t, err)
	if made.ID == "mine" || made.ID == "" || made.UpdatedAt.Before(before) {
		t.Errorf("not filled in: %+v", made)
	}
	want := delivery.Template{ID: made.ID, GuildID: guild, Name: "Won Deal", Text: text, Version: 1, UpdatedAt: made.UpdatedAt}
	for name, got := range map[string]delivery.Template{"returned": made, "found": find(t, db, "wON dEAL")} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got: %s", name, diff)
		}
	}
	_, err = db.Template(t.Context(), "2", "Won Deal")
	wantKind(t, err, fault.NotFound)
	_, err = db.Template(t.Context(), guild, "Won")
	wantKind(t, err, fault.NotFound)

	_, err = db.CreateTemplate(t.Context(), delivery.Template{GuildID: guild, Name: "WON DEAL"})
	wantKind(t, err, fault.Exists)
	_, err = db.CreateTemplate(t.Context(), delivery.Template{GuildID: "2", Name: "WON DEAL"})
	must(t, err)
}

// find gives the template of the guild by its name.
func find(t testing.TB, db *storage.DB, name string) delivery.Template {
	t.Helper()
	found, err := db.Template(t.Context(), guild, name)
	must(t, err)
	return found
}

func TestTemplatesAreSorted(t *testing.T) {
	db := open(t)
	_, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: "2", Name: "theirs"})
	must(t, err)
	var want []delivery.Template
	for _, name := range []string{"Über", "alpha", "Bravo"} {
		want = append(want, template(t, db, name))
	}
	want[0], want[1], want[2] = want[1], want[2], want[0]
	got, err := db.Templates(t.Context(), guild)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:", diff)
	}
}

func TestUpdateTemplate(t *testing.T) {
	db := open(t)
	was, other := template(t, db, "Won"), template(t, db, "Lost")
	must(t, db.TemplateFailed(t.Context(), was.ID, delivery.Failing{EventID: 1, At: at, Error: "no such field"}))

	change := was
	change.Name, change.Text = "WON deal", []byte(`{}`)
	changed, err := db.UpdateTemplate(t.Context(), change)
	must(t, err)
	want := delivery.Template{ID: was.ID, GuildID: guild, Name: "WON deal", Text: []byte(`{}`), Version: 2, UpdatedAt: changed.UpdatedAt}
	for name, got := range map[string]delivery.Template{"returned": changed, "found": find(t, db, "won deal")} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got: %s", name, diff)
		}
	}
	if changed.UpdatedAt.Before(was.UpdatedAt) {
		t.Error("it was changed before it was made")
	}
	if diff := cmp.Diff(other, find(t, db, "Lost")); diff != "" {
		t.Error("another has changed: -want +got:", diff)
	}

	change.Name = "lost"
	_, err = db.UpdateTemplate(t.Context(), change)
	wantKind(t, err, fault.Exists)
	change.Name, change.GuildID = "x", "2"
	_, err = db.UpdateTemplate(t.Context(), change)
	wantKind(t, err, fault.NotFound)
	_, err = db.UpdateTemplate(t.Context(), delivery.Template{ID: "x", GuildID: guild, Name: "x"})
	wantKind(t, err, fault.NotFound)
}

// TestDeleteTemplate deletes one that links use by themselves, and one that was assigned for some events.
func TestDeleteTemplate(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	tpl, other := template(t, db, "Won"), template(t, db, "Lost")
	assign(t, db, other, s, "", "Lead.*")
	assign(t, db, tpl, s, "", "Case.*")
	assign(t, db, tpl, s, "")
	id := accept(t, db, s, 1)[0]
	if diff := cmp.Diff([]string{"Lead.*→Lost", "Case.*→Won", "all→Won"}, routes(t, db)); diff != "" {
		t.Fatal("-want +got:", diff)
	}

	wantKind(t, db.DeleteTemplate(t.Context(), "2", tpl.ID), fault.NotFound)
	must(t, db.DeleteTemplate(t.Context(), guild, tpl.ID))
	wantKind(t, db.DeleteTemplate(t.Context(), guild, tpl.ID), fault.NotFound)

	if diff := cmp.Diff([]string{"Lead.*→Lost", "all→"}, routes(t, db)); diff != "" {
		t.Error("-want +got:", diff)
	}
	batch, err := db.Claim(t.Context(), destination(t, db, s).ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Deliveries[0].Event.ID != id {
		t.Fatalf("what was pending is not: %+v", batch)
	}
	if look := lookOf(t, db, batch.Deliveries[0].LinkID); look.Template != nil {
		t.Errorf("it is shown by %s", look.Template.Name)
	}
}

// TestLimits fills a guild up, and no other.
func TestLimits(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	add := map[string]struct {
		most int
		one  func(guildID, name string) error
	}{
		"templates": {100, func(guildID, name string) error {
			_, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: guildID, Name: name})
			return err
		}},
		"transforms": {100, func(guildID, name string) error {
			_, err := db.CreateTransform(t.Context(), delivery.Transform{GuildID: guildID, Name: name})
			return err
		}},
	}
	for name, tc := range add {
		t.Run(name, func(t *testing.T) {
			for i := range tc.most {
				must(t, tc.one(guild, fmt.Sprint(i)))
			}
			wantKind(t, tc.one(guild, "one more"), fault.TooMany)
			must(t, tc.one("2", "one more"))
		})
	}
	t.Run("links", func(t *testing.T) {
		for i := range 199 { // the first is there
			link(t, db, s, "1", delivery.Link{Filter: fmt.Sprint(i)})
		}
		_, err := db.AddLink(t.Context(), guild, delivery.Link{SourceID: s.ID}, "2")
		wantKind(t, err, fault.TooMany)
		tpl := find(t, db, "0")
		_, err = db.AssignTemplate(t.Context(), guild, tpl.ID, s.ID, "", []string{"Case.*"})
		wantKind(t, err, fault.TooMany)
		if n, err := db.CountRows(t.Context(), "links"); err != nil || n != 200 {
			t.Errorf("%d links, %v", n, err)
		}
		again := connect(t, db, "Service", "1") // with its link
		must(t, db.Disconnect(t.Context(), guild, s.ID, at))
		link(t, db, again, "2", delivery.Link{})
	})
}
