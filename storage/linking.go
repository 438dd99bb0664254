package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"dispatch/delivery"
	"dispatch/fault"
)

// maxLinks is how many the sources of a guild may have that are not disconnected. The one that each of them begins with
// is always made.
const maxLinks = 200

// AddLink leads a source of the guild to a destination of it, behind the links that the source has: to the one that the
// link names, or else to that of the channel, which is made when there is none and is active afterwards. It fails with
// fault.NotFound when something that the link names is not the guild's, or the source is disconnected; with fault.Exists
// when the source has the very same link; and with fault.TooMany when the guild has too many.
func (db *DB) AddLink(ctx context.Context, guildID string, l delivery.Link, channelID string) (delivery.LinkInfo, error) {
	var added []delivery.LinkInfo
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		link := l
		link.ID = newID()
		err := addLink(ctx, q, guildID, link, channelID)
		if err == nil {
			added, err = db.linkInfos(ctx, q, `l.id = ?`, link.ID)
		}
		return err
	})
	if err != nil {
		return delivery.LinkInfo{}, db.fail("add link", err)
	}
	return added[0], nil
}

func addLink(ctx context.Context, q querier, guildID string, link delivery.Link, channelID string) error {
	at := now()
	err := checkOwner(ctx, q, guildID, link)
	if err != nil {
		return err
	}
	if link.DestinationID == "" && channelID != "" {
		link.DestinationID, err = channelOf(ctx, q, guildID, channelID, at)
	} else {
		err = exists(ctx, q, `SELECT 1 FROM destinations WHERE guild_id = ? AND id = ?`, guildID, link.DestinationID)
	}
	if err != nil {
		return err
	}
	if err := checkNew(ctx, q, link); err != nil {
		return err
	}
	if err := boundLinks(ctx, q, guildID); err != nil {
		return err
	}
	return insertLink(ctx, q, link, at)
}

// RemoveLink removes a link of the guild, and with it those that were put in front of it for a template. What is pending
// on its way is still delivered. There is none: fault.NotFound.
func (db *DB) RemoveLink(ctx context.Context, guildID, linkID string) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			DELETE FROM links WHERE id = ? AND source_id IN (SELECT id FROM sources WHERE guild_id = ?)`, linkID, guildID)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such link")
		}
		return err
	})
	return db.fail("remove link", err)
}

// checkOwner makes sure that what the link ties together is the guild's.
func checkOwner(ctx context.Context, q querier, guildID string, l delivery.Link) error {
	err := exists(ctx, q, `SELECT 1 FROM sources WHERE guild_id = ? AND id = ? AND state <> 'disconnected'`, guildID, l.SourceID)
	if err == nil && l.TemplateID != "" {
		err = exists(ctx, q, `SELECT 1 FROM templates WHERE guild_id = ? AND id = ?`, guildID, l.TemplateID)
	}
	if err == nil && l.TransformID != "" {
		err = exists(ctx, q, `SELECT 1 FROM transforms WHERE guild_id = ? AND id = ?`, guildID, l.TransformID)
	}
	return err
}

// checkNew makes sure that the source has no link that does the same.
func checkNew(ctx context.Context, q querier, l delivery.Link) error {
	err := exists(ctx, q, `
		SELECT 1 FROM links WHERE source_id = ? AND destination_id = ? AND events = ? AND filter = ?
			AND template_id IS ? AND transform_id IS ?`,
		l.SourceID, l.DestinationID, jsonOf(l.Events), l.Filter, orNull(l.TemplateID), orNull(l.TransformID))
	if err == nil {
		return fault.New(fault.Exists, "the source has this link")
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func boundLinks(ctx context.Context, q querier, guildID string) error {
	return bound(ctx, q, maxLinks, "limit.routes", `
		SELECT count(*) FROM sources s JOIN links l ON l.source_id = s.id
		WHERE s.guild_id = ? AND s.state <> 'disconnected'`, guildID)
}

// insertLink adds the link behind those that its source has.
func insertLink(ctx context.Context, q querier, l delivery.Link, at time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO links (id, source_id, destination_id, events, filter, template_id, transform_id, created_at, position)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT coalesce(max(position) + 1, 0) FROM links WHERE source_id = ?2))`,
		l.ID, l.SourceID, l.DestinationID, jsonOf(l.Events), l.Filter, orNull(l.TemplateID), orNull(l.TransformID), millis(at))
	return err
}

// exists fails with sql.ErrNoRows when the query finds nothing.
func exists(ctx context.Context, q querier, query string, args ...any) error {
	var found int
	return q.QueryRowContext(ctx, query, args...).Scan(&found)
}

// orNull is how an id is stored that may be missing.
func orNull(id string) sql.NullString { return sql.NullString{String: id, Valid: id != ""} }
