package storage

import (
	"context"
	"time"
)

// scanRows is how many events are looked at to find those of one guild.
const scanRows = 5000

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
			WHERE g.id = ? AND g.left_at < ? LIMIT ?)`, id, millis(before), stepRows)
	if err != nil {
		return err
	}
	if err := db.removeEventsOf(ctx, id); err != nil {
		return err
	}
	return db.configure(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `DELETE FROM guilds WHERE id = ? AND left_at < ?`, id, millis(before))
		return err
	})
}

// removeEventsOf walks along all events for those of the guild: an index by source would cost every event
// that is accepted, and this happens once for a guild.
func (db *DB) removeEventsOf(ctx context.Context, guildID string) error {
	sources, err := list(ctx, db.readers, scanText, `SELECT id FROM sources WHERE guild_id = ?`, guildID)
	if err != nil || len(sources) == 0 {
		return err
	}
	return db.removeEvents(ctx, func(ctx context.Context, after int64) ([]oldEvent, error) {
		for {
			end, err := db.windowEnd(ctx, after)
			if err != nil || end == after {
				return nil, err
			}
			found, err := list(ctx, db.readers, scanOldEvent, `
				SELECT id, length(body) FROM events
				WHERE id > ? AND id <= ? AND source_id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?`,
				after, end, jsonOf(sources), stepRows)
			if err != nil || len(found) > 0 {
				return found, err
			}
			after = end
		}
	})
}

// windowEnd is the last of the scanRows events behind an id, or that id when there are none.
func (db *DB) windowEnd(ctx context.Context, after int64) (end int64, err error) {
	err = db.readers.QueryRowContext(ctx, `
		SELECT coalesce(max(id), ?1) FROM (SELECT id FROM events WHERE id > ?1 ORDER BY id LIMIT ?2)`, after, scanRows).
		Scan(&end)
	return end, err
}

// removeSpent removes what has served its time. Tables that a guild's sources lead to are reached by them:
// their keys begin with the source.
func (db *DB) removeSpent(ctx context.Context, now time.Time, keep time.Duration) error {
	// Activity looks back a day.
	since := hourOf(now.Add(-max(keep, 25*time.Hour)))
	err := db.removeInSteps(ctx, `
		DELETE FROM counts WHERE (source_id, hour) IN (
			SELECT c.source_id, c.hour FROM sources s CROSS JOIN counts c ON c.source_id = s.id
			WHERE c.hour < ? LIMIT ?)`, since, stepRows)
	if err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM failures WHERE source_id IN (
			SELECT source_id FROM failures f
			WHERE NOT EXISTS (SELECT 1 FROM events WHERE id = f.event_id) LIMIT ?)`, stepRows)
	if err != nil {
		return err
	}
	err = db.removeInSteps(ctx, `
		DELETE FROM signing_keys WHERE id IN (
			SELECT id FROM signing_keys WHERE expires_at > 0 AND expires_at <= ? LIMIT ?)`, millis(now), stepRows)
	if err != nil {
		return err
	}
	return db.removeInSteps(ctx, `
		DELETE FROM api_keys WHERE hash IN (SELECT hash FROM api_keys WHERE revoked_at < ? LIMIT ?)`,
		millis(now.Add(-keepRevoked)), stepRows)
}

// removeInSteps runs the statement until it removes nothing. What it removes is in no cache: it was not
// valid before.
func (db *DB) removeInSteps(ctx context.Context, query string, args ...any) error {
	for more := true; more; {
		err := db.write(ctx, func(ctx context.Context, q querier) (err error) {
			more, err = changed(ctx, q, query, args...)
			return err
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
