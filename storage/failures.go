package storage

import (
	"context"
	"sync"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// How often a failure of the same template or filter is written, however often it happens.
const (
	failureEvery = time.Minute // the same error
	failurePause = time.Second // any
)

// TemplateFailed notes that a template failed on an event. It may be called for every event: what is written does not
// grow with them, and nobody waits for it.
func (db *DB) TemplateFailed(_ context.Context, templateID string, f delivery.Failing) error {
	err := db.noteFailure(templateID, f, `
		UPDATE templates SET failing_event = ?, failing_at = ?, failing_error = ? WHERE id = ?`)
	return db.fail("note failure of template", err)
}

// FilterFailed is TemplateFailed for the filter of a link.
func (db *DB) FilterFailed(_ context.Context, linkID string, f delivery.Failing) error {
	err := db.noteFailure(linkID, f, `
		UPDATE links SET failing_event = ?, failing_at = ?, failing_error = ? WHERE id = ?`)
	return db.fail("note failure of filter", err)
}

func (db *DB) noteFailure(id string, f delivery.Failing, query string) error {
	f.At = timeOf(millis(f.At)) // as it is stored
	return db.failures.note(id, f, func() error {
		return db.writer.post(&change{besides: true, fn: func(ctx context.Context, q querier) error {
			_, err := q.ExecContext(ctx, query, int64(f.EventID), millis(f.At), f.Error, id)
			return err
		}})
	})
}

// post has the work done when its turn comes, and does not wait for it.
func (w *writer) post(work work) error {
	return w.enqueue(&ticket{work: work, done: make(chan error, 1)})
}

// failure is a Failing as it is stored.
type failure struct {
	event, at int64
	text      string
}

// failing is nil when there was none.
func (f failure) failing() *delivery.Failing {
	if f.at == 0 {
		return nil
	}
	return &delivery.Failing{EventID: event.ID(f.event), At: timeOf(f.at), Error: f.text}
}

// failures are those that were written last, by the id of the template or link, be they on disk yet or not.
type failures struct {
	mu   sync.Mutex
	last map[string]delivery.Failing
}

// note has the failure written if that is due.
func (f *failures) note(id string, failing delivery.Failing, write func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last, ok := f.last[id]; ok {
		age := failing.At.Sub(last.At).Abs() // a clock may be set back
		if age < failurePause || age < failureEvery && failing.Error == last.Error {
			return nil
		}
	}
	if err := write(); err != nil {
		return err
	}
	if f.last == nil || len(f.last) >= shelfSize {
		f.last = make(map[string]delivery.Failing)
	}
	f.last[id] = failing
	return nil
}

// of is the last failure, given the one on disk.
func (f *failures) of(id string, stored *delivery.Failing) *delivery.Failing {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last, ok := f.last[id]; ok {
		return &last
	}
	return stored
}

// forget is for what has changed, and may fail anew.
func (f *failures) forget(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.last, id)
}
