package storage

import (
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// hour names a row of counts.
type hour struct {
	sourceID string
	since    int64 // hours since 1970
}

// tally is what a transaction adds to counts: one row an hour and source, however many events.
type tally map[hour]*hourly

type hourly struct {
	delivery.Counts
	last event.ID
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// of is the row of a source that time belongs to.
func (t tally) of(sourceID string, at time.Time) *hourly {
	key := hour{sourceID: sourceID, since: hourOf(at)}
	row := t[key]
	if row == nil {
		row = new(hourly)
		t[key] = row
	}
	return row
}

// count writes the tally. It fails when a source is gone.
func (tx *transaction) count() error {
	if len(tx.tally) == 0 {
		return nil
	}
	err := tx.raw(func(conn *sqliteConn) error {
		for key, row := range tx.tally {
			_, err := conn.exec(`
				INSERT INTO counts (source_id, hour, accepted, delivered, filtered, abandoned, last_event)
				VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (source_id, hour) DO UPDATE SET
					accepted = accepted + excluded.accepted,
					delivered = delivered + excluded.delivered,
					filtered = filtered + excluded.filtered,
					abandoned = abandoned + excluded.abandoned,
					last_event = max(last_event, excluded.last_event)`,
				key.sourceID, key.since, int64(row.Accepted), int64(row.Delivered), int64(row.Filtered),
				int64(row.Abandoned), int64(row.last))
			if err != nil {
				return err
			}
		}
		return nil
	})
	clear(tx.tally)
	return err
}
