package delivery

import (
	"context"
	"fmt"

	"dispatch/event"
)

// Inbox accepts events: it finds their routes, has both written, and wakes whoever sends them.
type Inbox struct {
	links Links
	log   Log
	wake  func(destinations ...string)
}

// NewInbox makes an Inbox. wake is told the destinations that have something new once it is committed.
func NewInbox(links Links, log Log, wake func(destinations ...string)) *Inbox {
	return &Inbox{links: links, log: log, wake: wake}
}

// Accept stores the events of one callout, which share their source, and returns their ids in order. When
// it returns without an error they are on disk; otherwise none is. Errors are those of Log.
func (i *Inbox) Accept(ctx context.Context, events []event.Event) ([]event.ID, error) {
	links, err := i.links.Links(ctx, events[0].SourceID)
	if err != nil {
		return nil, fmt.Errorf("find links: %w", err)
	}
	entries := make([]Entry, len(events))
	for n, e := range events {
		entries[n] = Entry{Event: e, Routes: Routes(links, e.Type)}
	}
	ids, err := i.log.Append(ctx, entries)
	if err != nil {
		return nil, fmt.Errorf("append events: %w", err)
	}
	for _, entry := range entries {
		for _, route := range entry.Routes {
			i.wake(route.DestinationID)
		}
	}
	return ids, nil
}
