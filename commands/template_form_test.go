package commands_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/locales"
	"dispatch/render"
	"dispatch/storage"
)

const (
	simple  = `{"title":"{{.Record.Name}}"}`
	another = `{"title":"{{.Record.Name}} again"}`
)

// template makes one without a command.
func template(t *testing.T, db *storage.DB, name, text string) delivery.Template {
	t.Helper()
	made, err := db.CreateTemplate(t.Context(), delivery.Template{GuildID: guildID, Name: name, Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// textOf is the template's now, "" when there is none.
func textOf(t *testing.T, db *storage.DB, name string) string {
	t.Helper()
	found, err := db.Template(t.Context(), guildID, name)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		t.Fatal(err)
	}
	return string(found.Text)
}

// saving submits the form and returns what is said beside the preview.
func (b *bench) saving(form answer, values map[string]string) answer {
	b.t.Helper()
	_, said := b.posted("button", submitting(b.t, form, values))
	return said
}

func TestTemplateCreate(t *testing.T) {
	starters := map[string]string{}
	for _, s := range render.Starters() {
		starters[s.Name] = string(s.Text)
	}
	for name, starter := range map[string]string{"": "generic", "won-deal": "won-deal"} {
		t.Run("starter "+name, func(t *testing.T) {
			b, db := open(t)
			edits := []edit{set("name", " Won deal ")}
			if name != "" {
				edits = append(edits, set("starter", name))
			}
			form := b.slash("template", "create", edits...)
			in := form.inputs(t)
			if form.Body.Title != "New template" || in["name"].Value != "Won deal" || in["text"].Value != starters[starter] || starters[starter] == "" {
				t.Fatalf("form = %+v", form.Body)
			}
			if !in["name"].Required || in["name"].MaxLength != 100 || !in["text"].Required || in["text"].MaxLength != 4000 {
				t.Errorf("inputs = %+v", in)
			}
			said := b.saving(form, map[string]string{"text": simple})
			const want = "✅ **Won deal** is saved (version 1).\nNothing is shown by it yet: press **Assign…** to choose what is.\n**Won deal**, shown with a sample of **"
			if !strings.HasPrefix(said.Body.Content, want) {
				t.Errorf("content = %q, want %q…", said.Body.Content, want)
			}
			if got := textOf(t, db, "won DEAL"); got != simple {
				t.Errorf("text = %q", got)
			}
			if said.button("Assign…") == "" || said.button("Edit") == "" {
				t.Errorf("buttons: %+v", said.Body.Components)
			}
		})
	}
}

func TestTemplateCreateRefuses(t *testing.T) {
	const length = "A name has 1 to 100 characters."
	tests := map[string]struct{ name, want string }{
		"taken":     {"WON deal", "There is a template called **WON deal** already. **/template edit** changes it"},
		"blank":     {"  ", length},
		"too long":  {strings.Repeat("ü", 101), length},
		"invisible": {"a\u202eb", "That name has characters nobody can see."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			template(t, db, "Won deal", simple)
			if got := b.slash("template", "create", set("name", tc.name)).Body.Content; !strings.HasPrefix(got, tc.want) {
				t.Errorf("content = %q, want %q…", got, tc.want)
			}
		})
	}
}

func TestTemplateEdit(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "Won deal", simple)
	byName := b.slash("template", "edit", set("name", "won deal"))
	byButton := b.press("/template/edit/" + made.ID)
	if diff := cmp.Diff(byName.Body, byButton.Body); diff != "" {
		t.Errorf("the form of the command and of the button (-command +button):\n%s", diff)
	}
	if in := byName.inputs(t); byName.Body.Title != "Edit template" || in["name"].Value != "Won deal" || in["text"].Value != simple {
		t.Errorf("form = %+v", byName.Body)
	}
	said := b.saving(byName, map[string]string{"name": "Deal", "text": another})
	if !strings.HasPrefix(said.Body.Content, "✅ **Deal** is saved (version 2).") {
		t.Errorf("content = %q", said.Body.Content)
	}
	if got := textOf(t, db, "deal"); got != another || textOf(t, db, "won deal") != "" {
		t.Errorf("text = %q", got)
	}
	if got := b.press("/template/edit/gone").Body.Content; got != "This template is not there any more." {
		t.Errorf("one that is gone: %q", got)
	}
	const unknown = "There is no template called **nobody**. Pick one from the suggestions"
	if got := b.slash("template", "edit", set("name", "nobody")).Body.Content; !strings.HasPrefix(got, unknown) {
		t.Errorf("an unknown one: %q", got)
	}
}

