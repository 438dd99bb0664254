package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"dispatch/delivery"
	"dispatch/event"
)

// StoredPreferences implements delivery.PreferenceStore.
func (db *DB) StoredPreferences(ctx context.Context, guildID string) (delivery.Preferences, error) {
	p, err := db.preferences(ctx, guildID)
	if errors.Is(err, sql.ErrNoRows) {
		return delivery.Preferences{}, nil
	}
	return p, db.fail("find preferences", err)
}

func (db *DB) preferences(ctx context.Context, guildID string) (delivery.Preferences, error) {
	var (
		p               delivery.Preferences
		secret, pending []byte
	)
	err := db.readers.QueryRowContext(ctx, `SELECT version, secret, pending FROM preferences WHERE guild_id = ?`, guildID).
		Scan(&p.Version, &secret, &pending)
	if err != nil {
		return p, err
	}
	plain, err := db.vault.open(secret, preferencesPlace("secret", guildID))
	if err != nil {
		return p, err
	}
	if p.Document, err = event.ParsePreferences(plain); err != nil {
		return p, fmt.Errorf("read preferences: %w", err)
	}
	if len(pending) == 0 {
		return p, nil
	}
	if plain, err = db.vault.open(pending, preferencesPlace("pending", guildID)); err != nil {
		return p, err
	}
	if err := json.Unmarshal(plain, &p.Pending); err != nil {
		return p, fmt.Errorf("read pending event: %w", err)
	}
	return p, nil
}

// SavePreferences implements delivery.PreferenceStore.
func (db *DB) SavePreferences(ctx context.Context, guildID string, p delivery.Preferences) error {
	document, err := json.Marshal(p.Document)
	if err != nil {
		return fmt.Errorf("write preferences: %w", err)
	}
	secret, pending := db.vault.seal(document, preferencesPlace("secret", guildID)), []byte{}
	if p.Pending != nil {
		told, err := json.Marshal(p.Pending)
		if err != nil {
			return fmt.Errorf("write pending event: %w", err)
		}
		pending = db.vault.seal(told, preferencesPlace("pending", guildID))
	}
	err = db.note(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, guildID); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `INSERT OR REPLACE INTO preferences (guild_id, version, secret, pending) VALUES (?, ?, ?, ?)`,
			guildID, p.Version, secret, pending)
		return err
	})
	return db.fail("save preferences", err)
}

// UnannouncedPreferences implements delivery.PreferenceStore.
func (db *DB) UnannouncedPreferences(ctx context.Context) ([]string, error) {
	id := func(row scanner) (id string, err error) { return id, row.Scan(&id) }
	found, err := list(ctx, db.readers, id, `SELECT guild_id FROM preferences WHERE pending <> x'' ORDER BY guild_id`)
	return found, db.fail("find unannounced preferences", err)
}

func preferencesPlace(column, guildID string) string { return "preferences." + column + "/" + guildID }
