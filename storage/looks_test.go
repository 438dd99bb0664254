package storage_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/storage"
)

func lookOf(t testing.TB, db *storage.DB, linkID string) delivery.Look {
	t.Helper()
	look, err := db.LookOf(t.Context(), linkID)
	must(t, err)
	return look
}

// TestLookOf changes what a link shows, by every way there is, and looks after each.
func TestLookOf(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	won, lost := template(t, db, "Won"), template(t, db, "Lost")
	flat := transform(t, db, "Flat", ".record")
	id := link(t, db, s, "1", delivery.Link{Filter: "true", TransformID: flat.ID}).ID
	unassign := func(tpl delivery.Template) func() error {
		return func() error {
			_, err := db.UnassignTemplate(t.Context(), guild, tpl.ID, "", "", nil)
			return err
		}
	}
	assigned := func(tpl delivery.Template) func() error {
		return func() error {
			_, err := db.AssignTemplate(t.Context(), guild, tpl.ID, s.ID, "", nil)
			return err
		}
	}
	update := func(name string) func() error {
		return func() error {
			tpl := find(t, db, name)
			tpl.Text = []byte("{}")
			_, err := db.UpdateTemplate(t.Context(), tpl)
			return err
		}
	}
	steps := []struct {
		name   string
		change func() error
		want   string // template, its version and its text; and the transform with its version
	}{
		{"as it was made", func() error { return nil }, "Flat 1 .record"},
		{"a template", assigned(won), `Won 1 {"title":"Won"} Flat 1 .record`},
		{"another template", assigned(lost), `Lost 1 {"title":"Lost"} Flat 1 .record`},
		{"taken back, but not in use", unassign(won), `Lost 1 {"title":"Lost"} Flat 1 .record`},
		{"changed", update("Lost"), `Lost 2 {} Flat 1 .record`},
		{"failed", func() error {
			must(t, db.TemplateFailed(t.Context(), lost.ID, delivery.Failing{EventID: 1, At: at, Error: "x"}))
			return db.Ping(t.Context()) // the writer has come to it
		}, `Lost 2 {} Flat 1 .record`},
		{"transform changed", func() error {
			flat.Program = ".old"
			_, err := db.UpdateTransform(t.Context(), flat)
			return err
		}, `Lost 2 {} Flat 2 .old`},
		{"transform deleted", func() error { return db.DeleteTransform(t.Context(), guild, flat.ID) }, `Lost 2 {}`},
		{"template deleted", func() error { return db.DeleteTemplate(t.Context(), guild, lost.ID) }, ""},
		{"a template again", assigned(won), `Won 1 {"title":"Won"}`},
		{"taken back", unassign(won), ""},
		{"removed", func() error { return db.RemoveLink(t.Context(), guild, id) }, ""},
	}
	for _, step := range steps {
		must(t, step.change())
		for range 2 { // found, remembered
			if diff := cmp.Diff(step.want, describe(lookOf(t, db, id))); diff != "" {
				t.Errorf("%s: -want +got: %s", step.name, diff)
			}
		}
	}
}

// describe is a look in words.
func describe(look delivery.Look) string {
	var words []string
	if tpl := look.Template; tpl != nil {
		words = append(words, fmt.Sprintf("%s %d %s", tpl.Name, tpl.Version, tpl.Text))
		if tpl.Failing != nil {
			words = append(words, "which fails")
		}
	}
	if x := look.Transform; x != nil {
		words = append(words, fmt.Sprintf("%s %d %s", x.Name, x.Version, x.Program))
	}
	return strings.Join(words, " ")
}

// TestLooksAreBounded looks at more text than is remembered.
func TestLooksAreBounded(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	large, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: guild, Name: "large", Text: make([]byte, storage.ShelfBytes/4)})
	must(t, err)
	var ids []string
	for i := range 10 {
		ids = append(ids, link(t, db, s, "1", delivery.Link{TemplateID: large.ID, Filter: fmt.Sprint(i)}).ID)
	}
	for _, id := range ids {
		if look := lookOf(t, db, id); look.Template == nil {
			t.Error("it is not shown by its template")
		}
	}
	if n := db.Remembered(); n == 0 || n > 4 {
		t.Errorf("%d looks are remembered, want one to four", n)
	}
}
