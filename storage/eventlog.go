package storage

import (
	"context"
	"math"
	"slices"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

const (
	// maxLooked is how many events a question by state looks at, from where it begins. What is further away is not
	// found. A question for all states never reaches it, since every event counts.
	maxLooked = 20_000
	// maxPage is how many of them are looked at at once.
	maxPage = 500
)

// Events gives events of a guild, newest first. By state it looks at no more than 20,000 candidates, from Before or After
// on, so that it answers within a fraction of a second whatever is stored: for delivered and filtered those are the events
// of the sources asked for, for pending what waits in the guild's queues, for abandoned all that was abandoned. A source
// that the guild does not have is fault.NotFound.
func (db *DB) Events(ctx context.Context, query event.Query) ([]event.Summary, error) {
	var found []event.Summary
	err := db.snapshot(ctx, func(q querier) error {
		log, err := openLog(ctx, q, query)
		if err != nil {
			return err
		}
		found, err = log.read(ctx, q)
		return err
	})
	return found, db.fail("list events", err)
}

// eventLog is one question to it.
type eventLog struct {
	event.Query
	sources []string // whose events are asked for
	queues  []string // destinations of the guild for which something waits
}

func openLog(ctx context.Context, q querier, query event.Query) (eventLog, error) {
	log := eventLog{Query: query}
	var err error
	log.sources, err = list(ctx, q, scanText, `
		SELECT id FROM sources WHERE guild_id = ?1 AND (?2 = '' OR id = ?2)`, query.GuildID, query.SourceID)
	if err != nil {
		return log, err
	}
	if query.SourceID != "" && len(log.sources) == 0 {
		return log, fault.New(fault.NotFound, "no such source")
	}
	log.queues, err = waitingQueues(ctx, q, query.GuildID)
	return log, err
}

// waitingQueues are the destinations of a guild for which something waits: few, as a rule, and each event is looked for in
// each of them.
func waitingQueues(ctx context.Context, q querier, guildID string) ([]string, error) {
	return list(ctx, q, scanText, `
		SELECT d.id FROM destinations d
		WHERE d.guild_id = ? AND EXISTS (SELECT 1 FROM deliveries v WHERE v.destination_id = d.id)`, guildID)
}

// The rows that a walk goes along.
const (
	rowsOfSource    = `events INDEXED BY events_source WHERE source_id = ?`
	rowsOfQueue     = `deliveries WHERE destination_id = ?`
	rowsOfAbandoned = `outcomes INDEXED BY outcomes_abandoned WHERE state = 'abandoned' AND state = ?`
)

// walk goes along the candidates: the shortest list that holds all that may have the state.
func (l *eventLog) walk() *walk {
	newer, from := l.After != 0, int64(math.MaxInt64)
	switch {
	case newer:
		from = int64(l.After)
	case l.Before != 0:
		from = int64(l.Before)
	}
	switch delivery.State(l.State) {
	case delivery.Pending:
		return newWalk("event_id", rowsOfQueue, newer, from, l.queues)
	case delivery.Abandoned:
		return newWalk("event_id", rowsOfAbandoned, newer, from, []string{l.State})
	default:
		return newWalk("id", rowsOfSource, newer, from, l.sources)
	}
}

// read goes along the candidates until it has found enough or looked at too many.
func (l *eventLog) read(ctx context.Context, q querier) ([]event.Summary, error) {
	var found []event.Summary
	candidates := l.walk()
	for looked, n := 0, min(l.Limit, maxPage); len(found) < l.Limit && looked < maxLooked; n = min(2*n, maxPage) {
		ids, err := candidates.next(ctx, q, min(n, maxLooked-looked))
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			break
		}
		looked += len(ids)
		page, err := l.summaries(ctx, q, ids)
		if err != nil {
			return nil, err
		}
		found = append(found, page...)
	}
	found = found[:min(len(found), max(l.Limit, 0))]
	if candidates.newer {
		slices.Reverse(found)
	}
	return found, nil
}

// summariesQuery tells of each event how many of its deliveries have which state. What waits is asked of the queues; what
// waits again counts no longer as what it was before.
const summariesQuery = `
	SELECT e.id, e.type, s.name,
		(SELECT count(*) FROM json_each(?2) w CROSS JOIN deliveries v ON v.destination_id = w.value AND v.event_id = e.id),
		count(iif(o.state = 'abandoned', 1, NULL)), count(iif(o.state = 'delivered', 1, NULL)),
		count(iif(o.state = 'filtered', 1, NULL)), count(nullif(o.destination_id, ''))
	FROM json_each(?1) asked CROSS JOIN events e ON e.id = asked.value CROSS JOIN sources s ON s.id = e.source_id
		LEFT JOIN outcomes o ON o.event_id = e.id
			AND NOT EXISTS (SELECT 1 FROM deliveries v WHERE v.destination_id = o.destination_id AND v.event_id = e.id)
	WHERE e.source_id IN (SELECT value FROM json_each(?3))
	GROUP BY asked.key ORDER BY asked.key`

// summaries describes those of the events that are asked for, in their order.
func (l *eventLog) summaries(ctx context.Context, q querier, ids []int64) ([]event.Summary, error) {
	found, err := list(ctx, q, scanTally, summariesQuery, jsonOf(ids), jsonOf(l.queues), jsonOf(l.sources))
	if err != nil {
		return nil, err
	}
	var page []event.Summary
	for _, one := range found {
		if l.State == "" || one.in[delivery.State(l.State)] > 0 {
			page = append(page, one.summary())
		}
	}
	return page, nil
}

// stateTally is an event with the number of its deliveries in each state. One that no link took counts as filtered.
type stateTally struct {
	event.Summary
	in map[delivery.State]int
}

func scanTally(row scanner) (stateTally, error) {
	var (
		one                                            stateTally
		id                                             int64
		pending, abandoned, delivered, filtered, ended int
	)
	err := row.Scan(&id, &one.Type, &one.SourceName, &pending, &abandoned, &delivered, &filtered, &ended)
	one.ID, one.Deliveries = event.ID(id), pending+ended
	one.in = map[delivery.State]int{
		delivery.Abandoned: abandoned, delivery.Pending: pending, delivery.Delivered: delivered, delivery.Filtered: filtered,
	}
	return one, err
}

// summary names the state that asks most for attention.
func (s stateTally) summary() event.Summary {
	for _, state := range []delivery.State{delivery.Abandoned, delivery.Pending, delivery.Delivered, delivery.Filtered} {
		s.State = string(state)
		if s.in[state] > 0 {
			break
		}
	}
	return s.Summary
}
