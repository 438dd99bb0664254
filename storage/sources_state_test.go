package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
)

// A source for a webhook may lead nowhere yet, and may bring the secret along that its service has made.
func TestConnectToNothing(t *testing.T) {
	db := open(t)
	asked := event.Source{
		GuildID: guild, Name: "Payments", Kind: event.SourceWebhook, Auth: event.AuthSecret, Preset: event.PresetStripe,
		Keys: keys("whsec_x", time.Time{}),
	}
	s, err := db.Connect(t.Context(), asked, "")
	must(t, err)
	got, err := db.SourceBySlug(t.Context(), s.Slug)
	must(t, err)
	if diff := cmp.Diff(s, got, compareKeys); diff != "" || got.Preset != event.PresetStripe || len(got.Keys) != 1 {
		t.Error("-want +got:", diff)
	}
	if links, err := db.Links(t.Context(), s.ID); err != nil || len(links) != 0 {
		t.Errorf("links: %v, %v", links, err)
	}
	if names := named(t, db, guild); names != nil {
		t.Errorf("destinations: %v", names)
	}
}

func TestPauseSource(t *testing.T) {
	db := open(t)
	s, gone := connect(t, db, "Sales", "1"), connect(t, db, "Gone", "1")
	must(t, db.Disconnect(t.Context(), guild, gone.ID, at))
	wantState := func(want event.SourceState) {
		t.Helper()
		_, err := db.SourceBySlug(t.Context(), s.Slug) // remembered from the step before
		if want == event.Active {
			must(t, err)
		} else {
			wantKind(t, err, fault.NotFound)
		}
		got, err := db.Source(t.Context(), guild, "sales")
		must(t, err)
		if got.State != want {
			t.Errorf("state is %s, want %s", got.State, want)
		}
	}
	wantState(event.Active)
	for range 2 {
		must(t, db.PauseSource(t.Context(), guild, s.ID))
		wantState(event.Paused)
	}
	_, err := db.Connect(t.Context(), event.Source{GuildID: guild, Name: "SALES"}, "")
	wantKind(t, err, fault.Exists)
	for range 2 {
		must(t, db.ResumeSource(t.Context(), guild, s.ID))
		wantState(event.Active)
	}
	for name, id := range map[string]string{"unknown": "x", "disconnected": gone.ID} {
		t.Run(name, func(t *testing.T) {
			wantKind(t, db.PauseSource(t.Context(), guild, id), fault.NotFound)
			wantKind(t, db.ResumeSource(t.Context(), guild, id), fault.NotFound)
		})
	}
	wantKind(t, db.PauseSource(t.Context(), "2", s.ID), fault.NotFound)
}
