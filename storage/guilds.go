package storage

import (
	"context"
	"time"
)

// JoinGuild writes down that we are in a guild, and what it is called. One that comes back has all that it
// had.
func (db *DB) JoinGuild(ctx context.Context, id, name, locale string, at time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		// Discord tells of every guild at every start: what is the same writes nothing.
		_, err := q.ExecContext(ctx, `
			INSERT INTO guilds (id, name, locale, joined_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, locale = excluded.locale,
				joined_at = iif(left_at IS NULL, joined_at, excluded.joined_at), left_at = NULL
			WHERE name <> excluded.name OR locale <> excluded.locale OR left_at IS NOT NULL`,
			id, name, locale, millis(at))
		return err
	})
	return db.fail("join guild", err)
}

// LeaveGuild writes down that we are in the guild no longer: its sources are not found, what is pending is
// kept but not sent, and all of it is removed thirty days later.
func (db *DB) LeaveGuild(ctx context.Context, id string, at time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `UPDATE guilds SET left_at = ? WHERE id = ? AND left_at IS NULL`, millis(at), id)
		return err
	})
	return db.fail("leave guild", err)
}

// SyncGuilds is LeaveGuild for every guild that is not among those present.
func (db *DB) SyncGuilds(ctx context.Context, present []string, at time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			UPDATE guilds SET left_at = ?
			WHERE left_at IS NULL AND id NOT IN (SELECT value FROM json_each(?))`, millis(at), jsonOf(present))
		return err
	})
	return db.fail("sync guilds", err)
}

// meetGuild makes sure that a guild is known. A command may come before Discord has told of the guild.
func meetGuild(ctx context.Context, q querier, id string) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO guilds (id, name, locale, joined_at) VALUES (?, '', 'en-US', ?) ON CONFLICT (id) DO NOTHING`,
		id, millis(now()))
	return err
}
