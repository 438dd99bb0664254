package commands_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/locales"
)

func TestTemplateShow(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "Won_deal", simple)
	title, description, fields := b.slash("template", "show", set("name", "won_deal")).embed(t)
	want := "Version 1, changed <t:" + fmtUnix(made.UpdatedAt) + ":R>\n```json\n" + simple + "\n```"
	if title != `Won\_deal` || description != want {
		t.Errorf("%q: %q, want %q", title, description, want)
	}
	if diff := cmp.Diff([]string{"Used by: Nothing yet. **/template assign** chooses what it shows."}, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}

	s := connect(t, db, "Acme", event.AuthSecret)
	for _, events := range [][]string{nil, {"Case.*", "!Case.deleted"}} {
		if _, err := db.AssignTemplate(t.Context(), guildID, made.ID, s.ID, "", events); err != nil {
			t.Fatal(err)
		}
	}
	failed := delivery.Failing{EventID: stamp(0), At: b.now, Error: "title: `boom`"}
	if err := db.TemplateFailed(t.Context(), made.ID, failed); err != nil {
		t.Fatal(err)
	}
	got := b.slash("template", "show", set("name", "won_deal"))
	_, _, fields = got.embed(t)
	wantFields := []string{
		"Used by: **Acme** → <#" + channelID + "> · `Case.*, !Case.deleted`\n**Acme** → <#" + channelID + ">",
		"⚠️ Last failure: <t:" + fmtUnix(b.now) + ":R>, on event `" + strconv.FormatInt(int64(stamp(0)), 36) + "`: `` title: `boom` ``\n" +
			"The built-in embed was posted in its place. **/template preview** with that id shows it again.",
	}
	if diff := cmp.Diff(wantFields, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	for label, id := range map[string]string{"Assign…": "assign", "Edit": "edit", "Preview": "preview"} {
		if got.button(label) != "/template/"+id+"/"+made.ID {
			t.Errorf("the button %s is %q", label, got.button(label))
		}
	}
}

// A template that is too long for its card is attached; the worst of everything still fits, in every language.
func TestTemplateShowFits(t *testing.T) {
	b, db := open(t)
	made := template(t, db, strings.Repeat("*", 100), `{"title":"`+strings.Repeat("```", 1200)+`"}`)
	small := template(t, db, "small", `{"title":"`+strings.Repeat("```", 140)+`"}`)
	for i := range 25 {
		s := connect(t, db, strings.Repeat("_", 70)+fmt.Sprint(i), event.AuthSecret)
		for _, one := range []delivery.Template{made, small} {
			types := []string{strings.Repeat("`", 100) + one.Name[:1], strings.Repeat("a", 100)}
			if _, err := db.AssignTemplate(t.Context(), guildID, one.ID, s.ID, "", types); err != nil {
				t.Fatal(err)
			}
		}
	}
	failed := delivery.Failing{EventID: stamp(0), At: time.Now(), Error: strings.Repeat("`` ", 2000)}
	for _, one := range []delivery.Template{made, small} {
		if err := db.TemplateFailed(t.Context(), one.ID, failed); err != nil {
			t.Fatal(err)
		}
		for _, tag := range locales.Tags() {
			got := b.slash("template", "show", set("name", one.Name), field("locale", tag)) // which knows the limits
			_, description, fields := got.embed(t)
			if attached := len(got.Files) == 1; attached == strings.Contains(description, "```json") || attached != (one.ID == made.ID) {
				t.Errorf("%s: attached: %v: %s", tag, attached, description)
			}
			if len(fields) != 2 || tag == "en-US" && !strings.Contains(fields[0], "\n… and ") {
				t.Errorf("%s: fields = %q", tag, fields)
			}
		}
	}
	for name, file := range b.slash("template", "show", set("name", made.Name)).Files {
		if name != strings.Repeat("-", 60)+".json" || file != string(made.Text) || !json.Valid([]byte(file)) {
			t.Errorf("%s = %.100s", name, file)
		}
	}
}

func TestTemplateList(t *testing.T) {
	b, db := open(t)
	if got := b.slash("template", "list").Body.Content; !strings.HasPrefix(got, "There are no templates yet") {
		t.Errorf("none: %q", got)
	}
	used, failing := template(t, db, "b", simple), template(t, db, "A*", simple)
	template(t, db, "c", simple)
	s := connect(t, db, "Acme", event.AuthSecret)
	for _, events := range [][]string{nil, {"Case.*"}} {
		if _, err := db.AssignTemplate(t.Context(), guildID, used.ID, s.ID, "", events); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.TemplateFailed(t.Context(), failing.ID, delivery.Failing{EventID: stamp(0), At: b.now, Error: "boom"}); err != nil {
		t.Fatal(err)
	}
	title, description, _ := b.slash("template", "list").embed(t)
	want := `⚠️ **A\*** · version 1 · used nowhere · failed <t:` + fmtUnix(b.now) + ":R>\n**b** · version 1 · 2 routes\n**c** · version 1 · used nowhere"
	if title != "Templates" || description != want {
		t.Errorf("%q: %q, want %q", title, description, want)
	}
	for i := range 60 {
		template(t, db, strings.Repeat("_", 90)+fmt.Sprint(i), simple)
	}
	if _, description, _ = b.slash("template", "list").embed(t); !strings.HasSuffix(description, "more. **/template show** shows each by its name.") {
		t.Errorf("many: …%q", description[len(description)-100:])
	}
}

func TestTemplateDelete(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "deal", simple)
	if asked := b.slash("template", "delete", set("name", "deal")); asked.Body.Content != "Delete **deal**? It's used nowhere." {
		t.Errorf("content = %q", asked.Body.Content)
	}
	s := connect(t, db, "Acme", event.AuthSecret)
	if _, err := db.AssignTemplate(t.Context(), guildID, made.ID, s.ID, "", nil); err != nil {
		t.Fatal(err)
	}
	asked := b.slash("template", "delete", set("name", "DEAL"))
	if want := "**deal** is in use by one route. Delete it all the same?"; !strings.HasPrefix(asked.Body.Content, want) {
		t.Errorf("content = %q, want %q…", asked.Body.Content, want)
	}
	if _, _, fields := asked.embed(t); len(fields) != 1 || fields[0] != "Used by: **Acme** → <#"+channelID+">" {
		t.Errorf("fields = %q", fields)
	}
	if got := textOf(t, db, "deal"); got == "" {
		t.Fatal("it was deleted unasked")
	}
	done := b.press(asked.button("Delete"))
	if !strings.HasPrefix(done.Body.Content, "**deal** is deleted.") || done.Files["deal.json"] != simple || len(done.Body.Embeds) != 0 {
		t.Errorf("%q with %q", done.Body.Content, done.Files)
	}
	if got := textOf(t, db, "deal"); got != "" {
		t.Errorf("it is still there: %s", got)
	}
}

func TestTemplateSuggestions(t *testing.T) {
	b, db := open(t)
	for _, name := range []string{"Won deal", "Lost deal", "Case"} {
		template(t, db, name, simple)
	}
	for _, sub := range []string{"edit", "show", "delete", "preview", "assign", "unassign", "import", "export"} {
		if diff := cmp.Diff([]string{"Lost deal = Lost deal", "Won deal = Won deal"}, b.suggested("template", sub, "name", "DEAL")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sub, diff)
		}
	}
}
