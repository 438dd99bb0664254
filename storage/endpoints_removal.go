package storage

import (
	"context"
	"database/sql"
	"errors"

	"dispatch/delivery"
	"dispatch/fault"
)

// WaitingFor counts what is pending for a destination, as far as delivery.WaitingMax.
func (db *DB) WaitingFor(ctx context.Context, destinationID string) (int, error) {
	var n int
	err := db.readers.QueryRowContext(ctx, `
		SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE destination_id = ? LIMIT ?)`, destinationID, delivery.WaitingMax).Scan(&n)
	return n, db.fail("count what waits", err)
}

// DeleteDestination removes a destination with a name from its guild, with the links that lead there. What is pending for
// it is abandoned, step by step: should that not come to its end, the destination is still there, paused and without
// links, and can be deleted again. It fails with fault.NotFound when the guild has no such destination.
func (db *DB) DeleteDestination(ctx context.Context, guildID, destinationID string) error {
	err := db.cutOff(ctx, guildID, destinationID)
	for gone := false; err == nil && !gone; {
		if err = db.abandonPending(ctx, destinationID); err == nil {
			gone, err = db.removeIdle(ctx, destinationID)
		}
	}
	return db.fail("delete destination", err)
}

// cutOff sees to it that nothing comes to the destination any more, and nothing is sent.
func (db *DB) cutOff(ctx context.Context, guildID, destinationID string) error {
	return db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			UPDATE destinations SET paused = ?, paused_at = ?, told = 1 WHERE guild_id = ? AND id = ? AND name_folded <> ''`,
			delivery.PausedByAdmin, millis(now()), guildID, destinationID)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "no such destination")
		}
		_, err = q.ExecContext(ctx, `DELETE FROM links WHERE destination_id = ?`, destinationID)
		return err
	})
}

// abandonPending ends what is pending for a destination. That is no failure of its sources, so they do not count it. What
// was delivered before, and waits to be so again, stays delivered.
func (db *DB) abandonPending(ctx context.Context, destinationID string) error {
	const some = ` FROM deliveries WHERE destination_id = ?1 ORDER BY event_id LIMIT ?2`
	var p pace
	for ended := int64(1); ended > 0; {
		size := p.size()
		err := db.step(ctx, &p, func(ctx context.Context, q querier) (int, error) {
			_, err := q.ExecContext(ctx, `
				INSERT INTO outcomes (event_id, destination_id, link_id, state, at, receipt)
				SELECT event_id, destination_id, link_id, ?3, ?4, ''`+some+` ON CONFLICT DO NOTHING`,
				destinationID, size, delivery.Abandoned, millis(now()))
			if err != nil {
				return 0, err
			}
			result, err := q.ExecContext(ctx, `
				DELETE FROM deliveries WHERE destination_id = ?1 AND event_id IN (SELECT event_id`+some+`)`, destinationID, size)
			if err != nil {
				return 0, err
			}
			ended, err = result.RowsAffected()
			return int(ended), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// removeIdle removes a destination for which nothing is pending, and says whether it is gone. Something may have come over
// a link that was there a moment ago.
func (db *DB) removeIdle(ctx context.Context, destinationID string) (gone bool, err error) {
	err = db.configure(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			DELETE FROM destinations WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE destination_id = ?1)`, destinationID)
		if err != nil {
			return err
		}
		err = exists(ctx, q, `SELECT 1 FROM destinations WHERE id = ?`, destinationID)
		if gone = errors.Is(err, sql.ErrNoRows); gone {
			return nil
		}
		return err
	})
	return gone, err
}
