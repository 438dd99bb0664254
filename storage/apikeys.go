package storage

import (
	"context"
	"time"

	"dispatch/event"
	"dispatch/fault"
)

// maxAPIKeys is how many live ones a guild may have.
const maxAPIKeys = 100

// CreateAPIKey writes down a key of the guild by the SHA-256 of its text. A live key of the guild with the
// same name, whatever its case, is fault.Exists; one more than a guild may have is fault.TooMany.
func (db *DB) CreateAPIKey(ctx context.Context, guildID, name string, hash [32]byte) (event.APIKey, error) {
	key := event.APIKey{ID: newID(), GuildID: guildID, Name: name, CreatedAt: now()}
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, guildID); err != nil {
			return err
		}
		err := bound(ctx, q, maxAPIKeys, "limit.api_keys", `
			SELECT count(*) FROM api_keys WHERE guild_id = ? AND revoked_at IS NULL`, guildID)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `
			INSERT INTO api_keys (hash, id, guild_id, name, name_folded, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			hash[:], key.ID, guildID, name, fold(name), millis(key.CreatedAt))
		return err
	})
	if err != nil {
		return event.APIKey{}, db.fail("create API key", err)
	}
	return key, nil
}

// APIKey gives the key with the hash, and notes that it was used: whoever shows one is about to. Its UsedAt is not filled
// in. One that is unknown, revoked, or of a guild that has sent us away is fault.NotFound.
func (db *DB) APIKey(ctx context.Context, hash [32]byte) (event.APIKey, error) {
	key, err := db.apiKeys.get(hash, func() (event.APIKey, error) {
		key, err := scanAPIKey(db.readers.QueryRowContext(ctx, `
			SELECT `+apiKeyColumns+` FROM api_keys k JOIN guilds g ON g.id = k.guild_id
			WHERE k.hash = ? AND k.revoked_at IS NULL AND g.left_at IS NULL`, hash[:]))
		key.UsedAt = time.Time{} // the next use is not the last
		return key, db.fail("find API key", err)
	})
	if err != nil {
		return event.APIKey{}, err
	}
	db.useAPIKey(key.ID, now())
	return key, nil
}

// APIKeys gives the live keys of a guild by name.
func (db *DB) APIKeys(ctx context.Context, guildID string) ([]event.APIKey, error) {
	found, err := list(ctx, db.readers, scanAPIKey, `
		SELECT `+apiKeyColumns+` FROM api_keys k
		WHERE k.guild_id = ? AND k.revoked_at IS NULL ORDER BY k.name_folded`, guildID)
	return found, db.fail("list API keys", err)
}

const apiKeyColumns = `k.id, k.guild_id, k.name, k.created_at, k.used_at`

func scanAPIKey(row scanner) (event.APIKey, error) {
	var (
		key           event.APIKey
		created, used int64
	)
	err := row.Scan(&key.ID, &key.GuildID, &key.Name, &created, &used)
	key.CreatedAt, key.UsedAt = timeOf(created), timeOf(used)
	return key, err
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
