package storage

import (
	"context"
	"database/sql"
	"errors"
)

// Fingerprint gives what SetFingerprint wrote under the name, "" when it has not.
func (db *DB) Fingerprint(ctx context.Context, name string) (string, error) {
	var value string
	err := db.readers.QueryRowContext(ctx, `SELECT value FROM fingerprints WHERE name = ?`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, db.fail("read fingerprint", err)
}

// SetFingerprint remembers what was last told to others under the name.
func (db *DB) SetFingerprint(ctx context.Context, name, value string) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			INSERT INTO fingerprints (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			name, value)
		return err
	})
	return db.fail("write fingerprint", err)
}
