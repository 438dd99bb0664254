package storage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/fault"
)

func TestAPIKeys(t *testing.T) {
	db := open(t)
	first, second := [32]byte{1}, [32]byte{2}
	key, err := db.CreateAPIKey(t.Context(), guild, "CI", first)
	must(t, err)
	if key.ID == "" || key.GuildID != guild || key.Name != "CI" {
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
