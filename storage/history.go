package storage

import (
	"context"
	"database/sql"
	"time"

	"dispatch/event"
)

// History gives an event of the guild with what became of it. One of another guild, or one that retention has removed,
// is fault.NotFound.
func (db *DB) History(ctx context.Context, guildID string, id event.ID) (event.History, error) {
	var h event.History
	err := db.snapshot(ctx, func(q querier) (err error) {
		if h, err = readAccepted(ctx, q, guildID, id); err != nil {
			return err
		}
		if err := db.vault.openBody(&h.Event); err != nil {
			return err
		}
		if h.Deliveries, err = list(ctx, q, scanTrace, tracesQuery, int64(id), guildID); err != nil {
			return err
		}
		return addAttempts(ctx, q, &h)
	})
	if err != nil {
		return event.History{}, db.fail("read history of event", err)
	}
	return h, nil
}

// readAccepted is the event itself.
func readAccepted(ctx context.Context, q querier, guildID string, id event.ID) (event.History, error) {
	h := event.History{Event: event.Event{ID: id, ReceivedAt: id.Time()}}
	var key sql.NullString
	err := q.QueryRowContext(ctx, `
		SELECT e.source_id, e.type, e.idempotency_key, e.headers, e.body, s.name
		FROM events e JOIN sources s ON s.id = e.source_id
		WHERE e.id = ? AND s.guild_id = ?`, int64(id), guildID).
		Scan(&h.SourceID, &h.Type, &key, (*[]byte)(&h.Headers), &h.Body, &h.SourceName)
	h.IdempotencyKey = key.String
	return h, err
}

// tracesQuery finds what is pending by destination, as Results does, and before what ended: a delivery that is replayed
// keeps its outcome until it has another. Ids of destinations sort as they were made.
const tracesQuery = `
	WITH waiting (destination_id) AS (
		SELECT v.destination_id
		FROM destinations d CROSS JOIN deliveries v ON v.destination_id = d.id AND v.event_id = ?1
		WHERE d.guild_id = ?2
	), ends (destination_id, state, at, receipt) AS (
		SELECT destination_id, 'pending', 0, '' FROM waiting
		UNION ALL
		SELECT destination_id, state, at, receipt FROM outcomes
		WHERE event_id = ?1 AND destination_id <> '' AND destination_id NOT IN (SELECT destination_id FROM waiting)
	)
	SELECT ends.destination_id, coalesce(d.kind, ''), coalesce(d.name, ''), coalesce(d.channel_id, ''), ends.state, ends.at,
		iif(ends.state = 'pending' AND d.paused = '', q.due_at, 0), coalesce(d.paused, ''), ends.receipt
	FROM ends LEFT JOIN destinations d ON d.id = ends.destination_id
		LEFT JOIN queues q ON q.destination_id = ends.destination_id
	ORDER BY ends.destination_id`

func scanTrace(row scanner) (event.Trace, error) {
	var (
		t       event.Trace
		at, due int64
	)
	err := row.Scan(&t.DestinationID, &t.Kind, &t.Name, &t.ChannelID, &t.State, &at, &due, &t.Paused, &t.Receipt)
	t.At, t.DueAt = timeOf(at), timeOf(due)
	return t, err
}

// addAttempts gives each delivery of the history its attempts.
func addAttempts(ctx context.Context, q querier, h *event.History) error {
	of := make(map[string]*event.Trace, len(h.Deliveries))
	for i := range h.Deliveries {
		of[h.Deliveries[i].DestinationID] = &h.Deliveries[i]
	}
	rows, err := q.QueryContext(ctx, `
		SELECT destination_id, attempt, at, latency, status, response, error
		FROM attempts WHERE event_id = ? ORDER BY destination_id, attempt`, int64(h.ID))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var (
			a           event.Attempt
			destination string
			at, latency int64
		)
		if err := rows.Scan(&destination, &a.Number, &at, &latency, &a.Status, &a.Response, &a.Error); err != nil {
			return err
		}
		a.At, a.Latency = timeOf(at), time.Duration(latency)*time.Microsecond
		if t := of[destination]; t != nil {
			t.Attempts = append(t.Attempts, a)
		}
	}
	return rows.Err()
}
