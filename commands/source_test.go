package commands_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
)

func TestSourceList(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme", event.AuthSecret)
	checkContent(t, b.slash("source", "list"),
		"There are no webhook sources yet. **/source create** makes one; Salesforce orgs are in **/salesforce list**.")
	shop := webhook(t, db, "Shop_1", func(s *event.Source) {
		s.Preset, s.Keys = event.PresetStripe, []event.SigningKey{{Secret: []byte("whsec_hidden")}}
	})
	waiting := webhook(t, db, "Waiting", func(s *event.Source) { s.Preset = event.PresetLinear })
	open := webhook(t, db, "Open", func(s *event.Source) { s.Auth = event.AuthNone })
	gone := webhook(t, db, "Gone", nil)
	if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
		t.Fatal(err)
	}
	if err := db.PauseSource(t.Context(), guildID, open.ID); err != nil {
		t.Fatal(err)
	}
	addRoute(t, db, shop, channelID, nil)
	endpoint(t, db, "CRM", shop)
	accept(t, db, shop, "invoice.paid")
	got := b.slash("source", "list")
	got.Body.Embeds[0].Description = stamps.ReplaceAllString(got.Body.Embeds[0].Description, "<t:0:R>")
	golden(t, "source_list", got, shop.Slug, "SHOP", waiting.Slug, "WAITING", open.Slug, "OPEN")
}

func TestSourceListIsBounded(t *testing.T) {
	b, db := open(t)
	for i := range 30 {
		webhook(t, db, strings.Repeat("*", 70)+string(rune('A'+i)), nil)
	}
	if _, lines, _ := b.slash("source", "list").embed(t); !strings.HasSuffix(lines, " more") {
		t.Errorf("listed: %s", lines)
	}
}

func TestSourcePause(t *testing.T) {
	b, db := open(t)
	acme, shop := connect(t, db, "Acme", event.AuthSecret), webhook(t, db, "Shop_1", nil)
	said := func(sub, name, want string) {
		t.Helper()
		checkContent(t, b.slash("source", sub, set("name", name)), want)
	}
	offered := func(sub string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, b.suggested("source", sub, "name", "")); diff != "" {
			t.Errorf("suggestions (-want +got):\n%s", diff)
		}
	}
	said("resume", "shop_1", `**Shop\_1** isn't paused.`)
	offered("pause", "Acme = Acme", "Shop_1 = Shop_1")
	offered("resume")
	for _, s := range []event.Source{acme, shop} {
		b.slash("source", "pause", set("name", s.Name))
		if _, err := db.SourceBySlug(t.Context(), s.Slug); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s takes callouts: %v", s.Name, err)
		}
	}
	said("pause", "Shop_1", `**Shop\_1** is paused already. **/source resume** goes on.`)
	offered("pause")
	offered("resume", "Acme = Acme", "Shop_1 = Shop_1")
	said("resume", " SHOP_1 ", `▶️ **Shop\_1** takes events again.`)
	if _, err := db.SourceBySlug(t.Context(), shop.Slug); err != nil {
		t.Error(err)
	}
	said("pause", "Shop_1", `⏸️ **Shop\_1** takes nothing any more: its URL answers 404 until **/source resume**. What has come in already is still delivered.`)
}

func TestSourceDelete(t *testing.T) {
	b, db := open(t)
	shop := webhook(t, db, "Shop_1", func(s *event.Source) { s.Keys = []event.SigningKey{{Secret: []byte("hidden-secret")}} })
	asked := b.slash("source", "delete", set("name", "shop_1"))
	yes := asked.button("Delete")
	golden(t, "source_delete", asked, strings.TrimPrefix(yes, "/confirm/"), "QUESTION")
	if s := sourceOf(t, db, "Shop_1"); s.State != event.Active {
		t.Errorf("%s before anybody said yes", s.State)
	}
	checkContent(t, b.press(yes), `**Shop\_1** is deleted. Its URL answers 404 from now on, so remove the webhook in the service, too.`)
	s, err := db.SourceByID(t.Context(), guildID, shop.ID)
	if err != nil || s.State != event.Disconnected || len(s.Keys) != 0 {
		t.Errorf("source %+v, %v", s, err)
	}
	if got := b.suggested("source", "delete", "name", ""); got != nil {
		t.Errorf("suggestions: %v", got)
	}
}

