package storage

import (
	"context"

	"dispatch/salesforce"
)

// SeenRecords implements salesforce.PollBooks.
func (db *DB) SeenRecords(ctx context.Context, sourceID, object string, ids []string) (map[string]salesforce.Seen, error) {
	scan := func(row scanner) (salesforce.Seen, error) {
		var (
			s     salesforce.Seen
			stamp int64
		)
		err := row.Scan(&s.ID, &stamp, &s.Deleted, (*[]byte)(&s.Copy))
		if err == nil {
			s.Stamp = timeOf(stamp)
			s.Copy, err = db.vault.open(s.Copy, copyPlace(sourceID, object, s.ID))
		}
		return s, err
	}
	found, err := list(ctx, db.readers, scan, `
		SELECT record_id, stamp, deleted, copy FROM poll_records
		WHERE source_id = ? AND object = ? AND record_id IN (SELECT value FROM json_each(?))`, sourceID, object, jsonOf(ids))
	if err != nil {
		return nil, db.fail("find records", err)
	}
	seen := make(map[string]salesforce.Seen, len(found))
	for _, s := range found {
		seen[s.ID] = s
	}
	return seen, nil
}

// SavePollStep implements salesforce.PollBooks.
func (db *DB) SavePollStep(ctx context.Context, s salesforce.PollStep) error {
	pending, err := db.sealPending(s.Pending, s.SourceID)
	if err != nil {
		return err
	}
	m, copies := s.Mark, make([][]byte, len(s.Seen))
	for i, one := range s.Seen {
		copies[i] = db.vault.seal(one.Copy, copyPlace(s.SourceID, m.Object, one.ID))
	}
	err = db.note(ctx, func(ctx context.Context, q querier) error {
		if err := setPending(ctx, q, s.SourceID, s.Version, pending); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `
			UPDATE poll_marks SET based = ?, until = ?, since = ?, polled_at = ?, changed_at = ? WHERE source_id = ? AND object = ?`,
			m.Based, millis(m.Until), millis(m.Since), millis(m.PolledAt), millis(m.ChangedAt), s.SourceID, m.Object)
		if err != nil {
			return err
		}
		for i, one := range s.Seen {
			_, err := q.ExecContext(ctx, `
				INSERT OR REPLACE INTO poll_records (source_id, object, record_id, stamp, deleted, copy) VALUES (?, ?, ?, ?, ?, ?)`,
				s.SourceID, m.Object, one.ID, millis(one.Stamp), one.Deleted, copies[i])
			if err != nil {
				return err
			}
		}
		return forgetRecords(ctx, q, s.SourceID, m.Object, s.Keep)
	})
	return db.fail("save step of poll", err)
}

// forgetRecords removes what is not to be kept.
func forgetRecords(ctx context.Context, q querier, sourceID, object string, keep salesforce.Keep) error {
	if keep.Newest == 0 {
		return nil
	}
	_, err := q.ExecContext(ctx, `
		DELETE FROM poll_records
		WHERE source_id = ?1 AND object = ?2 AND stamp < ?3 AND stamp < (
			SELECT stamp FROM poll_records WHERE source_id = ?1 AND object = ?2 ORDER BY stamp DESC LIMIT 1 OFFSET ?4)`,
		sourceID, object, millis(keep.From), keep.Newest-1)
	return err
}

// PollAccepted implements salesforce.PollBooks.
func (db *DB) PollAccepted(ctx context.Context, sourceID, version string) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		return setPending(ctx, q, sourceID, version, []byte{})
	})
	return db.fail("end step of poll", err)
}

// setPending fails when the poll is not the one of the version any more.
func setPending(ctx context.Context, q querier, sourceID, version string, sealed []byte) error {
	found, err := changed(ctx, q, `UPDATE polls SET pending = ? WHERE source_id = ? AND version = ?`, sealed, sourceID, version)
	if err == nil && !found {
		err = errNotPolled()
	}
	return err
}

// copyPlace is what a record's copy is sealed for.
func copyPlace(sourceID, object, recordID string) string {
	return "poll_records.copy/" + sourceID + "/" + object + "/" + recordID
}
