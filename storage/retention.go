package storage

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
)

// Retention is what is kept of what is finished.
type Retention struct {
	Keep        time.Duration // since it was accepted
	GuildEvents int           // events of one guild, the newest; 0: all
}

// What is kept how long, whatever the retention is.
const (
	keepIdempotency = 24 * time.Hour      // events with an idempotency key
	keepLeft        = 30 * 24 * time.Hour // guilds that we have left
	keepRevoked     = 30 * 24 * time.Hour // API keys that were revoked
	keepInstance    = 30 * 24 * time.Hour // instances that are gone, to be known as such, and longer while there are events
)

// retentionEvery is the pause between two rounds.
const retentionEvery = 5 * time.Minute

// The keys of log fields.
const (
	logComponent = "component"
	logErr       = "err"
)

// RunRetention removes what the retention does not keep and what nobody needs, again and again until ctx ends. A round
// that fails is logged and made good by the next.
func (db *DB) RunRetention(ctx context.Context, r Retention, log *logrus.Logger) error {
	ticker := time.NewTicker(retentionEvery)
	defer ticker.Stop()
	for {
		if err := db.retain(ctx, time.Now(), r); err != nil && ctx.Err() == nil {
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
func (db *DB) retain(ctx context.Context, now time.Time, r Retention) error {
	return db.fail("remove old data", errors.Join(
		db.removeOldEvents(ctx, now, r.Keep),
		db.removeSurplus(ctx, now, r.GuildEvents),
		db.removeLeftGuilds(ctx, now.Add(-keepLeft)),
		db.removeSpent(ctx, now, r.Keep),
		db.shrink(ctx),
	))
}

// oldEvent is an event that may be removed.
type oldEvent struct {
	id      int64
	bytes   int  // of its body, the answers to its attempts, and what refused it
	waiting bool // somewhere, and so it stays
}

func scanOldEvent(row scanner) (oldEvent, error) {
	var e oldEvent
	err := row.Scan(&e.id, &e.bytes, &e.waiting)
	return e, err
}

// pendingSomewhere asks it of an event e. Deliveries are found by destination: those of its guild can have it.
const pendingSomewhere = `EXISTS (
	SELECT 1 FROM sources s CROSS JOIN destinations d ON d.guild_id = s.guild_id
		CROSS JOIN deliveries v ON v.destination_id = d.id AND v.event_id = e.id
	WHERE s.id = e.source_id)`

// oldEvents is how the events are found that may be removed.
const oldEvents = `
	SELECT e.id, length(e.body) + (SELECT coalesce(sum(length(response)), 0) FROM attempts WHERE event_id = e.id)
			+ (SELECT coalesce(sum(length(detail)), 0) FROM refusals WHERE event_id = e.id),
		` + pendingSomewhere + `
	FROM events e `

// removeOldEvents removes the events that were accepted longer ago than keep.
func (db *DB) removeOldEvents(ctx context.Context, now time.Time, keep time.Duration) error {
	return db.removeEvents(ctx, oldEvents+`
		WHERE e.id < ? AND (e.idempotency_key IS NULL OR e.id < ?) AND e.id > ? ORDER BY e.id LIMIT ?`,
		int64(event.FirstID(now.Add(-keep))), remembered(now))
}

// remembered is the first event whose idempotency key must be known at the time.
func remembered(now time.Time) int64 { return int64(event.FirstID(now.Add(-keepIdempotency))) }

// removeEvents removes, step by step, the events that the query finds behind an id, in order, which are its last two
// arguments. Those that are pending somewhere stay.
func (db *DB) removeEvents(ctx context.Context, query string, args ...any) error {
	var (
		p     pace
		after int64
	)
	for {
		found, err := list(ctx, db.readers, scanOldEvent, query, slices.Concat(args, []any{after, stepMax})...)
		if err != nil || len(found) == 0 {
			return err
		}
		after = found[len(found)-1].id
		found = slices.DeleteFunc(found, func(e oldEvent) bool { return e.waiting })
		for len(found) > 0 {
			n := p.fit(found)
			if err := db.removeStep(ctx, &p, found[:n]); err != nil {
				return err
			}
			found = found[n:]
		}
	}
}

// removeStep removes the events that are pending nowhere, and their log.
func (db *DB) removeStep(ctx context.Context, p *pace, old []oldEvent) error {
	ids := make([]int64, len(old))
	for i := range old {
		ids[i] = old[i].id
	}
	return db.step(ctx, p, func(ctx context.Context, q querier) (int, error) {
		// Numbering goes on behind the last event, even if that is among those removed.
		_, err := q.ExecContext(ctx, `
			INSERT INTO meta (name, value) VALUES (?, coalesce((SELECT max(id) FROM events), 0))
			ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`, lastID)
		if err != nil {
			return 0, err
		}
		// Asked again: it may have been replayed meanwhile.
		gone, err := list(ctx, q, scanID, `
			DELETE FROM events AS e WHERE id IN (SELECT value FROM json_each(?)) AND NOT `+pendingSomewhere+`
			RETURNING id`, jsonOf(ids))
		if err != nil || len(gone) == 0 {
			return len(ids), err
		}
		for _, log := range []string{"outcomes", "attempts", "refusals"} {
			_, err := q.ExecContext(ctx, `DELETE FROM `+log+` WHERE event_id IN (SELECT value FROM json_each(?))`, jsonOf(gone))
			if err != nil {
				return 0, err
			}
		}
		return len(ids), nil
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
