package storage

import (
	"context"
	"database/sql"
	"errors"
	"unicode/utf8"

	"dispatch/event"
)

// What the source of a target's replies is called: as the target, and what they are.
const (
	repliesName    = " replies"
	maxRepliesName = 80 // characters, as for any source; some are left for a number
)

func insertReplies(ctx context.Context, q querier, t event.Target) error {
	name := t.Name
	for utf8.RuneCountInString(name+repliesName) > maxRepliesName-len("-99") {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	s := event.Source{
		ID: newID(), GuildID: t.GuildID, Slug: event.RepliesSlug + t.ID, Kind: event.SourceWebhook, Auth: event.AuthAPIKey,
		State: event.Active, CreatedAt: t.CreatedAt,
	}
	var err error
	if s.Name, err = freeName(ctx, q, t.GuildID, name+repliesName); err != nil {
		return err
	}
	return insertSource(ctx, q, s)
}

// ReplySource implements delivery.CallBooks.
func (db *DB) ReplySource(ctx context.Context, targetID string) (string, error) {
	var id string
	err := db.readers.QueryRowContext(ctx, `SELECT id FROM sources WHERE slug = ? AND state = ?`,
		event.RepliesSlug+targetID, event.Active).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, db.fail("find source of replies", err)
}

// BeginCall implements delivery.CallBooks.
func (db *DB) BeginCall(ctx context.Context, destinationID string, id event.ID, attempt int) (bool, error) {
	var first bool
	err := db.note(ctx, func(ctx context.Context, q querier) (err error) {
		first, err = changed(ctx, q, `
			UPDATE deliveries SET calling = ?1 WHERE destination_id = ?2 AND event_id = ?3 AND attempts = ?1 - 1 AND calling < ?1`,
			attempt, destinationID, int64(id))
		return err
	})
	return first, db.fail("begin call", err)
}

// EndCall implements delivery.CallBooks.
func (db *DB) EndCall(ctx context.Context, destinationID string, id event.ID) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `UPDATE deliveries SET calling = 0 WHERE destination_id = ? AND event_id = ?`, destinationID, int64(id))
		return err
	})
	return db.fail("end call", err)
}
