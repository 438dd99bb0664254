package storage_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

func document() event.PreferencesDocument {
	return event.PreferencesDocument{Wrapped: true, ProviderID: "p", APIKey: "the-api-key", Preferences: event.Preferences{
		Enabled: true, ClientSecret: "the-client-secret", MaxRetries: 5, DownloadURL: "https://x.example/?a=1&b={{phone}}",
	}}
}

// told is the event that tells of the document.
func told(t *testing.T, source event.Source) event.Event {
	t.Helper()
	e, err := event.PreferencesChange{Is: document(), By: event.Changer{Key: "ops"}, At: at}.Event()
	must(t, err)
	e.SourceID, e.IdempotencyKey = source.ID, "preferences-1"
	return e
}

func TestPreferences(t *testing.T) {
	db := open(t)
	none, err := db.StoredPreferences(t.Context(), guild)
	must(t, err)
	if none.Version != 0 || none.Pending != nil || none.Document != (event.PreferencesDocument{}) {
		t.Errorf("a guild that has put none has version %d", none.Version)
	}
	pending := told(t, event.Source{ID: "s"})
	for _, want := range []delivery.Preferences{
		{Document: document(), Version: 1, Pending: &pending},
		{Document: document(), Version: 1},
		{Document: event.PreferencesDocument{}, Version: 2},
	} {
		must(t, db.SavePreferences(t.Context(), guild, want))
		got, err := db.StoredPreferences(t.Context(), guild)
		must(t, err)
		if got.Document != want.Document || got.Version != want.Version {
			t.Errorf("version %d came back as %d, or with another document", want.Version, got.Version)
		}
		if diff := cmp.Diff(want.Pending, got.Pending); diff != "" {
			t.Errorf("pending (-want +got):\n%s", diff)
		}
		waiting, err := db.UnannouncedPreferences(t.Context())
		must(t, err)
		if (len(waiting) == 1) != (want.Pending != nil) {
			t.Errorf("unannounced: %q", waiting)
		}
	}
}

func TestSettingsSource(t *testing.T) {
	tests := map[string]struct {
		before func(db *storage.DB)
		want   string // its name
	}{
		"first":             {func(*storage.DB) {}, "settings"},
		"the name is taken": {func(db *storage.DB) { connect(t, db, "Settings", "1"); connect(t, db, "settings-2", "1") }, "settings-3"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			tc.before(db)
			s, err := db.SettingsSource(t.Context(), guild)
			must(t, err)
			again, err := db.SettingsSource(t.Context(), guild)
			must(t, err)
			if s.Name != tc.want || !s.BuiltIn() || s.State != event.Active || s.Kind != event.SourceWebhook || again.ID != s.ID {
				t.Errorf("made %q (%s, %s), then %q", s.Name, s.Kind, s.State, again.Name)
			}
		})
	}
}

func TestSettingsSourceIsMadeAnew(t *testing.T) {
	db := open(t)
	first, err := db.SettingsSource(t.Context(), guild)
	must(t, err)
	must(t, db.Disconnect(t.Context(), guild, first.ID, at))
	second, err := db.SettingsSource(t.Context(), guild)
	must(t, err)
	if second.ID == first.ID || second.Name != first.Name {
		t.Errorf("%q was made anew as %q", first.Name, second.Name)
	}
	other, err := db.SettingsSource(t.Context(), "200000000000000002")
	must(t, err)
	if other.ID == second.ID {
		t.Error("two guilds have the same source")
	}
}

// Who links the built-in source names it, perhaps before there is any.
func TestSettingsSourceIsFoundByName(t *testing.T) {
	db := open(t)
	s, err := db.Source(t.Context(), guild, "Settings")
	must(t, err)
	if !s.BuiltIn() {
		t.Errorf("found %q", s.Slug)
	}
	_, err = db.Source(t.Context(), guild, "setting")
	wantKind(t, err, fault.NotFound)
}

func TestEventsAboutPreferencesAreSealed(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "dispatch.db"))
	s := connect(t, db, "Visible name", "1")
	must(t, db.SavePreferences(t.Context(), guild, delivery.Preferences{Document: document(), Version: 1, Pending: new(told(t, s))}))
	e := told(t, s)
	d := destination(t, db, s)
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	ids, err := db.Append(t.Context(), []delivery.Entry{{Event: e, Routes: []delivery.Route{{LinkID: links[0].ID, DestinationID: d.ID}}}})
	must(t, err)

	one, err := db.Event(t.Context(), ids[0])
	must(t, err)
	history, err := db.History(t.Context(), guild, ids[0])
	must(t, err)
	replayed, err := db.Replayable(t.Context(), delivery.Selection{GuildID: guild, EventID: ids[0]}, 0, 1)
	must(t, err)
	ofSource, err := db.Replayable(t.Context(), delivery.Selection{GuildID: guild, SourceID: s.ID}, 0, 1)
	must(t, err)
	batch, err := db.Claim(t.Context(), d.ID, lease("me", 0, 1), 1)
	must(t, err)
	must(t, db.Release(t.Context(), "me"))
	bodies := map[string]json.RawMessage{
		"event": one.Body, "history": history.Body, "replay": replayed[0].Body, "replay of source": ofSource[0].Body,
		"claim": batch.Deliveries[0].Event.Body,
	}
	for of, body := range bodies {
		if !bytes.Equal(body, e.Body) {
			t.Errorf("%s has another body: %q", of, body)
		}
	}
	for _, when := range []string{"open", "closed"} {
		raw := filesIn(t, dir)
		if !bytes.Contains(raw, []byte("Visible name")) || !bytes.Contains(raw, []byte(event.PreferencesUpdated)) {
			t.Fatalf("%s: even what is no secret is not found: the test looks in the wrong place", when)
		}
		for _, secret := range []string{"the-client-secret", "the-api-key"} {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%s: %q is there in plain text", when, secret)
			}
		}
		must(t, db.Close())
	}
	again := openAt(t, filepath.Join(dir, "dispatch.db"))
	if batch, err = again.Claim(t.Context(), d.ID, lease("me", 0, 1), 1); err != nil || !bytes.Equal(batch.Deliveries[0].Event.Body, e.Body) {
		t.Errorf("claimed after a restart: %v, %v", err, len(batch.Deliveries))
	}
}

func filesIn(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	files, err := os.ReadDir(dir)
	must(t, err)
	for _, file := range files {
		raw, err := os.ReadFile(filepath.Join(dir, file.Name()))
		must(t, err)
		all = append(all, raw...)
	}
	return all
}
