package storage

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Limits of the event log and of a step of the retention.
const (
	MaxLooked = maxLooked
	StepMin   = stepMin
	StepMax   = stepMax
	StepAim   = stepAim
	StepBytes = stepBytes
)

// Pace is pace.
type Pace struct{ pace }

// Record is record, and gives the size of the next step.
func (p *Pace) Record(rows int, took time.Duration) int {
	p.record(rows, took)
	return p.size()
}

// Yield is yield.
func (db *DB) Yield(ctx context.Context, patience time.Duration) error {
	return db.yield(ctx, patience)
}

// WhenIdle occupies the writer with fn.
func (db *DB) WhenIdle(ctx context.Context, fn func()) error {
	return db.writer.whenIdle(ctx, func(context.Context, *sql.Conn) error {
		fn()
		return nil
	})
}

// Queued is how many callers wait for the writer.
func (db *DB) Queued() int { return len(db.writer.queue) }

// Transaction is what one did to a table that is watched, by id.
type Transaction struct{ Added, Removed []int64 }

// WatchEvents has every transaction from now on told to the watcher before it is committed, in the writer's goroutine.
func (db *DB) WatchEvents(ctx context.Context, watch func(Transaction)) error {
	return db.WatchRows(ctx, "events", watch)
}

// WatchRows is WatchEvents for another table.
func (db *DB) WatchRows(ctx context.Context, watched string, watch func(Transaction)) error {
	return db.writer.whenIdle(ctx, func(_ context.Context, conn *sql.Conn) error {
		return conn.Raw(func(conn any) error {
			var tx Transaction
			c := conn.(*sqlite3.SQLiteConn)
			c.RegisterUpdateHook(func(op int, _, table string, id int64) {
				switch {
				case table != watched:
				case op == sqlite3.SQLITE_INSERT:
					tx.Added = append(tx.Added, id)
				case op == sqlite3.SQLITE_DELETE:
					tx.Removed = append(tx.Removed, id)
				}
			})
			c.RegisterCommitHook(func() int {
				watch(tx)
				tx = Transaction{}
				return 0
			})
			return nil
		})
	})
}

// LogPlans says how SQLite answers the questions to the event log and to a history.
func (db *DB) LogPlans(ctx context.Context) (map[string][]string, error) {
	page, newest := jsonOf([]int64{1, 2}), int64(math.MaxInt64)
	questions := map[string][]any{
		along("id", rowsOfSource, false):          {"s", newest, 10},
		along("id", rowsOfSource, true):           {"s", 0, 10},
		along("event_id", rowsOfQueue, false):     {"d", newest, 10},
		along("event_id", rowsOfQueue, true):      {"d", 0, 10},
		along("event_id", rowsOfAbandoned, false): {"abandoned", newest, 10},
		along("event_id", rowsOfAbandoned, true):  {"abandoned", 0, 10},
		summariesQuery:                            {page, page, page},
		tracesQuery:                               {1, "g"},
	}
	plans := make(map[string][]string)
	for query, args := range questions {
		plan, err := db.Plan(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		plans[query] = plan
	}
	return plans, nil
}
