package storage

import (
	"context"

	"dispatch/delivery"
	"dispatch/event"
)

// maxRefusals is how many are kept of one event: more than one message can tell, and little beside its body.
const maxRefusals = 50

// insertRefusals writes down which links did not take an event. It is called for every event: most have none.
func (c *sqliteConn) insertRefusals(id event.ID, refused []delivery.Refusal) error {
	for i := range refused[:min(len(refused), maxRefusals)] {
		r := &refused[i]
		_, err := c.exec(`
			INSERT INTO refusals (event_id, link_id, destination_id, reason, detail)
			VALUES (?1, ?2, coalesce((SELECT destination_id FROM links WHERE id = ?2), ''), ?3, ?4)`,
			int64(id), r.LinkID, r.Reason, r.Detail)
		if err != nil {
			return err
		}
	}
	return nil
}

// Refusals tells which links did not take an event when it was accepted, the oldest link first. Of links that were many it
// tells fifty.
func (db *DB) Refusals(ctx context.Context, id event.ID) ([]delivery.RefusedLink, error) {
	found, err := list(ctx, db.readers, scanRefusedLink, `
		SELECT r.link_id, r.reason, r.detail, coalesce(d.id, ''), coalesce(d.guild_id, ''), coalesce(d.kind, ''),
			coalesce(d.name, ''), coalesce(d.channel_id, ''), coalesce(d.paused, ''), coalesce(g.locale, '')
		FROM refusals r LEFT JOIN destinations d ON d.id = r.destination_id LEFT JOIN guilds g ON g.id = d.guild_id
		WHERE r.event_id = ? ORDER BY r.link_id`, int64(id))
	return found, db.fail("list refusals", err)
}

func scanRefusedLink(row scanner) (delivery.RefusedLink, error) {
	var r delivery.RefusedLink
	err := row.Scan(append([]any{&r.LinkID, &r.Reason, &r.Detail}, destinationFields(&r.Destination)...)...)
	return r, err
}
