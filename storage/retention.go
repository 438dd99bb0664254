package storage

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
)

// What is kept how long, whatever the retention is.
const (
	keepIdempotency = 24 * time.Hour      // events with an idempotency key
	keepLeft        = 30 * 24 * time.Hour // guilds that we have left
	keepRevoked     = 30 * 24 * time.Hour // API keys that were revoked
)

// One step is one transaction's worth: it holds up the intake for a few milliseconds.
const (
	stepRows  = 500
	stepBytes = 4 << 20 // of bodies
)

// retentionEvery is the pause between two rounds.
const retentionEvery = 5 * time.Minute

// The keys of log fields.
const (
	logComponent = "component"
	logErr       = "err"
)

// RunRetention removes what is older than keep and what nobody needs, again and again until ctx ends. A round
// that fails is logged and made good by the next.
func (db *DB) RunRetention(ctx context.Context, keep time.Duration, log *logrus.Logger) error {
	ticker := time.NewTicker(retentionEvery)
	defer ticker.Stop()
	for {
		if err := db.retain(ctx, time.Now(), keep); err != nil && ctx.Err() == nil {
			log.WithFields(logrus.Fields{logComponent: "storage", logErr: err}).Warn("retention round failed")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// retain is one round. Space is given back even when some of it could not be freed.
func (db *DB) retain(ctx context.Context, now time.Time, keep time.Duration) error {
	return db.fail("remove old data", errors.Join(
		db.removeOldEvents(ctx, now, keep),
		db.removeLeftGuilds(ctx, now.Add(-keepLeft)),
		db.removeSpent(ctx, now, keep),
		db.shrink(ctx),
	))
}

// oldEvent is an event that may be removed.
type oldEvent struct {
	id    int64
	bytes int
}

func scanOldEvent(row scanner) (oldEvent, error) {
	var e oldEvent
	err := row.Scan(&e.id, &e.bytes)
	return e, err
}

// removeOldEvents removes the events that were accepted longer ago than keep.
func (db *DB) removeOldEvents(ctx context.Context, now time.Time, keep time.Duration) error {
	return db.removeEvents(ctx, func(ctx context.Context, after int64) ([]oldEvent, error) {
		return list(ctx, db.readers, scanOldEvent, `
			SELECT id, length(body) FROM events
			WHERE id > ? AND id < ? AND (idempotency_key IS NULL OR id < ?) ORDER BY id LIMIT ?`,
			after, int64(event.FirstID(now.Add(-keep))), int64(event.FirstID(now.Add(-keepIdempotency))), stepRows)
	})
}

// removeEvents removes, step by step, the events that next gives behind an id, in order and at most
// stepRows at a time. Those that are pending somewhere stay.
func (db *DB) removeEvents(ctx context.Context, next func(ctx context.Context, after int64) ([]oldEvent, error)) error {
	var after int64
	for {
		found, err := next(ctx, after)
		if err != nil || len(found) == 0 {
			return err
		}
		n, bytes := 0, 0
		for n < len(found) && bytes < stepBytes {
			bytes += found[n].bytes
			n++
		}
		if err := db.removeStep(ctx, found[:n]); err != nil {
			return err
		}
		after = found[n-1].id
	}
}

// removeStep removes the events that are pending nowhere, and their log.
func (db *DB) removeStep(ctx context.Context, old []oldEvent) error {
	ids := make([]int64, len(old))
	for i := range old {
		ids[i] = old[i].id
	}
	return db.write(ctx, func(ctx context.Context, q querier) error {
		// Numbering goes on behind the last event, even if that is among those removed.
		_, err := q.ExecContext(ctx, `
			INSERT INTO meta (name, value) VALUES (?, coalesce((SELECT max(id) FROM events), 0))
			ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`, lastID)
		if err != nil {
			return err
		}
		// What is pending is found by destination: one look into each queue, not one for each event.
		gone, err := list(ctx, q, scanID, `
			DELETE FROM events WHERE id IN (SELECT value FROM json_each(?)) AND id NOT IN (
				SELECT v.event_id FROM destinations d CROSS JOIN deliveries v ON v.destination_id = d.id
				WHERE v.event_id BETWEEN ? AND ?
			) RETURNING id`, jsonOf(ids), ids[0], ids[len(ids)-1])
		if err != nil || len(gone) == 0 {
			return err
		}
		for _, log := range []string{"outcomes", "attempts"} {
			_, err := q.ExecContext(ctx, `DELETE FROM `+log+` WHERE event_id IN (SELECT value FROM json_each(?))`, jsonOf(gone))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func scanID(row scanner) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

// jsonOf is a list for json_each.
func jsonOf[T int64 | string](list []T) string {
	if list == nil {
		return "[]" // null would be a list of one
	}
	text, _ := json.Marshal(list) // cannot fail
	return string(text)
}
