package commands_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

func TestConnect(t *testing.T) {
	tests := map[string]struct {
		edits []edit
		want  event.Source
	}{
		"connect": {nil, event.Source{
			Name: "Acme Production", Environment: event.Production, Auth: event.AuthSecret,
		}},
		"connect_sandbox": {[]edit{set("environment", "sandbox"), set("verify", true), set("name", "  Acme QA ")}, event.Source{
			Name: "Acme QA", Environment: event.Sandbox, Auth: event.AuthSecret,
		}},
		"connect_unverified": {[]edit{set("verify", false)}, event.Source{
			Name: "Acme Production", Environment: event.Production, Auth: event.AuthNone,
		}},
		"connect_hostile": {[]edit{set("name", "**@everyone** `<@1>` [x](y)")}, event.Source{
			Name: "**@everyone** `<@1>` [x](y)", Environment: event.Production, Auth: event.AuthSecret,
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			got := b.answered("connect", tc.edits...)
			made, err := db.Source(t.Context(), guildID, tc.want.Name)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.ID, tc.want.Slug, tc.want.CreatedAt = made.ID, made.Slug, made.CreatedAt
			tc.want.GuildID, tc.want.Kind, tc.want.State = guildID, event.SourceSalesforce, event.Active
			if diff := cmp.Diff(tc.want, made); diff != "" {
				t.Errorf("source (-want +got):\n%s", diff)
			}
			destinations, err := db.Destinations(t.Context(), made.ID)
			if err != nil || len(destinations) != 1 || destinations[0].Kind != delivery.KindChannel || destinations[0].ChannelID != channelID {
				t.Errorf("destinations = %v, %v", destinations, err)
			}
			golden(t, name, got, made.ID, "SOURCE")
		})
	}
}

func TestConnectRefuses(t *testing.T) {
	long := strings.Repeat("ä", 80)
	resolved := func(name string, value any) edit {
		return func(i map[string]any) {
			i["data"].(map[string]any)["resolved"].(map[string]any)["channels"].(map[string]any)[channelID].(map[string]any)[name] = value
		}
	}
	granted := func(bits string) edit { return field("app_permissions", bits) }
	tests := map[string]struct {
		edits []edit
		want  string // "" when it is connected
	}{
		"longest name":     {[]edit{set("name", long)}, ""},
		"too long":         {[]edit{set("name", long+"x")}, "A name has 1 to 80 characters. Please choose another."},
		"blank":            {[]edit{set("name", " \t ")}, "A name has 1 to 80 characters. Please choose another."},
		"control":          {[]edit{set("name", "a\nb")}, "That name has characters nobody can see. Please type it with letters, digits, spaces and signs only."},
		"turned around":    {[]edit{set("name", "a\u202eb")}, "That name has characters nobody can see. Please type it with letters, digits, spaces and signs only."},
		"family emoji":     {[]edit{set("name", "👩\u200d👧 team")}, ""},
		"taken":            {[]edit{set("name", "TAKEN")}, "There is already a source called **TAKEN**. Choose another name, or disconnect that one first."},
		"no channel":       {[]edit{set("channel", nil)}, "That doesn't look right to me. Please check what you entered and try again."},
		"announcements":    {[]edit{resolved("type", 5)}, ""},
		"thread":           {[]edit{resolved("type", 11), granted("274877924352")}, ""},
		"forum":            {[]edit{resolved("type", 15)}, lacking("Send Messages in Posts")},
		"voice":            {[]edit{resolved("type", 2)}, ""},
		"category":         {[]edit{resolved("type", 4)}, "I can't post in <#200000000000000001>. Please choose a text, announcement, voice or forum channel, or a thread."},
		"no view":          {[]edit{granted("18432")}, lacking("View Channel")},
		"no sending":       {[]edit{granted("17408")}, lacking("Send Messages")},
		"no embeds":        {[]edit{granted("3072")}, lacking("Embed Links")},
		"nothing":          {[]edit{granted("0")}, lacking("View Channel, Send Messages, Embed Links")},
		"no thread":        {[]edit{resolved("type", 11), granted("19456")}, lacking("Send Messages in Threads")},
		"administrator":    {[]edit{granted("8")}, ""},
		"nobody knows":     {[]edit{field("app_permissions", nil)}, ""},
		"no channel known": {[]edit{field("channel", nil)}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			b.discord.api.err = errNotThere
			connect(t, db, "Taken", event.AuthSecret)
			got := b.answered("connect", tc.edits...)
			sources, err := db.Sources(t.Context(), guildID)
			if err != nil {
				t.Fatal(err)
			}
			if connected := len(sources) == 2; connected != (tc.want == "") {
				t.Errorf("connected: %v, content = %q", connected, got.Body.Content)
			}
			if tc.want != "" && got.Body.Content != tc.want {
				t.Errorf("content = %q,\nwant %q", got.Body.Content, tc.want)
			}
		})
	}
}

func lacking(permissions string) string {
	return "I can't post in <#200000000000000001> yet: I lack **" + permissions + "** there. Grant it in the channel's settings under Permissions, then run the command again."
}
