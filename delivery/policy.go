package delivery

import "time"

// Policy is how often and how soon a delivery is tried again.
type Policy struct {
	Attempts   int           // tries before a delivery is abandoned
	Backoff    time.Duration // before the second try; doubled with each failure
	BackoffMax time.Duration // at most, whatever the backoff or the other side says
}

// patience is how long nothing but failures may come back from an endpoint before it is paused.
const patience = 5 * 24 * time.Hour

// maxDoublings keeps the shift within an int64 of nanoseconds; BackoffMax cuts long before.
const maxDoublings = 30

// Delay is how long a destination rests after its failures-th failure in a row. jitter, from 0 to 1,
// stretches it up to twofold, so that destinations which failed together do not come back together.
func (p Policy) Delay(failures int, jitter float64) time.Duration {
	delay := p.Backoff
	for range min(failures-1, maxDoublings) {
		if delay *= 2; delay >= p.BackoffMax {
			return p.BackoffMax
		}
	}
	return min(delay+time.Duration(jitter*float64(delay)), p.BackoffMax)
}

// Judge says what the outcomes of a batch mean for its deliveries and for the destination's queue. It is
// pure: now and jitter are arguments. Deliveries behind the first that holds them up stay as they are. A Down
// costs nothing here; whoever knows that it is the delivery's own makes it a Later.
func (p Policy) Judge(batch Batch, outcomes []Outcome, now time.Time, jitter float64) Progress {
	if batch.Destination.isCallback() {
		return p.judgeCallbacks(batch, outcomes, now)
	}
	if batch.Destination.unordered() {
		return p.judgeEach(batch, outcomes, now, jitter)
	}
	progress := Progress{DestinationID: batch.Destination.ID, Failures: batch.Failures}
	for i, outcome := range outcomes {
		result := resultOf(batch.Deliveries[i], outcome, now)
		switch outcome.Verdict {
		case Sent:
			result.State = Delivered
			progress.Failures = 0
			if outcome.After > 0 {
				progress.DueAt = now.Add(outcome.After)
			}
		case Wrong:
			result.State = Abandoned
		case Later:
			progress.Failures++
			progress.DueAt = now.Add(p.wait(outcome, progress.Failures, jitter))
			p.retire(&result, batch.Deliveries[i])
			progress.Results = append(progress.Results, result)
			progress.Pause = batch.lost(now)
			return progress
		case Gone:
			result.State = Abandoned
			progress.Results = append(progress.Results, result)
			progress.Pause = outcome.Reason
			return progress
		case Pause:
			progress.Pause = outcome.Reason
			return progress
		default:
			if outcome.After > 0 {
				progress.DueAt = now.Add(min(outcome.After, p.BackoffMax))
			}
			return progress
		}
		progress.Results = append(progress.Results, result)
	}
	return progress
}

// judgeEach is Judge where what fails does not hold up what is behind it. Each has a time of its own for the next try; the
// destination rests only when it took nothing of several, or asked for it.
func (p Policy) judgeEach(batch Batch, outcomes []Outcome, now time.Time, jitter float64) Progress {
	progress := Progress{DestinationID: batch.Destination.ID, Failures: batch.Failures}
	taken, failed := false, 0
	for i, outcome := range outcomes {
		d := batch.Deliveries[i]
		result := resultOf(d, outcome, now)
		switch outcome.Verdict {
		case Sent:
			result.State, taken = Delivered, true
		case Wrong:
			result.State, taken = Abandoned, true
		case Later:
			failed++
			result.DueAt = now.Add(p.wait(outcome, result.Attempt-d.Replayed, jitter))
			if p.retire(&result, d); outcome.After > 0 {
				progress.DueAt = later(progress.DueAt, now.Add(min(outcome.After, p.BackoffMax)))
			}
		case Gone:
			result.State, progress.Pause = Abandoned, outcome.Reason
		case Pause:
			progress.Pause = outcome.Reason
			continue
		default:
			if outcome.After > 0 {
				progress.DueAt = later(progress.DueAt, now.Add(min(outcome.After, p.BackoffMax)))
			}
			continue
		}
		progress.Results = append(progress.Results, result)
	}
	switch {
	case taken:
		progress.Failures = 0
	case failed > 0:
		progress.Failures++
		if failed > 1 { // one alone says nothing about what is new
			progress.DueAt = later(progress.DueAt, now.Add(p.Delay(progress.Failures, jitter)))
		}
		if progress.Pause == "" {
			progress.Pause = batch.lost(now)
		}
	}
	return progress
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// retire abandons what was tried often enough since it was replayed.
func (p Policy) retire(result *Result, d Delivery) {
	if result.Attempt-d.Replayed >= p.Attempts {
		result.State = Abandoned
	}
}

// lost is the reason to pause an endpoint that has failed for long, "" when there is none. A channel that fails is
// Discord's business.
func (b Batch) lost(now time.Time) (reason string) {
	if b.Destination.Kind != KindWebhook || b.Failing.IsZero() || now.Sub(b.Failing) < patience {
		return ""
	}
	return "pause.failing"
}

// wait prefers what the other side asked for to our own backoff.
func (p Policy) wait(outcome Outcome, failures int, jitter float64) time.Duration {
	if outcome.After > 0 {
		return min(outcome.After, p.BackoffMax)
	}
	return p.Delay(failures, jitter)
}

func resultOf(d Delivery, outcome Outcome, now time.Time) Result {
	result := Result{
		EventID:  d.Event.ID,
		SourceID: d.Event.SourceID,
		LinkID:   d.LinkID,
		Attempt:  d.Attempts + 1,
		State:    Pending,
		At:       now,
		Latency:  outcome.Latency,
		Status:   outcome.Status,
		Response: Clip(outcome.Response, MaxResponse),
		Receipt:  outcome.Receipt,
	}
	if outcome.Err != nil {
		result.Error = Clip(outcome.Err.Error(), MaxResponse)
	}
	return result
}
