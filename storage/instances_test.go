package storage_test

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/storage"
)

// instance is one whose callback is told.
func instance(id, name string) event.Instance {
	return event.Instance{
		ID: id, GuildID: guild, Name: name, Tags: []string{"forDocs"}, TokenHash: sha256.Sum256([]byte("token of " + id)),
		Settings: event.InstanceSettings{
			AppKey: "consumer", AppSecret: "app-secret", Environment: event.Sandbox, Enabled: true, Vendor: event.VendorPolling,
			NotifyURL: "https://mycoolapp.com/in?url-token", SignatureKey: "signature-key", Objects: []string{"Account"}, Every: 5 * time.Minute,
		},
	}
}

func createInstance(t *testing.T, db *storage.DB, i event.Instance) event.Instance {
	t.Helper()
	made, err := db.CreateInstance(t.Context(), i, event.SigningKey{Secret: []byte("package-secret")})
	must(t, err)
	return made
}

func TestInstances(t *testing.T) {
	db := open(t)
	wanted := instance("f00d", "mySFDCInstance")
	made := createInstance(t, db, wanted)
	wanted.State, wanted.SourceName = event.Active, "mySFDCInstance"
	unknown := cmpopts.IgnoreFields(event.Instance{}, "SourceID", "DestinationID", "CreatedAt", "UpdatedAt")
	if diff := cmp.Diff(wanted, made, unknown); diff != "" || made.CreatedAt.IsZero() || !made.UpdatedAt.Equal(made.CreatedAt) {
		t.Errorf("-want +got:\n%s%v", diff, made.CreatedAt)
	}
	source, err := db.Source(t.Context(), guild, "MYsfdcinstance")
	must(t, err)
	if source.ID != made.SourceID || source.Environment != event.Sandbox || source.Auth != event.AuthSecret || string(source.Keys[0].Secret) != "package-secret" {
		t.Errorf("its source is %+v", source)
	}
	wantCallback(t, db, made, &delivery.Endpoint{
		URL: "https://mycoolapp.com/in?url-token", Secret: event.SigningKey{Secret: []byte("signature-key")}, Unordered: true,
		Prefix: "dispatch", Callback: &delivery.Callback{InstanceID: "f00d", InstanceName: "mySFDCInstance"},
	})

	made.Name, made.Tags, made.Settings.NotifyURL, made.Settings.SignatureKey, made.Settings.KeepNulls = "Renamed", nil, "https://other.example", "", true
	changed, err := db.SaveInstance(t.Context(), made, false)
	must(t, err)
	made.SourceName, made.UpdatedAt = "Renamed", changed.UpdatedAt
	if diff := cmp.Diff(made, changed, cmpopts.EquateEmpty()); diff != "" || len(changed.Tags) != 0 {
		t.Errorf("changed, -want +got:\n%s%v", diff, changed.Tags)
	}
	wantCallback(t, db, changed, &delivery.Endpoint{
		URL: "https://other.example", Unordered: true, Prefix: "dispatch",
		Callback: &delivery.Callback{InstanceID: "f00d", InstanceName: "Renamed", KeepNulls: true},
	})
	must(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: made.SourceID, InstanceURL: "https://acme.my.salesforce.com"}))
	found, err := db.Instances(t.Context(), guild)
	must(t, err)
	if len(found) != 1 || !found[0].Authorized || found[0].InstanceURL != "https://acme.my.salesforce.com" {
		t.Errorf("found %+v", found)
	}

	must(t, db.Disconnect(t.Context(), guild, made.SourceID, at))
	gone, err := db.Instance(t.Context(), "f00d")
	must(t, err)
	if gone.State != event.Disconnected || gone.Settings.AppSecret != "" || gone.TokenHash != made.TokenHash {
		t.Errorf("gone: %+v", gone)
	}
	if found, err = db.Instances(t.Context(), guild); err != nil || len(found) > 0 {
		t.Errorf("found %+v, %v", found, err)
	}
	_, err = db.SaveInstance(t.Context(), made, false)
	wantKind(t, err, fault.NotFound)
	_, err = db.Instance(t.Context(), "unknown")
	wantKind(t, err, fault.NotFound)
}

// wantCallback wants the source of an instance to lead to its callback, or to nowhere.
func wantCallback(t *testing.T, db *storage.DB, i event.Instance, want *delivery.Endpoint) {
	t.Helper()
	found, err := db.Destinations(t.Context(), i.SourceID)
	must(t, err)
	if want == nil {
		if len(found) > 0 || i.DestinationID != "" {
			t.Errorf("it leads to %+v", found)
		}
		return
	}
	if len(found) != 1 || found[0].ID != i.DestinationID || found[0].Name != i.Name {
		t.Fatalf("it leads to %+v, want %s", found, i.DestinationID)
	}
	if diff := cmp.Diff(want, found[0].Endpoint); diff != "" {
		t.Error("endpoint, -want +got:", diff)
	}
}

