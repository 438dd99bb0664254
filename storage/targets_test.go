package storage_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/storage"
)

const pemFile = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"

func target(t *testing.T, db *storage.DB, guildID, name string) event.Target {
	t.Helper()
	made, err := db.CreateTarget(t.Context(), event.Target{
		GuildID: guildID, Name: name, ClientID: "3MVG9", User: "api@acme.example", Server: "https://login.salesforce.com",
		Version: "66.0", ReplyPolicy: event.ReplyError,
	}, pemFile)
	must(t, err)
	return made
}

func TestTargets(t *testing.T) {
	db := open(t)
	prod, dev := target(t, db, guild, "Prod"), target(t, db, guild, "dev")
	target(t, db, "2", "PROD")
	want := event.Target{
		ID: prod.ID, GuildID: guild, Name: "Prod", Slug: prod.Slug, ClientID: "3MVG9", User: "api@acme.example",
		Server: "https://login.salesforce.com", Version: "66.0", ReplyPolicy: event.ReplyError, CreatedAt: prod.CreatedAt,
	}
	if diff := cmp.Diff(want, prod); diff != "" || prod.ID == "" || len(prod.Slug) != 26 || prod.CreatedAt.IsZero() {
		t.Errorf("%+v, -want +got: %s", prod, diff)
	}
	all, err := db.Targets(t.Context(), guild)
	must(t, err)
	if diff := cmp.Diff([]event.Target{dev, prod}, all); diff != "" {
		t.Error("-want +got:", diff)
	}
	found, err := db.TargetBySlug(t.Context(), prod.Slug)
	must(t, err)
	if diff := cmp.Diff(prod, found); diff != "" {
		t.Error("-want +got:", diff)
	}
	if key, err := db.TargetKey(t.Context(), prod.ID); err != nil || key.Reveal() != pemFile {
		t.Errorf("key %q, %v", key.Reveal(), err)
	}
	_, err = db.CreateTarget(t.Context(), event.Target{GuildID: guild, Name: "pROD"}, pemFile)
	wantKind(t, err, fault.Exists)
	_, err = db.TargetBySlug(t.Context(), "x")
	wantKind(t, err, fault.NotFound)
	_, err = db.TargetKey(t.Context(), "x")
	wantKind(t, err, fault.NotFound)
}

func TestDeleteTarget(t *testing.T) {
	db := open(t)
	prod := target(t, db, guild, "Prod")
	wantKind(t, db.DeleteTarget(t.Context(), "2", prod.ID), fault.NotFound)
	must(t, db.DeleteTarget(t.Context(), guild, prod.ID))
	wantKind(t, db.DeleteTarget(t.Context(), guild, prod.ID), fault.NotFound)
	_, err := db.TargetBySlug(t.Context(), prod.Slug)
	wantKind(t, err, fault.NotFound)
	_, err = db.TargetKey(t.Context(), prod.ID)
	wantKind(t, err, fault.NotFound)
	target(t, db, guild, "Prod")
}

func TestTargetsOfGuildThatLeftAreNotThere(t *testing.T) {
	db := open(t)
	prod := target(t, db, guild, "Prod")
	must(t, db.OnWriter(t.Context(), `UPDATE guilds SET left_at = 1`))
	_, err := db.TargetBySlug(t.Context(), prod.Slug)
	wantKind(t, err, fault.NotFound)
}

func TestTargetsAreBounded(t *testing.T) {
	db := open(t)
	for i := range 25 {
		target(t, db, guild, fmt.Sprint(i))
	}
	_, err := db.CreateTarget(t.Context(), event.Target{GuildID: guild, Name: "one more"}, pemFile)
	wantKind(t, err, fault.TooMany)
}

// The key is in no file in plain text, and opens for its own target only.
func TestTargetKeyIsSealed(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "dispatch.db"))
	prod, dev := target(t, db, guild, "Visible name"), target(t, db, guild, "dev")
	files, err := os.ReadDir(dir)
	must(t, err)
	var raw []byte
	for _, file := range files {
		part, err := os.ReadFile(filepath.Join(dir, file.Name()))
		must(t, err)
		raw = append(raw, part...)
	}
	if !bytes.Contains(raw, []byte("Visible name")) || bytes.Contains(raw, []byte("PRIVATE KEY")) {
		t.Error("the key is there in plain text, or the test looks in the wrong place")
	}
	must(t, db.OnWriter(t.Context(), `UPDATE targets SET key = (SELECT max(key) FROM targets)`))
	opened := 0
	for _, of := range []event.Target{prod, dev} {
		if _, err := db.TargetKey(t.Context(), of.ID); err == nil {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("%d of two keys open where both are the same", opened)
	}
	if shown := fmt.Sprintf("%v %+v %s %q", salesforce.Token(pemFile), struct{ K salesforce.Token }{pemFile}, salesforce.Token(pemFile), salesforce.Token(pemFile)); bytes.Contains([]byte(shown), []byte("secret")) {
		t.Errorf("the key shows: %s", shown)
	}
}
