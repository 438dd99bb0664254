package storage

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"dispatch/delivery"
)

// Limits that tests reach.
const (
	MaxQueue   = maxQueue
	ShelfSize  = shelfSize
	ShelfBytes = shelfBytes

	MaxRefusals    = maxRefusals
	MaxTypesLooked = maxTypesLooked
	SentTypesQuery = sentTypesQuery
)

// Retain is one round of RunRetention.
func (db *DB) Retain(ctx context.Context, now time.Time, r Retention) error {
	return db.retain(ctx, now, r)
}

// UseAPIKey is what a use does to a key.
func (db *DB) UseAPIKey(id string, at time.Time) { db.useAPIKey(id, at) }

// Change runs fn as a configuration change does.
func (db *DB) Change(ctx context.Context, fn func(ctx context.Context, exec func(query string, args ...any) error) error) error {
	return db.fail("change", db.configure(ctx, func(ctx context.Context, q querier) error {
		return fn(ctx, func(query string, args ...any) error {
			_, err := q.ExecContext(ctx, query, args...)
			return err
		})
	}))
}

// OnWriter runs a statement, such as a PRAGMA, on the writer's connection outside of a transaction.
func (db *DB) OnWriter(ctx context.Context, query string) error {
	return db.writer.whenIdle(ctx, func(ctx context.Context, conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, query)
		return err
	})
}

// CountCommits counts the transactions from now on.
func (db *DB) CountCommits(ctx context.Context) (*atomic.Int64, error) {
	n := new(atomic.Int64)
	return n, db.writer.whenIdle(ctx, func(_ context.Context, conn *sql.Conn) error {
		return conn.Raw(func(conn any) error {
			conn.(*sqlite3.SQLiteConn).RegisterCommitHook(func() int { n.Add(1); return 0 })
			return nil
		})
	})
}

// RowsOf is how many rows the writer reckons with for the entries.
func RowsOf(entries []delivery.Entry) int {
	rows, _ := (&appendWork{entries: entries}).size()
	return rows
}

// Changes counts the rows that the writer has changed.
func (db *DB) Changes(ctx context.Context) (n int, err error) {
	err = db.writer.whenIdle(ctx, func(ctx context.Context, conn *sql.Conn) error {
		return conn.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&n)
	})
	return n, err
}

// Pragmas reads PRAGMAs on the writer's connection and on every one of the readers'.
func (db *DB) Pragmas(ctx context.Context, names []string) (writer map[string]string, readers []map[string]string, err error) {
	err = db.writer.whenIdle(ctx, func(ctx context.Context, conn *sql.Conn) (err error) {
		writer, err = pragmas(ctx, conn, names)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for range db.readers.Stats().MaxOpenConnections {
		conn, err := db.readers.Conn(ctx) // held, so that the next is another
		if err != nil {
			return nil, nil, err
		}
		defer func() { _ = conn.Close() }()
		reader, err := pragmas(ctx, conn, names)
		if err != nil {
			return nil, nil, err
		}
		readers = append(readers, reader)
	}
	return writer, readers, nil
}

func pragmas(ctx context.Context, q querier, names []string) (map[string]string, error) {
	values := make(map[string]string)
	for _, name := range names {
		var value string
		if err := q.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value); err != nil {
			return nil, err
		}
		values[name] = value
	}
	return values, nil
}

// CountRows counts the rows of a table.
func (db *DB) CountRows(ctx context.Context, table string) (n int, err error) {
	err = db.readers.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n)
	return n, err
}

// Plan says how SQLite answers a question.
func (db *DB) Plan(ctx context.Context, query string, args ...any) ([]string, error) {
	return list(ctx, db.readers, func(row scanner) (detail string, err error) {
		var id, parent, unused int
		err = row.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, `EXPLAIN QUERY PLAN `+query, args...)
}

// Remembered counts the values in the caches.
func (db *DB) Remembered() int {
	return len(db.sources.values) + len(db.links.values) + len(db.looks.values) + len(db.apiKeys.values)
}

// Shelf is the cache by itself.
type Shelf = shelf[string, int]

// Get is get.
func (s *shelf[K, V]) Get(key K, load func() (V, error)) (V, error) { return s.get(key, load) }

// Clear is clear.
func (s *shelf[K, V]) Clear() { s.clear() }
