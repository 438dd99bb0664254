package salesforce

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"dispatch/event"
)

const (
	// maxStep is how many records are compared, and their events accepted, at a time.
	maxStep = event.MaxBatch
	// planLive is how long an object is taken to have the fields that it had.
	planLive = 12 * time.Hour
	// keptCopies is how many records of an object are remembered at least, those that changed last.
	keptCopies = 2000
	// maxSkew is how far the clock that an org's answers are dated by may be from that of its records. One that is further away
	// is another.
	maxSkew = time.Hour
)

// pollRun is one round of one poll.
type pollRun struct {
	poller *Poller
	poll   Polled
	org    *Org
	plans  map[string]fieldPlan // by object, from one round to the next

	instance string // where the org is: a URL
}

// round asks for all objects in turn. The error is about the poll as a whole; each object's own is given by its name.
func (r *pollRun) round(ctx context.Context) (map[string]error, error) {
	session, err := r.org.access.Session(ctx)
	if err != nil {
		return nil, err
	}
	r.instance = session.InstanceURL
	failed := make(map[string]error)
	for _, mark := range r.poll.Marks {
		err := r.object(ctx, mark)
		if err != nil && !isObjects(err) {
			return failed, err
		}
		if err != nil {
			failed[mark.Object] = err
		}
	}
	return failed, nil
}

// objectStatuses are those of refusals that are about what was asked for.
var objectStatuses = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestURITooLong}

// isObjects says whether the error is one of a single object; the others can go on.
func isObjects(err error) bool {
	var (
		object *PollObjectError
		failed *APIError
	)
	return errors.As(err, &object) || errors.Is(err, errRecord) || errors.Is(err, errStuck) || errors.Is(err, ErrTooLarge) ||
		errors.As(err, &failed) && !failed.Later() && slices.Contains(objectStatuses, failed.Status)
}

// object asks for what is new of one. Where a field is gone, the object is described anew; where that does not help, it is
// some related record's name.
func (r *pollRun) object(ctx context.Context, mark Mark) error {
	for try := 0; ; try++ {
		plan, err := r.plan(ctx, mark.Object)
		if err != nil {
			return err
		}
		if try == 2 {
			plan.related = nil
			r.plans[mark.Object] = plan
		}
		if mark.Based {
			err = r.changes(ctx, plan, &mark)
		} else {
			err = r.baseline(ctx, plan, mark)
		}
		var failed *APIError
		if try == 2 || !errors.As(err, &failed) || failed.Code != "INVALID_FIELD" {
			return err
		}
		if try == 0 {
			delete(r.plans, mark.Object)
		}
	}
}

func (r *pollRun) plan(ctx context.Context, object string) (fieldPlan, error) {
	if plan, known := r.plans[object]; known && r.poller.now().Before(plan.until) {
		return plan, nil
	}
	plan, err := planOf(ctx, r.org, object)
	if err == nil {
		plan.until = r.poller.now().Add(planLive)
		r.plans[object] = plan
	}
	return plan, err
}

// baseline remembers what changed last, without telling anybody: from the newest back over the overlap, so that what changes
// meanwhile moves to where we have been, and is found by the next round. What was read is written down as it comes: an import
// may have changed a million records within the overlap.
func (r *pollRun) baseline(ctx context.Context, plan fieldPlan, mark Mark) error {
	step := r.step(Mark{Object: mark.Object})
	step.Anew = true
	based := Mark{Object: mark.Object, Based: true, PolledAt: r.poller.now()}
	at := place{}
	for more := true; more; {
		read, err := readPage(ctx, r.org, plan, plan.downwards, at)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(read.records, maxStep) {
			step.Seen = nil
			for _, one := range some {
				step.Seen = append(step.Seen, one.seen())
			}
			if err := r.save(ctx, step); err != nil {
				return err
			}
			step.Anew = false
		}
		if len(read.records) > 0 {
			based.Until = later(based.Until, bounded(read.records[0].Stamp, read.at))
			at = read.last()
		}
		more = read.more && !at.stamp.Before(based.Until.Add(-overlap))
	}
	if !based.Until.IsZero() {
		based.Since = based.Until.Add(overlap) // whatever is older is not new, though it moved away from where we looked
	}
	step.Mark, step.Seen = based, nil
	return r.save(ctx, step)
}

