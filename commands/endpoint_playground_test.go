//go:build !race

// disgo's gateway races with itself when it is closed, which the race detector would report as ours.

package commands_test

import (
	"strings"
	"testing"

	"dispatch/event"
	"dispatch/playground"
)

// From a service to a channel and to a URL, and back to nothing, as an admin does it.
func TestEndpointsInDiscord(t *testing.T) {
	d, db := settle(t, asItIs)
	d.SetPermissions("ideas", 0, playground.SendMessages)
	create := map[string]any{"name": "builds", "channel": "ideas", "preset": "github"}
	if got := d.slash("source create", create); !strings.Contains(got.Message.Content, "**Create Posts**") {
		t.Errorf("where we may not post: %q", got.Message.Content)
	}
	d.SetPermissions("ideas", 0, 0)
	made := d.slash("source create", create).Message.Content
	source, err := db.Source(t.Context(), d.GuildID(), "builds")
	if err != nil || source.Preset != event.PresetGitHub {
		t.Fatalf("source %+v, %v", source, err)
	}
	for _, part := range []string{publicURL + "/hooks/" + source.Slug, string(source.Keys[0].Secret), "**Payload URL**"} {
		if !strings.Contains(made, part) {
			t.Errorf("created: %q lacks %q", made, part)
		}
	}
	rotated := d.press(d.slash("source rotate", map[string]any{"name": "builds", "keep_old": 1}), "Replace the secret")
	if !rotated.Updated || !strings.Contains(rotated.Message.Content, "has a new secret") || len(rotated.Message.Components) != 0 {
		t.Errorf("rotated: %+v", rotated.Message)
	}

	got := d.slash("destination create", map[string]any{
		"name": "warehouse", "url": "https://warehouse.example/in", "source": "builds", "events": "push", "secret": "generate",
	})
	if !strings.Contains(got.Message.Content, "events of type `push` from **builds** go to warehouse") {
		t.Errorf("created: %q", got.Message.Content)
	}
	typed := playground.Command{Channel: "general", Path: "destination delete", Options: map[string]any{"name": "ware"}}
	offered, err := d.Autocomplete(d.ctx, typed, "name")
	if err != nil || len(offered) != 1 || offered[0].Name != "warehouse" {
		t.Fatalf("suggestions = %v, %v", offered, err)
	}
	asked := d.slash("destination delete", map[string]any{"name": offered[0].Value})
	if done := d.press(asked, "Delete"); done.Message.Content != "**warehouse** is deleted." {
		t.Errorf("deleted: %q", done.Message.Content)
	}
	for _, path := range []string{"source list", "apikey list", "destination list", "settings show"} {
		d.slash(path, nil)
	}
	ended := d.press(d.slash("source delete", map[string]any{"name": "builds"}), "Delete")
	if !strings.Contains(ended.Message.Content, "is deleted") {
		t.Errorf("deleted: %q", ended.Message.Content)
	}
	if n := len(d.Messages("general")) + len(d.Messages("ideas")); n != 0 {
		t.Errorf("%d messages that everybody sees", n)
	}
}