// What is made for Salesforce has commands of its own; what is not there is said so.
func TestSourceRefuses(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme", event.AuthSecret)
	gone := webhook(t, db, "Gone", nil)
	if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"delete", "rotate"} {
		checkContent(t, b.slash("source", sub, set("name", "acme")),
			"**Acme** is a Salesforce source: **/salesforce generate-url** gives it a new secret, and **/salesforce disconnect** ends it.")
	}
	for _, sub := range []string{"pause", "resume", "delete", "rotate"} {
		for _, name := range []string{"gone", "nobody"} {
			checkContent(t, b.slash("source", sub, set("name", name)), "There is no source called **"+name+
				"**. Pick one from the suggestions, or see them with **/source list** and **/salesforce list**.")
		}
		checkContent(t, b.slash("source", sub, set("name", "acme"), field("guild_id", "100000000000000002")),
			"There is no source called **acme**. Pick one from the suggestions, or see them with **/source list** and **/salesforce list**.")
	}
}

func TestSourceRotate(t *testing.T) {
	keyed := func(s *event.Source) { s.Keys = []event.SigningKey{{Secret: []byte("old-secret")}} }
	tests := map[string]struct {
		source func(*event.Source)
		edits  []edit
		asks   string // the button; "" when it does not ask
		keep   time.Duration
	}{
		"source_rotate":        {keyed, nil, "Replace the secret", 0},
		"source_rotate_keep":   {keyed, []edit{set("keep_old", 24)}, "Replace the secret", 24 * time.Hour},
		"source_rotate_theirs": {func(s *event.Source) { keyed(s); s.Preset = "stripe" }, []edit{set("secret", "whsec_theirs")}, "Replace the secret", 0},
		"source_rotate_first":  {func(s *event.Source) { s.Preset = "slack" }, []edit{set("secret", "slack-secret")}, "", 0},
		"source_rotate_github": {func(s *event.Source) { keyed(s); s.Preset = "github" }, nil, "Replace the secret", 0},
		"source_rotate_open":   {func(s *event.Source) { s.Auth = event.AuthNone }, nil, "Make a secret", 0},
		"source_rotate_key":    {func(s *event.Source) { s.Auth = event.AuthAPIKey }, nil, "Make a secret", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			before := webhook(t, db, "Shop_1", tc.source)
			got := b.slash("source", "rotate", append([]edit{set("name", "shop_1")}, tc.edits...)...)
			if tc.asks != "" {
				yes := got.button(tc.asks)
				golden(t, name+"_asks", got, strings.TrimPrefix(yes, "/confirm/"), "QUESTION", before.Slug, "SLUG")
				if diff := cmp.Diff(secretsOf(before), secretsOf(sourceOf(t, db, "Shop_1"))); diff != "" {
					t.Errorf("secrets before anybody said yes (-want +got):\n%s", diff)
				}
				got = b.press(yes)
			}
			after := sourceOf(t, db, "Shop_1")
			secret := string(after.Keys[0].Secret)
			want := map[string]time.Time{secret: {}}
			if tc.keep > 0 {
				want["old-secret"] = b.now.Add(tc.keep).UTC()
			}
			if diff := cmp.Diff(want, secretsOf(after)); diff != "" || secret == "old-secret" || after.Auth != event.AuthSecret {
				t.Errorf("%s, secrets (-want +got):\n%s", after.Auth, diff)
			}
			given := strings.Contains(name, "theirs") || strings.Contains(name, "first")
			if strings.Contains(got.Body.Content, secret) == given || strings.Contains(b.log.String(), secret) {
				t.Errorf("%q", got.Body.Content)
			}
			golden(t, name, got, before.Slug, "SLUG", secret, "SECRET", fmtUnix(b.now.Add(tc.keep)), "LATER")
		})
	}
}

func TestSourceRotateRefuses(t *testing.T) {
	b, db := open(t)
	webhook(t, db, "Pay", func(s *event.Source) { s.Preset = event.PresetStripe })
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"a secret of ours": {nil, "This service makes the secret itself. Stripe then shows the **Signing secret** of the destination; it begins with `whsec_`. Run the command again with that as **secret**."},
		"an API key":       {[]edit{set("secret", "sk_live_0123456789")}, "That is no signing secret of Stripe: those begin with `whsec_`. Please don't give me an API key in its place."},
		"kept too long":    {[]edit{set("secret", "whsec_0123"), set("keep_old", 169)}, "The old secret can live on for 0 to 168 hours. Please choose a number between."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			checkContent(t, b.slash("source", "rotate", append([]edit{set("name", "pay")}, tc.edits...)...), tc.want)
			if s := sourceOf(t, db, "Pay"); len(s.Keys) != 0 {
				t.Errorf("%d secrets", len(s.Keys))
			}
		})
	}
}
