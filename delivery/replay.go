package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dispatch/event"
)

// replayStep is how many events are put back at once: a large replay must not hold up the intake.
const replayStep = 200

// Replayer has events sent again, the way that the links lead now.
type Replayer struct {
	router  *Router
	archive Archive
	wake    func(destinations ...string)
}

// Replayed is what a replay came to.
type Replayed struct {
	Events     int // that were selected
	Deliveries int // that are pending now and were not before
}

// NewReplayer makes a Replayer. wake is told the destinations that have something to send.
func NewReplayer(router *Router, archive Archive, wake func(destinations ...string)) *Replayer {
	return &Replayer{router: router, archive: archive, wake: wake}
}

// Replay puts the selected events back into the queues of the destinations that their source is linked to now. Where an
// event is pending, it stays as it is; those that were abandoned go only where they were not delivered. Its errors are
// those of Archive and Links; what was put back before one stays there.
func (r *Replayer) Replay(ctx context.Context, which Selection) (Replayed, error) {
	var (
		all   Replayed
		after event.ID
		end   = max(event.FirstID(time.Now()), which.EventID) // what comes meanwhile is on its way already
	)
	for {
		events, err := r.archive.Replayable(ctx, which, after, replayStep)
		if err != nil {
			return all, fmt.Errorf("select events: %w", err)
		}
		if late := slices.IndexFunc(events, func(e event.Event) bool { return e.ID > end }); late >= 0 {
			events = events[:late]
		}
		if len(events) == 0 {
			return all, nil
		}
		made, err := r.requeue(ctx, events, which.Abandoned)
		if err != nil {
			return all, err
		}
		all.Events += len(events)
		all.Deliveries += made
		after = events[len(events)-1].ID
	}
}

func (r *Replayer) requeue(ctx context.Context, events []event.Event, missing bool) (int, error) {
	var made int
	routed, err := r.router.lead(ctx, events, func(entries []Entry) (err error) { // a selection has one source
		made, err = r.archive.Requeue(ctx, entries, missing)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("replay events: %w", err)
	}
	for _, entry := range routed.entries {
		for _, route := range entry.Routes {
			r.wake(route.DestinationID)
		}
	}
	r.router.report(routed)
	return made, nil
}
