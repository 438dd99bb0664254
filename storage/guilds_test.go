package storage_test

import (
	"errors"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// TestPresence follows a source and an API key through their guild's coming and going.
func TestPresence(t *testing.T) {
	tests := map[string]struct {
		steps   func(t *testing.T, db *storage.DB)
		present bool
	}{
		"joined": {func(*testing.T, *storage.DB) {}, true},
		"left": {func(t *testing.T, db *storage.DB) {
			must(t, db.LeaveGuild(t.Context(), guild, at))
		}, false},
		"another left": {func(t *testing.T, db *storage.DB) {
			must(t, db.LeaveGuild(t.Context(), "2", at))
		}, true},
		"came back": {func(t *testing.T, db *storage.DB) {
			must(t, db.LeaveGuild(t.Context(), guild, at))
			must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at.Add(time.Hour)))
		}, true},
		"in sync": {func(t *testing.T, db *storage.DB) {
			must(t, db.SyncGuilds(t.Context(), []string{"2", guild}, at))
		}, true},
		"out of sync": {func(t *testing.T, db *storage.DB) {
			must(t, db.SyncGuilds(t.Context(), []string{"2"}, at))
		}, false},
		"no guild in sync": {func(t *testing.T, db *storage.DB) {
			must(t, db.SyncGuilds(t.Context(), nil, at))
		}, false},
		"out of sync, came back": {func(t *testing.T, db *storage.DB) {
			must(t, db.SyncGuilds(t.Context(), []string{}, at))
			must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at))
		}, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			must(t, db.JoinGuild(t.Context(), "2", "Other", "de", at))
			_, err := db.CreateAPIKey(t.Context(), guild, "CI", [32]byte{1})
			must(t, err)
			_, err = db.SourceBySlug(t.Context(), s.Slug) // remembered
			must(t, err)
			_, err = db.APIKey(t.Context(), [32]byte{1}) // as well
			must(t, err)
			tc.steps(t, db)
			_, keyErr := db.APIKey(t.Context(), [32]byte{1})
			_, err = db.SourceBySlug(t.Context(), s.Slug)
			if tc.present {
				must(t, errors.Join(err, keyErr))
			} else {
				wantKind(t, err, fault.NotFound)
				wantKind(t, keyErr, fault.NotFound)
			}
			_, err = db.Source(t.Context(), guild, "Sales") // its admins, if any, see it all the same
			must(t, err)
		})
	}
}

func TestLocaleFollowsGuild(t *testing.T) {
	db := open(t)
	s, err := db.Connect(t.Context(), event.Source{GuildID: guild, Name: "Sales"}, "1")
	must(t, err)
	if got := destination(t, db, s).Locale; got != "en-US" {
		t.Errorf("before Discord has told of the guild, locale is %q", got)
	}
	must(t, db.JoinGuild(t.Context(), guild, "Guild", "fr", at))
	if got := destination(t, db, s).Locale; got != "fr" {
		t.Errorf("locale is %q, want fr", got)
	}
}
