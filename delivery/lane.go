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
	limit       int  // deliveries a turn
	more        bool // something came while it ran; guarded by worker.mu
}

func (l *lane) run(ctx context.Context) {
	for ctx.Err() == nil {
		due, err := l.turn(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			l.log().WithError(err).Error("turn failed")
			sleep(ctx, restTime)
		case due.IsZero():
			if l.end() {
				return
			}
		default:
			sleep(ctx, time.Until(due))
		}
	}
}

// turn sends one batch and says when the next is due: the zero time when nothing is pending.
func (l *lane) turn(ctx context.Context) (due time.Time, err error) {
	w, now := l.worker, time.Now()
	lease := Lease{Owner: w.owner, Now: now, Until: now.Add(leaseTime)}
	batch, err := w.queue.Claim(ctx, l.destination, lease, l.limit)
	if err != nil {
		return time.Time{}, fmt.Errorf("claim deliveries: %w", err)
	}
	if len(batch.Deliveries) == 0 {
		return batch.DueAt, nil
	}
	if !w.serves(batch.Destination.Kind) {
		return time.Time{}, nil
	}
	outcomes := l.send(ctx, batch)
	progress := w.policy.Judge(batch, outcomes, time.Now(), rand.Float64())
	l.report(batch, outcomes)
	return l.finish(ctx, progress)
}

// finish writes a turn down even when ctx ended meanwhile: what was sent must not be sent again.
func (l *lane) finish(ctx context.Context, progress Progress) (due time.Time, err error) {
	if len(progress.Results) == 0 && progress.Pause == "" {
		return time.Now().Add(restTime), nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	if err := l.worker.queue.Finish(ctx, progress); err != nil {
		return time.Time{}, fmt.Errorf("write down deliveries: %w", err)
	}
	if progress.DueAt.IsZero() {
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
	return l.worker.senders[batch.Destination.Kind].Send(ctx, batch)
}

// report logs what did not go well, and halts the kind when nothing of it can be sent.
func (l *lane) report(batch Batch, outcomes []Outcome) {
	for i, outcome := range outcomes {
		if outcome.Verdict == Untried || outcome.Verdict == Sent {
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
			l.worker.halt(batch.Destination.Kind, outcome.Err)
			entry.Error("sending halted")
			continue
		}
		entry.Warn("delivery failed")
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

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