// changes tells of what changed, page by page. After each step, mark is where the next round would begin.
func (r *pollRun) changes(ctx context.Context, plan fieldPlan, mark *Mark) error {
	var (
		at    = place{stamp: mark.Until.Add(-overlap)}
		began time.Time // by the org's clock: what is dated later may still be committed out of turn
	)
	if mark.Until.IsZero() { // there was no record at all
		at = place{}
	}
	for more := true; more; {
		read, err := readPage(ctx, r.org, plan, plan.upwards, at)
		if err != nil {
			return err
		}
		began = cmp.Or(began, read.at)
		for some := range slices.Chunk(read.records, maxStep) {
			if err := r.tell(ctx, plan, mark, some, began); err != nil {
				return err
			}
		}
		if more = read.more; more {
			at = read.last()
		}
	}
	mark.Since, mark.PolledAt = mark.Until, r.poller.now()
	step := r.step(*mark)
	step.Keep = Keep{Newest: keptCopies, From: mark.Until.Add(-overlap)}
	return r.save(ctx, step)
}

// tell has the news in some records accepted, after it was written down together with all that says that it was found.
func (r *pollRun) tell(ctx context.Context, plan fieldPlan, mark *Mark, records []record, began time.Time) error {
	ids := make([]string, len(records))
	for i, one := range records {
		ids[i] = one.ID
	}
	seen, err := r.poller.store.SeenRecords(ctx, r.poll.SourceID, mark.Object, ids)
	if err != nil {
		return ours(err)
	}
	told, now := compare(seen, sinceOf(*mark), plan.volatile, records)
	if len(now) == 0 {
		return nil
	}
	mark.Until = later(mark.Until, bounded(records[len(records)-1].Stamp, began))
	if len(told) > 0 {
		mark.ChangedAt = r.poller.now()
	}
	step := r.step(*mark)
	step.Seen = now
	for _, one := range told {
		step.Pending = append(step.Pending, r.eventOf(plan.object, one))
	}
	if err := r.save(ctx, step); err != nil {
		return err
	}
	return r.accept(ctx, step.Pending)
}

// sinceOf is when the oldest records were created that were not there when we looked last.
func sinceOf(mark Mark) time.Time {
	if mark.Since.IsZero() {
		return time.Time{}
	}
	return mark.Since.Add(-overlap)
}

func (r *pollRun) step(mark Mark) PollStep {
	return PollStep{SourceID: r.poll.SourceID, Version: r.poll.Version, Mark: mark}
}

func (r *pollRun) save(ctx context.Context, step PollStep) error {
	return ours(r.poller.store.SavePollStep(ctx, step))
}

// accept has events accepted and then forgets that they were pending. Some, or all, may have been accepted before the process
// ended: their keys tell.
func (r *pollRun) accept(ctx context.Context, events []event.Event) error {
	if len(events) == 0 {
		return nil
	}
	var duplicate *event.DuplicateError
	_, err := r.poller.accept(ctx, events)
	if errors.As(err, &duplicate) {
		err = nil
		for i := 0; i < len(events) && err == nil; i++ {
			if _, err = r.poller.accept(ctx, events[i:i+1]); errors.As(err, &duplicate) {
				err = nil
			}
		}
	}
	if err != nil {
		return ours(err)
	}
	return ours(r.poller.store.PollAccepted(ctx, r.poll.SourceID, r.poll.Version))
}

// eventOf is the news in the shape of a callout.
func (r *pollRun) eventOf(object string, n news) event.Event {
	typ := object + "." + n.action
	body, _ := json.Marshal(struct { // JSON and texts can be marshalled
		Type     string          `json:"event_type"`
		Instance string          `json:"instance_url"`
		Record   json.RawMessage `json:"record"`
		Old      json.RawMessage `json:"old,omitempty"`
	}{typ, r.instance, n.Raw, n.old})
	sum := sha256.Sum256(n.Raw) // tells apart what changed twice within a second
	return event.Event{
		SourceID: r.poll.SourceID, Type: typ, ReceivedAt: r.poller.now(), Body: body,
		IdempotencyKey: fmt.Sprintf("poll:%s:%s:%d:%s", typ, n.ID, n.Stamp.UnixMilli(), hex.EncodeToString(sum[:6])),
	}
}

// bounded is the time of a record, but not after the org's answer: what was committed after that may have an earlier time.
func bounded(stamp, answered time.Time) time.Time {
	if ahead := stamp.Sub(answered); !answered.IsZero() && ahead > 0 && ahead < maxSkew {
		return answered
	}
	return stamp
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
