package storage_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// TestMain lets the test binary be the process that crash tests kill.
func TestMain(m *testing.M) {
	if url := os.Getenv(crashURL); url != "" {
		appendUntilKilled(url)
	}
	os.Exit(m.Run())
}

// at is when the tests take place.
var at = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

var key = bytes.Repeat([]byte{7}, 32)

const guild = "100000000000000001"

// open gives a store of its own to the test. A second kind of store would be opened here.
func open(t testing.TB) *storage.DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "dispatch.db"))
}

func openAt(t testing.TB, path string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), "sqlite://"+path, key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// connect makes an active source of the guild that is linked to the channel.
func connect(t testing.TB, db *storage.DB, name, channel string) event.Source {
	t.Helper()
	must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at))
	s, err := db.Connect(t.Context(), event.Source{
		GuildID: guild, Name: name, Kind: event.SourceSalesforce, Environment: event.Production, Auth: event.AuthSecret,
	}, channel)
	must(t, err)
	return s
}

// entry is an event of the source on all of its links.
func entry(t testing.TB, db *storage.DB, s event.Source, body string) delivery.Entry {
	t.Helper()
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	e := event.Event{SourceID: s.ID, Type: "Case.created", ReceivedAt: at, Body: []byte(body)}
	return delivery.Entry{Event: e, Routes: delivery.Routes(links, e.Type)}
}

// accept appends n events of the source at once and returns their ids.
func accept(t testing.TB, db *storage.DB, s event.Source, n int) []event.ID {
	t.Helper()
	entries := make([]delivery.Entry, n)
	for i := range entries {
		entries[i] = entry(t, db, s, fmt.Sprintf(`{"n":%d}`, i))
	}
	ids, err := db.Append(t.Context(), entries)
	must(t, err)
	return ids
}

// destination is the one that the source leads to.
func destination(t testing.TB, db *storage.DB, s event.Source) delivery.Destination {
	t.Helper()
	found, err := db.Destinations(t.Context(), s.ID)
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("source leads to %d destinations, want 1", len(found))
	}
	return found[0]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("error %v is %s, want %s", err, fault.KindOf(err), want)
	}
}
