package storage_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"dispatch/delivery"
	"dispatch/event"
)

// schemaOf makes a database as an older dispatch left it.
func schemaOf(t *testing.T, version int64) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "dispatch.db")
	onFile(t, path, `PRAGMA application_id = 0x44535054`)
	pool, err := sql.Open("sqlite3", path)
	must(t, err)
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, os.DirFS("migrations/sqlite"), goose.WithDisableGlobalRegistry(true))
	must(t, err)
	_, err = provider.UpTo(t.Context(), version)
	must(t, err)
	must(t, pool.Close())
	return path
}

// TestLinksKeepTheirOrder opens a database from before links had a position.
func TestLinksKeepTheirOrder(t *testing.T) {
	path := schemaOf(t, 2)
	onFile(t, path, `
		INSERT INTO guilds (id, name, locale, joined_at) VALUES ('`+guild+`', '', 'de', 0);
		INSERT INTO sources (id, guild_id, name, name_folded, slug, kind, environment, auth, event_type_path, state, created_at)
		VALUES ('s', '`+guild+`', 'S', 's', 's', '', '', '', '', 'active', 0), ('t', '`+guild+`', 'T', 't', 't', '', '', '', '', 'active', 0);
		INSERT INTO destinations (id, guild_id, kind, name, channel_id, created_at) VALUES ('d', '`+guild+`', 'channel', '', '1', 0);
		INSERT INTO links (id, source_id, destination_id, events, created_at)
		VALUES ('c', 's', 'd', '["C"]', 2), ('b', 's', 'd', '["B"]', 1), ('a', 's', 'd', '["A"]', 2), ('x', 't', 'd', '["X"]', 3)`)
	db := openAt(t, path)
	if diff := cmp.Diff([]string{"B→", "A→", "C→", "X→"}, routes(t, db)); diff != "" {
		t.Error("-want +got:", diff)
	}
	tpl := template(t, db, "Won")
	assign(t, db, tpl, event.Source{ID: "s"}, "", "A")
	link(t, db, event.Source{ID: "s"}, "1", delivery.Link{})
	if diff := cmp.Diff([]string{"B→", "A→Won", "A→", "C→", "all→", "X→"}, routes(t, db)); diff != "" {
		t.Error("-want +got:", diff)
	}
}
