package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

// work is what one caller wants written: all of it or nothing.
type work interface {
	// size is how many rows of the large tables it writes, and how many bytes of bodies.
	size() (rows, bytes int)
	// alone says whether it may fail after it has written something, and so needs a savepoint.
	alone() bool
	// write writes. Work that is not alone refuses (see refusal) before it writes, or fails for a reason
	// that is rare enough to have the whole batch done again.
	write(tx *transaction) error
}

// errSpoiled says that some work failed after it had written something, without a savepoint to return to.
var errSpoiled = errors.New("batch is spoiled")

// commit does the work of the ticket and of all that wait behind it in one transaction, and answers each.
func (w *writer) commit(first *ticket) {
	w.letIn()
	rows, began := w.gather(first), time.Now()
	err := w.transact(false)
	if errors.Is(err, errSpoiled) {
		err = w.transact(true)
	}
	w.metrics.commitRows.Observe(float64(rows))
	w.metrics.commitSeconds.Observe(time.Since(began).Seconds())
	w.windows.note(w.batch, w.tx.first.of, err)
	for i, t := range w.batch {
		w.batch[i] = nil
		if err != nil {
			// An answer such as "accepted before" may rest on work that is not there now.
			t.done <- err
			continue
		}
		t.done <- t.err
	}
}

// letIn lets those come who are about to: while more have come each time, it gives the processor to whoever can use it, and
// returns at once when nobody can. One fsync serves them all.
func (w *writer) letIn() {
	for before := -1; before < len(w.queue) && len(w.queue) < maxRows; {
		before = len(w.queue)
		runtime.Gosched()
	}
}

// transact writes the batch. Savepoints cost little, but most batches need none: only careful puts each
// work behind one. What fails behind a savepoint leaves the others alone.
func (w *writer) transact(careful bool) error {
	if len(w.batch) == 0 {
		return nil
	}
	if err := w.tx.begin(w.last); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	stale := false
	for _, t := range w.batch {
		var goOn bool
		if goOn, t.err = w.tx.do(t.work, careful); !goOn {
			return w.abort(t.err, careful)
		}
		change, ok := t.work.(*change)
		stale = stale || ok && change.forget && t.err == nil
	}
	if err := w.tx.commit(); err != nil {
		return w.abort(err, careful)
	}
	w.last = w.tx.last
	if stale {
		w.forget()
	}
	return nil
}

// abort undoes the transaction. Its error is errSpoiled when a careful try may do better, and else the
// cause.
func (w *writer) abort(cause error, careful bool) error {
	if err := w.tx.rollback(); err != nil {
		return errors.Join(cause, err)
	}
	if careful || unavailable(cause) {
		return cause
	}
	return errSpoiled
}

// change is work in ordinary SQL: rare, and behind a savepoint always.
type change struct {
	fn      func(context.Context, querier) error
	forget  bool // whether the caches hold what it changes
	besides bool // whether it leaves alone what is pending, and the destinations
}

func (*change) size() (rows, bytes int) { return 1, 0 }

func (*change) alone() bool { return true }

func (c *change) write(tx *transaction) error { return c.fn(context.Background(), tx.conn) }

// guard turns a panic of fn into an error: one caller's mistake must not end the writing of all.
func guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}
