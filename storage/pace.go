package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// What a step of the retention may cost: it holds up the intake while it is in the writer.
const (
	stepAim   = 10 * time.Millisecond // how long one should take
	stepShare = 4                     // times as long the others have the writer to themselves before the next, if they need it
	stepMin   = 10                    // rows of one
	stepMax   = 500
	stepBytes = 4 << 20 // of one, unless a single event has more
)

// pace makes steps as large as the last one allows, and leaves the writer to others between them. The zero value begins
// small.
type pace struct {
	rows int           // of the next step
	took time.Duration // the last one
}

// size is how many rows the next step may have.
func (p *pace) size() int { return max(p.rows, stepMin) }

// fit is how many of the events, at least one, fit into the next step.
func (p *pace) fit(events []oldEvent) int {
	n, bytes := 0, 0
	for n < min(len(events), p.size()) {
		if bytes += events[n].bytes; n > 0 && bytes > stepBytes {
			break
		}
		n++
	}
	return n
}

// record draws the lesson from a step of so many rows.
func (p *pace) record(rows int, took time.Duration) {
	p.took = took
	switch {
	case took > stepAim:
		p.rows = int(int64(rows) * int64(stepAim) / int64(took))
	case rows >= p.size() && took < stepAim/2: // it was no larger for want of rows
		p.rows = min(2*rows, stepMax)
	}
}

// step has fn write in a transaction, when the writer has nothing else to do or has done nothing else for long enough.
func (db *DB) step(ctx context.Context, p *pace, fn func(context.Context, querier) (rows int, err error)) error {
	if err := db.yield(ctx, stepShare*p.took); err != nil {
		return err
	}
	var (
		rows  int
		began time.Time
	)
	err := db.note(ctx, func(ctx context.Context, q querier) (err error) {
		began = time.Now() // not before: until now it held up nobody
		rows, err = fn(ctx, q)
		return err
	})
	if err == nil {
		p.record(rows, time.Since(began))
	}
	return err
}

// yield waits until nobody wants to write, at most so long: under a load that never ends, what is old must go, too.
func (db *DB) yield(ctx context.Context, patience time.Duration) error {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := db.writer.whenIdle(waiting, func(context.Context, *sql.Conn) error { return nil })
	if errors.Is(err, context.DeadlineExceeded) {
		return ctx.Err()
	}
	return err
}
