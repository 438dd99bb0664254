package storage_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/fault"
	"dispatch/salesforce"
)

func TestConnections(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	_, err := db.Connection(t.Context(), s.ID)
	wantKind(t, err, fault.NotFound)
	gone(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: "gone"}))

	want := salesforce.Connection{
		SourceID: s.ID, OrgID: orgID, OrgName: "Acme", Username: "a@example.com",
		InstanceURL: "https://x.my.salesforce.com", LoginURL: "https://login.salesforce.com", Scope: "api refresh_token",
		AccessToken: "access", RefreshToken: "refresh", IssuedAt: at,
	}
	for _, token := range []salesforce.Token{"refresh", "rotated", ""} {
		want.RefreshToken = token
		must(t, db.SaveConnection(t.Context(), want))
		got, err := db.Connection(t.Context(), s.ID)
		must(t, err)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(want, "Version")); diff != "" {
			t.Error("-want +got:", diff)
		}
	}
	if found, err := db.SourceBySlug(t.Context(), s.Slug); err != nil || found.OrgID != orgID {
		t.Errorf("the source belongs to the org %q, %v", found.OrgID, err)
	}
	must(t, db.DeleteConnection(t.Context(), s.ID))
	must(t, db.DeleteConnection(t.Context(), s.ID))
	_, err = db.Connection(t.Context(), s.ID)
	wantKind(t, err, fault.NotFound)

	must(t, db.SaveConnection(t.Context(), want))
	must(t, db.Disconnect(t.Context(), guild, s.ID, at))
	_, err = db.Connection(t.Context(), s.ID)
	wantKind(t, err, fault.NotFound)
	gone(t, db.SaveConnection(t.Context(), want)) // who comes back late
}

const orgID = "00D000000000001AAA"

// gone wants the error that both salesforce and commands understand.
func gone(t *testing.T, err error) {
	t.Helper()
	wantKind(t, err, fault.NotFound)
	if !errors.Is(err, salesforce.ErrGone) {
		t.Errorf("%v is not ErrGone", err)
	}
}

// TestRenewConnection keeps the tokens of who renewed what is there, and of nobody who was late.
func TestRenewConnection(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	read := func() salesforce.Connection {
		t.Helper()
		c, err := db.Connection(t.Context(), s.ID)
		must(t, err)
		return c
	}
	renew := func(c salesforce.Connection, token salesforce.Token, kept bool) {
		t.Helper()
		c.RefreshToken = token
		if got, err := db.RenewConnection(t.Context(), c); err != nil || got != kept {
			t.Errorf("kept: %v, %v, want %v", got, err, kept)
		}
	}
	must(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: s.ID, OrgID: orgID, RefreshToken: "1"}))
	first := read()
	renew(first, "2", true)
	renew(first, "late", false)
	lost := read()
	lost.LostAt, lost.AccessToken = at, ""
	renew(lost, "", true)
	if got := read(); !got.Lost() || !got.LostAt.Equal(at) || got.RefreshToken != "" {
		t.Errorf("got %+v", got)
	}
	old := read()
	must(t, db.DeleteConnection(t.Context(), s.ID))
	renew(old, "late", false)
	must(t, db.SaveConnection(t.Context(), first))
	renew(old, "late", false)
	renew(first, "late", false)
	if got := read().RefreshToken; got != "1" {
		t.Errorf("the refresh token is %q", got.Reveal())
	}
}

func TestSetOrgID(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	must(t, db.SetOrgID(t.Context(), guild, s.ID, orgID))
	if found, err := db.SourceBySlug(t.Context(), s.Slug); err != nil || found.OrgID != orgID {
		t.Errorf("the source belongs to the org %q, %v", found.OrgID, err)
	}
	wantKind(t, db.SetOrgID(t.Context(), "2", s.ID, orgID), fault.NotFound)
	must(t, db.Disconnect(t.Context(), guild, s.ID, at))
	wantKind(t, db.SetOrgID(t.Context(), guild, s.ID, orgID), fault.NotFound)
}
