package commands_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/storage"
)

// shownBy are the links that show a template: its name, the channel and the event types of each.
func shownBy(t *testing.T, db *storage.DB) []string {
	t.Helper()
	links, err := db.GuildLinks(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range links {
		if l.TemplateName != "" {
			all = append(all, strings.Join([]string{l.TemplateName, l.SourceName, l.Destination.ChannelID, strings.Join(l.Events, ",")}, " "))
		}
	}
	return all
}

func TestTemplateAssign(t *testing.T) {
	everywhere := []string{"deal Acme " + channelID + " "}
	tests := map[string]struct {
		edits []edit
		want  string // of the reply, which begins with it
		links []string
	}{
		"to a source":       {nil, "✅ **deal** now shows what **Acme** sends: 1 route.", everywhere},
		"in a channel":      {[]edit{to("channel", channelID, 0)}, "✅ **deal** now shows what **Acme** sends: <#" + channelID + ">.", everywhere},
		"for some events":   {[]edit{set("events", " Case.* ,!Case.deleted,case.*,")}, "✅ **deal** now shows `Case.*, !Case.deleted` of **Acme**: 1 route.", []string{"deal Acme " + channelID + " Case.*,!Case.deleted"}},
		"in another one":    {[]edit{to("channel", elsewhere, 0)}, "**Acme** has no route to <#" + elsewhere + "> for these events.", nil},
		"a bad type":        {[]edit{set("events", "Case.*, !")}, "**!** is no event type that I can look for.", nil},
		"an unknown name":   {[]edit{set("name", "nobody")}, "There is no template called **nobody**.", nil},
		"an unknown source": {[]edit{set("source", "nobody")}, "There is no source called **nobody**.", nil},
		"one that is gone":  {[]edit{set("source", "Gone")}, "**Gone** is disconnected for good.", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			template(t, db, "deal", simple)
			connect(t, db, "Acme", event.AuthSecret)
			gone := connect(t, db, "Gone", event.AuthSecret)
			if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
				t.Fatal(err)
			}
			got := b.slash("template", "assign", append([]edit{set("name", "deal"), set("source", "acme")}, tc.edits...)...)
			if !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("content = %q, want %q…", got.Body.Content, tc.want)
			}
			if diff := cmp.Diff(tc.links, shownBy(t, db)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTemplateUnassign(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "deal", simple)
	for _, name := range []string{"Acme", "QA"} {
		s := connect(t, db, name, event.AuthSecret)
		for _, events := range [][]string{nil, {"Case.*"}} {
			if _, err := db.AssignTemplate(t.Context(), guildID, made.ID, s.ID, "", events); err != nil {
				t.Fatal(err)
			}
		}
	}
	const nothing = "**deal** is not assigned there, so nothing was changed."
	steps := []struct {
		edits []edit
		want  string
		left  int
	}{
		{[]edit{to("channel", elsewhere, 0)}, nothing, 4},
		{[]edit{set("events", "Lead.*")}, nothing, 4},
		{[]edit{set("source", "qa"), to("channel", channelID, 0)}, "**deal** is taken off 2 routes.", 2},
		{[]edit{set("source", "qa")}, nothing, 2},
		{[]edit{set("events", "Case.*")}, "**deal** is taken off one route.", 1},
		{nil, "**deal** is taken off one route.", 0},
		{nil, nothing, 0},
	}
	for i, step := range steps {
		got := b.slash("template", "unassign", append([]edit{set("name", "deal")}, step.edits...)...)
		if got.Body.Content != step.want || len(shownBy(t, db)) != step.left {
			t.Errorf("step %d: %q, want %q; %d links", i, got.Body.Content, step.want, len(shownBy(t, db)))
		}
	}
}

func TestTemplateAssignByForm(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "deal", simple)
	acme := connect(t, db, "Acme", event.AuthSecret)
	only := b.press("/template/assign/" + made.ID).inputs(t)
	if len(only["source"].Options) != 1 || only["source"].Options[0]["default"] != true {
		t.Errorf("the only source: %+v", only["source"].Options)
	}
	connect(t, db, "QA", event.AuthSecret)
	form := b.press("/template/assign/" + made.ID)
	in := form.inputs(t)
	if len(in["source"].Options) != 2 || in["source"].Options[0]["default"] == true || !in["source"].Required || in["channel"].Required || in["events"].Required {
		t.Fatalf("inputs = %+v", in)
	}
	if diff := cmp.Diff(option(t, "route", "add", "channel").Channels, in["channel"].Channels); diff != "" {
		t.Errorf("kinds of channel (-/route add +form):\n%s", diff)
	}
	wrong := b.fill(form, map[string]string{"source": acme.ID, "channel": channelID, "events": "Case.*, !"})
	if !strings.HasPrefix(wrong.Body.Content, "**!** is no event type") || !strings.HasSuffix(wrong.Body.Content, "What you typed is kept for a while: **Edit again** opens the form with it.") {
		t.Errorf("content = %q", wrong.Body.Content)
	}
	again := b.press(wrong.button("Edit again"))
	in = again.inputs(t)
	if in["source"].Options[0]["default"] != true || in["events"].Value != "Case.*, !" || len(in["channel"].Default) != 1 || in["channel"].Default[0]["id"] != channelID {
		t.Errorf("inputs = %+v", in)
	}
	done := b.fill(again, map[string]string{"source": acme.ID, "channel": channelID, "events": "Case.*"})
	if want := "✅ **deal** now shows `Case.*` of **Acme**: <#" + channelID + ">."; done.Body.Content != want {
		t.Errorf("content = %q, want %q", done.Body.Content, want)
	}
	if diff := cmp.Diff([]string{"deal Acme " + channelID + " Case.*"}, shownBy(t, db)); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestTemplateAssignWithoutAForm(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "deal", simple)
	press := func() string { t.Helper(); return b.press("/template/assign/" + made.ID).Body.Content }
	if got := press(); !strings.HasPrefix(got, "There is no source yet whose events it could show.") {
		t.Errorf("no source: %q", got)
	}
	for i := range 26 {
		connect(t, db, fmt.Sprint("Acme ", i), event.AuthSecret)
	}
	if got := press(); !strings.HasPrefix(got, "There are more sources here than a form can offer. **/template assign** takes **deal**") {
		t.Errorf("many sources: %q", got)
	}
}
