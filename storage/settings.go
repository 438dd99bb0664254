package storage

import (
	"context"
	"database/sql"
	"errors"

	"dispatch/delivery"
)

// Settings gives what the guild wants its own way. One that is not known has chosen nothing.
func (db *DB) Settings(ctx context.Context, guildID string) (delivery.Settings, error) {
	s, err := settingsOf(ctx, db.readers, guildID)
	if errors.Is(err, sql.ErrNoRows) { // Discord has not told of it yet
		return delivery.Settings{}, nil
	}
	return s, db.fail("find settings", err)
}

func settingsOf(ctx context.Context, q querier, guildID string) (delivery.Settings, error) {
	var s delivery.Settings
	err := q.QueryRowContext(ctx, `SELECT header_prefix, language, currency, timezone FROM guilds WHERE id = ?`, guildID).
		Scan(&s.HeaderPrefix, &s.Language, &s.Currency, &s.Zone)
	return s, err
}

// ChangeSettings has the settings of the guild changed. Nobody else changes them meanwhile; change may run twice.
func (db *DB) ChangeSettings(ctx context.Context, guildID string, change func(*delivery.Settings)) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, guildID); err != nil {
			return err
		}
		s, err := settingsOf(ctx, q, guildID)
		if err != nil {
			return err
		}
		change(&s)
		_, err = q.ExecContext(ctx, `
			UPDATE guilds SET header_prefix = ?, language = ?, currency = ?, timezone = ? WHERE id = ?`,
			s.HeaderPrefix, s.Language, s.Currency, s.Zone, guildID)
		return err
	})
	return db.fail("change settings", err)
}
