package commands_test

import (
	"testing"

	"dispatch/storage"
)

// to gives the subcommand a channel.
func to(option, id string, kind int) edit {
	return func(i map[string]any) {
		set(option, nil)(i)
		sub := subcommand(i)
		sub["options"] = append(sub["options"].([]any), map[string]any{"name": option, "type": 7, "value": id})
		i["data"].(map[string]any)["resolved"] = map[string]any{"channels": map[string]any{
			id: map[string]any{"id": id, "name": "ops", "type": kind, "permissions": "8"},
		}}
	}
}

func alerts(t *testing.T, db *storage.DB) string {
	t.Helper()
	id, err := db.AlertsChannel(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestSettings(t *testing.T) {
	const off = "Off: **/salesforce status** shows what is on hold. **/settings set** with **alerts** picks a channel."
	b, db := open(t)
	show := func(want string) {
		t.Helper()
		title, _, fields := b.slash("settings", "show").embed(t)
		if title != "Settings of this server" || len(fields) != 5 || fields[4] != "Alerts: "+want {
			t.Errorf("%s: %q, want %q", title, fields, want)
		}
	}
	show(off)
	want := "<#" + channelID + "> will hear when I can't post somewhere any more."
	if got := b.slash("settings", "set", to("alerts", channelID, 0)).Body.Content; got != want || alerts(t, db) != channelID {
		t.Errorf("got %q, want %q; alerts go to %q", got, want, alerts(t, db))
	}
	show("<#" + channelID + "> hears when I can't post somewhere any more.")
	want = "Alerts are off. **/salesforce status** shows what is on hold."
	if got := b.slash("settings", "set", set("alerts_off", true)).Body.Content; got != want || alerts(t, db) != "" {
		t.Errorf("got %q, want %q; alerts go to %q", got, want, alerts(t, db))
	}
	show(off)
}

func TestSettingsThatAreRefused(t *testing.T) {
	const nothing = "Tell me what to set: pick one of the options. **/settings show** shows how it is now."
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"nothing":       {nil, nothing},
		"not off":       {[]edit{set("alerts_off", false)}, nothing},
		"on and off":    {[]edit{to("alerts", channelID, 0), set("alerts_off", true)}, "Give either **alerts** or **alerts_off**, not both."},
		"no permission": {[]edit{to("alerts", channelID, 0), field("app_permissions", "1024")}, lacking("Send Messages, Embed Links")},
		"forum":         {[]edit{to("alerts", channelID, 15)}, "I can't post in <#" + channelID + ">. Please choose a text channel, an announcement channel or a thread."},
		"voice":         {[]edit{to("alerts", channelID, 2)}, "I can't post in <#" + channelID + ">. Please choose a text channel, an announcement channel or a thread."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			if got := b.slash("settings", "set", tc.edits...).Body.Content; got != tc.want || alerts(t, db) != "" {
				t.Errorf("got %q, want %q; alerts go to %q", got, tc.want, alerts(t, db))
			}
		})
	}
}
