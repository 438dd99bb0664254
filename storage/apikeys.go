package storage

import (
	"context"
	"time"

	"dispatch/event"
	"dispatch/fault"
)

// CreateAPIKey writes down a key of the guild by the SHA-256 of its text. A live key of the guild with the
// same name, whatever its case, is fault.Exists.
func (db *DB) CreateAPIKey(ctx context.Context, guildID, name string, hash [32]byte) (event.APIKey, error) {
	key := event.APIKey{ID: newID(), GuildID: guildID, Name: name}
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, guildID); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `
			INSERT INTO api_keys (hash, id, guild_id, name, name_folded, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			hash[:], key.ID, guildID, name, fold(name), millis(now()))
		return err
	})
	if err != nil {
		return event.APIKey{}, db.fail("create API key", err)
	}
	return key, nil
}

// APIKey gives the key with the hash. One that is unknown or revoked is fault.NotFound.
func (db *DB) APIKey(ctx context.Context, hash [32]byte) (event.APIKey, error) {
	return db.apiKeys.get(hash, func() (event.APIKey, error) {
		var key event.APIKey
		err := db.readers.QueryRowContext(ctx, `
			SELECT id, guild_id, name FROM api_keys WHERE hash = ? AND revoked_at IS NULL`, hash[:]).
			Scan(&key.ID, &key.GuildID, &key.Name)
		return key, db.fail("find API key", err)
	})
}

// RevokeAPIKey ends a key of the guild. One that has ended already stays so.
func (db *DB) RevokeAPIKey(ctx context.Context, guildID, id string, at time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE guild_id = ? AND id = ?`, millis(at), guildID, id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such API key")
		}
		return err
	})
	return db.fail("revoke API key", err)
}
