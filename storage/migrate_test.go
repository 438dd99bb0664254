package storage_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/storage"
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

// TestUpgradeKeepsWhatThereIs opens a database from before there were orgs, targets, polls and instances, with a delivery that is
// under way.
func TestUpgradeKeepsWhatThereIs(t *testing.T) {
	path := schemaOf(t, 6)
	onFile(t, path, `
		INSERT INTO guilds (id, name, locale, joined_at) VALUES ('`+guild+`', '', 'de', 0);
		INSERT INTO sources (id, guild_id, name, name_folded, slug, kind, environment, auth, event_type_path, state, created_at, disconnected_at)
		VALUES ('s', '`+guild+`', 'S', 's', 's', 'salesforce', 'production', 'none', '', 'active', 0, NULL),
			('t', '`+guild+`', 'S', 's', 't', 'salesforce', 'production', 'none', '', 'disconnected', 0, 1);
		INSERT INTO connections (source_id, org_id, username, instance_url, login_url, scope, access_token, refresh_token, issued_at)
		VALUES ('s', '00D5g00000AcmeOEAS', 'u', 'https://acme.my.salesforce.com', '', '', x'', x'', 0);
		INSERT INTO destinations (id, guild_id, kind, name, channel_id, created_at) VALUES ('d', '`+guild+`', 'channel', '', '1', 0);
		INSERT INTO queues (destination_id) VALUES ('d');
		INSERT INTO links (id, source_id, destination_id, events, created_at) VALUES ('l', 's', 'd', '[]', 0);
		INSERT INTO counts VALUES ('s', 0, 1, 0, 0, 0, 5);
		INSERT INTO events (id, source_id, type, body) VALUES (5, 's', 'Lead.created', x'7b7d');
		INSERT INTO deliveries (destination_id, event_id, link_id) VALUES ('d', 5, 'l')`)
	db := openAt(t, path)
	s, err := db.SourceByID(t.Context(), guild, "s")
	if must(t, err); s.OrgID != "00D5g00000AcmeOEAS" {
		t.Errorf("source %+v", s)
	}
	if got, _ := claim(t, db, "d", lease("a", 0, time.Minute), 10); len(got) != 1 {
		t.Errorf("%d deliveries", len(got))
	}
	must(t, db.SavePoll(t.Context(), salesforce.Poll{SourceID: "s", GuildID: guild, Objects: []string{"Lead"}, Every: time.Minute}, ""))
	acting(t, db, "CRM", target(t, db, guild, "Prod").ID, s)
	createInstance(t, db, instance("f00d", "S"))
	must(t, db.LeaveGuild(t.Context(), guild, at.Add(-31*day)))
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: day}))
	for _, table := range []string{"guilds", "sources", "connections", "destinations", "links", "targets", "polls", "poll_marks", "instances", "events", "deliveries"} {
		if n, err := db.CountRows(t.Context(), table); err != nil || n > 0 {
			t.Errorf("%d %s are left, %v", n, table, err)
		}
	}
}
