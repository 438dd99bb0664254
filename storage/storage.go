// Package storage keeps the books of Dispatch in SQL and implements the small interfaces that the other
// rooms declare. SQLite is the one store so far: its connections, locks and errors are in sqlite.go, lock.go
// and errors.go, and nothing needs state of the process that a second replica of another store would lack.
//
// Every write goes through one goroutine, which commits all that waits as one transaction (writer.go,
// batch.go). Reads go to a pool of connections that cannot write. What the intake asks for each callout is
// remembered until a change is committed (cache.go). Secrets are sealed before they are written (vault.go).
package storage

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// DB is an open database. Its methods may be called at the same time; after Close they fail with
// fault.Unavailable. What they return is shared with other callers: read it, do not write to it.
type DB struct {
	readers *sql.DB
	writer  *writer
	vault   vault
	lock    io.Closer
	metrics *metrics

	sources shelf[string, event.Source]
	links   shelf[string, []delivery.Link]
	looks   shelf[string, delivery.Look] // by link
	apiKeys shelf[[32]byte, event.APIKey]
	names   shelf[string, string] // of sources, by id
	windows windows

	failures failures
	uses     uses

	closed  atomic.Bool
	closing sync.Once
}

var (
	_ delivery.Log   = (*DB)(nil)
	_ delivery.Links = (*DB)(nil)
	_ delivery.Queue = (*DB)(nil)
)

// Open opens the database at the URL, sqlite://PATH, creates it when it is not there, and brings its
// schema up to date. The key has 32 bytes and must be the one of the last time. No second process can open the
// same file until Close. An error is one sentence for the operator.
func Open(ctx context.Context, url string, key []byte) (*DB, error) {
	path, err := pathOf(url)
	if err != nil {
		return nil, err
	}
	vault, err := newVault(key)
	if err != nil {
		return nil, err
	}
	lock, err := lockDatabase(path)
	if err != nil {
		return nil, err
	}
	db := &DB{vault: vault, lock: lock, metrics: newMetrics()}
	db.looks.sizeOf = sizeOfLook
	if err := db.open(ctx, path); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, path string) error {
	if err := createDatabase(ctx, path); err != nil {
		return err
	}
	pool := openWriter(path)
	if err := migrate(ctx, pool, path); err != nil {
		return errors.Join(err, pool.Close())
	}
	if err := checkKey(ctx, pool, db.vault, path); err != nil {
		return errors.Join(err, pool.Close())
	}
	writer, err := newWriter(ctx, pool, db.forget, &db.windows, db.metrics)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	db.writer, db.readers = writer, openReaders(path)
	return nil
}

// Close finishes the writes that were asked for, moves them into the database file, and lets others open it.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		db.closed.Store(true)
		db.writer.stop()
		db.forget()
		err = errors.Join(db.readers.Close(), db.writer.close(), db.lock.Close())
	})
	return err
}

// Ping says whether the database answers and its writer keeps up.
func (db *DB) Ping(ctx context.Context) error {
	err := db.note(ctx, func(context.Context, querier) error { return nil })
	if err == nil {
		var sealed []byte
		err = db.readers.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, keyCheck).Scan(&sealed)
	}
	return db.fail("ping database", err)
}

// write has fn run inside a transaction of the writer. It may run twice, and never at the same time as
// another.
func (db *DB) write(ctx context.Context, fn func(context.Context, querier) error) error {
	return db.writer.do(ctx, &change{fn: fn})
}

// note is write for what leaves alone what is pending, and the destinations.
func (db *DB) note(ctx context.Context, fn func(context.Context, querier) error) error {
	return db.writer.do(ctx, &change{fn: fn, besides: true})
}

// configure is write for what the caches hold: they forget it once it is committed, before the caller knows.
func (db *DB) configure(ctx context.Context, fn func(context.Context, querier) error) error {
	return db.writer.do(ctx, &change{fn: fn, forget: true})
}

// forget empties the caches.
func (db *DB) forget() {
	db.sources.clear()
	db.links.clear()
	db.looks.clear()
	db.apiKeys.clear()
	db.names.clear()
}

// fail says what could not be done, and of what kind the failure is.
func (db *DB) fail(doing string, err error) error {
	if err != nil && !refusal(err) && db.closed.Load() {
		err = errClosed
	}
	return classify(doing, err)
}

var errClosed = fault.New(fault.Unavailable, "storage is closed")

// newID is a UUIDv7 for anything but an event.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// fold is the form in which names are compared.
func fold(name string) string { return strings.ToLower(name) }

// millis is how a time is stored: 0 stands for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// timeOf reads what millis wrote.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// now is the time at which something is written down, as precisely as it is stored.
func now() time.Time { return timeOf(time.Now().UnixMilli()) }
