package commands_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/locales"
	"dispatch/storage"
)

// programOf is the program of the transform with that name, "" when there is none.
func programOf(t *testing.T, db *storage.DB, name string) string {
	t.Helper()
	all, err := db.Transforms(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Name == name {
			return one.Program
		}
	}
	return ""
}

func TestTransformCreate(t *testing.T) {
	b, db := open(t)
	form := b.slash("transform", "create", set("name", " Slim "))
	if form.Body.Title != "New transform" || form.inputs(t)["name"].Value != "Slim" || form.inputs(t)["program"].MaxLength != 4000 {
		t.Errorf("form = %+v", form.Body)
	}
	const program = ".record\n| {Name, Amount}"
	got := b.fill(form, map[string]string{"program": program})
	checkContent(t, got, "✅ **Slim** is saved (version 1).\nPress **Test** to see what it makes of an event. **/route add** with **transform** puts it to use.")
	if stored := programOf(t, db, "Slim"); stored != program {
		t.Errorf("stored %q", stored)
	}
	made, err := db.Transform(t.Context(), guildID, "slim")
	if err != nil || got.button("Test") != "/transform/test/"+made.ID {
		t.Errorf("the button is %q: %v", got.button("Test"), err)
	}
	if title, description, _ := b.press(got.button("Test")).embed(t); title != "Slim" || !strings.Contains(description, "**After**") {
		t.Errorf("tested: %s: %s", title, description)
	}
}

func TestTransformCreateRefuses(t *testing.T) {
	b, db := open(t)
	slim(t, db, "Slim_1", ".")
	const exists = `There is a transform called **slim\_1** already. **/transform edit** changes it; else please choose another name.`
	for name, want := range map[string]string{
		"slim_1": exists, " ": "A name has 1 to 80 characters. Please choose another.",
		"a\u202eb": "That name has characters nobody can see. Please type it with letters, digits, spaces and signs only.",
	} {
		checkContent(t, b.slash("transform", "create", set("name", name)), want)
	}
	form := b.slash("transform", "create", set("name", "other"))
	tests := map[string]struct {
		values map[string]string
		want   string
	}{
		"taken meanwhile": {map[string]string{"name": "slim_1"}, exists},
		"no name":         {map[string]string{"name": " "}, "A name has 1 to 80 characters."},
		"mistake":         {map[string]string{"program": ".record\n| {Name: foo(1)}"}, "I can't take this program: "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := b.fill(form, tc.values)
			if !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("content = %s\nwant %s…", got.Body.Content, tc.want)
			}
			again := b.press(got.button("Edit again")).inputs(t)
			for id, value := range tc.values {
				if again[id].Value != value {
					t.Errorf("%s is %q, want %q", id, again[id].Value, value)
				}
			}
		})
	}
	if all, err := db.Transforms(t.Context(), guildID); err != nil || len(all) != 1 {
		t.Errorf("%d transforms, %v", len(all), err)
	}
}

// A program that is wrong is shown with a sign under the place, in the line that it is in.
func TestTransformPointsIntoTheProgram(t *testing.T) {
	b, _ := open(t)
	form := b.slash("transform", "create", set("name", "slim"))
	got := b.fill(form, map[string]string{"program": ".record\n| {Name, Amount: }\n| ."}).Body.Content
	if want := "```\n| {Name, Amount: }\n"; !strings.Contains(got, "line 2, column ") || !strings.Contains(got, want) || !strings.Contains(got, "^\n```") {
		t.Errorf("content = %s", got)
	}
}

