package delivery

import (
	"context"
	"fmt"

	"dispatch/event"
)

// Inbox accepts events: it finds their routes, has both written, and wakes whoever sends them.
type Inbox struct {
	router *Router
	log    Log
	wake   func(destinations ...string)
}

// NewInbox makes an Inbox. wake is told the destinations that have something new once it is committed.
func NewInbox(router *Router, log Log, wake func(destinations ...string)) *Inbox {
	return &Inbox{router: router, log: log, wake: wake}
}

// Accept stores the events of one callout, which share their source, and returns their ids in order. When
// it returns without an error they are on disk; otherwise none is. Errors are those of Log.
func (i *Inbox) Accept(ctx context.Context, events []event.Event) ([]event.ID, error) {
	var ids []event.ID
	made, err := i.router.lead(ctx, events, func(entries []Entry) (err error) {
		ids, err = i.log.Append(ctx, entries)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("accept events: %w", err)
	}
	for n, entry := range made.entries {
		made.entries[n].Event.ID = ids[n]
		for _, route := range entry.Routes {
			i.wake(route.DestinationID)
		}
	}
	i.router.report(made)
	return ids, nil
}
