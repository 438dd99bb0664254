package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dispatch/event"
	"dispatch/fault"
)

// AddKey gives a source a new signing key and has it ask for signatures. The keys it had are good until
// oldUntil, or until they expire by themselves when that is sooner; the zero time ends them at once.
func (db *DB) AddKey(ctx context.Context, guildID, sourceID string, secret []byte, oldUntil time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			UPDATE sources SET auth = ? WHERE guild_id = ? AND id = ? AND state <> 'disconnected'`,
			event.AuthSecret, guildID, sourceID)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "no such source")
		}
		if err := retireKeys(ctx, q, sourceID, oldUntil); err != nil {
			return err
		}
		return db.insertKey(ctx, q, sourceID, event.SigningKey{Secret: secret})
	})
	return db.fail("add signing key", err)
}

func (db *DB) insertKey(ctx context.Context, q querier, sourceID string, key event.SigningKey) error {
	id := newID()
	_, err := q.ExecContext(ctx, `
		INSERT INTO signing_keys (id, source_id, secret, created_at, expires_at) VALUES (?, ?, ?, ?, ?)`,
		id, sourceID, db.vault.seal(key.Secret, keyPlace(id)), millis(now()), millis(key.ExpiresAt))
	return err
}

func retireKeys(ctx context.Context, q querier, sourceID string, until time.Time) error {
	if until.IsZero() {
		_, err := q.ExecContext(ctx, `DELETE FROM signing_keys WHERE source_id = ?`, sourceID)
		return err
	}
	_, err := q.ExecContext(ctx, `
		UPDATE signing_keys SET expires_at = ?1 WHERE source_id = ?2 AND (expires_at = 0 OR expires_at > ?1)`,
		millis(until), sourceID)
	return err
}

// keyPlace is what a signing key is sealed for.
func keyPlace(id string) string { return "signing_keys.secret/" + id }

// sealedKey is a row of signing_keys, or none.
type sealedKey struct {
	id      sql.NullString
	secret  []byte
	expires sql.NullInt64
}

// open adds the key to its source.
func (k sealedKey) open(v vault, s *event.Source) error {
	if !k.id.Valid {
		return nil
	}
	secret, err := v.open(k.secret, keyPlace(k.id.String))
	if err != nil {
		return fmt.Errorf("open signing key of source %s: %w", s.ID, err)
	}
	s.Keys = append(s.Keys, event.SigningKey{Secret: secret, ExpiresAt: timeOf(k.expires.Int64)})
	return nil
}
