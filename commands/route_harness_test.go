package commands_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// in chooses a channel of a kind, in Discord's numbers, for the option of that name.
func in(id string, kind int) edit {
	return func(i map[string]any) {
		sub := subcommand(i)
		sub["options"] = append(sub["options"].([]any), map[string]any{"name": "channel", "type": 7, "value": id})
		i["data"].(map[string]any)["resolved"] = map[string]any{"channels": map[string]any{
			id: map[string]any{"id": id, "name": "deals", "type": kind, "permissions": "8"},
		}}
	}
}

// here is in for the channel that the command comes from.
func here(kind int) edit { return in(channelID, kind) }

// allowed are our permissions in that channel.
func allowed(bits string) edit { return field("app_permissions", bits) }

// routed runs /route add for the source Acme.
func (b *bench) routed(edits ...edit) answer {
	b.t.Helper()
	return b.slash("route", "add", append([]edit{set("source", "Acme")}, edits...)...)
}

// suggestedWith is suggested where other options are filled in, too.
func (b *bench) suggestedWith(command, sub, option, typed string, edits ...edit) []string {
	b.t.Helper()
	edits = append([]edit{as(command, sub), focused(sub, option, typed)}, edits...)
	var got []string
	for _, c := range b.answered("autocomplete", edits...).Body.Choices {
		got = append(got, c["name"]+" = "+c["value"])
	}
	return got
}

// routesOf are the source's routes in the order in which they are asked.
func routesOf(t *testing.T, db *storage.DB, s event.Source) []delivery.Link {
	t.Helper()
	all, err := db.GuildLinks(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	var own []delivery.Link
	for _, l := range all {
		if l.SourceID == s.ID {
			own = append(own, l.Link)
		}
	}
	return own
}

// addRoute makes a route without a command.
func addRoute(t *testing.T, db *storage.DB, s event.Source, channel string, change func(*delivery.Link)) delivery.LinkInfo {
	t.Helper()
	l := delivery.Link{SourceID: s.ID}
	if change != nil {
		change(&l)
	}
	made, err := db.AddLink(t.Context(), guildID, l, channel)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// slim makes a transform without a command.
func slim(t *testing.T, db *storage.DB, name, program string) delivery.Transform {
	t.Helper()
	made, err := db.CreateTransform(t.Context(), delivery.Transform{GuildID: guildID, Name: name, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// checkContent compares what an answer says.
func checkContent(t *testing.T, got answer, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got.Body.Content); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
}
