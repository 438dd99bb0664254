package storage

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// Connect makes a source with its keys and links it to a channel of its guild, or to nothing when that is "". It fills
// in what the source does not decide: ID, Slug, State and CreatedAt. A live source of the guild with the same name,
// whatever its case, is fault.Exists. A channel that was paused is tried again.
func (db *DB) Connect(ctx context.Context, s event.Source, channelID string) (event.Source, error) {
	s.ID, s.Slug, s.State, s.CreatedAt = newID(), newSlug(), event.Active, now()
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, s.GuildID); err != nil {
			return err
		}
		if err := insertSource(ctx, q, s); err != nil {
			return err
		}
		for _, key := range s.Keys {
			if err := db.insertKey(ctx, q, s.ID, key); err != nil {
				return err
			}
		}
		if channelID == "" {
			return nil
		}
		destination, err := channelOf(ctx, q, s.GuildID, channelID, s.CreatedAt)
		if err != nil {
			return err
		}
		return insertLink(ctx, q, delivery.Link{ID: newID(), SourceID: s.ID, DestinationID: destination}, s.CreatedAt)
	})
	if err != nil {
		return event.Source{}, db.fail("connect source", err)
	}
	return s, nil
}

// newSlug is 130 random bits in lower-case letters and digits.
func newSlug() string { return strings.ToLower(rand.Text()) }

func insertSource(ctx context.Context, q querier, s event.Source) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO sources (id, guild_id, name, name_folded, slug, kind, environment, org_id, auth, event_type_path, preset, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ID, s.GuildID, s.Name, fold(s.Name), s.Slug, s.Kind, s.Environment, s.OrgID, s.Auth, s.EventTypePath, s.Preset, s.State,
		millis(s.CreatedAt))
	return err
}

// Sources gives the sources of a guild by name, the disconnected ones last.
func (db *DB) Sources(ctx context.Context, guildID string) ([]event.Source, error) {
	found, err := db.findSources(ctx, `WHERE s.guild_id = ?
		ORDER BY s.state = 'disconnected', s.name_folded, s.created_at, s.id`, guildID)
	return found, db.fail("list sources", err)
}

// Source gives the source that an admin calls by the name, whatever its case: the active one before the
// paused one, before the last that was disconnected. There is none: fault.NotFound; but the built-in one is made then.
func (db *DB) Source(ctx context.Context, guildID, name string) (event.Source, error) {
	found, err := db.findSource(ctx, `WHERE s.guild_id = ? AND s.name_folded = ?
		ORDER BY s.state = 'disconnected', s.state = 'paused', s.disconnected_at DESC, s.id DESC`, guildID, fold(name))
	if fault.KindOf(err) == fault.NotFound && fold(name) == settingsName {
		return db.SettingsSource(ctx, guildID)
	}
	return found, err
}

// SourceByID gives a source of the guild. One of another guild is fault.NotFound, too.
func (db *DB) SourceByID(ctx context.Context, guildID, id string) (event.Source, error) {
	return db.findSource(ctx, `WHERE s.guild_id = ? AND s.id = ? ORDER BY s.id`, guildID, id)
}

// SourceBySlug gives the source that takes callouts at /hooks/<slug>. One that is not active, or whose
// guild we have left, is fault.NotFound.
func (db *DB) SourceBySlug(ctx context.Context, slug string) (event.Source, error) {
	return db.sources.get(slug, func() (event.Source, error) {
		return db.findSource(ctx, `JOIN guilds g ON g.id = s.guild_id
			WHERE s.slug = ? AND s.state = 'active' AND g.left_at IS NULL ORDER BY s.id`, slug)
	})
}

func (db *DB) findSource(ctx context.Context, where string, args ...any) (event.Source, error) {
	found, err := db.findSources(ctx, where, args...)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "no such source")
	}
	if err != nil {
		return event.Source{}, db.fail("find source", err)
	}
	return found[0], nil
}

// findSources reads sources with their keys, which are joined to them: one row a key. The order that where
// ends in must keep the rows of a source together.
func (db *DB) findSources(ctx context.Context, where string, args ...any) ([]event.Source, error) {
	rows, err := db.readers.QueryContext(ctx, `
		SELECT s.id, s.guild_id, s.name, s.slug, s.kind, s.environment, s.org_id, s.auth, s.event_type_path, s.preset,
			s.state, s.created_at, k.id, k.secret, k.expires_at
		FROM sources s LEFT JOIN signing_keys k ON k.source_id = s.id `+where+`,
			k.expires_at = 0 DESC, k.expires_at DESC, k.id DESC`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []event.Source
	for rows.Next() {
		var (
			s       event.Source
			created int64
			key     sealedKey
		)
		err := rows.Scan(&s.ID, &s.GuildID, &s.Name, &s.Slug, &s.Kind, &s.Environment, &s.OrgID, &s.Auth, &s.EventTypePath,
			&s.Preset, &s.State, &created, &key.id, &key.secret, &key.expires)
		if err != nil {
			return nil, err
		}
		s.CreatedAt = timeOf(created)
		if n := len(found); n == 0 || found[n-1].ID != s.ID {
			found = append(found, s)
		}
		if err := key.open(db.vault, &found[len(found)-1]); err != nil {
			return nil, err
		}
	}
	return found, rows.Err()
}

// Disconnect ends a source for good: its URL answers 404, its secrets are wiped, its name is free. What it
// has accepted is still delivered. A source that is disconnected already stays so.
func (db *DB) Disconnect(ctx context.Context, guildID, sourceID string, at time.Time) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			UPDATE sources SET state = ?, disconnected_at = coalesce(disconnected_at, ?) WHERE guild_id = ? AND id = ?`,
			event.Disconnected, millis(at), guildID, sourceID)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "no such source")
		}
		if _, err := q.ExecContext(ctx, `DELETE FROM signing_keys WHERE source_id = ?`, sourceID); err != nil {
			return err
		}
		if err := wipeInstance(ctx, q, sourceID); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `DELETE FROM connections WHERE source_id = ?`, sourceID)
		return err
	})
	return db.fail("disconnect source", err)
}
