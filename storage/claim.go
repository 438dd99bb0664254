package storage

import (
	"context"
	"database/sql"
	"errors"

	"dispatch/delivery"
	"dispatch/event"
)

// maxClaim bounds the bodies of one batch, in bytes; the first delivery is given whatever its size.
const maxClaim = 4 << 20

// head is the state of a destination's queue.
type head struct {
	delivery.Destination
	silent   bool // nothing is to be sent: it is paused, or we have left the guild
	pending  bool
	failures int
	due      int64
	owner    string
	until    int64
}

// Claim implements delivery.Queue. Its cost does not depend on what else is pending. It writes only when it takes
// the lease or renews one that is half over.
func (db *DB) Claim(ctx context.Context, destinationID string, lease delivery.Lease, limit int) (delivery.Batch, error) {
	batch, err := db.claim(ctx, destinationID, lease, limit)
	return batch, db.fail("claim deliveries", err)
}

func (db *DB) claim(ctx context.Context, destinationID string, lease delivery.Lease, limit int) (delivery.Batch, error) {
	h, err := readHead(ctx, db.readers, destinationID)
	if errors.Is(err, sql.ErrNoRows) { // removed, and with it what was pending
		return delivery.Batch{Destination: delivery.Destination{ID: destinationID}}, nil
	}
	if err != nil {
		return delivery.Batch{}, err
	}
	batch := delivery.Batch{Destination: h.Destination, Failures: h.failures}
	if h.silent || !h.pending {
		return batch, nil
	}
	if ask := h.notBefore(lease); ask > millis(lease.Now) {
		batch.DueAt = timeOf(ask)
		return batch, nil
	}
	if !h.held(lease) {
		holder, until, err := db.takeLease(ctx, destinationID, lease)
		if err != nil {
			return delivery.Batch{}, err
		}
		if holder != lease.Owner {
			batch.DueAt = timeOf(until)
			return batch, nil
		}
	}
	batch.DueAt = lease.Now
	batch.Deliveries, err = readPending(ctx, db.readers, destinationID, limit)
	return batch, err
}

func readHead(ctx context.Context, q querier, destinationID string) (head, error) {
	var h head
	d := &h.Destination
	err := q.QueryRowContext(ctx, `
		SELECT `+destinationColumns+`, d.paused <> '' OR g.left_at IS NOT NULL,
			EXISTS (SELECT 1 FROM deliveries v WHERE v.destination_id = d.id),
			q.failures, q.due_at, q.lease_owner, q.lease_until
		FROM destinations d JOIN queues q ON q.destination_id = d.id JOIN guilds g ON g.id = d.guild_id
		WHERE d.id = ?`, destinationID).
		Scan(&d.ID, &d.GuildID, &d.Kind, &d.Name, &d.ChannelID, &d.Paused, &d.Locale, &h.silent, &h.pending,
			&h.failures, &h.due, &h.owner, &h.until)
	return h, err
}

// notBefore is when it makes sense to claim: when it is due, and nobody else holds the lease.
func (h head) notBefore(lease delivery.Lease) int64 {
	if h.owner != lease.Owner {
		return max(h.due, h.until)
	}
	return h.due
}

// held says whether the owner has the lease already and more than half of it is left.
func (h head) held(lease delivery.Lease) bool {
	return h.owner == lease.Owner && 2*(h.until-millis(lease.Now)) > millis(lease.Until)-millis(lease.Now)
}

// takeLease takes or renews the lease, unless somebody else was faster. It gives who holds it now, and until
// when.
func (db *DB) takeLease(ctx context.Context, destinationID string, lease delivery.Lease) (holder string, until int64, err error) {
	err = db.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			UPDATE queues SET lease_owner = ?1, lease_until = ?2
			WHERE destination_id = ?3 AND (lease_owner = ?1 OR lease_until <= ?4)`,
			lease.Owner, millis(lease.Until), destinationID, millis(lease.Now))
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, `SELECT lease_owner, lease_until FROM queues WHERE destination_id = ?`, destinationID).
			Scan(&holder, &until)
	})
	return holder, until, err
}

// readPending reads the head of the queue: a walk along the key.
func readPending(ctx context.Context, q querier, destinationID string, limit int) ([]delivery.Delivery, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT v.event_id, v.link_id, v.attempts, s.name, e.source_id, e.type, e.idempotency_key, e.headers, e.body
		FROM deliveries v CROSS JOIN events e ON e.id = v.event_id CROSS JOIN sources s ON s.id = e.source_id
		WHERE v.destination_id = ? ORDER BY v.event_id LIMIT ?`, destinationID, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var (
		pending []delivery.Delivery
		bytes   int
	)
	for bytes < maxClaim && rows.Next() {
		var (
			v   delivery.Delivery
			id  int64
			key sql.NullString
		)
		e := &v.Event
		err := rows.Scan(&id, &v.LinkID, &v.Attempts, &v.SourceName, &e.SourceID, &e.Type, &key,
			(*[]byte)(&e.Headers), &e.Body)
		if err != nil {
			return nil, err
		}
		e.ID, e.IdempotencyKey, e.ReceivedAt = event.ID(id), key.String, event.ID(id).Time()
		pending = append(pending, v)
		bytes += len(e.Body)
	}
	return pending, rows.Err()
}
