package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dispatch/delivery"
)

// Links implements delivery.Links: the links of a source, oldest first.
func (db *DB) Links(ctx context.Context, sourceID string) ([]delivery.Link, error) {
	return db.links.get(sourceID, func() ([]delivery.Link, error) {
		found, err := list(ctx, db.readers, scanLink, `
			SELECT id, source_id, destination_id, events FROM links WHERE source_id = ? ORDER BY created_at, id`, sourceID)
		return found, db.fail("list links", err)
	})
}

func scanLink(row scanner) (delivery.Link, error) {
	var (
		link   delivery.Link
		events []byte
	)
	if err := row.Scan(&link.ID, &link.SourceID, &link.DestinationID, &events); err != nil {
		return delivery.Link{}, err
	}
	if err := json.Unmarshal(events, &link.Events); err != nil {
		return delivery.Link{}, fmt.Errorf("read event types of link %s: %w", link.ID, err)
	}
	return link, nil
}

// insertLink leads all events of the source to the destination.
func insertLink(ctx context.Context, q querier, sourceID, destinationID string, at time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO links (id, source_id, destination_id, events, created_at) VALUES (?, ?, ?, '[]', ?)`,
		newID(), sourceID, destinationID, millis(at))
	return err
}
