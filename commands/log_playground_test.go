//go:build !race

package commands_test

import (
	"fmt"
	"strings"
	"testing"

	"dispatch/delivery"
	"dispatch/playground"
)

func TestLogInDiscord(t *testing.T) {
	d, db := settle(t, asItIs)
	d.run("connect", map[string]any{"name": "Acme", "channel": "sales"})
	s, err := db.Source(t.Context(), d.GuildID(), "Acme")
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for i := range 12 {
		types = append(types, fmt.Sprint("n", i))
	}
	ids := accept(t, db, s, types...)
	finish(t, db, s, ids[0], delivery.Abandoned)

	first := d.slash("event list", map[string]any{"source": "Acme"})
	second := d.press(first, "Older")
	if !second.Updated || second.Message.ID != first.Message.ID || strings.Count(second.Message.Embeds[0].Description, "\n") != 1 {
		t.Errorf("updated: %v, %+v", second.Updated, second.Message)
	}
	if back := d.press(second, "Newer"); back.Message.Embeds[0].Description != first.Message.Embeds[0].Description {
		t.Errorf("back again: %q", back.Message.Embeds[0].Description)
	}

	destination := stop(t, db, s)
	shown := d.slash("event show", map[string]any{"id": ids[0].String()})
	if replayed := d.press(shown, "Replay"); !strings.Contains(replayed.Message.Content, "is in the queue again") {
		t.Errorf("replayed: %q", replayed.Message.Content)
	}
	if went := d.press(d.slash("event show", map[string]any{"id": ids[1].String()}), "Resume"); !strings.Contains(went.Message.Content, "no longer on hold") {
		t.Errorf("resumed: %q", went.Message.Content)
	}

	stop(t, db, s)
	typed := playground.Command{Channel: "general", Path: "destination resume", Options: map[string]any{"name": "sal"}}
	offered, err := d.Autocomplete(d.ctx, typed, "name")
	if err != nil || len(offered) != 1 || !strings.HasPrefix(offered[0].Name, "#sales — I'm not allowed") || fmt.Sprint(offered[0].Value) != destination {
		t.Errorf("suggestions = %v, %v", offered, err)
	}
	if went := d.slash("destination resume", map[string]any{"name": "#sales"}); !strings.Contains(went.Message.Content, "no longer on hold") {
		t.Errorf("resumed: %q", went.Message.Content)
	}
}

func TestSettingsInDiscord(t *testing.T) {
	d, db := settle(t, asItIs)
	d.SetPermissions("sales", 0, playground.SendMessages)
	if got := d.slash("settings set", map[string]any{"alerts": "sales"}); !strings.Contains(got.Message.Content, "**Send Messages**") {
		t.Errorf("where we may not post: %q", got.Message.Content)
	}
	if got := d.slash("settings set", map[string]any{"alerts": "news"}); !strings.Contains(got.Message.Content, "will hear") {
		t.Errorf("where we may: %q", got.Message.Content)
	}
	if id, err := db.AlertsChannel(t.Context(), d.GuildID()); err != nil || id == "" {
		t.Errorf("alerts go to %q (%v)", id, err)
	}
	if got := d.slash("settings show", nil); len(got.Message.Embeds) != 1 || len(got.Message.Embeds[0].Fields) != 5 {
		t.Errorf("shown: %+v", got.Message)
	}
	d.slash("settings set", map[string]any{"alerts_off": true})
	if id, err := db.AlertsChannel(t.Context(), d.GuildID()); err != nil || id != "" {
		t.Errorf("alerts go to %q (%v)", id, err)
	}
}
