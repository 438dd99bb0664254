package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// keepFree is how many free pages the file keeps for what comes next.
	keepFree = 200
	// stepPages is how many pages one step gives back: about three milliseconds.
	stepPages = 200
	// shrinkPatience is how long a round waits for moments when nobody wants to write. The next one goes on.
	shrinkPatience = time.Minute
)

// shrink gives the space of what was removed back to the system, at moments when nobody wants to write. Without any it
// gives up: nothing is lost, and what is old must be removed again soon.
func (db *DB) shrink(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, shrinkPatience)
	defer cancel()
	err := db.giveBack(waiting)
	if errors.Is(err, context.DeadlineExceeded) {
		return ctx.Err()
	}
	return err
}

func (db *DB) giveBack(ctx context.Context) error {
	for before := -1; ; {
		var free int
		err := db.writer.whenIdle(ctx, func(ctx context.Context, conn *sql.Conn) (err error) {
			free, err = vacuumStep(ctx, conn)
			return err
		})
		if err != nil {
			return err
		}
		if free <= keepFree || free == before {
			break
		}
		before = free
	}
	// The file is cut when the WAL has been copied into it, not before.
	return db.writer.whenIdle(ctx, func(ctx context.Context, conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
			return fmt.Errorf("checkpoint database: %w", err)
		}
		return nil
	})
}

// vacuumStep moves free pages to the end of the file and cuts them off, if there are many. It gives how many
// there were before.
func vacuumStep(ctx context.Context, conn *sql.Conn) (int, error) {
	var free int
	if err := conn.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&free); err != nil {
		return 0, fmt.Errorf("count free pages: %w", err)
	}
	if free <= keepFree {
		return free, nil
	}
	// It gives one row a page, and stops when nobody reads on.
	nothing := func(scanner) (struct{}, error) { return struct{}{}, nil }
	if _, err := list(ctx, conn, nothing, fmt.Sprintf(`PRAGMA incremental_vacuum(%d)`, stepPages)); err != nil {
		return 0, fmt.Errorf("give pages back: %w", err)
	}
	return free, nil
}
