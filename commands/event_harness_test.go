package commands_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// as makes the interaction of a file that of another command.
func as(command, sub string) edit {
	return func(i map[string]any) {
		i["data"].(map[string]any)["name"] = command
		subcommand(i)["name"] = sub
	}
}

// slash runs any command that has a subcommand.
func (b *bench) slash(command, sub string, edits ...edit) answer {
	b.t.Helper()
	return b.answered("status", append([]edit{as(command, sub)}, edits...)...)
}

// suggested are the suggestions for what was typed into an option, "name = value" each.
func (b *bench) suggested(command, sub, option, typed string) []string {
	b.t.Helper()
	var got []string
	for _, c := range b.answered("autocomplete", as(command, sub), focused(sub, option, typed), as(command, sub)).Body.Choices {
		got = append(got, c["name"]+" = "+c["value"])
	}
	return got
}

// embed is the one card of an answer.
func (a answer) embed(t *testing.T) (title, description string, fields []string) {
	t.Helper()
	if len(a.Body.Embeds) != 1 {
		t.Fatalf("%d embeds: %q", len(a.Body.Embeds), a.Body.Content)
	}
	e := a.Body.Embeds[0]
	for _, f := range e.Fields {
		fields = append(fields, f.Name+": "+f.Value)
	}
	return e.Title, e.Description, fields
}

// accept appends events of the source, each with its routes, and gives their ids.
func accept(t *testing.T, db *storage.DB, s event.Source, types ...string) []event.ID {
	t.Helper()
	links, err := db.Links(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	var entries []delivery.Entry
	for i, kind := range types {
		e := event.Event{SourceID: s.ID, Type: kind, ReceivedAt: time.Now().UTC(), Body: fmt.Appendf(nil, `{"n":%d}`, i)}
		entries = append(entries, delivery.Entry{Event: e, Routes: delivery.Routes(links, kind)})
	}
	ids, err := db.Append(t.Context(), entries)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// finish ends the source's delivery of the event.
func finish(t *testing.T, db *storage.DB, s event.Source, id event.ID, state delivery.State) {
	t.Helper()
	links, err := db.Links(t.Context(), s.ID)
	if err != nil || len(links) != 1 {
		t.Fatalf("links: %v (%v)", links, err)
	}
	err = db.Finish(t.Context(), delivery.Progress{DestinationID: links[0].DestinationID, Results: []delivery.Result{
		{EventID: id, SourceID: s.ID, LinkID: links[0].ID, Attempt: 1, State: state, At: time.Now(), Status: 200, Receipt: "1"},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// stop pauses the source's destination and gives its id.
func stop(t *testing.T, db *storage.DB, s event.Source) string {
	t.Helper()
	found, err := db.Destinations(t.Context(), s.ID)
	if err != nil || len(found) != 1 {
		t.Fatalf("destinations: %v (%v)", found, err)
	}
	if err := db.Finish(t.Context(), delivery.Progress{DestinationID: found[0].ID, Pause: "pause.no_permission"}); err != nil {
		t.Fatal(err)
	}
	return found[0].ID
}

// logbook is a store with an event log that a test has written.
type logbook struct {
	*storage.DB
	found   []event.Summary
	history event.History
	refused []delivery.RefusedLink
}

func (l logbook) Refusals(context.Context, event.ID) ([]delivery.RefusedLink, error) {
	return l.refused, nil
}

func (l logbook) Events(context.Context, event.Query) ([]event.Summary, error) { return l.found, nil }

func (l logbook) History(context.Context, string, event.ID) (event.History, error) {
	return l.history, nil
}

// replays writes down what is to be replayed, and says that it was done.
type replays struct {
	asked []delivery.Selection
	done  delivery.Replayed
	err   error
}

func (r *replays) Replay(_ context.Context, which delivery.Selection) (delivery.Replayed, error) {
	r.asked = append(r.asked, which)
	return r.done, r.err
}

// stamp is an id of long ago: the same in every run.
func stamp(minutes int) event.ID {
	return event.FirstID(time.Date(2025, 6, 15, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute))
}

func TestLogIsForAdmins(t *testing.T) {
	b, _ := open(t)
	member := permissions("3072")
	const want = "You need the Manage Server permission for this."
	for _, path := range []string{
		"event list", "event show", "event replay", "destination resume", "settings show", "settings set",
		"route add", "route list", "route remove",
		"transform create", "transform edit", "transform list", "transform delete", "transform test",
	} {
		command, sub, _ := strings.Cut(path, " ")
		if got := b.slash(command, sub, member).Body.Content; !strings.HasPrefix(got, want) {
			t.Errorf("/%s: %q", path, got)
		}
	}
	for _, id := range []string{"/event/list/older:::1", "/event/replay/1", "/resume/1", "/transform/edit/1", "/transform/test/1"} {
		if got := b.press(id, member).Body.Content; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
}
