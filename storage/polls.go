package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
)

var _ salesforce.PollStore = (*DB)(nil)

// SavePoll implements salesforce.Polls.
func (db *DB) SavePoll(ctx context.Context, p salesforce.Poll, place string) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			INSERT INTO polls (source_id, target_id, objects, every, started_at, version, place, pending)
			SELECT s.id, ?3, ?4, ?5, ?6, ?7, ?8, x'' FROM sources s
			WHERE s.id = ?1 AND s.guild_id = ?2 AND s.state <> 'disconnected'
			ON CONFLICT (source_id) DO UPDATE
			SET target_id = excluded.target_id, objects = excluded.objects, every = excluded.every, version = excluded.version`,
			p.SourceID, p.GuildID, orNull(p.TargetID), jsonOf(p.Objects), p.Every.Milliseconds(), millis(now()), newID(), place)
		if err == nil && !found {
			err = errGone()
		}
		if err != nil {
			return err
		}
		return placeMarks(ctx, q, p, place)
	})
	return db.fail("save poll", err)
}

// MovePoll implements salesforce.PollPlaces.
func (db *DB) MovePoll(ctx context.Context, sourceID, version, place string) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		var p salesforce.Poll
		var objects []byte
		err := q.QueryRowContext(ctx, `SELECT source_id, objects FROM polls WHERE source_id = ? AND version = ?`, sourceID, version).
			Scan(&p.SourceID, &objects)
		if errors.Is(err, sql.ErrNoRows) {
			err = errNotPolled()
		}
		if err == nil {
			err = json.Unmarshal(objects, &p.Objects)
		}
		if err != nil {
			return err
		}
		return placeMarks(ctx, q, p, place)
	})
	return db.fail("move poll", err)
}

// placeMarks leaves marks of the objects only, and none of another place.
func placeMarks(ctx context.Context, q querier, p salesforce.Poll, place string) error {
	_, err := q.ExecContext(ctx, `
		DELETE FROM poll_marks
		WHERE source_id = ?1 AND (object NOT IN (SELECT value FROM json_each(?2)) OR ?3 <> (SELECT place FROM polls WHERE source_id = ?1))`,
		p.SourceID, jsonOf(p.Objects), place)
	if err != nil {
		return err
	}
	if _, err = q.ExecContext(ctx, `UPDATE polls SET place = ? WHERE source_id = ?`, place, p.SourceID); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `
		INSERT INTO poll_marks (source_id, object, position, based, until, since, polled_at, changed_at)
		SELECT ?1, value, key, 0, 0, 0, 0, 0 FROM json_each(?2) WHERE true
		ON CONFLICT (source_id, object) DO UPDATE SET position = excluded.position`, p.SourceID, jsonOf(p.Objects))
	return err
}

// StopPoll implements salesforce.Polls.
func (db *DB) StopPoll(ctx context.Context, guildID, sourceID string) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			DELETE FROM polls WHERE source_id = (SELECT id FROM sources WHERE id = ? AND guild_id = ?)`, sourceID, guildID)
		if err == nil && !found {
			err = errNotPolled()
		}
		return err
	})
	return db.fail("stop poll", err)
}

func errNotPolled() error { return fault.New(fault.NotFound, "%w", salesforce.ErrNotPolled) }

// Polling implements salesforce.Polls.
func (db *DB) Polling(ctx context.Context) ([]string, error) {
	id := func(row scanner) (id string, err error) { return id, row.Scan(&id) }
	found, err := list(ctx, db.readers, id, `SELECT source_id FROM polls ORDER BY started_at, source_id`)
	return found, db.fail("list polls", err)
}

// Polled implements salesforce.Polls.
func (db *DB) Polled(ctx context.Context, sourceID string) (salesforce.Polled, error) {
	p, err := db.polled(ctx, sourceID)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotPolled()
	}
	return p, db.fail("find poll", err)
}

