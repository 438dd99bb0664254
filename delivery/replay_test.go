package delivery_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// shelf is an archive, the links of its source, and a record of what was asked of both.
type shelf struct {
	events  []event.Event
	links   map[string][]delivery.Link
	fails   map[string]error // by method, from its second call on
	calls   map[string]int
	steps   []int // entries of each Requeue
	routes  map[event.ID][]delivery.Route
	missing []bool
	woken   map[string]bool
	grow    func()              // at each Replayable
	failed  map[event.ID]string // links whose filter failed
}

func newShelf(events []event.Event, links ...delivery.Link) *shelf {
	return &shelf{
		events: events, links: map[string][]delivery.Link{"sales": links},
		calls: map[string]int{}, routes: map[event.ID][]delivery.Route{}, woken: map[string]bool{},
		failed: map[event.ID]string{},
	}
}

func (s *shelf) called(method string) error {
	s.calls[method]++
	if s.calls[method] > 1 {
		return s.fails[method]
	}
	return nil
}

func (s *shelf) Replayable(_ context.Context, which delivery.Selection, after event.ID, limit int) ([]event.Event, error) {
	if which.EventID > after {
		return []event.Event{{ID: which.EventID, SourceID: "sales"}}, nil
	}
	if s.grow != nil {
		s.grow()
	}
	var found []event.Event
	for _, e := range s.events {
		if which.EventID == 0 && e.SourceID == which.SourceID && e.ID > after && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, s.called("Replayable")
}

func (s *shelf) Requeue(_ context.Context, entries []delivery.Entry, missing bool) (int, error) {
	if err := s.called("Requeue"); err != nil {
		return 0, err
	}
	made := 0
	for _, entry := range entries {
		s.routes[entry.Event.ID] = entry.Routes
		made += len(entry.Routes)
	}
	s.steps, s.missing = append(s.steps, len(entries)), append(s.missing, missing)
	return made, nil
}

func (s *shelf) Links(_ context.Context, sourceID string) ([]delivery.Link, error) {
	return s.links[sourceID], s.called("Links")
}

func (s *shelf) SourceName(context.Context, string) (string, error) { return "Acme", nil }

func (s *shelf) note(linkID string, f delivery.Failing) { s.failed[f.EventID] = linkID }

func (s *shelf) wake(destinations ...string) {
	for _, id := range destinations {
		s.woken[id] = true
	}
}

func (s *shelf) replay(t *testing.T, which delivery.Selection) (delivery.Replayed, error) {
	t.Helper()
	which.GuildID, which.SourceID = "1", "sales"
	return delivery.NewReplayer(delivery.NewRouter(s, s.note), s, s.wake).Replay(t.Context(), which)
}

// past are events that came one after the other until a second ago; every second one is a Case.
func past(count int) []event.Event {
	events := make([]event.Event, count)
	first := event.FirstID(time.Now().Add(-time.Second)) - event.ID(count)
	for i := range events {
		events[i] = event.Event{ID: first + event.ID(i), SourceID: "sales", Type: []string{"Lead.created", "Case.created"}[i%2]}
	}
	return events
}

func TestReplay(t *testing.T) {
	all := delivery.Link{ID: "all", DestinationID: "everything"}
	cases := delivery.Link{ID: "cases", DestinationID: "support", Events: []string{"Case.*"}}
	tests := map[string]struct {
		count int
		links []delivery.Link
		want  delivery.Replayed
		steps []int
		woken []string
	}{
		"nothing":            {0, []delivery.Link{all}, delivery.Replayed{}, nil, nil},
		"one":                {1, []delivery.Link{all, cases}, delivery.Replayed{Events: 1, Deliveries: 1}, []int{1}, []string{"everything"}},
		"the current links":  {4, []delivery.Link{all, cases}, delivery.Replayed{Events: 4, Deliveries: 6}, []int{4}, []string{"everything", "support"}},
		"no link any more":   {4, nil, delivery.Replayed{Events: 4}, []int{4}, nil},
		"one whole step":     {200, []delivery.Link{all}, delivery.Replayed{Events: 200, Deliveries: 200}, []int{200}, []string{"everything"}},
		"more than one step": {401, []delivery.Link{cases}, delivery.Replayed{Events: 401, Deliveries: 200}, []int{200, 200, 1}, []string{"support"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShelf(past(tc.count), tc.links...)
			got, err := s.replay(t, delivery.Selection{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("replayed (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.steps, s.steps); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			var woken []string
			for id := range s.woken {
				woken = append(woken, id)
			}
			slices.Sort(woken)
			if diff := cmp.Diff(tc.woken, woken); diff != "" {
				t.Errorf("woken (-want +got):\n%s", diff)
			}
			if len(s.routes) != tc.count || slices.Contains(s.missing, true) {
				t.Errorf("%d of %d events were put back, missing %v", len(s.routes), tc.count, s.missing)
			}
		})
	}
}

func TestReplayAsksTheFiltersOfNow(t *testing.T) {
	events := past(4)
	for i, amount := range []string{`5`, `"5"`, `15`, `25`} {
		events[i].Body = []byte(`{"record":{"Amount":` + amount + `}}`)
	}
	s := newShelf(events, delivery.Link{ID: "large", DestinationID: "board", Filter: `record.Amount > 10 && meta.source == "Acme"`})
	got, err := s.replay(t, delivery.Selection{})
	if err != nil || got != (delivery.Replayed{Events: 4, Deliveries: 3}) {
		t.Errorf("replayed %+v (%v), want three of four", got, err)
	}
	if routes := s.routes[events[0].ID]; len(routes) > 0 {
		t.Errorf("the small one went %v", routes)
	}
	if diff := cmp.Diff(map[event.ID]string{events[1].ID: "large"}, s.failed); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
}

func TestReplayOfTheAbandonedGoesWhereItIsMissing(t *testing.T) {
	s := newShelf(past(201), delivery.Link{ID: "all", DestinationID: "everything"})
	if _, err := s.replay(t, delivery.Selection{Abandoned: true}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]bool{true, true}, s.missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

// Events come faster than they are put back; without a bound the replay would never end.
func TestReplayEndsAtItsBeginning(t *testing.T) {
	s := newShelf(past(250), delivery.Link{ID: "all", DestinationID: "everything"})
	began, next := event.ID(0), event.FirstID(time.Now().Add(time.Minute))
	s.grow = func() {
		if began == 0 {
			began = s.events[249].ID
		}
		for range 300 {
			next++
			s.events = append(s.events, event.Event{ID: next, SourceID: "sales"})
		}
	}
	got, err := s.replay(t, delivery.Selection{})
	if err != nil || got.Events != 250 || len(s.routes) != 250 {
		t.Fatalf("replayed %+v with %d events (%v), want the 250 that were there", got, len(s.routes), err)
	}
	for id := range s.routes {
		if id > began {
			t.Errorf("event %s came after the replay began", id)
		}
	}
}

// A clock that was set back makes events of the future. Whoever asks for one shall have it.
func TestReplayOfOneEventHeedsNoClock(t *testing.T) {
	s := newShelf(nil, delivery.Link{ID: "all", DestinationID: "everything"})
	got, err := s.replay(t, delivery.Selection{EventID: event.FirstID(time.Now().Add(time.Hour))})
	if err != nil || got.Deliveries != 1 {
		t.Errorf("replayed %+v (%v), want the one", got, err)
	}
}

func TestReplayTellsWhatItCameTo(t *testing.T) {
	for _, method := range []string{"Replayable", "Links", "Requeue"} {
		t.Run(method, func(t *testing.T) {
			s := newShelf(past(500), delivery.Link{ID: "all", DestinationID: "everything"})
			s.fails = map[string]error{method: errScripted}
			got, err := s.replay(t, delivery.Selection{})
			if !errors.Is(err, errScripted) {
				t.Errorf("error: got %v", err)
			}
			if diff := cmp.Diff(delivery.Replayed{Events: 200, Deliveries: 200}, got); diff != "" {
				t.Errorf("replayed (-want +got):\n%s", diff)
			}
			if !s.woken["everything"] {
				t.Error("nobody sends what was put back")
			}
		})
	}
}
