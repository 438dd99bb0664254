//go:build !race

package commands_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"dispatch/playground"
)

// submit fills in the form of a reply.
func (d *town) submit(r *playground.Reply, values map[string]string) *playground.Reply {
	d.t.Helper()
	if r.Modal == nil {
		d.t.Fatalf("no form: %+v", r.Message)
	}
	got, err := d.Submit(d.ctx, playground.Admin, r.Modal, values)
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

// beside is the one message that follows a reply.
func (d *town) beside(r *playground.Reply) *playground.Message {
	d.t.Helper()
	all, err := d.WaitFollowups(d.ctx, r, 1)
	if err != nil || len(all) != 1 || !all[0].Ephemeral() {
		d.t.Fatalf("what follows: %+v (%v)", all, err)
	}
	return &all[0]
}

// form runs a command whose answer is a form.
func (d *town) form(path string, options map[string]any) *playground.Reply {
	d.t.Helper()
	got, err := d.Run(d.ctx, playground.Command{Channel: "general", Path: path, Options: options})
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

// roles are the guild's, by name, with their ids.
func (d *town) roles() map[string]string {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.ctx, http.MethodGet, d.url+"/api/v10/guilds/"+d.GuildID()+"/roles", nil)
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bot "+d.Token())
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var all []struct{ ID, Name string }
	if err := json.NewDecoder(answer.Body).Decode(&all); err != nil {
		d.t.Fatal(err)
	}
	ids := map[string]string{}
	for _, r := range all {
		ids[r.Name] = r.ID
	}
	return ids
}

// pressed is press for a message that follows a reply.
func (d *town) pressed(m *playground.Message, label string) *playground.Reply {
	d.t.Helper()
	return d.press(&playground.Reply{Message: m}, label)
}

func TestTemplateInDiscord(t *testing.T) {
	d, db := settle(t, asItIs)
	d.run("connect", map[string]any{"name": "Acme", "channel": "sales"})

	wrong := d.submit(d.form("template create", map[string]any{"name": "deal", "starter": "won-deal"}), map[string]string{"text": "no"})
	if !wrong.Ephemeral || len(wrong.Message.Attachments) != 1 || d.download(wrong.Message.Attachments[0].URL) != "no" {
		t.Errorf("what was typed: %+v", wrong.Message)
	}
	saved := d.submit(d.press(wrong, "Edit again"), map[string]string{"text": simple})
	if !saved.Ephemeral || len(saved.Message.Embeds) != 1 || saved.Message.Content != "" || len(saved.Message.Components) != 0 {
		t.Errorf("shown: %+v", saved.Message)
	}
	said := d.beside(saved)
	if !strings.HasPrefix(said.Content, "✅ **deal** is saved (version 1).") {
		t.Errorf("said: %q", said.Content)
	}

	source, err := db.Source(t.Context(), d.GuildID(), "Acme")
	if err != nil {
		t.Fatal(err)
	}
	assigned := d.submit(d.pressed(said, "Assign…"), map[string]string{"source": source.ID, "channel": "sales", "events": "Opportunity.*"})
	if !strings.HasPrefix(assigned.Message.Content, "✅ **deal** now shows `Opportunity.*` of **Acme**: <#") {
		t.Errorf("assigned: %q", assigned.Message.Content)
	}
	shown := d.slash("template show", map[string]any{"name": "deal"})
	if e := shown.Message.Embeds[0]; len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Value, "`Opportunity.*`") {
		t.Errorf("shown: %+v", e)
	}
	preview := d.slash("template preview", map[string]any{"name": "deal", "event": "opportunity-lost"})
	if !strings.HasPrefix(d.beside(preview).Content, "**deal**, shown with a sample of **Opportunity.updated**.") {
		t.Errorf("said: %q", d.beside(preview).Content)
	}

	exported := d.slash("template export", map[string]any{"name": "deal"})
	text := d.download(exported.Message.Attachments[0].URL)
	copied := d.slash("template import", map[string]any{"file": playground.File{Name: "copy of deal.json", Data: []byte(text)}})
	if said := d.beside(copied); !strings.HasPrefix(said.Content, "✅ **copy\\_of\\_deal** is saved") {
		t.Errorf("imported: %q", said.Content)
	}
	asked := d.slash("template import", map[string]any{"file": playground.File{Name: "a.json", Data: []byte(another)}, "name": "deal"})
	replaced := d.press(asked, "Replace")
	if !replaced.Updated || !strings.HasPrefix(replaced.Message.Content, "✅ **deal** is saved (version 2).") || len(d.beside(replaced).Embeds) != 1 {
		t.Errorf("replaced: %+v", replaced.Message)
	}
	for _, name := range []string{"deal", "copy_of_deal"} {
		if gone := d.press(d.slash("template delete", map[string]any{"name": name}), "Delete"); !strings.Contains(gone.Message.Content, "is deleted.") {
			t.Errorf("deleted: %q", gone.Message.Content)
		}
	}
	if list := d.slash("template list", nil); !strings.HasPrefix(list.Message.Content, "There are no templates yet") {
		t.Errorf("list: %q", list.Message.Content)
	}
}

// A role is mentioned only by a template of somebody who may mention it.
func TestTemplateMentionsInDiscord(t *testing.T) {
	d, _ := settle(t, asItIs)
	roles := d.roles()
	save := func(role string) *playground.Reply {
		t.Helper()
		text := `{"title":"{{.Record.Name}}","mentions":["` + role + `"]}`
		return d.submit(d.form("template create", map[string]any{"name": "deal"}), map[string]string{"text": text})
	}
	if got := save(roles["Admins"]).Message.Content; !strings.HasPrefix(got, "You may not mention the role **Admins**") {
		t.Errorf("one that may not be mentioned: %q", got)
	}
	if got := save(d.GuildID()).Message.Content; !strings.HasPrefix(got, "A template can't mention everyone.") {
		t.Errorf("everyone: %q", got)
	}
	if said := d.beside(save(roles["On call"])); !strings.Contains(said.Content, "When it's posted, it mentions <@&"+roles["On call"]+">.") {
		t.Errorf("one that everybody may mention: %q", said.Content)
	}
}
