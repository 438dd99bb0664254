package delivery

import "time"

const (
	callbackRetries  = 9 // before the subscription is deactivated
	callbackBase     = 4 * time.Second
	callbackInactive = "pause.callback"
)

// callbackDelay is how long a notification waits after it has failed so often: 2^(2x) seconds.
func callbackDelay(failures int) time.Duration {
	return callbackBase << (2 * (failures - 1))
}

// isCallback says whether the destination is told in the words of Open Connectors, by its plan.
func (d Destination) isCallback() bool { return d.Endpoint != nil && d.Endpoint.Callback != nil }

// judgeCallbacks is Judge for the plan of Open Connectors, which neither Attempts nor Backoff changes: each notification is
// tried again by itself, and one that has failed for good takes the subscription with it. Only what the endpoint asks for
// makes a wait longer.
func (p Policy) judgeCallbacks(batch Batch, outcomes []Outcome, now time.Time) Progress {
	progress := Progress{DestinationID: batch.Destination.ID, Failures: batch.Failures}
	heard, failed := false, false
	for i, outcome := range outcomes {
		d := batch.Deliveries[i]
		result := resultOf(d, outcome, now)
		if rest := min(outcome.After, p.BackoffMax); rest > 0 {
			progress.DueAt = later(progress.DueAt, now.Add(rest))
		}
		switch outcome.Verdict {
		case Sent:
			result.State, heard = Delivered, true
		case Wrong:
			result.State, heard = Abandoned, true
		case Later:
			failed = true
			if failures := result.Attempt - d.Replayed; failures > callbackRetries {
				result.State, progress.Pause = Abandoned, callbackInactive
			} else {
				result.DueAt = later(now.Add(callbackDelay(failures)), progress.DueAt)
			}
		case Gone:
			result.State, progress.Pause = Abandoned, outcome.Reason
		case Pause:
			progress.Pause = outcome.Reason
			continue
		default:
			continue
		}
		progress.Results = append(progress.Results, result)
	}
	switch {
	case heard:
		progress.Failures = 0
	case failed:
		progress.Failures++
	}
	return progress
}
