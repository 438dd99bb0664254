package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"dispatch/delivery"
	"dispatch/event"
)

// maxClaim bounds the bodies of one batch, in bytes, but for the last of them.
const maxClaim = 4 << 20

// head is the state of a destination's queue.
type head struct {
	delivery.Destination
	silent   bool // nothing is to be sent: it is paused, or we have left the guild
	empty    bool // nothing was pending when it was read
	failures int
	failing  int64 // since when nothing but failures came back
	due      int64
	owner    string
	until    int64
	flight   string // JSON array of the event ids that were claimed together last
}

// Claim implements delivery.Queue. Its cost does not depend on what else is pending. What it gives is pinned before it
// is given, in the transaction that takes the lease: whoever claims next gets the same until none of it is pending.
func (db *DB) Claim(ctx context.Context, destinationID string, lease delivery.Lease, limit int) (delivery.Batch, error) {
	batch, err := db.claim(ctx, destinationID, lease, limit)
	return batch, db.fail("claim deliveries", err)
}

func (db *DB) claim(ctx context.Context, destinationID string, lease delivery.Lease, limit int) (delivery.Batch, error) {
	batch, h, flight, known := db.windows.claim(destinationID, lease, limit)
	if !known {
		place := db.windows.reserve(destinationID)
		defer db.windows.discard(destinationID, place)
		read, err := db.readWindow(ctx, destinationID, lease, limit)
		if errors.Is(err, sql.ErrNoRows) { // removed, and with it what was pending
			return delivery.Batch{Destination: delivery.Destination{ID: destinationID}}, nil
		}
		if err != nil {
			return delivery.Batch{}, err
		}
		batch, flight, _ = read.claim(lease, limit)
		h = read.head
		if !read.loose {
			db.windows.install(destinationID, place, read)
		}
	}
	if len(batch.Deliveries) == 0 {
		return batch, nil
	}
	if err := db.nameSources(ctx, batch.Deliveries); err != nil {
		return delivery.Batch{}, err
	}
	if h.held(lease) && flight == h.flight {
		return batch, nil
	}
	holder, until, err := db.takeLease(ctx, h, lease, flight)
	if err != nil {
		return delivery.Batch{}, err
	}
	if holder != lease.Owner {
		batch.Deliveries, batch.DueAt = nil, timeOf(until)
	}
	return batch, nil
}

// readWindow reads the front of a queue: nothing of what cannot be sent now, and no more than what is left of a flight
// that has others before it.
func (db *DB) readWindow(ctx context.Context, destinationID string, lease delivery.Lease, limit int) (*window, error) {
	w := &window{}
	var err error
	if w.head, err = db.readHead(ctx, destinationID); err != nil {
		return nil, err
	}
	w.flying, w.whole = idsOf(w.flight), w.empty
	w.loose = w.Endpoint != nil && w.Endpoint.Unordered
	switch {
	case w.silent || w.empty || w.notBefore(lease) > millis(lease.Now):
		return w, nil
	case w.loose:
		return w, db.readLoose(ctx, w, lease, limit)
	}
	var more bool
	if w.waiting, more, err = db.readPending(ctx, headOfQueue, w.ID, limit); err != nil {
		return nil, err
	}
	w.whole = !more
	if more && len(w.flying) > 0 && w.before(w.waiting[len(w.waiting)-1]) {
		left, _, err := db.readPending(ctx, restOfFlight, w.ID, limit, w.flight)
		if err != nil {
			return nil, err
		}
		if len(left) > 0 {
			w.waiting = left
		}
	}
	for i := range w.waiting {
		w.bytes, w.last = w.bytes+len(w.waiting[i].Event.Body), w.waiting[i].Event.ID
	}
	return w, nil
}

// readLoose reads what is due of a queue in which each delivery has a time of its own, and when the next is.
func (db *DB) readLoose(ctx context.Context, w *window, lease delivery.Lease, limit int) (err error) {
	w.flying = nil
	var more bool
	if w.waiting, more, err = db.readPending(ctx, dueOfQueue, w.ID, limit, millis(lease.Now)); err != nil {
		return err
	}
	if more {
		return nil
	}
	var next sql.NullInt64
	err = db.readers.QueryRowContext(ctx, `SELECT min(due_at) FROM deliveries WHERE destination_id = ? AND due_at > ?`,
		w.ID, millis(lease.Now)).Scan(&next)
	w.whole = !next.Valid
	if len(w.waiting) == 0 {
		w.retry = next.Int64
	}
	return err
}

