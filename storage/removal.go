package storage

import (
	"context"
	"slices"
	"time"
)

// removeLeftGuilds removes the guilds that we have left before the time, with all they own.
func (db *DB) removeLeftGuilds(ctx context.Context, before time.Time) error {
	guilds, err := list(ctx, db.readers, scanText, `SELECT id FROM guilds WHERE left_at < ?`, millis(before))
	if err != nil {
		return err
	}
	for _, id := range guilds {
		if err := db.removeGuild(ctx, id, before); err != nil {
			return err
		}
	}
	return nil
}

// removeGuild removes the large things first, step by step; the rest goes with the guild itself.
func (db *DB) removeGuild(ctx context.Context, id string, before time.Time) error {
	err := db.removeInSteps(ctx, `
		DELETE FROM deliveries WHERE (destination_id, event_id) IN (
			SELECT v.destination_id, v.event_id
			FROM guilds g CROSS JOIN destinations d ON d.guild_id = g.id CROSS JOIN deliveries v ON v.destination_id = d.id
			WHERE g.id = ? AND g.left_at < ? LIMIT ?)`, id, millis(before))
	if err != nil {
		return err
	}
	if err := db.removeEventsOf(ctx, id); err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM counts WHERE (source_id, hour) IN (
			SELECT c.source_id, c.hour
			FROM guilds g CROSS JOIN sources s ON s.guild_id = g.id CROSS JOIN counts c ON c.source_id = s.id
			WHERE g.id = ? AND g.left_at < ? LIMIT ?)`, id, millis(before))
	if err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM poll_records WHERE rowid IN (
			SELECT r.rowid FROM guilds g CROSS JOIN sources s ON s.guild_id = g.id CROSS JOIN poll_records r ON r.source_id = s.id
			WHERE g.id = ? AND g.left_at < ? LIMIT ?)`, id, millis(before))
	if err != nil {
		return err
	}
	return db.configure(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `DELETE FROM guilds WHERE id = ? AND left_at < ?`, id, millis(before))
		return err
	})
}

// removeEventsOf removes all events of the guild.
func (db *DB) removeEventsOf(ctx context.Context, guildID string) error {
	sources, err := list(ctx, db.readers, scanText, `SELECT id FROM sources WHERE guild_id = ?`, guildID)
	if err != nil {
		return err
	}
	for _, source := range sources {
		err := db.removeEvents(ctx, oldEvents+`INDEXED BY events_source
			WHERE e.source_id = ? AND e.id > ? ORDER BY e.id LIMIT ?`, source)
		if err != nil {
			return err
		}
	}
	return nil
}

// removeSpent removes what has served its time. Tables that a guild's sources lead to are reached by them:
// their keys begin with the source.
func (db *DB) removeSpent(ctx context.Context, now time.Time, keep time.Duration) error {
	// Activity looks back a day.
	since := hourOf(now.Add(-max(keep, 25*time.Hour)))
	err := db.removeInSteps(ctx, `
		DELETE FROM counts WHERE (source_id, hour) IN (
			SELECT c.source_id, c.hour FROM sources s CROSS JOIN counts c ON c.source_id = s.id
			WHERE c.hour < ? LIMIT ?)`, since)
	if err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM failures WHERE source_id IN (
			SELECT source_id FROM failures f
			WHERE NOT EXISTS (SELECT 1 FROM events WHERE id = f.event_id) LIMIT ?)`)
	if err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM posts WHERE (destination_id, record) IN (
			SELECT destination_id, record FROM posts WHERE used_at < ? LIMIT ?)`, millis(now.Add(-keepPost)))
	if err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM signing_keys WHERE id IN (
			SELECT id FROM signing_keys WHERE expires_at > 0 AND expires_at <= ? LIMIT ?)`, millis(now))
	if err != nil {
		return err
	}
	// Clients make instances, and no person cleans up behind them.
	err = db.removeInSteps(ctx, `
		DELETE FROM sources WHERE id IN (
			SELECT s.id FROM instances i CROSS JOIN sources s ON s.id = i.source_id
			WHERE s.state = 'disconnected' AND s.disconnected_at < ?
				AND NOT EXISTS (SELECT 1 FROM events WHERE source_id = s.id) LIMIT ?)`, millis(now.Add(-keepInstance)))
	if err != nil {
		return err
	}
	return db.removeInSteps(ctx, `
		DELETE FROM api_keys WHERE hash IN (SELECT hash FROM api_keys WHERE revoked_at < ? LIMIT ?)`,
		millis(now.Add(-keepRevoked)))
}

// removeInSteps runs the statement, whose last argument is how many rows it may remove, until it removes nothing. What it
// removes is in no cache: it was not valid before.
func (db *DB) removeInSteps(ctx context.Context, query string, args ...any) error {
	var p pace
	for removed := int64(1); removed > 0; {
		size := p.size()
		err := db.step(ctx, &p, func(ctx context.Context, q querier) (int, error) {
			result, err := q.ExecContext(ctx, query, slices.Concat(args, []any{size})...)
			if err != nil {
				return 0, err
			}
			removed, err = result.RowsAffected()
			return int(removed), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}
