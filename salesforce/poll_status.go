package salesforce

import (
	"context"
	"time"
)

// PollStatus is how a poll is doing.
type PollStatus struct {
	Poll
	Target  string // the name of the one whose credentials it goes by; "" for the source's own
	Active  bool   // its source takes events
	Reads   []PollRead
	Trouble *PollTrouble // nil when there is none
	NextAt  time.Time    // of the next round; zero while one is under way, or none is planned yet
	Usage   Usage        // of the org's calls; zero when it is not known
	Slowed  bool         // it comes round less often, as the calls are nearly used up
}

// PollRead is how an object is doing.
type PollRead struct {
	Mark
	Trouble *PollTrouble // nil when there is none
}

// Status tells how the poll of a source is doing. It fails with ErrNotPolled.
func (p *Poller) Status(ctx context.Context, sourceID string) (PollStatus, error) {
	poll, err := p.store.Polled(ctx, sourceID)
	if err != nil {
		return PollStatus{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	status := PollStatus{Poll: poll.Poll, Active: poll.Active}
	if poll.Access.Target != nil {
		status.Target = poll.Access.Target.Name
	}
	var h pollHealth
	if one, ok := p.polls[sourceID]; ok {
		h = one.health
		if !one.under {
			status.NextAt = one.due
		}
	}
	status.Trouble, status.Usage, status.Slowed = h.trouble, h.usage, h.slowed
	for _, mark := range poll.Marks {
		status.Reads = append(status.Reads, PollRead{Mark: mark, Trouble: h.objects[mark.Object]})
	}
	return status, nil
}

// Shortest is the shortest time from one round of a poll to the next.
func (p *Poller) Shortest() time.Duration { return p.opts.Shortest }
