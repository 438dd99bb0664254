package storage

import (
	"context"
	"math"
	"time"
)

// removeSurplus removes the oldest finished events of the guilds that have more than so many. 0 is no bound.
func (db *DB) removeSurplus(ctx context.Context, now time.Time, most int) error {
	if most == 0 {
		return nil
	}
	// What was accepted is counted as long as it is kept: few guilds, as a rule, have to be looked at closely.
	guilds, err := list(ctx, db.readers, scanText, `
		SELECT s.guild_id FROM sources s CROSS JOIN counts c ON c.source_id = s.id
		GROUP BY s.guild_id HAVING sum(c.accepted) > ?`, most)
	if err != nil {
		return err
	}
	for _, id := range guilds {
		if err := db.removeSurplusOf(ctx, id, now, most); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) removeSurplusOf(ctx context.Context, guildID string, now time.Time, most int) error {
	sources, err := list(ctx, db.readers, scanText, `SELECT id FROM sources WHERE guild_id = ?`, guildID)
	if err != nil {
		return err
	}
	oldest, err := db.oldestKept(ctx, guildID, sources, most)
	if err != nil || oldest == 0 {
		return err
	}
	for _, source := range sources {
		err := db.removeEvents(ctx, oldEvents+`INDEXED BY events_source
			WHERE e.source_id = ? AND e.id < ? AND (e.idempotency_key IS NULL OR e.id < ?) AND e.id > ? ORDER BY e.id LIMIT ?`,
			source, oldest, remembered(now))
		if err != nil {
			return err
		}
	}
	return nil
}

// oldestKept is the last of the newest finished events that are to be kept, or 0 when the guild has no more than those.
// It walks along the index by source, a page at a time, so that no reader is busy for long.
func (db *DB) oldestKept(ctx context.Context, guildID string, sources []string, most int) (int64, error) {
	queues, err := waitingQueues(ctx, db.readers, guildID)
	if err != nil {
		return 0, err
	}
	newest := newWalk("id", rowsOfSource, false, math.MaxInt64, sources)
	for {
		ids, err := newest.next(ctx, db.readers, maxPage)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		finished, err := finishedOf(ctx, db.readers, ids, queues)
		if err != nil {
			return 0, err
		}
		if len(finished) >= most {
			return finished[most-1], nil
		}
		most -= len(finished)
	}
}

// finishedOf leaves out the events for which one of the queues waits.
func finishedOf(ctx context.Context, q querier, ids []int64, queues []string) ([]int64, error) {
	if len(queues) == 0 {
		return ids, nil
	}
	return list(ctx, q, scanID, `
		SELECT asked.value FROM json_each(?) asked
		WHERE NOT EXISTS (
			SELECT 1 FROM json_each(?) w CROSS JOIN deliveries v ON v.destination_id = w.value AND v.event_id = asked.value)
		ORDER BY asked.key`, jsonOf(ids), jsonOf(queues))
}
