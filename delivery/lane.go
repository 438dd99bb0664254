package delivery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/sirupsen/logrus"
)

// lane serves one destination: it claims a batch, has it sent, and writes down what came of it, turn by
// turn, until nothing is pending.
type lane struct {
	worker      *Worker
	destination string
	outlet      *outlet       // of its kind; nil until the first claim has told
	limit       int           // deliveries a turn
	silent      time.Time     // since when nothing is heard of the other side; zero while it is
	more        bool          // something came while it ran; guarded by worker.mu
	open        bool          // it waits for a retry only, and not when something comes; guarded by worker.mu
	nudge       chan struct{} // holds one when it should not wait any longer
}

func newLane(w *Worker, destination string) *lane {
	return &lane{worker: w, destination: destination, limit: batchSize, nudge: make(chan struct{}, 1)}
}

func (l *lane) run(ctx context.Context) {
	for ctx.Err() == nil {
		due, err := l.turn(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			l.log().WithError(err).Error("turn failed")
			l.sleep(ctx, restTime)
		case due.IsZero():
			if l.end() {
				return
			}
		default:
			l.sleep(ctx, time.Until(due))
		}
	}
}

// turn sends one batch and says when the next is due: the zero time when nothing is pending.
func (l *lane) turn(ctx context.Context) (due time.Time, err error) {
	probe, leave, err := l.enter(ctx)
	if err != nil {
		return time.Time{}, err
	}
	settled := false
	defer func() {
		leave()
		if !settled && l.outlet != nil {
			l.outlet.gate.passOn(probe)
		}
	}()
	batch, err := l.claim(ctx)
	if err == nil && batch.Destination.Paused != "" {
		l.rest()
	}
	if err != nil || len(batch.Deliveries) == 0 {
		return batch.DueAt, err
	}
	if l.outlet == nil {
		l.outlet = l.worker.outlets[batch.Destination.Kind]
		if l.outlet != nil && !l.outlet.gate.down().IsZero() {
			return time.Now(), nil // and wait at the gate, like the others
		}
	}
	if l.outlet == nil || l.outlet.halted() != nil {
		return time.Time{}, nil
	}
	outcomes := l.send(ctx, batch)
	settled = l.settle(batch, outcomes, probe)
	l.worker.observe(l.outlet, batch, outcomes, time.Now())
	progress := l.worker.policy.Judge(batch, outcomes, time.Now(), rand.Float64())
	l.report(batch, outcomes)
	return l.finish(ctx, batch, outcomes, progress)
}

// enter waits until the lane may take a turn; leave gives its place to another.
func (l *lane) enter(ctx context.Context) (p probe, leave func(), err error) {
	if l.outlet != nil {
		if p, err = l.outlet.gate.pass(ctx, l.silent.IsZero()); err != nil {
			return probe{}, nil, err
		}
	}
	select {
	case l.worker.turns <- struct{}{}:
		return p, func() { <-l.worker.turns }, nil
	case <-ctx.Done():
		return probe{}, nil, ctx.Err() // and nobody else is to try, either
	}
}

func (l *lane) claim(ctx context.Context) (Batch, error) {
	l.worker.mu.Lock()
	l.more = false // whatever has come is in the queue by now
	l.worker.mu.Unlock()
	now := time.Now()
	lease := Lease{Owner: l.worker.owner, Now: now, Until: now.Add(leaseTime)}
	batch, err := l.worker.queue.Claim(ctx, l.destination, lease, l.limit)
	if err != nil {
		return Batch{}, fmt.Errorf("claim deliveries: %w", err)
	}
	l.worker.mu.Lock()
	defer l.worker.mu.Unlock()
	if l.open = batch.Open; l.open && l.more { // it came while we looked
		l.poke()
	}
	return batch, nil
}

// settle tells the gate what the other side answered, if that can be told, and makes a Down that is the
// destination's own a Later.
func (l *lane) settle(batch Batch, outcomes []Outcome, p probe) (settled bool) {
	for i := range outcomes {
		outcome, now := &outcomes[i], time.Now()
		switch outcome.Verdict {
		case Untried:
			return settled
		case Down:
			l.missed(batch.Destination, outcome, p, now)
			return true
		}
		settled, l.silent = true, time.Time{}
		if lasted := l.outlet.gate.heard(now, outcome.Verdict == Sent); lasted > 0 {
			l.worker.log.WithFields(logrus.Fields{"kind": batch.Destination.Kind, "lasted": lasted}).Info("outage is over")
		}
	}
	return settled
}

