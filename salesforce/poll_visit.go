package salesforce

import (
	"context"
	"errors"
	"time"

	"github.com/sirupsen/logrus"
)

// visit asks a source's org what is new, and says when to ask again.
func (p *Poller) visit(ctx context.Context, sourceID string) {
	one := p.known(sourceID)
	if !one.enter(ctx) {
		return
	}
	defer one.leave()
	poll, err := p.store.Polled(ctx, sourceID)
	switch {
	case errors.Is(err, ErrNotPolled):
		p.forget(sourceID)
		return
	case err != nil:
		p.log.WithField(keySource, sourceID).WithField(keyErr, err).Error("poll not found")
		p.settle(one, p.now().Add(lookAgain))
		return
	}
	var came made
	if poll.Active {
		came, err = p.round(ctx, one, poll)
	}
	switch {
	case errors.Is(err, ErrNotPolled): // it was stopped, or changed, while it was under way
		p.settle(one, p.now())
	case ctx.Err() == nil:
		p.note(one, poll, came, err)
	}
}

// made is what came of a round.
type made struct {
	failed map[string]error // by object
	usage  Usage
}

func (p *Poller) round(ctx context.Context, one *polling, poll Polled) (made, error) {
	r := &pollRun{poller: p, poll: poll, plans: one.plans}
	if err := r.accept(ctx, poll.Pending); err != nil {
		return made{}, err
	}
	var err error
	if r.org, err = p.org(ctx, poll.SourceID, poll.Access); err != nil {
		return made{}, err
	}
	if place := poll.Access.Place(); place != poll.Place { // another org, where nothing is as it was
		if err := p.store.MovePoll(ctx, poll.SourceID, poll.Version, place); err != nil {
			return made{}, ours(err)
		}
		clear(one.plans)
		if r.poll, err = p.store.Polled(ctx, poll.SourceID); err != nil {
			return made{}, ours(err)
		}
	}
	failed, err := r.round(ctx)
	usage, _ := r.org.Usage()
	return made{failed, usage}, err
}

// pollHealth is how a poll is doing.
type pollHealth struct {
	trouble *PollTrouble
	objects map[string]*PollTrouble
	usage   Usage
	slowed  bool
}

// note remembers what came of a round, and when the next one is due.
func (p *Poller) note(one *polling, poll Polled, came made, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	before := one.health
	h := pollHealth{trouble: before.trouble.next(err, now), objects: make(map[string]*PollTrouble), usage: came.usage}
	if came.usage.Max == 0 {
		h.usage = before.usage
	}
	for object, err := range came.failed {
		h.objects[object] = before.objects[object].next(err, now)
	}
	h.slowed = h.usage.scarce()
	one.health = h
	one.due = now.Add(pauseOf(poll, h))
	if err != nil && (before.trouble == nil || before.trouble.Kind != h.trouble.Kind) {
		p.log.WithFields(logrus.Fields{keySource: poll.SourceID, keyErr: err}).Warn("org not polled")
	}
}

func (p *Poller) settle(one *polling, due time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one.due = due
}

const (
	// longestPause is how long an org that is in trouble is left alone at most, unless it is asked less often anyway.
	longestPause = time.Hour
	// lookAgain is how often we look, without asking the org, whether somebody has let us in again, or resumed the source.
	lookAgain = time.Minute
	// slowness is how many times longer the pauses are while an org's calls are nearly used up.
	slowness = 4
)

// scarce says whether the calls of an org are nearly used up.
func (u Usage) scarce() bool { return u.Max > 0 && u.Used*10 >= u.Max*9 }

// pauseOf is the time from a round to the next.
func pauseOf(poll Polled, h pollHealth) time.Duration {
	switch {
	case !poll.Active, h.trouble != nil && h.trouble.waits():
		return min(poll.Every, lookAgain)
	case h.trouble != nil:
		pause := min(poll.Every<<min(h.trouble.Failures-1, 16), longestPause)
		return max(pause, poll.Every, min(h.trouble.retryAfter, longestPause))
	case h.slowed:
		return poll.Every * slowness
	}
	return poll.Every
}
