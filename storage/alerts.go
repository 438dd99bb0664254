package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"dispatch/delivery"
)

// AlertsChannel gives the channel in which the guild wants to hear of what an admin has to mend, "" when it has none.
func (db *DB) AlertsChannel(ctx context.Context, guildID string) (string, error) {
	var channel string
	err := db.readers.QueryRowContext(ctx, `SELECT alerts_channel FROM guilds WHERE id = ?`, guildID).Scan(&channel)
	if errors.Is(err, sql.ErrNoRows) { // Discord has not told of it yet
		return "", nil
	}
	return channel, db.fail("find alerts channel", err)
}

// SetAlertsChannel sets that channel, or none with "".
func (db *DB) SetAlertsChannel(ctx context.Context, guildID, channelID string) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, guildID); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `UPDATE guilds SET alerts_channel = ? WHERE id = ?`, channelID, guildID)
		return err
	})
	return db.fail("set alerts channel", err)
}

// Untold gives the paused destinations of which their guilds were not told, the longest paused first. Those of guilds
// that we have left are not among them: nobody there could be told.
func (db *DB) Untold(ctx context.Context) ([]delivery.Alert, error) {
	found, err := list(ctx, db.readers, db.scanAlert, `
		SELECT `+destinationColumns+`, d.paused_at, g.alerts_channel
		FROM destinations d JOIN guilds g ON g.id = d.guild_id
		WHERE d.paused <> '' AND d.told = 0 AND g.left_at IS NULL
		ORDER BY d.paused_at, d.id`)
	return found, db.fail("list alerts", err)
}

func (db *DB) scanAlert(row scanner) (delivery.Alert, error) {
	var (
		r      destinationRow
		a      delivery.Alert
		paused int64
	)
	err := row.Scan(append(r.fields(), &paused, &a.Channel)...)
	if err != nil {
		return delivery.Alert{}, err
	}
	a.PausedAt = timeOf(paused)
	a.Destination, err = r.destination(db.vault)
	return a, err
}

// Told writes down that the guild was told of the pause that began then. One that began later is still to be told of.
func (db *DB) Told(ctx context.Context, destinationID string, pausedAt time.Time) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `UPDATE destinations SET told = 1 WHERE id = ? AND paused <> '' AND paused_at = ?`,
			destinationID, millis(pausedAt))
		return err
	})
	return db.fail("mark alert as told", err)
}

// PausedDestinations gives the paused destinations of a guild, the longest paused first.
func (db *DB) PausedDestinations(ctx context.Context, guildID string) ([]delivery.Destination, error) {
	found, err := list(ctx, db.readers, db.scanDestination, `
		SELECT `+destinationColumns+`
		FROM destinations d JOIN guilds g ON g.id = d.guild_id
		WHERE d.guild_id = ? AND d.paused <> '' ORDER BY d.paused_at, d.id`, guildID)
	return found, db.fail("list paused destinations", err)
}
