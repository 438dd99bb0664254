package storage

import (
	"context"
	"encoding/json"
	"slices"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// Replayable implements delivery.Archive.
func (db *DB) Replayable(ctx context.Context, which delivery.Selection, after event.ID, limit int) ([]event.Event, error) {
	found, err := db.replayable(ctx, which, after, limit)
	return found, db.fail("select events", err)
}

func (db *DB) replayable(ctx context.Context, which delivery.Selection, after event.ID, limit int) ([]event.Event, error) {
	const columns = `SELECT e.id, e.source_id, e.type, e.headers, e.body FROM `
	if which.EventID != 0 {
		if which.EventID <= after {
			return nil, nil
		}
		found, err := list(ctx, db.readers, db.scanEvent, columns+`events e JOIN sources s ON s.id = e.source_id
			WHERE e.id = ? AND s.guild_id = ?`, int64(which.EventID), which.GuildID)
		if err == nil && len(found) == 0 {
			err = fault.New(fault.NotFound, "no event %s", which.EventID)
		}
		return found, err
	}
	from := events
	if which.Abandoned {
		from = abandonedEvents
	}
	if !which.Since.IsZero() {
		after = max(after, event.FirstID(which.Since)-1)
	}
	return list(ctx, db.readers, db.scanEvent, columns+from, int64(after), which.SourceID, which.GuildID, limit)
}

// The events of a source, in order. What was abandoned has an index of its own; there should be little of it.
const (
	ofSource = `e.source_id = ?2 AND EXISTS (SELECT 1 FROM sources s WHERE s.id = ?2 AND s.guild_id = ?3)`
	events   = `events e INDEXED BY events_source WHERE ` + ofSource + ` AND e.id > ?1 ORDER BY e.id LIMIT ?4`

	abandonedEvents = `(
		SELECT DISTINCT event_id FROM outcomes WHERE state = 'abandoned' AND event_id > ?1
	) o CROSS JOIN events e ON e.id = o.event_id WHERE ` + ofSource + ` ORDER BY e.id LIMIT ?4`
)

func (db *DB) scanEvent(row scanner) (event.Event, error) {
	var (
		e  event.Event
		id int64
	)
	err := row.Scan(&id, &e.SourceID, &e.Type, (*[]byte)(&e.Headers), &e.Body)
	e.ID, e.ReceivedAt = event.ID(id), event.ID(id).Time()
	if err != nil {
		return e, err
	}
	return e, db.vault.openBody(&e)
}

// Requeue implements delivery.Archive. Counts go on: what is delivered after it was abandoned counts for both.
func (db *DB) Requeue(ctx context.Context, entries []delivery.Entry, missing bool) (int, error) {
	var made int
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		made = 0
		for _, entry := range entries {
			for _, route := range entry.Routes {
				again, err := requeue(ctx, q, int64(entry.Event.ID), route, missing)
				if err != nil {
					return err
				}
				if again {
					made++
				}
			}
		}
		return nil
	})
	return made, db.fail("requeue events", stale(err))
}

func requeue(ctx context.Context, q querier, id int64, route delivery.Route, missing bool) (bool, error) {
	again, err := changed(ctx, q, `
		INSERT INTO deliveries (destination_id, event_id, link_id, attempts, replayed)
		SELECT ?1, e.id, ?3, a.made, a.made FROM events e, (
			SELECT coalesce(max(attempt), 0) AS made FROM attempts WHERE event_id = ?2 AND destination_id = ?1
		) a
		WHERE e.id = ?2 AND NOT (?4 AND EXISTS (
			SELECT 1 FROM outcomes WHERE event_id = ?2 AND destination_id = ?1 AND state = 'delivered'
		))
		ON CONFLICT (destination_id, event_id) DO NOTHING`, route.DestinationID, id, route.LinkID, missing)
	if err != nil || !again {
		return false, err
	}
	return true, leaveFlight(ctx, q, route.DestinationID, id)
}

// leaveFlight takes an event out of what was claimed together: it comes back as another message, and what is left of
// the flight must be composed as it was.
func leaveFlight(ctx context.Context, q querier, destinationID string, id int64) error {
	var flight string
	if err := q.QueryRowContext(ctx, `SELECT flight FROM queues WHERE destination_id = ?`, destinationID).Scan(&flight); err != nil {
		return err
	}
	var ids []int64
	if err := json.Unmarshal([]byte(flight), &ids); err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(ids), func(other int64) bool { return other == id })
	if len(left) == len(ids) {
		return nil
	}
	_, err := q.ExecContext(ctx, `UPDATE queues SET flight = ? WHERE destination_id = ?`, jsonOf(left), destinationID)
	return err
}