func TestTransformEdit(t *testing.T) {
	b, db := open(t)
	made := slim(t, db, "slim", ".record")
	form := b.slash("transform", "edit", set("name", "SLIM"))
	if in := form.inputs(t); form.Body.Title != "Edit transform" || in["name"].Value != "slim" || in["program"].Value != ".record" {
		t.Fatalf("form = %+v", in)
	}
	got := b.fill(form, map[string]string{"name": "slimmer", "program": ".record.Name"})
	if !strings.HasPrefix(got.Body.Content, "✅ **slimmer** is saved (version 2).") || programOf(t, db, "slimmer") != ".record.Name" {
		t.Errorf("content = %s", got.Body.Content)
	}
	if in := b.press("/transform/edit/" + made.ID).inputs(t); in["program"].Value != ".record.Name" {
		t.Errorf("by the button: %+v", in)
	}
	for _, got := range []answer{b.slash("transform", "edit", set("name", "slim")), b.press("/transform/edit/x"), b.press("/transform/test/x")} {
		if got.How != "create" || !strings.Contains(got.Body.Content, "transform") {
			t.Errorf("%s: %s", got.How, got.Body.Content)
		}
	}
}

// Nobody saves over what somebody else has saved meanwhile without being told, and nothing that was typed is lost.
func TestTransformChangedMeanwhile(t *testing.T) {
	b, db := open(t)
	made := slim(t, db, "slim", ".")
	form := b.slash("transform", "edit", set("name", "slim"))
	made.Program = ".record"
	if _, err := db.UpdateTransform(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	asked := b.fill(form, map[string]string{"program": ".old"})
	if !strings.HasPrefix(asked.Body.Content, "**slim** was changed <t:") || programOf(t, db, "slim") != ".record" {
		t.Fatalf("content = %s", asked.Body.Content)
	}
	if diff := cmp.Diff(map[string]string{"slim.jq": ".old", "slim-v2.jq": ".record"}, asked.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if saved := b.press(asked.button("Save over it")); !strings.Contains(saved.Body.Content, "(version 3)") || programOf(t, db, "slim") != ".old" {
		t.Errorf("content = %s", saved.Body.Content)
	}
	form = b.slash("transform", "edit", set("name", "slim"))
	if err := db.DeleteTransform(t.Context(), guildID, made.ID); err != nil {
		t.Fatal(err)
	}
	if saved := b.fill(form, nil); !strings.Contains(saved.Body.Content, "(version 1)") || programOf(t, db, "slim") != ".old" {
		t.Errorf("deleted meanwhile: %s", saved.Body.Content)
	}
}

func TestTransformList(t *testing.T) {
	b, db := open(t)
	checkContent(t, b.slash("transform", "list"),
		"There are no transforms yet. **/transform create** makes one: a jq program that reshapes events before they are sent on.")
	s := connect(t, db, "Acme", event.AuthSecret)
	used, idle := slim(t, db, "slim_1", "."), slim(t, db, "Idle", ".")
	for _, channel := range []string{channelID, elsewhere} {
		addRoute(t, db, s, channel, func(l *delivery.Link) { l.TransformID = used.ID })
	}
	title, description, _ := b.slash("transform", "list").embed(t)
	want := "**Idle** · version 1, <t:" + fmtUnix(idle.UpdatedAt) + ":R> · used nowhere\n" +
		`**slim\_1** · version 1, <t:` + fmtUnix(used.UpdatedAt) + ":R> · 2 routes"
	if diff := cmp.Diff(want, description); diff != "" || title != "Transforms" {
		t.Errorf("%s (-want +got):\n%s", title, diff)
	}
	for i := range 90 {
		slim(t, db, strings.Repeat("_", 70)+fmt.Sprint(i), ".")
	}
	for _, tag := range locales.Tags() {
		_, description, _ := b.slash("transform", "list", field("locale", tag)).embed(t) // which knows the limits
		lines := strings.Split(description, "\n")
		if last := lines[len(lines)-1]; !strings.Contains(last, fmt.Sprint(92-len(lines)+1)) {
			t.Errorf("%s: %d lines, then %s", tag, len(lines)-1, last)
		}
	}
}

func TestTransformDelete(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	slim(t, db, "idle", ".old")
	used := slim(t, db, "used", ".record")
	addRoute(t, db, s, elsewhere, func(l *delivery.Link) { l.TransformID = used.ID })

	asked := b.slash("transform", "delete", set("name", "IDLE"))
	checkContent(t, asked, "Delete **idle**? It's used nowhere.")
	got := b.press(asked.button("Delete"))
	checkContent(t, got, "**idle** is deleted. Its program is attached, should you want it back.")
	if diff := cmp.Diff(map[string]string{"idle.jq": ".old"}, got.Files); diff != "" || programOf(t, db, "idle") != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}

	asked = b.slash("transform", "delete", set("name", "used"))
	checkContent(t, asked, "**used** is in use by one route. Delete it all the same? What goes over it is not reshaped any more then.")
	if _, _, fields := asked.embed(t); !cmp.Equal(fields, []string{"Used by: **Acme** → " + there}) {
		t.Errorf("fields = %q", fields)
	}
	b.press(asked.button("Cancel"))
	if programOf(t, db, "used") == "" {
		t.Fatal("it is gone although nobody said so")
	}
	b.press(b.slash("transform", "delete", set("name", "used")).button("Delete"))
	if links := routesOf(t, db, s); len(links) != 2 || links[1].TransformID != "" {
		t.Errorf("links = %+v", links)
	}
	checkContent(t, b.slash("transform", "delete", set("name", "used")),
		"There is no transform called **used**. Pick one from the suggestions, or see them all with **/transform list**.")
}

func TestTransformTry(t *testing.T) {
	const deal = `{"event_type":"Opportunity.updated","token":"hush","record":{"Name":"Acme ` + "```" + `","Amount":1}}`
	tests := map[string]struct {
		program, event string // event "stored" is the stored one
		first, want    string // the first line, and what the description ends with
		colour         int
	}{
		"stored event": {
			"{name: .record.Name, token}", "stored", "With **Opportunity.updated** of **Acme**, <t:",
			"**After**\n```json\n{\n  \"name\": \"Acme \\u0060\\u0060\\u0060\",\n  \"token\": \"********\"\n}\n```", 0x57F287,
		},
		"sample": {".record.CaseNumber | length > 0", "Case.created", "With a sample of **Case.created**\n", "**After**\n```json\ntrue\n```", 0x57F287},
		"fails":  {".record | keys | .[0].x", "stored", "With **Opportunity.updated**", "\n```", 0xED4245},
		"empty":  {"empty", "Case.created", "With a sample of **Case.created**\n⚠️ It fails on this event: ", "\n```", 0xED4245},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			slim(t, db, "Slim", tc.program)
			if id := acceptBody(t, db, connect(t, db, "Acme", event.AuthSecret), "Opportunity.updated", deal); tc.event == "stored" {
				tc.event = id.String()
			}
			got := b.slash("transform", "test", set("name", "slim"), set("event", tc.event))
			title, description, _ := got.embed(t)
			if title != "Slim" || !strings.HasPrefix(description, tc.first) || !strings.HasSuffix(description, tc.want) {
				t.Errorf("%s: %s\nwant %s…%s", title, description, tc.first, tc.want)
			}
			if !strings.Contains(description, "**Before**\n```json\n{\n") || strings.Contains(description, "hush") || len(got.Files) != 0 {
				t.Errorf("%d files, description = %s", len(got.Files), description)
			}
			if failed := strings.Contains(description, "⚠️ It fails on this event: "); failed != (tc.colour == 0xED4245) || got.Body.Embeds[0].Color != tc.colour {
				t.Errorf("failed: %v, colour %x", failed, got.Body.Embeds[0].Color)
			}
		})
	}
}

