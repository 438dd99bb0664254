package storage_test

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/storage"
)

func consent(s event.Source, state string) salesforce.Consent {
	return salesforce.Consent{
		Hash: sha256.Sum256([]byte(state)), GuildID: guild, UserID: "7", SourceID: s.ID, LoginURL: "https://test.salesforce.com",
		Locale: "pt-BR", Verifier: "verifier", ExpiresAt: time.Now().Add(time.Minute).UTC().Truncate(time.Millisecond),
	}
}

func spend(t *testing.T, db *storage.DB, state string) (salesforce.Consent, bool) {
	t.Helper()
	c, found, err := db.SpendConsent(t.Context(), sha256.Sum256([]byte(state)))
	must(t, err)
	return c, found
}

func TestConsentIsSpentOnce(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	want := consent(s, "state")
	must(t, db.SaveConsent(t.Context(), want))
	if _, found := spend(t, db, "another"); found {
		t.Error("another state is found, too")
	}
	for range 2 {
		got, found := spend(t, db, "state")
		if diff := cmp.Diff(want, got); diff != "" || !found {
			t.Errorf("found: %v, -want +got: %s", found, diff)
		}
		want.Spent, want.Verifier = true, ""
	}
}

func TestOneOfManyFindsAConsentUnspent(t *testing.T) {
	db := open(t)
	must(t, db.SaveConsent(t.Context(), consent(connect(t, db, "Sales", "1"), "state")))
	var (
		all     sync.WaitGroup
		unspent atomic.Int32
	)
	for range 20 {
		all.Go(func() {
			c, found, err := db.SpendConsent(t.Context(), sha256.Sum256([]byte("state")))
			if err != nil || !found {
				t.Errorf("found: %v, %v", found, err)
			}
			if !c.Spent {
				unspent.Add(1)
			}
		})
	}
	all.Wait()
	if n := unspent.Load(); n != 1 {
		t.Errorf("%d find it unspent", n)
	}
}

func TestConsentNeedsASourceOfTheGuild(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	others := consent(s, "of another guild")
	others.GuildID = "2"
	gone(t, db.SaveConsent(t.Context(), others))
	must(t, db.Disconnect(t.Context(), guild, s.ID, at))
	gone(t, db.SaveConsent(t.Context(), consent(s, "disconnected")))
	if _, found := spend(t, db, "of another guild"); found {
		t.Error("it was kept")
	}
}

func TestConsentsAreFew(t *testing.T) {
	db := open(t)
	s, other := connect(t, db, "Sales", "1"), connect(t, db, "Service", "1")
	must(t, db.SaveConsent(t.Context(), consent(other, "other")))
	for state, age := range map[string]time.Duration{"long gone": 25 * time.Hour, "expired": 23 * time.Hour} {
		c := consent(other, state)
		c.ExpiresAt = time.Now().Add(-age)
		must(t, db.SaveConsent(t.Context(), c))
	}
	for i := range 30 {
		c := consent(s, fmt.Sprint(i))
		c.ExpiresAt = c.ExpiresAt.Add(time.Duration(i) * time.Second)
		must(t, db.SaveConsent(t.Context(), c))
	}
	n, err := db.CountRows(t.Context(), "consents")
	must(t, err)
	if n != 22 {
		t.Errorf("%d are kept, want 20 of one source and 2 of the other", n)
	}
	for state, want := range map[string]bool{"9": false, "10": true, "29": true, "other": true, "expired": true, "long gone": false} {
		if _, found := spend(t, db, state); found != want {
			t.Errorf("%s is found: %v", state, found)
		}
	}
}