// What does not fit into a form is edited in a file. A form counts as Discord's clients do.
func TestTemplateEditByFile(t *testing.T) {
	title := func(characters string) string { return `{"title":"` + characters + `"}` }
	tests := map[string]struct {
		text string
		file bool
	}{
		"as long as a form takes":       {title(strings.Repeat("a", 4000-12)), false},
		"longer":                        {title(strings.Repeat("a", 4000-11)), true},
		"longer when emoji are counted": {title(strings.Repeat("😀", 2000)), true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			template(t, db, "Won/deal", tc.text)
			got := b.slash("template", "edit", set("name", "won/deal"))
			if (got.How == "form") == tc.file {
				t.Fatalf("%s: %s", got.How, got.Body.Content)
			}
			if tc.file && (got.Files["Won-deal.json"] != tc.text || !strings.Contains(got.Body.Content, "give it back with **/template import**")) {
				t.Errorf("%q with %d files", got.Body.Content, len(got.Files))
			}
		})
	}
}

// Somebody else's change is not overwritten unasked, and neither text is lost.
func TestTemplateChangedMeanwhile(t *testing.T) {
	const mine, theirs = `{"title":"mine"}`, `{"title":"theirs"}`
	for _, over := range []bool{true, false} {
		b, db := open(t)
		made := template(t, db, "deal", simple)
		form := b.slash("template", "edit", set("name", "deal"))
		made.Text = []byte(theirs)
		if _, err := db.UpdateTemplate(t.Context(), made); err != nil {
			t.Fatal(err)
		}
		asked := b.fill(form, map[string]string{"text": mine})
		if !strings.HasPrefix(asked.Body.Content, "**deal** was changed <t:") {
			t.Fatalf("content = %q", asked.Body.Content)
		}
		if diff := cmp.Diff(map[string]string{"deal.json": mine, "deal-v2.json": theirs}, asked.Files); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		label, want := "Cancel", theirs
		if over {
			label, want = "Save over it", mine
		}
		answers := b.ask("button", pressing(asked.button(label)))
		if answers[0].How != "update" {
			t.Errorf("the question stands: %s", answers[0].How)
		}
		if over && !strings.HasPrefix(answers[0].Body.Content, "✅ **deal** is saved (version 3).") {
			t.Errorf("content = %q", answers[0].Body.Content)
		}
		if got := textOf(t, db, "deal"); got != want {
			t.Errorf("text = %q, want %q", got, want)
		}
	}
}

// What was typed for a template that somebody has deleted meanwhile makes a new one.
func TestTemplateDeletedMeanwhile(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "deal", simple)
	form := b.slash("template", "edit", set("name", "deal"))
	if err := db.DeleteTemplate(t.Context(), guildID, made.ID); err != nil {
		t.Fatal(err)
	}
	if said := b.saving(form, map[string]string{"text": another}); !strings.HasPrefix(said.Body.Content, "✅ **deal** is saved (version 1).") {
		t.Errorf("content = %q", said.Body.Content)
	}
	if got := textOf(t, db, "deal"); got != another {
		t.Errorf("text = %q", got)
	}
}

// clumsy is a store that cannot keep templates.
type clumsy struct {
	*storage.DB
	err    error
	panics bool
}

func (c *clumsy) CreateTemplate(ctx context.Context, t delivery.Template) (delivery.Template, error) {
	if c.panics {
		panic("the cause")
	}
	if c.err != nil {
		return delivery.Template{}, c.err
	}
	return c.DB.CreateTemplate(ctx, t)
}