// What is known to hold secrets is shown without them, by whatever name.
func TestPreviewsShowNoSecret(t *testing.T) {
	b, db := open(t)
	slim(t, db, "slim", "{x: .data.clientSecret}")
	template(t, db, "deal", `{"title":"{{.Body.data.clientSecret}} of {{.Body.data.messageId}}"}`)
	id := acceptBody(t, db, connect(t, db, "Acme", event.AuthSecret), event.PreferencesUpdated, `{"data":{"clientSecret":"hush","messageId":"Mine"}}`)
	_, description, _ := b.slash("transform", "test", set("name", "slim"), set("event", id.String())).embed(t)
	if !strings.Contains(description, event.Masked) || strings.Contains(description, "hush") {
		t.Error(description)
	}
	if title, _ := b.previewing(set("name", "deal"), set("event", id.String())); title != `\*\*\*\*\*\*\*\* of Mine` {
		t.Error(title)
	}
}

// Without an event, it is tried on the newest one that comes over a route which uses it, else on a sample.
func TestTransformTryPicksTheEvent(t *testing.T) {
	b, db := open(t)
	made := slim(t, db, "slim", ".")
	first := func() string {
		t.Helper()
		_, description, _ := b.slash("transform", "test", set("name", "slim")).embed(t)
		line, _, _ := strings.Cut(description, "\n")
		return line
	}
	if got := first(); got != "With a sample of **Opportunity.updated**" {
		t.Errorf("nowhere in use: %s", got)
	}
	s := connect(t, db, "Acme", event.AuthSecret)
	addRoute(t, db, s, elsewhere, func(l *delivery.Link) { l.TransformID, l.Events = made.ID, []string{"Case.*"} })
	accept(t, db, s, "Case.created", "Lead.created")
	if got := first(); !strings.HasPrefix(got, "With **Case.created** of **Acme**, <t:") {
		t.Errorf("in use: %s", got)
	}
	for typed, want := range map[string]string{"nothing": "There is no event", "no such!": "**no such!** is no event here"} {
		if got := b.slash("transform", "test", set("name", "slim"), set("event", typed)).Body.Content; !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s", typed, got)
		}
	}
}

