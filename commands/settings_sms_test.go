package commands_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

func smsOf(t *testing.T, db *storage.DB) event.PreferencesDocument {
	t.Helper()
	p, err := db.StoredPreferences(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	return p.Document
}

func keepSMS(t *testing.T, db *storage.DB, d event.PreferencesDocument) {
	t.Helper()
	if err := db.SavePreferences(t.Context(), guildID, delivery.Preferences{Document: d, Version: 1}); err != nil {
		t.Fatal(err)
	}
}

// news are what the built-in source has told: who, and which fields.
func news(t *testing.T, db *storage.DB) []string {
	t.Helper()
	s, err := db.SettingsSource(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	events, err := db.Replayable(t.Context(), delivery.Selection{GuildID: guildID, SourceID: s.ID}, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range events {
		n, _ := e.Preferences()
		names := []string{n.By.UserID}
		for _, f := range n.Old {
			names = append(names, f.Name)
		}
		told = append(told, strings.Join(names, " "))
	}
	return told
}

// sms fills the form behind the button; what is not chosen is no.
func (b *bench) sms(button string, values map[string]string) answer {
	b.t.Helper()
	form := b.press(button)
	for id, in := range form.inputs(b.t) {
		if _, given := values[id]; in.Type == stringSelect && !given {
			values[id] = "false"
		}
	}
	return b.fill(form, values)
}

func TestSMSSettings(t *testing.T) {
	b, db := open(t)
	shown := b.slash("settings", "sms")
	title, hint, fields := shown.embed(t)
	if title != "Salesforce SMS settings" || len(fields) != 15 || fields[0] != "SMS integration: No" || fields[5] != "Client secret: —" {
		t.Errorf("%s: %q", title, fields)
	}
	if want := "**/route add** with the source **settings** takes each change to a channel or webhook."; hint != want {
		t.Errorf("hint %q", hint)
	}

	form := b.press(shown.button("Connection"))
	if form.Body.Title != "Connection" || len(form.inputs(t)) != 5 || form.inputs(t)["clientSecret"].Value != "" {
		t.Errorf("form = %+v", form.Body)
	}
	saved := b.fill(form, map[string]string{"clientSecret": "hush", "mcInstanceId": "mc-1"})
	if saved.Body.Content != "✅ Saved: Instance ID (subdomain), Client secret." || strings.Contains(fmt.Sprint(saved), "hush") {
		t.Errorf("saved: %+v", saved.Body)
	}
	form = b.press(saved.button("Connection"))
	if in := form.inputs(t); in["clientSecret"].Value != "********" || in["mcInstanceId"].Value != "mc-1" {
		t.Errorf("form = %+v", in)
	}
	saved = b.fill(form, map[string]string{"clientId": "c"})
	if d := smsOf(t, db); saved.Body.Content != "✅ Saved: Client ID." || d.ClientSecret != "hush" || d.ClientID != "c" {
		t.Errorf("%s: %q", saved.Body.Content, d.ClientID)
	}
	if again := b.fill(b.press(saved.button("Connection")), nil); again.Body.Content != "Nothing has changed." {
		t.Errorf("again: %s", again.Body.Content)
	}
	b.fill(b.press(saved.button("Connection")), map[string]string{"clientSecret": ""})
	b.sms(saved.button("Sending"), map[string]string{"enabled": "true"})
	b.sms(saved.button("Message"), map[string]string{"maxRetries": "7", "messageBody": "Your ticket:\n…"})
	d := smsOf(t, db)
	want := event.PreferencesDocument{Preferences: event.Preferences{
		Enabled: true, MCInstanceID: "mc-1", ClientID: "c", MaxRetries: 7, MessageBody: "Your ticket:\n…",
	}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	user := news(t, db)[0][:18]
	told := []string{
		user + " clientSecret mcInstanceId", user + " clientId", user + " clientSecret", user + " enabled", user + " maxRetries messageBody",
	}
	if diff := cmp.Diff(told, news(t, db)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestSMSSettingsWithMistakes(t *testing.T) {
	b, db := open(t)
	keepSMS(t, db, event.PreferencesDocument{Preferences: event.Preferences{MaxRetries: 5}})
	shown := b.slash("settings", "sms")
	got := b.sms(shown.button("Message"), map[string]string{
		"maxRetries": "x", "downloadUrl": "ftp://x", "messageBody": "a\nlong text",
	})
	want := "**Download URL of the ticket** must be an address that begins with https:// or http://.\n" +
		"**Retries at most** must be a whole number from 0 to 100."
	if !strings.HasPrefix(got.Body.Content, want) || got.Files["message.txt"] != "a\nlong text" {
		t.Errorf("got %q, files %q", got.Body.Content, got.Files)
	}
	if in := b.press(got.button("Edit again")).inputs(t); in["maxRetries"].Value != "x" || in["downloadUrl"].Value != "ftp://x" {
		t.Errorf("given back: %+v", in)
	}
	if d := smsOf(t, db); d.MaxRetries != 5 || len(news(t, db)) > 0 {
		t.Errorf("stored %d, told %q", d.MaxRetries, news(t, db))
	}
}

func TestSMSSettingsMistakesHaveSentences(t *testing.T) {
	b, db := open(t)
	keepSMS(t, db, event.PreferencesDocument{})
	tests := map[string]struct{ part, field, written, want string }{
		"subdomain":   {"Connection", "mcInstanceId", "a.b", "**Instance ID (subdomain)** must be a subdomain"},
		"control":     {"Connection", "clientId", "a\tb", "**Client ID** has characters nobody can see."},
		"long":        {"Connection", "messageId", strings.Repeat("x", 256), "**Message ID** has at most 255 characters."},
		"prefix":      {"Sending", "prefixPhoneNumber", "x", "**Area code filled in** takes digits"},
		"placeholder": {"Message", "downloadUrl", "https://x.example/{{x}}", "**Download URL of the ticket** may have the placeholders `{{itemId}}` and `{{phone}}` only."},
		"flag":        {"Sending", "enabled", "maybe", "**SMS integration** is either yes or no."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := b.sms(b.slash("settings", "sms").button(tc.part), map[string]string{tc.field: tc.written})
			if !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("got %q, want %q", got.Body.Content, tc.want)
			}
		})
	}
}

// What was put wrapped is shown with whose it is, and stays wrapped.
func TestSMSSettingsThatAreWrapped(t *testing.T) {
	b, db := open(t)
	keepSMS(t, db, event.PreferencesDocument{Wrapped: true, ProviderID: "p1", APIKey: "hush"})
	shown := b.slash("settings", "sms")
	_, _, fields := shown.embed(t)
	if !slices.Contains(fields, "Provider ID: p1") || !slices.Contains(fields, "API key: ••••••••") {
		t.Errorf("fields %q", fields)
	}
	b.sms(shown.button("Sending"), map[string]string{"smsEnabled": "true"})
	if d := smsOf(t, db); !d.Wrapped || d.APIKey != "hush" || !d.SMSEnabled {
		t.Errorf("wrapped %t, enabled %t", d.Wrapped, d.SMSEnabled)
	}
}

func TestSMSSettingsOfAPausedSourceTellNothing(t *testing.T) {
	b, db := open(t)
	s, err := db.SettingsSource(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.PauseSource(t.Context(), guildID, s.ID); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(time.Minute)
	shown := b.slash("settings", "sms")
	if _, hint, _ := shown.embed(t); hint != "" {
		t.Errorf("hint %q", hint)
	}
	b.sms(shown.button("Sending"), map[string]string{"enabled": "true"})
	if told := news(t, db); len(told) > 0 || !smsOf(t, db).Enabled {
		t.Errorf("told %q", told)
	}
}

// The built-in source takes no callouts, so there is no URL to show and no secret to replace.
func TestBuiltInSourceHasNoURL(t *testing.T) {
	const want = "**settings** is built in: it tells of changes of **/settings sms**, and has no URL and no secret."
	b, _ := open(t)
	b.slash("settings", "sms")
	if _, listed, _ := b.slash("source", "list").embed(t); !strings.Contains(listed, want) || strings.Contains(listed, "/hooks/") {
		t.Errorf("listed as %q", listed)
	}
	if got := b.slash("source", "rotate", set("name", "settings")).Body.Content; got != want {
		t.Errorf("rotate: %q", got)
	}
}