func (l *lane) missed(to Destination, outcome *Outcome, p probe, now time.Time) {
	if l.silent.IsZero() {
		l.silent = now
	}
	began, blamed := l.outlet.gate.missed(l.silent, now, p)
	if blamed {
		outcome.Verdict, l.silent = Later, time.Time{}
	}
	if began {
		l.worker.log.WithError(outcome.Err).WithField("kind", to.Kind).Warn("nothing is heard of the other side; sending waits")
	}
}

// finish writes a turn down even when ctx ended meanwhile: what was sent must not be sent again.
func (l *lane) finish(ctx context.Context, batch Batch, outcomes []Outcome, progress Progress) (due time.Time, err error) {
	if len(progress.Results) == 0 && progress.Pause == "" {
		if len(outcomes) > 0 && outcomes[0].Verdict == Down {
			return time.Now().Add(restTime), nil // the gate makes it wait longer, unless others are heard
		}
		if !progress.DueAt.IsZero() {
			return progress.DueAt, nil
		}
		return time.Now().Add(restTime), nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	if progress.DueAt.IsZero() {
		progress.Ahead = l.limit
	}
	if err := l.worker.queue.Finish(ctx, progress); err != nil {
		return time.Time{}, fmt.Errorf("write down deliveries: %w", err)
	}
	if progress.Pause != "" && l.worker.paused != nil {
		l.worker.paused()
	}
	if progress.DueAt.IsZero() && !batch.Done(progress) {
		return time.Now(), nil
	}
	return progress.DueAt, nil
}

// send survives a sender that panics: the batch is tried again one by one, and the delivery that
// panics alone is abandoned.
func (l *lane) send(ctx context.Context, batch Batch) (outcomes []Outcome) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		l.log().WithField("stack", string(debug.Stack())).Error("sender panicked")
		if len(batch.Deliveries) == 1 {
			outcomes = []Outcome{{Verdict: Wrong, Err: fmt.Errorf("sender panicked: %v", p)}}
			return
		}
		l.limit, outcomes = 1, nil
	}()
	outcomes = l.outlet.sender.Send(ctx, batch)
	for i := range outcomes {
		outcomes[i].conceal(batch.Deliveries[i].Event.Body)
	}
	return outcomes
}

// report logs what did not go well, and halts the kind when nothing of it can be sent.
func (l *lane) report(batch Batch, outcomes []Outcome) {
	for i, outcome := range outcomes {
		if outcome.Verdict == Untried || outcome.Verdict == Sent || outcome.Verdict == Down {
			continue
		}
		delivery := batch.Deliveries[i]
		entry := l.log().WithError(outcome.Err).WithFields(logrus.Fields{
			"guild":    batch.Destination.GuildID,
			"event_id": delivery.Event.ID,
			"attempt":  delivery.Attempts + 1,
			"status":   outcome.Status,
		})
		if outcome.Verdict == Stop {
			l.outlet.halt(outcome.Err)
			entry.Error("sending halted")
			return
		}
		entry.Warn("delivery failed")
		if outcome.Verdict != Wrong {
			return // the same holds for those behind it
		}
	}
}

// rest lets nothing new wake the destination until it is resumed, unless that was just now.
func (l *lane) rest() {
	l.worker.mu.Lock()
	defer l.worker.mu.Unlock()
	select {
	case <-l.nudge:
		l.more = true
	default:
		l.more, l.worker.still[l.destination] = false, true
	}
}

// end takes the lane off the worker, unless something came meanwhile.
func (l *lane) end() bool {
	l.worker.mu.Lock()
	defer l.worker.mu.Unlock()
	if l.more {
		l.more = false
		return false
	}
	delete(l.worker.lanes, l.destination)
	return true
}

func (l *lane) log() *logrus.Entry {
	return l.worker.log.WithField("destination", l.destination)
}

// poke has the lane not wait any longer.
func (l *lane) poke() {
	select {
	case l.nudge <- struct{}{}:
	default: // it is being poked
	}
}

// sleep ends early when the lane is nudged.
func (l *lane) sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-l.nudge:
	case <-timer.C:
	}
}
