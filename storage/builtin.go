package storage

import (
	"context"
	"strconv"

	"dispatch/event"
	"dispatch/fault"
)

// settingsName is what the built-in source of a guild is called, with a number behind it where one of the guild's own
// has the name.
const settingsName = "settings"

// SettingsSource implements delivery.PreferenceStore.
func (db *DB) SettingsSource(ctx context.Context, guildID string) (event.Source, error) {
	found, err := db.findSettings(ctx, guildID)
	if fault.KindOf(err) != fault.NotFound {
		return found, err
	}
	s := event.Source{
		ID: newID(), GuildID: guildID, Kind: event.SourceWebhook, Auth: event.AuthAPIKey, State: event.Active, CreatedAt: now(),
	}
	s.Slug = event.BuiltInSlug + s.ID
	err = db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, guildID); err != nil {
			return err
		}
		var taken int
		err := q.QueryRowContext(ctx, `SELECT count(*) FROM sources WHERE guild_id = ? AND `+builtIn, guildID).Scan(&taken)
		if err != nil || taken > 0 { // somebody was faster
			return err
		}
		s.Name, err = freeName(ctx, q, guildID, settingsName)
		if err != nil {
			return err
		}
		return insertSource(ctx, q, s)
	})
	if err != nil {
		return event.Source{}, db.fail("make built-in source", err)
	}
	return db.findSettings(ctx, guildID)
}

// builtIn holds for a live source that is built in.
const builtIn = `slug LIKE '` + event.BuiltInSlug + `%' AND state <> 'disconnected'`

func (db *DB) findSettings(ctx context.Context, guildID string) (event.Source, error) {
	return db.findSource(ctx, `WHERE s.guild_id = ? AND s.`+builtIn+` ORDER BY s.id`, guildID)
}

// freeName is the name, with a number behind it when a live source of the guild has it.
func freeName(ctx context.Context, q querier, guildID, name string) (string, error) {
	return freeAmong(ctx, q, `sources WHERE guild_id = ? AND name_folded = ? AND state <> 'disconnected'`, guildID, name)
}

// freeAmong is the name, with a number behind it when one of those has it.
func freeAmong(ctx context.Context, q querier, those, guildID, name string) (string, error) {
	for free, n := name, 2; ; free, n = name+"-"+strconv.Itoa(n), n+1 {
		var taken bool
		err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+those+`)`, guildID, fold(free)).Scan(&taken)
		if err != nil || !taken {
			return free, err
		}
	}
}