// Whatever goes wrong when a form is submitted, its asker gets it back, as often as it takes.
func TestNothingTypedIsLost(t *testing.T) {
	tests := map[string]struct {
		values map[string]string
		store  clumsy
		want   string
		file   string
	}{
		"no JSON":           {map[string]string{"text": "{\"title\": \n"}, clumsy{}, "I can't save this template yet: line ", "won-deal.json"},
		"no template":       {map[string]string{"text": "{\n \"title\":\"{{.Record.\"}"}, clumsy{}, "I can't save this template yet: in `title`, line 2, column ", "won-deal.json"},
		"a bad name":        {map[string]string{"name": "\u202e"}, clumsy{}, "That name has characters nobody can see.", "-.json"},
		"a name of another": {map[string]string{"name": "Taken"}, clumsy{}, "There is a template called **Taken** already.", "Taken.json"},
		"no storage":        {nil, clumsy{err: fault.New(fault.Unavailable, "no")}, "I can't do that right now.", "won-deal.json"},
		"our mistake":       {nil, clumsy{err: errors.New("the cause")}, "Something went wrong on our side", "won-deal.json"},
		"a panic":           {nil, clumsy{panics: true}, "Something went wrong on our side", "won-deal.json"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			template(t, db, "Taken", simple)
			tc.store.DB = db
			b := sit(t, &tc.store, nil)
			form := b.slash("template", "create", set("name", "won-deal"))
			values := map[string]string{"name": "won-deal", "text": another}
			for id, value := range tc.values {
				values[id] = value
			}
			got := b.fill(form, values)
			if !strings.HasPrefix(got.Body.Content, tc.want) || !strings.HasSuffix(got.Body.Content, "**Edit again** opens the form with it, and it's attached, too.") {
				t.Errorf("content = %q, want %q…", got.Body.Content, tc.want)
			}
			checkMention(t, "content: the cause", got.Body.Content, "the cause", false)
			if diff := cmp.Diff(map[string]string{tc.file: values["text"]}, got.Files); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			for range 2 {
				again := b.press(got.button("Edit again"))
				if in := again.inputs(t); in["name"].Value != values["name"] || in["text"].Value != values["text"] {
					t.Errorf("form = %+v", in)
				}
			}
			tc.store.err, tc.store.panics = nil, false
			b.saving(b.press(got.button("Edit again")), map[string]string{"name": "mended", "text": simple})
			if got := textOf(t, db, "mended"); got != simple {
				t.Errorf("text = %q", got)
			}
		})
	}
}

func TestMistakesShowTheirPlace(t *testing.T) {
	b, _ := open(t)
	form := b.slash("template", "create", set("name", "deal"))
	got := b.fill(form, map[string]string{"text": "{\n  \"fields\": [\n    {\"name\": \"a\", \"value\": \"{{nope .Record}} `x`\"}\n  ]\n}"}).Body.Content
	for _, part := range []string{"in `fields[0].value`, line 3, column ", "nope", "at `"} {
		checkMention(t, "content: "+part, got, part, true)
	}
}

func TestFormsFitInEveryLanguage(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme", event.AuthSecret)
	made := template(t, db, "deal", simple)
	for _, tag := range locales.Tags() {
		forms := []answer{
			b.slash("template", "create", set("name", "new"), field("locale", tag)),
			b.slash("template", "edit", set("name", "deal"), field("locale", tag)),
			b.press("/template/assign/"+made.ID, field("locale", tag)),
		}
		for _, form := range forms {
			form.inputs(t) // held against Discord's limits when it was answered
			for _, r := range form.Body.Components {
				if strings.HasSuffix(r.Label, "…") || strings.HasSuffix(r.Description, "…") || strings.HasPrefix(r.Label, "template.") {
					t.Errorf("%s: %q, %q", tag, r.Label, r.Description)
				}
			}
		}
	}
}