// Instances may be called the same; their sources and callbacks may not.
func TestInstanceNames(t *testing.T) {
	db := open(t)
	connect(t, db, "a source", "1")
	_, err := db.CreateDestination(t.Context(), webhook("a destination", nil))
	must(t, err)
	names := func(i event.Instance) []string {
		t.Helper()
		found, err := db.Destinations(t.Context(), i.SourceID)
		must(t, err)
		return []string{i.Name, i.SourceName, found[0].Name}
	}
	tests := []struct {
		name string
		want []string
	}{
		{"first", []string{"first", "first", "first"}},
		{"First", []string{"First", "First-2", "First-2"}},
		{"a SOURCE", []string{"a SOURCE", "a SOURCE-2", "a SOURCE"}},
		{"a destination", []string{"a destination", "a destination", "a destination-2"}},
	}
	for _, tc := range tests {
		if diff := cmp.Diff(tc.want, names(createInstance(t, db, instance(tc.name, tc.name)))); diff != "" {
			t.Errorf("made: %s", diff)
		}
		again, err := db.Instance(t.Context(), tc.name)
		must(t, err)
		again, err = db.SaveInstance(t.Context(), again, false)
		must(t, err)
		if diff := cmp.Diff(tc.want, names(again)); diff != "" {
			t.Errorf("saved as it was: %s", diff)
		}
	}
	other := createInstance(t, db, instance("beef", "other"))
	other.Name = "FIRST"
	other, err = db.SaveInstance(t.Context(), other, false)
	must(t, err)
	if diff := cmp.Diff([]string{"FIRST", "FIRST-3", "FIRST-3"}, names(other)); diff != "" {
		t.Errorf("renamed: %s", diff)
	}
}

// A callback is there as long as somebody is to be told, and is told again when that is asked for.
func TestInstanceIsToldWhileItWants(t *testing.T) {
	db := open(t)
	i := createInstance(t, db, instance("f00d", "it"))
	source := event.Source{ID: i.SourceID}
	send := func() {
		_, err := db.Append(t.Context(), []delivery.Entry{entry(t, db, source, "{}")})
		must(t, err)
	}
	send()
	must(t, db.PauseDestination(t.Context(), guild, i.DestinationID))
	save := func(resume bool, change func(*event.InstanceSettings)) {
		t.Helper()
		var err error
		change(&i.Settings)
		i, err = db.SaveInstance(t.Context(), i, resume)
		must(t, err)
	}
	save(false, func(s *event.InstanceSettings) { s.KeepNulls = true })
	if !i.Stopped {
		t.Error("it goes on though nobody asked for it")
	}
	links, err := db.Links(t.Context(), i.SourceID)
	must(t, err)
	must(t, db.RemoveLink(t.Context(), guild, links[0].ID))
	save(true, func(*event.InstanceSettings) {})
	if links, err = db.Links(t.Context(), i.SourceID); err != nil || len(links) != 1 || i.Stopped {
		t.Errorf("it is stopped %t; its source has links %v, %v", i.Stopped, links, err)
	}
	save(true, func(*event.InstanceSettings) {})
	if links, err = db.Links(t.Context(), i.SourceID); err != nil || len(links) != 1 {
		t.Errorf("its source has links %v, %v", links, err)
	}
	save(false, func(s *event.InstanceSettings) { s.Enabled = false })
	wantCallback(t, db, i, nil)
	send()
	save(false, func(s *event.InstanceSettings) { s.Enabled = true })
	if n, err := db.WaitingFor(t.Context(), i.DestinationID); err != nil || n != 0 || i.DestinationID == "" {
		t.Errorf("%d wait, %v", n, err)
	}
	late := i
	late.DestinationID = "" // as it was before somebody else enabled it
	if again, err := db.SaveInstance(t.Context(), late, true); err != nil || again.DestinationID != i.DestinationID {
		t.Errorf("there are two callbacks: %s, %v", again.DestinationID, err)
	}
	must(t, db.DeleteDestination(t.Context(), guild, i.DestinationID)) // by an admin
	gone, err := db.Instance(t.Context(), i.ID)
	must(t, err)
	wantCallback(t, db, gone, nil)
	save(true, func(*event.InstanceSettings) {})
	if links, err = db.Links(t.Context(), i.SourceID); err != nil || len(links) != 1 || i.DestinationID == "" {
		t.Errorf("its source has links %v, %v", links, err)
	}
}

func TestInstanceSecretsAreSealed(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "dispatch.db"))
	i := createInstance(t, db, instance("f00d", "Visible name"))
	must(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: i.SourceID, ClientID: "consumer", ClientSecret: "client-secret"}))
	c, err := db.Connection(t.Context(), i.SourceID)
	if err != nil || c.ClientID != "consumer" || c.ClientSecret != "client-secret" {
		t.Errorf("connection %v, %v", c, err)
	}
	must(t, db.Close())
	files, err := os.ReadDir(dir)
	must(t, err)
	visible := false
	for _, file := range files {
		raw, err := os.ReadFile(filepath.Join(dir, file.Name()))
		must(t, err)
		visible = visible || bytes.Contains(raw, []byte("Visible name"))
		for _, secret := range []string{"app-secret", "signature-key", "url-token", "package-secret", "client-secret", "token of"} {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%q is in %s", secret, file.Name())
			}
		}
	}
	if !visible {
		t.Error("even what is no secret is not found: the test looks in the wrong place")
	}
}
