package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// keepPost is how long a post is known that nothing came for. Then the record gets another.
const keepPost = 90 * 24 * time.Hour

// Post is the thread of the post that a record has in a forum, "" when it has none.
func (db *DB) Post(ctx context.Context, destinationID, record string) (string, error) {
	var thread string
	err := db.readers.QueryRowContext(ctx, `SELECT thread_id FROM posts WHERE destination_id = ? AND record = ?`, destinationID, record).
		Scan(&thread)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return thread, db.fail("find post", err)
}

// SavePost notes the thread of a record's post, and that it was used.
func (db *DB) SavePost(ctx context.Context, destinationID, record, threadID string) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			INSERT INTO posts (destination_id, record, thread_id, used_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (destination_id, record) DO UPDATE SET thread_id = excluded.thread_id, used_at = excluded.used_at`,
			destinationID, record, threadID, millis(now()))
		return err
	})
	return db.fail("save post", err)
}

// IsPost says whether the thread is the post of some record.
func (db *DB) IsPost(ctx context.Context, destinationID, threadID string) (bool, error) {
	var is bool
	err := db.readers.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM posts WHERE destination_id = ? AND thread_id = ?)`,
		destinationID, threadID).Scan(&is)
	return is, db.fail("find post", err)
}
