package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dispatch/event"
	"dispatch/filter"
)

// Router finds the ways of events: what their source's links make of them at this moment.
type Router struct {
	links   Links
	failed  func(linkID string, f Failing)
	filters filters
}

// NewRouter makes a Router. A filter that cannot be asked lets the event through, and failed is told of it when that is
// written; nil: nobody is told. It must not block.
func NewRouter(links Links, failed func(linkID string, f Failing)) *Router {
	return &Router{links: links, failed: failed}
}

// routing is the entries of some events, with what went wrong on the way.
type routing struct {
	entries  []Entry
	failures []failure
}

// failure is a filter that failed on one of the entries.
type failure struct {
	entry  int
	linkID string
	err    error
}

// lead has the entries of events that share their source written. When a destination was removed meanwhile, it finds
// their routes once more: none leads there by then.
func (r *Router) lead(ctx context.Context, events []event.Event, write func([]Entry) error) (routing, error) {
	made, err := r.route(ctx, events)
	if err != nil {
		return routing{}, err
	}
	err = write(made.entries)
	if !errors.Is(err, ErrStale) {
		return made, err
	}
	if made, err = r.route(ctx, events); err != nil {
		return routing{}, err
	}
	return made, write(made.entries)
}

// route makes entries of events that share their source.
func (r *Router) route(ctx context.Context, events []event.Event) (routing, error) {
	sourceID := events[0].SourceID
	links, err := r.links.Links(ctx, sourceID)
	if err != nil {
		return routing{}, fmt.Errorf("find links: %w", err)
	}
	name := ""
	if anyFilter(links) {
		if name, err = r.links.SourceName(ctx, sourceID); err != nil {
			return routing{}, fmt.Errorf("find source: %w", err)
		}
	}
	made := routing{entries: make([]Entry, len(events))}
	for i, e := range events {
		made.entries[i] = Entry{Event: e}
		r.match(&made, i, links, name)
	}
	return made, nil
}

func anyFilter(links []Link) bool {
	for i := range links {
		if links[i].Filter != "" {
			return true
		}
	}
	return false
}

// match fills in an entry. Who comes first decides: a link is asked only when none before it leads to its destination.
func (r *Router) match(made *routing, i int, links []Link, sourceName string) {
	entry := &made.entries[i]
	var scope *filter.Scope // of this event, for all its filters
	for n := range links {
		link := &links[n]
		if !link.Takes(entry.Event.Type) || leadsTo(entry.Routes, link.DestinationID) {
			continue
		}
		if link.Filter != "" {
			if scope == nil {
				scope = filter.NewScope(entry.Event, sourceName)
			}
			wanted, err := r.filters.ask(link.Filter, scope)
			if err != nil {
				made.failures = append(made.failures, failure{i, link.ID, err})
			} else if !wanted {
				entry.Refused = append(entry.Refused, Refusal{LinkID: link.ID, Reason: RefusedByFilter, Detail: link.Filter})
				continue
			}
		}
		entry.Routes = append(entry.Routes, Route{LinkID: link.ID, DestinationID: link.DestinationID})
	}
	entry.Refused = refusals(entry, links)
}

// refusals are what is to be told of an entry: of each link when none took the event, else of the filters alone that
// kept it from a destination.
func refusals(entry *Entry, links []Link) []Refusal {
	if len(entry.Routes) > 0 && len(entry.Refused) == 0 {
		return nil
	}
	byFilter := entry.Refused
	var told []Refusal
	for i := range links {
		link := &links[i]
		switch {
		case len(byFilter) > 0 && byFilter[0].LinkID == link.ID:
			if !leadsTo(entry.Routes, link.DestinationID) {
				told = append(told, byFilter[0])
			}
			byFilter = byFilter[1:]
		case len(entry.Routes) == 0:
			told = append(told, Refusal{LinkID: link.ID, Reason: RefusedByType, Detail: strings.Join(link.Events, ", ")})
		}
	}
	return told
}

// report tells what failed, once the ids of the events are known.
func (r *Router) report(made routing) {
	if r.failed == nil {
		return
	}
	for _, f := range made.failures {
		r.failed(f.linkID, Failing{EventID: made.entries[f.entry].Event.ID, At: time.Now(), Error: f.err.Error()})
	}
}
