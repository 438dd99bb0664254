package storage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
)

func TestAPIKeys(t *testing.T) {
	db := open(t)
	first, second := [32]byte{1}, [32]byte{2}
	key, err := db.CreateAPIKey(t.Context(), guild, "CI", first)
	must(t, err)
	if key.ID == "" || key.GuildID != guild || key.Name != "CI" || key.CreatedAt.IsZero() {
		t.Errorf("key is %+v", key)
	}
	for range 2 { // found, then remembered
		got, err := db.APIKey(t.Context(), first)
		must(t, err)
		if diff := cmp.Diff(key, got); diff != "" {
			t.Error("-want +got:", diff)
		}
	}
	_, err = db.APIKey(t.Context(), second)
	wantKind(t, err, fault.NotFound)
	_, err = db.CreateAPIKey(t.Context(), guild, "ci", second)
	wantKind(t, err, fault.Exists)
	_, err = db.CreateAPIKey(t.Context(), guild, "Other", first)
	wantKind(t, err, fault.Exists)
	_, err = db.CreateAPIKey(t.Context(), "2", "CI", [32]byte{3})
	must(t, err)

	wantKind(t, db.RevokeAPIKey(t.Context(), "2", key.ID, at), fault.NotFound)
	must(t, db.RevokeAPIKey(t.Context(), guild, key.ID, at))
	must(t, db.RevokeAPIKey(t.Context(), guild, key.ID, at))
	_, err = db.APIKey(t.Context(), first)
	wantKind(t, err, fault.NotFound)
	_, err = db.CreateAPIKey(t.Context(), guild, "ci", second)
	must(t, err)
}

func TestAPIKeysAreListed(t *testing.T) {
	db := open(t)
	created := map[string]event.APIKey{}
	for i, name := range []string{"zulu", "Bravo", "gone", "alpha"} {
		key, err := db.CreateAPIKey(t.Context(), guild, name, [32]byte{byte(i)})
		must(t, err)
		created[name] = key
	}
	must(t, db.RevokeAPIKey(t.Context(), guild, created["gone"].ID, at))
	found, err := db.APIKeys(t.Context(), guild)
	must(t, err)
	if diff := cmp.Diff([]event.APIKey{created["alpha"], created["Bravo"], created["zulu"]}, found); diff != "" {
		t.Error("-want +got:", diff)
	}
	if found, err := db.APIKeys(t.Context(), "2"); err != nil || found != nil {
		t.Errorf("another guild has %v, %v", found, err)
	}
}

func TestAPIKeysAreBounded(t *testing.T) {
	db := open(t)
	var last event.APIKey
	for i := range 100 {
		var err error
		last, err = db.CreateAPIKey(t.Context(), guild, fmt.Sprint("n", i), [32]byte{byte(i)})
		must(t, err)
	}
	_, err := db.CreateAPIKey(t.Context(), guild, "one more", [32]byte{100})
	wantKind(t, err, fault.TooMany)
	must(t, db.RevokeAPIKey(t.Context(), guild, last.ID, at))
	_, err = db.CreateAPIKey(t.Context(), guild, "one more", [32]byte{100})
	must(t, err)
}

// TestAPIKeyUse uses a key again and again, and reads when it was used last.
func TestAPIKeyUse(t *testing.T) {
	db := open(t)
	key, err := db.CreateAPIKey(t.Context(), guild, "CI", [32]byte{1})
	must(t, err)
	used := func() time.Time {
		t.Helper()
		must(t, db.Ping(t.Context())) // what was posted before is written
		found, err := db.APIKeys(t.Context(), guild)
		must(t, err)
		return found[0].UsedAt
	}
	if at := used(); !at.IsZero() {
		t.Errorf("used at %v, before it was", at)
	}
	before := time.Now().Add(-time.Millisecond)
	for range 3 {
		_, err := db.APIKey(t.Context(), [32]byte{1})
		must(t, err)
	}
	if at := used(); at.Before(before) || at.After(time.Now()) {
		t.Errorf("used at %v", at)
	}
	steps := []struct {
		after time.Duration
		want  time.Duration // what is written then
	}{{0, 0}, {59 * time.Second, 0}, {time.Minute, time.Minute}, {90 * time.Second, time.Minute}, {-time.Hour, -time.Hour}}
	began := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Millisecond)
	for _, step := range steps {
		db.UseAPIKey(key.ID, began.Add(step.after))
		if at := used(); !at.Equal(began.Add(step.want)) {
			t.Errorf("after %v: used at %v, want %v", step.after, at, began.Add(step.want))
		}
	}
}
