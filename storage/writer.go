package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"dispatch/event"
	"dispatch/fault"
)

// Limits of the writer. Rows and bytes bound how long one transaction holds up the next.
const (
	maxQueue = 4096    // callers that wait
	maxRows  = 512     // rows of events and results in one transaction
	maxBytes = 8 << 20 // of bodies in one transaction
)

// writer commits what callers ask for, one transaction after the other. Each takes all that waits, so that
// one fsync serves many; nobody waits for company.
type writer struct {
	pool    *sql.DB
	conn    *sql.Conn
	forget  func() // empties the caches
	windows *windows
	metrics *metrics

	queue   chan *ticket
	tickets sync.Pool
	spare   chan *errand // what may wait until nothing else does

	mu      sync.RWMutex // guards closing against sending to a closed queue
	closed  bool
	stopped chan struct{}

	// Owned by the goroutine.
	batch []*ticket
	tx    transaction
	last  event.ID // the last that is committed
}

// ticket is a place in the queue.
type ticket struct {
	work  work
	state atomic.Int32
	err   error
	done  chan error // holds one, so that the writer never waits for a caller
}

// The states of a ticket: whoever moves it on from waiting decides whether its work is done.
const (
	waiting int32 = iota
	taken
	withdrawn
)

// errand is done outside of any transaction.
type errand struct {
	fn   func(context.Context, *sql.Conn) error
	done chan error
}

func newWriter(ctx context.Context, pool *sql.DB, forget func(), windows *windows, metrics *metrics) (*writer, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open writer: %w", err)
	}
	w := &writer{
		pool: pool, conn: conn, forget: forget, windows: windows, metrics: metrics,
		queue: make(chan *ticket, maxQueue), spare: make(chan *errand), stopped: make(chan struct{}),
		tx: newTransaction(conn, windows),
	}
	w.tickets.New = func() any { return &ticket{done: make(chan error, 1)} }
	if w.last, err = lastEvent(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	go w.run()
	return w, nil
}

// do has the work done and returns once it is committed, or is known not to be. When ctx ends before the
// writer has taken it, it is not done at all.
func (w *writer) do(ctx context.Context, work work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := w.tickets.Get().(*ticket)
	t.work, t.err = work, nil
	t.state.Store(waiting)
	if err := w.enqueue(t); err != nil {
		return w.recycle(t, err)
	}
	select {
	case err := <-t.done:
		return w.recycle(t, err)
	case <-ctx.Done():
		if t.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err() // the ticket is in the queue still: it is not used again
		}
		return w.recycle(t, <-t.done)
	}
}

func (w *writer) recycle(t *ticket, err error) error {
	t.work, t.err = nil, nil
	w.tickets.Put(t)
	return err
}

var errFull = fault.New(fault.Unavailable, "too many writes are waiting")

func (w *writer) enqueue(t *ticket) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.queue <- t:
		return nil
	default:
		return errFull
	}
}

// whenIdle has fn use the writer's connection, outside of a transaction, at a moment when nobody waits.
func (w *writer) whenIdle(ctx context.Context, fn func(context.Context, *sql.Conn) error) error {
	e := &errand{fn: fn, done: make(chan error, 1)}
	select {
	case w.spare <- e:
		return <-e.done
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stopped:
		return errClosed
	}
}

// run ends when the queue is closed and empty.
func (w *writer) run() {
	defer close(w.stopped)
	for {
		spare := w.spare
		if len(w.queue) > 0 {
			spare = nil
		}
		select {
		case t, open := <-w.queue:
			if !open {
				return
			}
			w.commit(t)
		case e := <-spare:
			e.done <- e.fn(context.Background(), w.conn)
		}
	}
}

// take adds a ticket to the batch unless its caller has gone, and gives its size.
func (w *writer) take(t *ticket) (rows, bytes int) {
	if !t.state.CompareAndSwap(waiting, taken) {
		return 0, 0
	}
	w.batch = append(w.batch, t)
	return t.work.size()
}

// gather adds to the batch what else waits, within the limits, and gives its rows.
func (w *writer) gather(first *ticket) (rows int) {
	w.batch = w.batch[:0]
	rows, bytes := w.take(first)
	for rows < maxRows && bytes < maxBytes {
		select {
		case t, open := <-w.queue:
			if !open {
				return rows
			}
			r, b := w.take(t)
			rows, bytes = rows+r, bytes+b
		default:
			return rows
		}
	}
	return rows
}

// stop takes no more work and returns once all that was taken is done.
func (w *writer) stop() {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.stopped
}

// close moves what was committed from the WAL into the database file. Nobody may read it any more.
func (w *writer) close() error {
	_, err := w.conn.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err != nil {
		err = fmt.Errorf("checkpoint database: %w", err)
	}
	return errors.Join(err, w.conn.Close(), w.pool.Close())
}