// What the card has no room for is attached, without its secrets, and the worst still fits.
func TestTransformTryFits(t *testing.T) {
	b, db := open(t)
	slim(t, db, strings.Repeat("*", 80), ".")
	slim(t, db, "fails", ".record.Name.x"+strings.Repeat(" ", 3900)+"| .")
	long := `{"token":"hush","record":{"Name":"` + strings.Repeat("`", 9000) + `"}}`
	id := acceptBody(t, db, connect(t, db, strings.Repeat("_", 80), event.AuthSecret), strings.Repeat("*", 128), long)
	for _, tag := range locales.Tags() {
		got := b.slash("transform", "test", set("name", strings.Repeat("*", 80)), set("event", id.String()), field("locale", tag))
		for _, name := range []string{"before.json", "after.json"} {
			if file := got.Files[name]; !json.Valid([]byte(file)) || strings.Contains(file, "hush") || len(file) < 9000 {
				t.Errorf("%s: %s = %.100s", tag, name, file)
			}
		}
		if _, description, _ := got.embed(t); strings.Count(description, "```") != 4 || !strings.Contains(description, "`after.json`") {
			t.Errorf("%s: %s", tag, description)
		}
		b.slash("transform", "test", set("name", "fails"), set("event", id.String()), field("locale", tag))
	}
}

func TestTransformSuggestions(t *testing.T) {
	b, db := open(t)
	slim(t, db, "Slim", ".")
	slim(t, db, "other", ".")
	accept(t, db, connect(t, db, "Acme", event.AuthSecret), "Case.created")
	for _, sub := range []string{"edit", "delete", "test"} {
		if diff := cmp.Diff([]string{"Slim = Slim"}, b.suggested("transform", sub, "name", "SL")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sub, diff)
		}
	}
	if got := b.suggested("transform", "test", "event", "case.cr"); len(got) < 2 || !strings.HasPrefix(got[0], "Case.created · just now") {
		t.Errorf("events: %q", got)
	}
}
