package salesforce

import (
	"context"
	"hash/fnv"
	"sync"
	"time"
)

// spread is how far apart the polls begin that were due while the program was not running.
const spread = 30 * time.Second

// Run polls, until ctx ends. What is found and not accepted then is accepted at the next start.
func (p *Poller) Run(ctx context.Context) error {
	var under sync.WaitGroup
	defer under.Wait()
	loaded := false
	for ctx.Err() == nil {
		if !loaded {
			loaded = p.load(ctx)
		}
		pause := p.begin(ctx, &under)
		if !loaded {
			pause = min(pause, reloadTime)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-p.wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// load finds out what is polled, and says whether it could.
func (p *Poller) load(ctx context.Context) bool {
	sources, err := p.store.Polling(ctx)
	if err != nil {
		p.log.WithField(keyErr, err).Error("polls not taken up")
		return false
	}
	for _, id := range sources {
		due := p.now() // where it cannot be read, its visit says so
		if poll, err := p.store.Polled(ctx, id); err == nil {
			due = firstDue(poll, due)
		}
		p.settle(p.known(id), due)
	}
	return true
}

// firstDue is when a poll is due after a start: in its turn, or soon where that has passed, but not all of them at once.
func firstDue(poll Polled, now time.Time) time.Time {
	soon := now.Add(phase(poll.SourceID, min(poll.Every, spread)))
	if len(poll.Pending) > 0 || len(poll.Marks) == 0 {
		return now
	}
	oldest := poll.Marks[0].PolledAt
	for _, mark := range poll.Marks {
		if mark.PolledAt.Before(oldest) {
			oldest = mark.PolledAt
		}
	}
	due := oldest.Add(poll.Every)
	if due.Before(soon) || due.After(now.Add(poll.Every)) { // the clock was set back
		return soon
	}
	return due
}

// phase is a time below within, always the same one for a source.
func phase(sourceID string, within time.Duration) time.Duration {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(sourceID)) // never fails
	return within * time.Duration(sum.Sum32()%1024) / 1024
}

// idle is how long Run waits when nothing is due.
const idle = time.Hour

// begin has the polls visited that are due, those first that were due first, as far as there is room; and says how long
// nothing else is.
func (p *Poller) begin(ctx context.Context, under *sync.WaitGroup) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.opts.Now()
	for p.under < p.opts.AtOnce {
		id, one := p.next()
		if one == nil {
			return idle
		}
		if wait := one.due.Sub(now); wait > 0 {
			return wait
		}
		one.under = true
		p.under++
		under.Go(func() {
			defer p.stir()
			defer p.ended(one)
			p.visit(ctx, id)
		})
	}
	return idle // somebody who ends wakes us
}

// next is the poll that is due first of those that are not under way.
func (p *Poller) next() (id string, first *polling) {
	for source, one := range p.polls {
		if !one.under && (first == nil || one.due.Before(first.due)) {
			id, first = source, one
		}
	}
	return id, first
}

func (p *Poller) ended(one *polling) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one.under = false
	p.under--
}
