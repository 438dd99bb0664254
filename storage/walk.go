package storage

import (
	"context"
	"database/sql"
	"slices"
)

// snapshot has fn read from one state of the database, whatever is committed meanwhile. The WAL cannot be begun
// anew before fn returns: it must not take long.
func (db *DB) snapshot(ctx context.Context, fn func(querier) error) error {
	tx, err := db.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return fn(tx)
}

// along makes the query of a walk: the ids in the column, each walked by an index that ends in it.
func along(column, rows string, newer bool) string {
	if newer {
		return `SELECT ` + column + ` FROM ` + rows + ` AND ` + column + ` > ? ORDER BY ` + column + ` LIMIT ?`
	}
	return `SELECT ` + column + ` FROM ` + rows + ` AND ` + column + ` < ? ORDER BY ` + column + ` DESC LIMIT ?`
}

// walk goes along the events of several streams, such as the sources of a guild, as if they were one: from an id on to
// newer ones, or to older ones. It reads no more of a stream than is asked for.
type walk struct {
	query   string // made by along
	newer   bool
	streams []stream
	last    int64 // the last id given, -1 at first
}

// stream is what is read of one list of ids, and where to read on.
type stream struct {
	args []any
	ids  []int64
	from int64
	dry  bool
}

// newWalk begins behind an id, in every stream that a key names.
func newWalk(column, rows string, newer bool, from int64, keys []string) *walk {
	w := &walk{query: along(column, rows, newer), newer: newer, last: -1}
	for _, key := range keys {
		w.streams = append(w.streams, stream{args: []any{key}, from: from})
	}
	return w
}

// next gives the ids that follow, each once. There are fewer than n only at the end.
func (w *walk) next(ctx context.Context, q querier, n int) ([]int64, error) {
	var ids []int64
	for len(ids) < n {
		var first *stream
		for i := range w.streams {
			s := &w.streams[i]
			if err := s.fill(ctx, q, w.query, n); err != nil {
				return nil, err
			}
			if len(s.ids) > 0 && (first == nil || (s.ids[0] > first.ids[0]) != w.newer) {
				first = s
			}
		}
		if first == nil {
			break
		}
		if id := first.ids[0]; id != w.last {
			w.last = id
			ids = append(ids, id)
		}
		first.ids = first.ids[1:]
	}
	return ids, nil
}

// fill reads the next n ids of the stream when it has none left.
func (s *stream) fill(ctx context.Context, q querier, query string, n int) error {
	if len(s.ids) > 0 || s.dry {
		return nil
	}
	ids, err := list(ctx, q, scanID, query, slices.Concat(s.args, []any{s.from, n})...)
	if err != nil {
		return err
	}
	s.ids, s.dry = ids, len(ids) < n
	if len(ids) > 0 {
		s.from = ids[len(ids)-1]
	}
	return nil
}
