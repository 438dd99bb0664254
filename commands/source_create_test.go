package commands_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestSourceCreate(t *testing.T) {
	const ours, standard = `^[0-9a-f]{64}$`, `^whsec_[A-Za-z0-9+/]{43}=$`
	made := func(auth event.Auth, preset event.Preset, path string) event.Source {
		return event.Source{
			GuildID: guildID, Name: "Shop_1", Kind: event.SourceWebhook, Auth: auth, Preset: preset, EventTypePath: path, State: event.Active,
		}
	}
	tests := map[string]struct {
		edits  []edit
		want   event.Source
		secret string // what the one that it has looks like; "" when it has none
		shown  bool
		routes int
	}{
		"source_create":         {[]edit{in(channelID, 0)}, made("secret", "", ""), ours, true, 1},
		"source_create_forum":   {[]edit{in(channelID, 15), set("event_type_path", " issue.action ")}, made("secret", "", "issue.action"), ours, true, 1},
		"source_create_key":     {[]edit{set("auth", "api-key"), set("event_type_path", `a\.b.0`)}, made("api-key", "", `a\.b.0`), "", false, 0},
		"source_create_open":    {[]edit{set("auth", "none")}, made("none", "", ""), "", false, 0},
		"source_create_github":  {[]edit{set("preset", "github")}, made("secret", "github", ""), ours, true, 0},
		"source_create_gitlab":  {[]edit{set("preset", "gitlab"), set("secret", " my-own-token ")}, made("secret", "gitlab", ""), "^my-own-token$", false, 0},
		"source_create_stripe":  {[]edit{set("preset", "stripe")}, made("secret", "stripe", ""), "", false, 0},
		"source_create_slack":   {[]edit{set("preset", "slack"), set("secret", "8f742231b10e8888abcd99yyyzzz85a5")}, made("secret", "slack", ""), "^8f74", false, 0},
		"source_create_shopify": {[]edit{set("preset", "shopify"), set("auth", "none")}, made("none", "shopify", ""), "", false, 0},
		"source_create_standard": {
			[]edit{set("preset", "standard-webhooks")}, made("secret", "standard-webhooks", ""), standard, true, 0,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			got := b.slash("source", "create", append([]edit{set("name", " Shop_1 "), allowed("8")}, tc.edits...)...)
			s := sourceOf(t, db, "Shop_1")
			tc.want.ID, tc.want.Slug, tc.want.CreatedAt = s.ID, s.Slug, s.CreatedAt
			secret, keys := "", s.Keys
			if s.Keys = nil; len(keys) > 0 {
				secret = string(keys[0].Secret)
			}
			if diff := cmp.Diff(tc.want, s); diff != "" || len(keys) > 1 {
				t.Errorf("%d secrets, -want +got:\n%s", len(keys), diff)
			}
			if (secret == "") != (tc.secret == "") || !regexp.MustCompile(tc.secret).MatchString(secret) {
				t.Errorf("secret = %q", secret)
			}
			if shown := secret != "" && strings.Contains(got.Body.Content, secret); shown != tc.shown || strings.Contains(b.log.String(), "secret") {
				t.Errorf("shown: %v, log: %s", shown, b.log)
			}
			if n := len(routesOf(t, db, s)); n != tc.routes {
				t.Errorf("%d routes", n)
			}
			random := []string{s.Slug, "SLUG"}
			if secret != "" {
				random = append(random, secret, "SECRET")
			}
			golden(t, name, got, random...)
		})
	}
}

func TestSourceCreateRefuses(t *testing.T) {
	const path = "Write names with dots between, such as `action`, `event.type` or `items.0.kind`."
	const secret = "That can't be a signing secret: it has 8 to 200 characters, and no spaces."
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"taken":               {[]edit{set("name", "ACME")}, "There is already a source called **ACME**. Choose another name, or delete that one first."},
		"no name":             {[]edit{set("name", " ")}, "A name has 1 to 80 characters. Please choose another."},
		"secret of an open":   {[]edit{set("auth", "none"), set("secret", "x")}, "A **secret** is for signatures only. Leave it out, or choose **Signing secret** for **auth**."},
		"secret with a key":   {[]edit{set("auth", "api-key"), set("secret", "x")}, "A **secret** is for signatures only. Leave it out, or choose **Signing secret** for **auth**."},
		"short secret":        {[]edit{set("secret", "1234567")}, secret},
		"long secret":         {[]edit{set("secret", strings.Repeat("x", 201))}, secret},
		"two words":           {[]edit{set("secret", "correct horse")}, secret},
		"secret of letters":   {[]edit{set("secret", "geheimnisträger")}, secret},
		"key of Stripe":       {[]edit{set("preset", "stripe"), set("secret", "sk_live_0123456789")}, "That is no signing secret of Stripe: those begin with `whsec_`. Please don't give me an API key in its place."},
		"path from a dot":     {[]edit{set("event_type_path", ".a")}, "I can't follow `.a`. " + path},
		"path with a gap":     {[]edit{set("event_type_path", "a..b")}, "I can't follow `a..b`. " + path},
		"path that ends":      {[]edit{set("event_type_path", "a.")}, "I can't follow `a.`. " + path},
		"path on two lines":   {[]edit{set("event_type_path", "a\nb")}, "I can't follow `a b`. " + path},
		"long path":           {[]edit{set("event_type_path", strings.Repeat("x", 201))}, "I can't follow `" + strings.Repeat("x", 99) + "…`. " + path},
		"where we may not":    {[]edit{in(channelID, 0), allowed("1024")}, lacking("Send Messages, Embed Links")},
		"where nobody can":    {[]edit{in(channelID, 4)}, "I can't post in <#" + channelID + ">. Please choose a text, announcement, voice or forum channel, or a thread."},
		"a source is one too": {[]edit{set("name", "github")}, "There is already a source called **github**. Choose another name, or delete that one first."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme", event.AuthSecret)
			webhook(t, db, "GitHub", nil)
			checkContent(t, b.slash("source", "create", append([]edit{set("name", "New")}, tc.edits...)...), tc.want)
			if all, err := db.Sources(t.Context(), guildID); err != nil || len(all) != 2 {
				t.Errorf("sources: %v, %v", all, err)
			}
		})
	}
}

func TestSuggestPaths(t *testing.T) {
	b, _ := open(t)
	if diff := cmp.Diff([]string{"action = action"}, b.suggested("source", "create", "event_type_path", "act")); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
}
