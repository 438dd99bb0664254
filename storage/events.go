package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// Append implements delivery.Log. The id of an event carries its ReceivedAt, or the time of the event
// before it when that is later. Entries for a source or destination that is gone are delivery.ErrStale and
// fault.NotFound.
func (db *DB) Append(ctx context.Context, entries []delivery.Entry) ([]event.ID, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	work := &appendWork{vault: db.vault, entries: entries, ids: make([]event.ID, len(entries))}
	if err := db.writer.do(ctx, work); err != nil {
		return nil, db.fail("append events", stale(err))
	}
	return work.ids, nil
}

type appendWork struct {
	vault   vault
	entries []delivery.Entry
	ids     []event.ID
}

func (a *appendWork) size() (rows, bytes int) {
	for i := range a.entries {
		bytes += len(a.entries[i].Event.Body)
		rows += min(len(a.entries[i].Refused), maxRefusals)
	}
	return rows + len(a.entries), bytes
}

func (*appendWork) alone() bool { return false }

func (a *appendWork) write(tx *transaction) error {
	return tx.raw(func(conn *sqliteConn) error {
		// Asked first, so that nothing is written when the answer is yes.
		for i := range a.entries {
			if err := conn.refuseDuplicate(&a.entries[i].Event); err != nil {
				return err
			}
		}
		for i := range a.entries {
			received := a.entries[i].Event.ReceivedAt
			if received.IsZero() {
				received = time.Now()
			}
			id := tx.nextID(received)
			if err := conn.insertEntry(id, received, &a.entries[i], a.vault.sealedBody(&a.entries[i].Event, id)); err != nil {
				return err
			}
			a.ids[i] = id
		}
		return nil
	})
}

// refuseDuplicate fails when the event's idempotency key was accepted before, be it in this transaction.
func (c *sqliteConn) refuseDuplicate(e *event.Event) error {
	if e.IdempotencyKey == "" {
		return nil
	}
	var id [1]driver.Value
	found, err := c.first(id[:], `SELECT id FROM events WHERE source_id = ? AND idempotency_key = ?`,
		e.SourceID, e.IdempotencyKey)
	if err != nil || !found {
		return err
	}
	return &event.DuplicateError{First: event.ID(id[0].(int64))}
}

func (c *sqliteConn) insertEntry(id event.ID, received time.Time, entry *delivery.Entry, body []byte) error {
	e := &entry.Event
	var key driver.Value
	if e.IdempotencyKey != "" {
		key = e.IdempotencyKey
	}
	_, err := c.exec(`INSERT INTO events (id, source_id, type, idempotency_key, headers, body) VALUES (?, ?, ?, ?, ?, ?)`,
		int64(id), e.SourceID, e.Type, key, []byte(e.Headers), body)
	if err != nil {
		return err
	}
	row := c.tx.tally.of(e.SourceID, received)
	row.Accepted++
	row.last = id
	for _, route := range entry.Routes {
		_, err := c.exec(`INSERT INTO deliveries (destination_id, event_id, link_id) VALUES (?, ?, ?)`,
			route.DestinationID, int64(id), route.LinkID)
		if err != nil {
			return err
		}
		c.tx.first.add(route.DestinationID, id)
	}
	if err := c.insertRefusals(id, entry.Refused); err != nil || len(entry.Routes) > 0 {
		return err
	}
	row.Filtered++
	_, err = c.exec(insertOutcome, int64(id), "", "", string(delivery.Filtered), millis(received), "")
	return err
}

const insertOutcome = `INSERT INTO outcomes (event_id, destination_id, link_id, state, at, receipt) VALUES (?, ?, ?, ?, ?, ?)`

// Event gives an event by its id, or fault.NotFound. Its ReceivedAt is that of the id.
func (db *DB) Event(ctx context.Context, id event.ID) (event.Event, error) {
	e := event.Event{ID: id, ReceivedAt: id.Time()}
	var key sql.NullString
	err := db.readers.QueryRowContext(ctx,
		`SELECT source_id, type, idempotency_key, headers, body FROM events WHERE id = ?`, int64(id)).
		Scan(&e.SourceID, &e.Type, &key, (*[]byte)(&e.Headers), &e.Body)
	e.IdempotencyKey = key.String
	if err == nil {
		err = db.vault.openBody(&e)
	}
	if err != nil {
		return event.Event{}, db.fail("find event", err)
	}
	return e, nil
}

// lastID is the row of meta that numbering goes on behind, when the events themselves are gone.
const lastID = "last_event"

// lastEvent is the last id that was ever given.
func lastEvent(ctx context.Context, q querier) (event.ID, error) {
	var id int64
	err := q.QueryRowContext(ctx, `
		SELECT max(coalesce((SELECT max(id) FROM events), 0), coalesce((SELECT value FROM meta WHERE name = ?), 0))`,
		lastID).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("read last event: %w", err)
	}
	return event.ID(id), nil
}
