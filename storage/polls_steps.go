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
	more := false
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
		if err := insertSeen(ctx, q, s, copies); err != nil || s.Keep.Newest == 0 {
			return err
		}
		result, err := q.ExecContext(ctx, forgetRecords, append(forgotten(s), stepMin)...)
		if err != nil {
			return err
		}
		forgot, err := result.RowsAffected()
		more = forgot == stepMin
		return err
	})
	if err == nil && more { // which an import may have changed at once: that holds up nobody else
		err = db.removeInSteps(ctx, forgetRecords, forgotten(s)...)
	}
	return db.fail("save step of poll", err)
}

// insertSeen writes down the records of a step.
func insertSeen(ctx context.Context, q querier, s salesforce.PollStep, copies [][]byte) error {
	if s.Anew {
		_, err := q.ExecContext(ctx, `DELETE FROM poll_records WHERE source_id = ? AND object = ?`, s.SourceID, s.Mark.Object)
		if err != nil {
			return err
		}
	}
	for i, one := range s.Seen {
		_, err := q.ExecContext(ctx, `
			INSERT OR REPLACE INTO poll_records (source_id, object, record_id, stamp, deleted, copy) VALUES (?, ?, ?, ?, ?, ?)`,
			s.SourceID, s.Mark.Object, one.ID, millis(one.Stamp), one.Deleted, copies[i])
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetRecords removes what is not to be kept, so many rows of it.
const forgetRecords = `
	DELETE FROM poll_records WHERE rowid IN (
		SELECT rowid FROM poll_records
		WHERE source_id = ?1 AND object = ?2 AND stamp < ?3 AND stamp < (
			SELECT stamp FROM poll_records WHERE source_id = ?1 AND object = ?2 ORDER BY stamp DESC LIMIT 1 OFFSET ?4)
		LIMIT ?5)`

// forgotten are the arguments of forgetRecords, but for how many rows.
func forgotten(s salesforce.PollStep) []any {
	return []any{s.SourceID, s.Mark.Object, millis(s.Keep.From), s.Keep.Newest - 1}
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