// nameSources fills in what the sources are called.
func (db *DB) nameSources(ctx context.Context, deliveries []delivery.Delivery) error {
	for i := range deliveries {
		d := &deliveries[i]
		var err error
		if d.SourceName, err = db.SourceName(ctx, d.Event.SourceID); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) readHead(ctx context.Context, destinationID string) (head, error) {
	var (
		h head
		d destinationRow
	)
	err := db.readers.QueryRowContext(ctx, `
		SELECT `+destinationColumns+`, d.paused <> '' OR g.left_at IS NOT NULL,
			NOT EXISTS (SELECT 1 FROM deliveries v WHERE v.destination_id = d.id),
			q.failures, q.failing_since, q.due_at, q.lease_owner, q.lease_until, q.flight
		FROM destinations d JOIN queues q ON q.destination_id = d.id JOIN guilds g ON g.id = d.guild_id
		WHERE d.id = ?`, destinationID).
		Scan(append(d.fields(), &h.silent, &h.empty, &h.failures, &h.failing, &h.due, &h.owner, &h.until, &h.flight)...)
	if err != nil {
		return head{}, err
	}
	h.Destination, err = d.destination(db.vault)
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

// takeLease takes or renews the lease and pins the flight, unless somebody else was faster. It gives who holds it
// now, and until when.
func (db *DB) takeLease(ctx context.Context, h head, lease delivery.Lease, flight string) (holder string, until int64, err error) {
	work := &leaseWork{destination: h.ID, lease: lease, was: h.flight, flight: flight}
	if err := db.writer.do(ctx, work); err != nil {
		return "", 0, err
	}
	return work.holder, work.until, nil
}

type leaseWork struct {
	destination string
	lease       delivery.Lease
	was, flight string

	holder string // afterwards
	until  int64
}

func (*leaseWork) size() (rows, bytes int) { return 1, 0 }

func (*leaseWork) alone() bool { return false }

func (l *leaseWork) write(tx *transaction) error {
	return tx.raw(func(conn *sqliteConn) error {
		n, err := conn.exec(`
			UPDATE queues SET lease_owner = ?1, lease_until = ?2, flight = ?3
			WHERE destination_id = ?4 AND (lease_owner = ?1 OR lease_until <= ?5) AND flight = ?6`,
			l.lease.Owner, millis(l.lease.Until), l.flight, l.destination, millis(l.lease.Now), l.was)
		if err != nil {
			return err
		}
		if n > 0 {
			l.holder, l.until = l.lease.Owner, millis(l.lease.Until)
			return nil
		}
		// Somebody else has it, or had it since we looked: then it is worth another look at once.
		var row [2]driver.Value
		found, err := conn.first(row[:], `SELECT lease_owner, lease_until FROM queues WHERE destination_id = ?`, l.destination)
		if err != nil || !found {
			return err
		}
		l.until = row[1].(int64)
		if holder := row[0].(string); holder != l.lease.Owner {
			l.holder = holder
		} else {
			l.until = millis(l.lease.Now)
		}
		return nil
	})
}

// What is pending of a queue, in order: a walk along the key.
const (
	pending = `
		SELECT v.event_id, v.link_id, v.attempts, v.replayed, e.source_id, e.type, e.idempotency_key, e.headers, e.body
		FROM deliveries v CROSS JOIN events e ON e.id = v.event_id
		WHERE v.destination_id = ?1`
	headOfQueue  = pending + ` ORDER BY v.event_id LIMIT ?2`
	dueOfQueue   = pending + ` AND v.due_at <= ?3 ORDER BY v.event_id LIMIT ?2`
	restOfFlight = pending + ` AND v.event_id IN (SELECT value FROM json_each(?3)) ORDER BY v.event_id LIMIT ?2`
)

// readPending gives what the query finds for the destination: as many as limit, within maxClaim, and as many more as are
// worth reading at once. It says whether there may be others behind.
func (db *DB) readPending(ctx context.Context, query, destinationID string, limit int, args ...any) (found []delivery.Delivery, more bool, err error) {
	most, worth := db.windows.ahead(limit)
	rows, err := db.readers.QueryContext(ctx, query, append([]any{destinationID, most}, args...)...)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	bytes := 0
	for (len(found) < limit && bytes < maxClaim || bytes < worth) && rows.Next() {
		var (
			v   delivery.Delivery
			id  int64
			key sql.NullString
		)
		e := &v.Event
		err := rows.Scan(&id, &v.LinkID, &v.Attempts, &v.Replayed, &e.SourceID, &e.Type, &key,
			(*[]byte)(&e.Headers), &e.Body)
		if err != nil {
			return nil, false, err
		}
		e.ID, e.IdempotencyKey, e.ReceivedAt = event.ID(id), key.String, event.ID(id).Time()
		if err := db.vault.openBody(e); err != nil {
			return nil, false, err
		}
		found = append(found, v)
		bytes += len(e.Body)
	}
	more = len(found) == most || rows.Next()
	return found, more, rows.Err()
}
