package storage

import (
	"context"

	"dispatch/event"
	"dispatch/fault"
)

// PauseSource has a source of the guild take no callouts until it is resumed: its URL answers 404. It fails with
// fault.NotFound when the guild has no such source, or it is disconnected.
func (db *DB) PauseSource(ctx context.Context, guildID, sourceID string) error {
	return db.fail("pause source", db.setState(ctx, guildID, sourceID, event.Paused))
}

// ResumeSource has a source take callouts again. It fails as PauseSource does.
func (db *DB) ResumeSource(ctx context.Context, guildID, sourceID string) error {
	return db.fail("resume source", db.setState(ctx, guildID, sourceID, event.Active))
}

func (db *DB) setState(ctx context.Context, guildID, sourceID string, state event.SourceState) error {
	return db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `UPDATE sources SET state = ? WHERE guild_id = ? AND id = ? AND state <> 'disconnected'`,
			state, guildID, sourceID)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such source")
		}
		return err
	})
}
