package storage

import (
	"context"
	"database/sql/driver"
	"time"

	"dispatch/delivery"
)

// Finish implements delivery.Queue. When every result was dropped, so is what the progress says of the
// queue: it is somebody else's by now.
func (db *DB) Finish(ctx context.Context, progress delivery.Progress) error {
	return db.fail("finish deliveries", db.writer.do(ctx, &finishWork{Progress: progress}))
}

type finishWork struct {
	delivery.Progress
}

func (f *finishWork) size() (rows, bytes int) { return len(f.Results), 0 }

func (*finishWork) alone() bool { return false }

func (f *finishWork) write(tx *transaction) error {
	return tx.raw(func(conn *sqliteConn) error {
		late := len(f.Results) > 0
		for i := range f.Results {
			taken, err := conn.finish(f.DestinationID, &f.Results[i])
			if err != nil {
				return err
			}
			late = late && !taken
		}
		if late {
			return nil
		}
		return conn.progress(&f.Progress)
	})
}

// finish writes one result down, and says whether it counts: nobody else has tried the delivery meanwhile.
func (c *sqliteConn) finish(destinationID string, r *delivery.Result) (bool, error) {
	step := `DELETE FROM deliveries WHERE destination_id = ? AND event_id = ? AND attempts = ? - 1`
	if r.State == delivery.Pending {
		step = `UPDATE deliveries SET attempts = attempts + 1 WHERE destination_id = ? AND event_id = ? AND attempts = ? - 1`
	}
	n, err := c.exec(step, destinationID, int64(r.EventID), int64(r.Attempt))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = c.exec(`
		INSERT INTO attempts (event_id, destination_id, attempt, at, latency, status, response, error)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(r.EventID), destinationID, int64(r.Attempt), millis(r.At), r.Latency.Microseconds(), int64(r.Status),
		r.Response, r.Error)
	if err != nil {
		return false, err
	}
	if r.State != delivery.Pending {
		_, err = c.exec(replaceOutcome, int64(r.EventID), destinationID, r.LinkID, string(r.State), millis(r.At), r.Receipt)
		if err != nil {
			return false, err
		}
	}
	return true, c.account(destinationID, r)
}

// replaceOutcome is for what may have ended before, and was replayed.
const replaceOutcome = insertOutcome + `
	ON CONFLICT (event_id, destination_id) DO UPDATE SET
		link_id = excluded.link_id, state = excluded.state, at = excluded.at, receipt = excluded.receipt`

// account tells the source of the event how it went.
func (c *sqliteConn) account(destinationID string, r *delivery.Result) error {
	var source [1]driver.Value
	found, err := c.first(source[:], `SELECT source_id FROM events WHERE id = ?`, int64(r.EventID))
	if err != nil || !found {
		return err
	}
	sourceID := source[0].(string)
	switch r.State {
	case delivery.Delivered:
		c.tx.tally.of(sourceID, r.At).Delivered++
	case delivery.Filtered:
		c.tx.tally.of(sourceID, r.At).Filtered++
	case delivery.Abandoned:
		c.tx.tally.of(sourceID, r.At).Abandoned++
	}
	if r.Error == "" {
		return nil
	}
	_, err = c.exec(`
		INSERT INTO failures (source_id, event_id, destination_id, attempt) VALUES (?, ?, ?, ?)
		ON CONFLICT (source_id) DO UPDATE SET
			event_id = excluded.event_id, destination_id = excluded.destination_id, attempt = excluded.attempt`,
		sourceID, int64(r.EventID), destinationID, int64(r.Attempt))
	return err
}

// progress writes down how the queue stands, if that is news.
func (c *sqliteConn) progress(p *delivery.Progress) error {
	_, err := c.exec(`
		UPDATE queues SET failures = ?1, due_at = ?2 WHERE destination_id = ?3 AND (failures <> ?1 OR due_at <> ?2)`,
		int64(p.Failures), millis(p.DueAt), p.DestinationID)
	if err != nil || p.Pause == "" {
		return err
	}
	_, err = c.exec(`UPDATE destinations SET paused = ?, paused_at = ?, told = 0 WHERE id = ? AND paused = ''`,
		p.Pause, time.Now().UnixMilli(), p.DestinationID)
	return err
}