func (db *DB) polled(ctx context.Context, sourceID string) (p salesforce.Polled, err error) {
	var (
		objects, pending []byte
		every, started   int64
	)
	err = db.readers.QueryRowContext(ctx, `
		SELECT p.source_id, s.guild_id, coalesce(p.target_id, ''), p.objects, p.every, p.started_at, p.version, p.place, p.pending,
			s.state = 'active' AND g.left_at IS NULL
		FROM polls p JOIN sources s ON s.id = p.source_id JOIN guilds g ON g.id = s.guild_id
		WHERE p.source_id = ?`, sourceID).
		Scan(&p.SourceID, &p.GuildID, &p.TargetID, &objects, &every, &started, &p.Version, &p.Place, &pending, &p.Active)
	if err != nil {
		return p, err
	}
	p.Every, p.StartedAt = time.Duration(every)*time.Millisecond, timeOf(started)
	if err := json.Unmarshal(objects, &p.Objects); err != nil {
		return p, fmt.Errorf("read poll: %w", err)
	}
	if p.Pending, err = db.openPending(pending, sourceID); err != nil {
		return p, err
	}
	if p.Access, err = db.pollAccess(ctx, p.GuildID, sourceID, p.TargetID); err != nil {
		return p, err
	}
	p.Marks, err = list(ctx, db.readers, scanMark, `
		SELECT object, based, until, since, polled_at, changed_at FROM poll_marks WHERE source_id = ? ORDER BY position`, sourceID)
	return p, err
}

func scanMark(row scanner) (salesforce.Mark, error) {
	var (
		m                              salesforce.Mark
		until, since, polled, changing int64
	)
	err := row.Scan(&m.Object, &m.Based, &until, &since, &polled, &changing)
	m.Until, m.Since, m.PolledAt, m.ChangedAt = timeOf(until), timeOf(since), timeOf(polled), timeOf(changing)
	return m, err
}

// PollAccess implements salesforce.PollPlaces.
func (db *DB) PollAccess(ctx context.Context, guildID, sourceID, targetID string) (salesforce.PollAccess, error) {
	a, err := db.pollAccess(ctx, guildID, sourceID, targetID)
	return a, db.fail("find access of poll", err)
}

func (db *DB) pollAccess(ctx context.Context, guildID, sourceID, targetID string) (a salesforce.PollAccess, err error) {
	if targetID != "" {
		t, err := scanTarget(db.readers.QueryRowContext(ctx, `
			SELECT `+targetColumns+` FROM targets t WHERE t.guild_id = ? AND t.id = ?`, guildID, targetID))
		if errors.Is(err, sql.ErrNoRows) {
			err = errGone()
		}
		return salesforce.PollAccess{Target: &t}, err
	}
	err = db.readers.QueryRowContext(ctx, `SELECT org_id, lost_at <> 0 FROM connections WHERE source_id = ?`, sourceID).Scan(&a.OrgID, &a.Lost)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return a, err
}

// pendingEvent is an event that was found, as it is sealed.
type pendingEvent struct {
	Type, Key string
	At        time.Time
	Body      json.RawMessage
}

func (db *DB) sealPending(events []event.Event, sourceID string) ([]byte, error) {
	if len(events) == 0 {
		return []byte{}, nil
	}
	all := make([]pendingEvent, len(events))
	for i, e := range events {
		all[i] = pendingEvent{e.Type, e.IdempotencyKey, e.ReceivedAt, e.Body}
	}
	plain, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("write pending events: %w", err)
	}
	return db.vault.seal(plain, pendingPlace(sourceID)), nil
}

func (db *DB) openPending(sealed []byte, sourceID string) ([]event.Event, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	plain, err := db.vault.open(sealed, pendingPlace(sourceID))
	if err != nil {
		return nil, err
	}
	var all []pendingEvent
	if err := json.Unmarshal(plain, &all); err != nil {
		return nil, fmt.Errorf("read pending events: %w", err)
	}
	events := make([]event.Event, len(all))
	for i, e := range all {
		events[i] = event.Event{SourceID: sourceID, Type: e.Type, IdempotencyKey: e.Key, ReceivedAt: e.At, Body: e.Body}
	}
	return events, nil
}

func pendingPlace(sourceID string) string { return "polls.pending/" + sourceID }
