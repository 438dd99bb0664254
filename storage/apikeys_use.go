package storage

import (
	"context"
	"sync"
	"time"
)

// useEvery is how often it is written that an API key is used, however often it is.
const useEvery = time.Minute

// useAPIKey notes that a key is used. Nobody waits for it, and one that cannot be written now is no reason to refuse the key.
func (db *DB) useAPIKey(id string, at time.Time) {
	if !db.uses.due(id, at) {
		return
	}
	err := db.writer.post(&change{besides: true, fn: func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `UPDATE api_keys SET used_at = ? WHERE id = ?`, millis(at), id)
		return err
	}})
	if err != nil {
		db.uses.forget(id)
	}
}

// uses are when each API key was last used, as far as it is written.
type uses struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// due says whether a use is worth writing, once for each that is.
func (u *uses) due(id string, at time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if last, known := u.last[id]; known && at.Sub(last).Abs() < useEvery { // a clock may be set back
		return false
	}
	if u.last == nil || len(u.last) >= shelfSize {
		u.last = make(map[string]time.Time)
	}
	u.last[id] = at
	return true
}

func (u *uses) forget(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.last, id)
}
