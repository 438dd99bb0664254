package storage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/fault"
	"dispatch/salesforce"
)

func TestConnections(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	_, err := db.Connection(t.Context(), s.ID)
	wantKind(t, err, fault.NotFound)
	wantKind(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: "gone"}), fault.NotFound)

	want := salesforce.Connection{
		SourceID: s.ID, OrgID: "00D000000000001AAA", Username: "a@example.com",
		InstanceURL: "https://x.my.salesforce.com", LoginURL: "https://login.salesforce.com", Scope: "api refresh_token",
		AccessToken: "access", RefreshToken: "refresh", IssuedAt: at,
	}
	for _, token := range []salesforce.Token{"refresh", "rotated", ""} {
		want.RefreshToken = token
		must(t, db.SaveConnection(t.Context(), want))
		got, err := db.Connection(t.Context(), s.ID)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error("-want +got:", diff)
		}
	}
	must(t, db.DeleteConnection(t.Context(), s.ID))
	must(t, db.DeleteConnection(t.Context(), s.ID))
	_, err = db.Connection(t.Context(), s.ID)
	wantKind(t, err, fault.NotFound)

	must(t, db.SaveConnection(t.Context(), want))
	must(t, db.Disconnect(t.Context(), guild, s.ID, at))
	_, err = db.Connection(t.Context(), s.ID)
	wantKind(t, err, fault.NotFound)
}
