package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"dispatch/delivery"
	"dispatch/fault"
)

// Destinations gives the destinations that the links of a source lead to, oldest first.
func (db *DB) Destinations(ctx context.Context, sourceID string) ([]delivery.Destination, error) {
	found, err := db.destinationsOf(ctx, db.readers, sourceID)
	return found, db.fail("list destinations", err)
}

func (db *DB) destinationsOf(ctx context.Context, q querier, sourceID string) ([]delivery.Destination, error) {
	return list(ctx, q, db.scanDestination, `
		SELECT `+destinationColumns+`
		FROM destinations d JOIN guilds g ON g.id = d.guild_id
		WHERE d.id IN (SELECT destination_id FROM links WHERE source_id = ?)
		ORDER BY d.created_at, d.id`, sourceID)
}

// GuildDestinations gives the destinations of a guild, those with a name by that, then the channels, oldest first.
func (db *DB) GuildDestinations(ctx context.Context, guildID string) ([]delivery.Destination, error) {
	found, err := list(ctx, db.readers, db.scanDestination, `
		SELECT `+destinationColumns+`
		FROM destinations d JOIN guilds g ON g.id = d.guild_id
		WHERE d.guild_id = ? ORDER BY d.name_folded = '', d.name_folded, d.created_at, d.id`, guildID)
	return found, db.fail("list destinations", err)
}

// PauseDestination has nothing sent to a destination of the guild until it is resumed; what comes waits. One that is paused
// already stays so, for its own reason. Nobody needs to be told: somebody has asked for it. It fails with fault.NotFound
// when the guild has no such destination.
func (db *DB) PauseDestination(ctx context.Context, guildID, destinationID string) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			UPDATE destinations SET paused_at = iif(paused = '', ?2, paused_at), told = iif(paused = '', 1, told),
				paused = iif(paused = '', ?1, paused)
			WHERE guild_id = ?3 AND id = ?4`, delivery.PausedByAdmin, millis(now()), guildID, destinationID)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such destination")
		}
		return err
	})
	return db.fail("pause destination", err)
}

// Resume lets what waits for a destination of the guild be sent again, at once. It fails with fault.NotFound when the
// guild has no such destination.
func (db *DB) Resume(ctx context.Context, guildID, destinationID string) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		var id string
		err := q.QueryRowContext(ctx, `
			UPDATE destinations SET paused = '', paused_at = 0 WHERE guild_id = ? AND id = ? RETURNING id`, guildID, destinationID).Scan(&id)
		if err != nil {
			return err
		}
		return startAfresh(ctx, q, id)
	})
	return db.fail("resume destination", err)
}

// startAfresh forgets the failures of a destination's queue, and with them the wait.
func startAfresh(ctx context.Context, q querier, destinationID string) error {
	_, err := q.ExecContext(ctx, `
		UPDATE queues SET failures = 0, failing_since = 0, due_at = 0 WHERE destination_id = ?`, destinationID)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `
		UPDATE deliveries SET due_at = 0
		WHERE destination_id = ?1 AND due_at > 0 AND (SELECT unordered FROM destinations WHERE id = ?1)`, destinationID)
	return err
}

// channelOf is the destination that stands for a channel of the guild. It is made when there is none, and
// active afterwards: whoever asks for it wants events to be sent there.
func channelOf(ctx context.Context, q querier, guildID, channelID string, at time.Time) (string, error) {
	var id string
	err := q.QueryRowContext(ctx, `
		UPDATE destinations SET paused = '', paused_at = 0 WHERE guild_id = ? AND channel_id = ? AND kind = ? RETURNING id`,
		guildID, channelID, delivery.KindChannel).Scan(&id)
	switch {
	case err == nil:
		return id, startAfresh(ctx, q, id)
	case !errors.Is(err, sql.ErrNoRows):
		return "", err
	}
	id = newID()
	_, err = q.ExecContext(ctx, `
		INSERT INTO destinations (id, guild_id, kind, name, channel_id, created_at) VALUES (?, ?, ?, '', ?, ?)`,
		id, guildID, delivery.KindChannel, channelID, millis(at))
	if err != nil {
		return "", err
	}
	return id, insertQueue(ctx, q, id)
}

func insertQueue(ctx context.Context, q querier, destinationID string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO queues (destination_id) VALUES (?)`, destinationID)
	return err
}
