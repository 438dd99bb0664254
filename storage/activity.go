package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// Activity tells how a source has been doing up to now. It counts no events, and what waits only as far as
// delivery.WaitingMax.
func (db *DB) Activity(ctx context.Context, sourceID string, now time.Time) (delivery.Activity, error) {
	var a delivery.Activity
	steps := []func(context.Context, querier, string, *delivery.Activity) error{
		lastOf, day(now), waitingOf, failureOf, db.pausedOf,
	}
	for _, step := range steps {
		if err := step(ctx, db.readers, sourceID, &a); err != nil {
			return delivery.Activity{}, db.fail("read activity", err)
		}
	}
	return a, nil
}

func lastOf(ctx context.Context, q querier, sourceID string, a *delivery.Activity) error {
	var id int64
	err := q.QueryRowContext(ctx, `
		SELECT id, type FROM events WHERE id = (SELECT max(last_event) FROM counts WHERE source_id = ?)`, sourceID).
		Scan(&id, &a.LastType)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	a.LastAt = event.ID(id).Time()
	return err
}

// day sums the hours of the last day: this one, as far as it has come, and the 23 before.
func day(now time.Time) func(context.Context, querier, string, *delivery.Activity) error {
	return func(ctx context.Context, q querier, sourceID string, a *delivery.Activity) error {
		return q.QueryRowContext(ctx, `
			SELECT coalesce(sum(accepted), 0), coalesce(sum(delivered), 0), coalesce(sum(filtered), 0), coalesce(sum(abandoned), 0)
			FROM counts WHERE source_id = ? AND hour > ? AND hour <= ?`, sourceID, hourOf(now)-24, hourOf(now)).
			Scan(&a.Day.Accepted, &a.Day.Delivered, &a.Day.Filtered, &a.Day.Abandoned)
	}
}

func waitingOf(ctx context.Context, q querier, sourceID string, a *delivery.Activity) error {
	var oldest sql.NullInt64
	err := q.QueryRowContext(ctx, `
		WITH queue AS (
			SELECT v.event_id FROM (SELECT DISTINCT destination_id FROM links WHERE source_id = ?1) l
				CROSS JOIN deliveries v ON v.destination_id = l.destination_id
			LIMIT ?2
		)
		SELECT count(*), (
			SELECT min((SELECT min(event_id) FROM deliveries v WHERE v.destination_id = l.destination_id))
			FROM links l WHERE l.source_id = ?1
		) FROM queue`, sourceID, delivery.WaitingMax).Scan(&a.Waiting, &oldest)
	if oldest.Valid {
		a.Oldest = event.ID(oldest.Int64).Time()
	}
	return err
}

// failureOf finds the last failure that the log still holds.
func failureOf(ctx context.Context, q querier, sourceID string, a *delivery.Activity) error {
	var (
		f       delivery.Failure
		id      int64
		at, due int64
	)
	err := q.QueryRowContext(ctx, `
		SELECT e.id, e.type, t.at, t.attempt, t.status, t.error, coalesce(d.kind, ''),
			coalesce(d.name, ''), coalesce(d.channel_id, ''), coalesce(o.state, 'pending'), iif(o.state IS NULL AND d.paused = '', q.due_at, 0)
		FROM failures f
			JOIN attempts t ON t.event_id = f.event_id AND t.destination_id = f.destination_id AND t.attempt = f.attempt
			JOIN events e ON e.id = f.event_id
			LEFT JOIN destinations d ON d.id = f.destination_id
			LEFT JOIN queues q ON q.destination_id = f.destination_id
			LEFT JOIN outcomes o ON o.event_id = f.event_id AND o.destination_id = f.destination_id
		WHERE f.source_id = ?`, sourceID).
		Scan(&id, &f.Type, &at, &f.Attempt, &f.Status, &f.Error, &f.Kind, &f.Name, &f.ChannelID, &f.State, &due)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	f.EventID, f.At, f.DueAt = event.ID(id), timeOf(at), timeOf(due)
	a.LastFailure = &f
	return nil
}

func (db *DB) pausedOf(ctx context.Context, q querier, sourceID string, a *delivery.Activity) error {
	destinations, err := db.destinationsOf(ctx, q, sourceID)
	for _, d := range destinations {
		if d.Paused != "" {
			a.Paused = append(a.Paused, d)
		}
	}
	return err
}
