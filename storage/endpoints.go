package storage

import (
	"context"

	"dispatch/delivery"
)

// maxNamed is how many destinations with a name a guild may have. Channels have none.
const maxNamed = 100

// CreateDestination adds a destination with a name to its guild, and the links that lead there. It fills in what the
// destination does not decide: ID, Paused, and what the guild's settings say. One of the guild with the same name,
// whatever its case, is fault.Exists, one more than a guild may have fault.TooMany. Nothing is made when a link cannot be;
// see AddLink.
func (db *DB) CreateDestination(ctx context.Context, d delivery.Destination, links ...delivery.Link) (delivery.Destination, error) {
	id := newID()
	var made []delivery.Destination
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, d.GuildID); err != nil {
			return err
		}
		err := bound(ctx, q, maxNamed, "limit.destinations", `
			SELECT count(*) FROM destinations WHERE guild_id = ? AND name_folded <> ''`, d.GuildID)
		if err != nil {
			return err
		}
		if err := db.insertNamed(ctx, q, id, d); err != nil {
			return err
		}
		for _, link := range links {
			link.ID, link.DestinationID = newID(), id
			if err := addLink(ctx, q, d.GuildID, link, ""); err != nil {
				return err
			}
		}
		made, err = list(ctx, q, db.scanDestination, `
			SELECT `+destinationColumns+` FROM destinations d JOIN guilds g ON g.id = d.guild_id WHERE d.id = ?`, id)
		return err
	})
	if err != nil {
		return delivery.Destination{}, db.fail("create destination", err)
	}
	return made[0], nil
}

func (db *DB) insertNamed(ctx context.Context, q querier, id string, d delivery.Destination) error {
	var (
		e           delivery.Endpoint
		url, secret []byte
	)
	if d.Endpoint != nil {
		e = *d.Endpoint
		url = db.vault.seal([]byte(e.URL), urlPlace(id))
	}
	if len(e.Secret.Secret) > 0 {
		secret = db.vault.seal(e.Secret.Secret, secretPlace(id))
	}
	if d.TargetID != "" {
		if err := exists(ctx, q, `SELECT 1 FROM targets WHERE guild_id = ? AND id = ?`, d.GuildID, d.TargetID); err != nil {
			return err
		}
	}
	_, err := q.ExecContext(ctx, `
		INSERT INTO destinations (id, guild_id, kind, name, name_folded, channel_id, url, secret, unordered, rate_limit, target_id, created_at)
		VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)`,
		id, d.GuildID, d.Kind, d.Name, fold(d.Name), url, secret, e.Unordered, e.RateLimit, orNull(d.TargetID), millis(now()))
	if err != nil {
		return err
	}
	return insertQueue(ctx, q, id)
}
