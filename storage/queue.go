package storage

import (
	"context"
	"time"
)

// Waiting implements delivery.Queue. Destinations of a guild that we have left are not among them, either.
func (db *DB) Waiting(ctx context.Context) (map[string]time.Time, error) {
	rows, err := db.readers.QueryContext(ctx, `
		SELECT d.id, q.due_at
		FROM destinations d JOIN queues q ON q.destination_id = d.id JOIN guilds g ON g.id = d.guild_id
		WHERE d.paused = '' AND g.left_at IS NULL
			AND EXISTS (SELECT 1 FROM deliveries v WHERE v.destination_id = d.id)`)
	if err != nil {
		return nil, db.fail("list queues", err)
	}
	defer func() { _ = rows.Close() }()
	due := make(map[string]time.Time)
	for rows.Next() {
		var (
			id string
			at int64
		)
		if err := rows.Scan(&id, &at); err != nil {
			return nil, db.fail("list queues", err)
		}
		due[id] = timeOf(at)
	}
	return due, db.fail("list queues", rows.Err())
}

// Release implements delivery.Queue.
func (db *DB) Release(ctx context.Context, owner string) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			UPDATE queues SET lease_owner = '', lease_until = 0 WHERE lease_owner = ?`, owner)
		return err
	})
	return db.fail("release queues", err)
}
