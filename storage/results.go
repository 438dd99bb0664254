package storage

import (
	"context"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// Results gives one result for each delivery of the event: its state now, and what the last attempt did. An
// event that no link took has one that is filtered; one that is not known has none.
func (db *DB) Results(ctx context.Context, id event.ID) ([]delivery.Result, error) {
	found, err := list(ctx, db.readers, scanResult(id), `
		WITH ends (destination_id, link_id, state, at, receipt) AS (
			SELECT destination_id, link_id, state, at, receipt FROM outcomes WHERE event_id = ?1
			UNION ALL
			-- deliveries are found by destination: ask for those that the event can have
			SELECT v.destination_id, v.link_id, 'pending', 0, ''
			FROM events e CROSS JOIN sources s ON s.id = e.source_id
				CROSS JOIN destinations d ON d.guild_id = s.guild_id
				CROSS JOIN deliveries v ON v.destination_id = d.id AND v.event_id = e.id
			WHERE e.id = ?1
		)
		SELECT ends.link_id, ends.state, coalesce(a.attempt, 0), coalesce(a.at, ends.at), coalesce(a.latency, 0),
			coalesce(a.status, 0), coalesce(a.response, ''), coalesce(a.error, ''), ends.receipt
		FROM ends LEFT JOIN attempts a ON a.event_id = ?1 AND a.destination_id = ends.destination_id
			AND a.attempt = (SELECT max(attempt) FROM attempts WHERE event_id = ?1 AND destination_id = ends.destination_id)
		ORDER BY ends.destination_id`, int64(id))
	return found, db.fail("list results", err)
}

func scanResult(id event.ID) func(scanner) (delivery.Result, error) {
	return func(row scanner) (delivery.Result, error) {
		r := delivery.Result{EventID: id}
		var at, latency int64
		err := row.Scan(&r.LinkID, &r.State, &r.Attempt, &at, &latency, &r.Status, &r.Response, &r.Error, &r.Receipt)
		r.At, r.Latency = timeOf(at), time.Duration(latency)*time.Microsecond
		return r, err
	}
}
