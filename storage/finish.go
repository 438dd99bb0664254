package storage

import (
	"context"
	"errors"
	"time"

	"dispatch/delivery"
)

// Finish implements delivery.Queue. When every result was dropped, so is what the progress says of the
// queue: it is somebody else's by now.
func (db *DB) Finish(ctx context.Context, progress delivery.Progress) error {
	return db.fail("finish deliveries", db.writer.do(ctx, &finishWork{Progress: progress, windows: &db.windows}))
}

type finishWork struct {
	delivery.Progress
	windows  *windows
	oneByOne bool // some results count and some like them do not

	taken  int    // results that count
	flight string // what is pinned for the next turn; "" when nothing is
}

// errTorn says that results which look alike have to be written one by one.
var errTorn = errors.New("some of the results are late")

func (f *finishWork) size() (rows, bytes int) { return len(f.Results), 0 }

func (*finishWork) alone() bool { return false }

func (f *finishWork) write(tx *transaction) error {
	f.taken, f.flight = 0, ""
	return tx.raw(func(conn *sqliteConn) error {
		for rest := f.Results; len(rest) > 0; {
			n := alike(rest)
			if f.oneByOne {
				n = 1
			}
			taken, err := conn.finish(f.DestinationID, rest[:n])
			if err == nil && taken > 0 && taken < n {
				f.oneByOne = true // in the next try of the whole transaction
				err = errTorn
			}
			if err != nil {
				return err
			}
			f.taken, rest = f.taken+taken, rest[n:]
		}
		if len(f.Results) > 0 && f.taken == 0 {
			return nil
		}
		return conn.progress(f)
	})
}

// alike is how many of the first results say the same of different events, as they do when they went in one message.
func alike(results []delivery.Result) int {
	for i := range results {
		one := results[i]
		one.EventID, one.SourceID = results[0].EventID, results[0].SourceID
		if one != results[0] {
			return i
		}
	}
	return len(results)
}

// finish writes down results that are alike, and how many of them count: nobody else has tried those deliveries
// meanwhile.
func (c *sqliteConn) finish(destinationID string, results []delivery.Result) (taken int, err error) {
	const which = ` WHERE destination_id = ?1 AND attempts = ?2 - 1 AND event_id IN (SELECT value FROM json_each(?3))`
	r, ids := &results[0], make([]int64, len(results))
	for i := range results {
		ids[i] = int64(results[i].EventID)
	}
	var n int64
	events := jsonOf(ids)
	if r.State == delivery.Pending {
		n, err = c.exec(`UPDATE deliveries SET attempts = attempts + 1, due_at = ?4`+which,
			destinationID, int64(r.Attempt), events, millis(r.DueAt))
	} else {
		n, err = c.exec(`DELETE FROM deliveries`+which, destinationID, int64(r.Attempt), events)
	}
	if err != nil || int(n) < len(results) {
		return int(n), err
	}
	_, err = c.exec(`
		INSERT INTO attempts (event_id, destination_id, attempt, at, latency, status, response, error)
		SELECT value, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM json_each(?1)`,
		events, destinationID, int64(r.Attempt), millis(r.At), r.Latency.Microseconds(), int64(r.Status), r.Response, r.Error)
	if err != nil {
		return 0, err
	}
	if r.State != delivery.Pending {
		_, err = c.exec(replaceOutcomes, events, destinationID, r.LinkID, string(r.State), millis(r.At), r.Receipt)
		if err != nil {
			return 0, err
		}
	}
	return len(results), c.account(destinationID, results)
}

// replaceOutcomes is for what may have ended before, and was replayed.
const replaceOutcomes = `
	INSERT INTO outcomes (event_id, destination_id, link_id, state, at, receipt)
	SELECT value, ?2, ?3, ?4, ?5, ?6 FROM json_each(?1) WHERE true
	ON CONFLICT (event_id, destination_id) DO UPDATE SET
		link_id = excluded.link_id, state = excluded.state, at = excluded.at, receipt = excluded.receipt`

// account tells the sources of the events how it went.
func (c *sqliteConn) account(destinationID string, results []delivery.Result) error {
	for i := range results {
		r := &results[i]
		switch r.State {
		case delivery.Delivered:
			c.tx.tally.of(r.SourceID, r.At).Delivered++
		case delivery.Filtered:
			c.tx.tally.of(r.SourceID, r.At).Filtered++
		case delivery.Abandoned:
			c.tx.tally.of(r.SourceID, r.At).Abandoned++
		}
		if r.Error == "" {
			continue
		}
		_, err := c.exec(`
			INSERT INTO failures (source_id, event_id, destination_id, attempt) VALUES (?, ?, ?, ?)
			ON CONFLICT (source_id) DO UPDATE SET
				event_id = excluded.event_id, destination_id = excluded.destination_id, attempt = excluded.attempt`,
			r.SourceID, int64(r.EventID), destinationID, int64(r.Attempt))
		if err != nil {
			return err
		}
	}
	return nil
}

// progress writes down how the queue stands, if that is news, and pins what comes next, if that is known.
func (c *sqliteConn) progress(f *finishWork) error {
	var was string
	if f.taken == len(f.Results) {
		was, f.flight = f.windows.next(f.DestinationID, f.Results, f.Ahead)
	}
	flight := f.flight
	if flight == "" {
		flight = was
	}
	_, err := c.exec(`
		UPDATE queues SET failures = ?1, due_at = ?2, flight = iif(flight = ?4, ?5, flight),
			failing_since = iif(?1 = 0, 0, iif(failing_since = 0, ?6, failing_since))
		WHERE destination_id = ?3 AND (failures <> ?1 OR due_at <> ?2 OR ?4 <> ?5)`,
		int64(f.Failures), millis(f.DueAt), f.DestinationID, was, flight, millis(now()))
	if err != nil || f.Pause == "" {
		return err
	}
	_, err = c.exec(`UPDATE destinations SET paused = ?, paused_at = ?, told = 0 WHERE id = ? AND paused = ''`,
		f.Pause, time.Now().UnixMilli(), f.DestinationID)
	return err
}
