package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"dispatch/delivery"
)

// Destinations gives the destinations that the links of a source lead to, oldest first.
func (db *DB) Destinations(ctx context.Context, sourceID string) ([]delivery.Destination, error) {
	found, err := destinationsOf(ctx, db.readers, sourceID)
	return found, db.fail("list destinations", err)
}

func destinationsOf(ctx context.Context, q querier, sourceID string) ([]delivery.Destination, error) {
	return list(ctx, q, scanDestination, `
		SELECT `+destinationColumns+`
		FROM destinations d JOIN guilds g ON g.id = d.guild_id
		WHERE d.id IN (SELECT destination_id FROM links WHERE source_id = ?)
		ORDER BY d.created_at, d.id`, sourceID)
}

const destinationColumns = `d.id, d.guild_id, d.kind, d.name, d.channel_id, d.paused, g.locale`

func scanDestination(row scanner) (delivery.Destination, error) {
	var d delivery.Destination
	err := row.Scan(destinationFields(&d)...)
	return d, err
}

// destinationFields are where destinationColumns go.
func destinationFields(d *delivery.Destination) []any {
	return []any{&d.ID, &d.GuildID, &d.Kind, &d.Name, &d.ChannelID, &d.Paused, &d.Locale}
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
	_, err := q.ExecContext(ctx, `UPDATE queues SET failures = 0, due_at = 0 WHERE destination_id = ?`, destinationID)
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
	_, err = q.ExecContext(ctx, `INSERT INTO queues (destination_id) VALUES (?)`, id)
	return id, err
}
