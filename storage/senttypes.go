package storage

import "context"

// maxTypesLooked is how many events SentTypes looks at: it is asked with every letter that somebody types.
const maxTypesLooked = 2000

// SentTypes gives at most limit types of events that the source has really sent, the most recent first. It looks at the
// last 2,000 events, whatever is stored.
func (db *DB) SentTypes(ctx context.Context, sourceID string, limit int) ([]string, error) {
	found, err := list(ctx, db.readers, scanText, sentTypesQuery, sourceID, maxTypesLooked, limit)
	return found, db.fail("list event types", err)
}

const sentTypesQuery = `
	SELECT type FROM (
		SELECT id, type FROM events INDEXED BY events_source WHERE source_id = ? ORDER BY id DESC LIMIT ?
	) GROUP BY type ORDER BY max(id) DESC LIMIT ?`
