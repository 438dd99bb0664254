package storage_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

func TestSettings(t *testing.T) {
	db := open(t)
	want := func(guildID string, want delivery.Settings) {
		t.Helper()
		got, err := db.Settings(t.Context(), guildID)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("-want +got:", diff)
		}
	}
	want(guild, delivery.Settings{})
	var changes sync.WaitGroup // by two admins at once
	for _, change := range []func(*delivery.Settings){
		func(s *delivery.Settings) { s.Language, s.HeaderPrefix = "ja", "acme" },
		func(s *delivery.Settings) { s.Currency, s.Zone = "EUR", "Europe/Berlin" },
	} {
		changes.Go(func() {
			if err := db.ChangeSettings(t.Context(), guild, change); err != nil {
				t.Error(err)
			}
		})
	}
	changes.Wait()
	want(guild, delivery.Settings{HeaderPrefix: "acme", Language: "ja", Currency: "EUR", Zone: "Europe/Berlin"})
	want("2", delivery.Settings{})
	must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at)) // Discord tells of it again
	must(t, db.ChangeSettings(t.Context(), guild, func(s *delivery.Settings) { s.Language = "" }))
	want(guild, delivery.Settings{HeaderPrefix: "acme", Currency: "EUR", Zone: "Europe/Berlin"})
}

// TestSettingsReachDestinations changes them while something is claimed.
func TestSettingsReachDestinations(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := forward(t, db, "CRM", s)
	accept(t, db, s, 1)
	claimed := func(id string) delivery.Destination {
		t.Helper()
		batch, err := db.Claim(t.Context(), id, lease("a", 0, time.Minute), 1)
		must(t, err)
		if len(batch.Deliveries) != 1 {
			t.Errorf("%d claimed", len(batch.Deliveries))
		}
		return batch.Destination
	}
	if d := claimed(d.ID); d.Endpoint.Prefix != delivery.DefaultPrefix || d.Locale != "de" || d.Currency != "" || d.Zone != "" {
		t.Errorf("before: %+v", d)
	}
	must(t, db.ChangeSettings(t.Context(), guild, func(s *delivery.Settings) {
		*s = delivery.Settings{HeaderPrefix: "acme", Language: "ja", Currency: "EUR", Zone: "Europe/Berlin"}
	}))
	if d := claimed(d.ID); d.Endpoint.Prefix != "acme" {
		t.Errorf("prefix is %q", d.Endpoint.Prefix)
	}
	found, err := db.Destinations(t.Context(), s.ID)
	must(t, err)
	if d := claimed(found[0].ID); d.Locale != "ja" || d.Currency != "EUR" || d.Zone != "Europe/Berlin" || d.Endpoint != nil {
		t.Errorf("after: %+v", d)
	}
}
