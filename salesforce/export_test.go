package salesforce

import (
	"context"
	"encoding/json"
	"time"
)

// Visit is one round of a source's poll, now.
func (p *Poller) Visit(ctx context.Context, sourceID string) { p.visit(ctx, sourceID) }

// Told is what Compare tells.
type Told struct{ Action, ID, Old string }

// Record is one as an org answers it.
func Record(id string, stamp, created time.Time, deleted bool, raw string) record {
	return record{ID: id, Stamp: stamp, Created: created, Deleted: deleted, Raw: json.RawMessage(raw)}
}

// Compare is compare, and gives the ids of what is remembered.
func Compare(seen map[string]Seen, since time.Time, volatile map[string]bool, records ...record) (told []Told, kept []string) {
	all, now := compare(seen, since, volatile, records)
	for _, one := range all {
		told = append(told, Told{one.action, one.ID, string(one.old)})
	}
	for _, one := range now {
		kept = append(kept, one.ID)
	}
	return told, kept
}

// PauseOf is pauseOf of a poll that is active.
func PauseOf(every time.Duration, trouble error, failures int, usage Usage) time.Duration {
	h := pollHealth{usage: usage, slowed: usage.scarce(), trouble: (*PollTrouble)(nil).next(trouble, time.Time{})}
	if h.trouble != nil {
		h.trouble.Failures = failures
	}
	return pauseOf(Polled{Poll: Poll{Every: every}, Active: true}, h)
}

// FirstDue is firstDue.
func FirstDue(poll Polled, now time.Time) time.Time { return firstDue(poll, now) }
