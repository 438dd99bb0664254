package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// entrance is the links of a source, a log, and a record of what was written there and of the filters that failed.
type entrance struct {
	links []delivery.Link
	fails map[string]error // by method

	mu      sync.Mutex
	written []delivery.Entry
	failed  map[string]delivery.Failing // by link
	calls   []string
}

func (e *entrance) called(method string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, method)
	return e.fails[method]
}

func (e *entrance) Links(context.Context, string) ([]delivery.Link, error) {
	return e.links, e.called("Links")
}

func (e *entrance) SourceName(context.Context, string) (string, error) {
	return "Acme", e.called("SourceName")
}

func (e *entrance) Append(_ context.Context, entries []delivery.Entry) ([]event.ID, error) {
	if err := e.called("Append"); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	ids := make([]event.ID, len(entries))
	for i, entry := range entries {
		e.written = append(e.written, entry)
		ids[i] = event.ID(len(e.written))
	}
	return ids, nil
}

func (e *entrance) note(linkID string, f delivery.Failing) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failed == nil {
		e.failed = map[string]delivery.Failing{}
	}
	e.failed[linkID] = f
}

func (e *entrance) inbox() *delivery.Inbox {
	return delivery.NewInbox(delivery.NewRouter(e, e.note), e, func(...string) {})
}

// deal is an event whose record has an amount.
func deal(amount string) event.Event {
	return event.Event{SourceID: "sales", Type: "Opportunity.updated", Body: []byte(`{"record":{"Amount":` + amount + `}}`)}
}

func TestRouting(t *testing.T) {
	var (
		all   = delivery.Link{ID: "all", DestinationID: "log"}
		cases = delivery.Link{ID: "cases", DestinationID: "support", Events: []string{"Case.*", "!*.deleted"}}
		large = delivery.Link{ID: "large", DestinationID: "board", Filter: `record.Amount > 1000`}
		small = delivery.Link{ID: "small", DestinationID: "board", Filter: `record.Amount <= 1000`}
		other = delivery.Link{ID: "other", DestinationID: "crm", Events: []string{"Case.*"}, Filter: `record.Amount > `}
		named = delivery.Link{ID: "named", DestinationID: "board", Events: []string{"Opportunity.*"}, Filter: `meta.source == "Acme" && meta.id == nil`}
		rest  = delivery.Link{ID: "rest", DestinationID: "board"}
	)
	byType := func(l delivery.Link, detail string) delivery.Refusal {
		return delivery.Refusal{LinkID: l.ID, Reason: delivery.RefusedByType, Detail: detail}
	}
	byFilter := func(l delivery.Link) delivery.Refusal {
		return delivery.Refusal{LinkID: l.ID, Reason: delivery.RefusedByFilter, Detail: l.Filter}
	}
	over := func(links ...delivery.Link) (routes []delivery.Route) {
		for _, l := range links {
			routes = append(routes, delivery.Route{LinkID: l.ID, DestinationID: l.DestinationID})
		}
		return routes
	}
	tests := map[string]struct {
		links   []delivery.Link
		amount  string
		routes  []delivery.Route
		refused []delivery.Refusal
	}{
		"no link":                             {nil, `5`, nil, nil},
		"wanted":                              {[]delivery.Link{large}, `5000`, over(large), nil},
		"not wanted":                          {[]delivery.Link{large}, `5`, nil, []delivery.Refusal{byFilter(large)}},
		"the amount is missing":               {[]delivery.Link{large}, `null`, nil, []delivery.Refusal{byFilter(large)}},
		"one wants it":                        {[]delivery.Link{large, all, cases}, `5`, over(all), []delivery.Refusal{byFilter(large)}},
		"the types of others are not told":    {[]delivery.Link{cases, all}, `5`, over(all), nil},
		"nobody wants it":                     {[]delivery.Link{cases, large, other}, `5`, nil, []delivery.Refusal{byType(cases, "Case.*, !*.deleted"), byFilter(large), byType(other, "Case.*")}},
		"the next to the same place wants it": {[]delivery.Link{large, small}, `5`, over(small), nil},
		"who comes first decides":             {[]delivery.Link{rest, large}, `5`, over(rest), nil},
		"neither to the same place":           {[]delivery.Link{large, all, small}, `null`, over(all), []delivery.Refusal{byFilter(large), byFilter(small)}},
		"types come before filters":           {[]delivery.Link{other}, `5`, nil, []delivery.Refusal{byType(other, "Case.*")}},
		"by the source":                       {[]delivery.Link{named}, `5`, over(named), nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := &entrance{links: tc.links}
			if _, err := e.inbox().Accept(t.Context(), []event.Event{deal(tc.amount)}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.routes, e.written[0].Routes); diff != "" {
				t.Errorf("routes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.refused, e.written[0].Refused); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if len(e.failed) > 0 {
				t.Errorf("failed: %v", e.failed)
			}
		})
	}
}

func TestEachEventOfABatchIsAskedForItself(t *testing.T) {
	e := &entrance{links: []delivery.Link{{ID: "large", DestinationID: "board", Filter: `record.Amount > 1000`}}}
	if _, err := e.inbox().Accept(t.Context(), []event.Event{deal(`5000`), deal(`5`), deal(`6000`)}); err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, entry := range e.written {
		got = append(got, len(entry.Routes))
	}
	if diff := cmp.Diff([]int{1, 0, 1}, got); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
}

func TestFilterThatFailsLetsThrough(t *testing.T) {
	broken := delivery.Link{ID: "broken", DestinationID: "a", Filter: `record.Amount >`}
	failing := delivery.Link{ID: "failing", DestinationID: "b", Filter: `record.Amount > 10`}
	fine := delivery.Link{ID: "fine", DestinationID: "c", Filter: `record.Amount == "5"`}
	e := &entrance{links: []delivery.Link{broken, failing, fine}}
	began := time.Now()
	ids, err := e.inbox().Accept(t.Context(), []event.Event{deal(`"4"`), deal(`"5"`)})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(e.written[0].Routes) + len(e.written[1].Routes); got != 5 {
		t.Errorf("%d routes, want those of the two failing filters twice, and one of the other", got)
	}
	want := map[string]delivery.Failing{
		"broken":  {EventID: ids[1], Error: "line 1, column 15: the expression ends too early"},
		"failing": {EventID: ids[1], Error: "line 1, column 15, at >: this compares a text with a number: float(record.Amount) reads a text as a number"},
	}
	for id, f := range e.failed {
		if f.At.Before(began) || f.At.After(time.Now()) {
			t.Errorf("%s failed at %v", id, f.At)
		}
		f.At = time.Time{}
		e.failed[id] = f
	}
	if diff := cmp.Diff(want, e.failed); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
}

func TestNothingIsSaidOfWhatIsNotWritten(t *testing.T) {
	links := []delivery.Link{{ID: "broken", DestinationID: "a", Filter: `record.Amount >`}}
	for _, method := range []string{"Links", "SourceName", "Append"} {
		t.Run(method, func(t *testing.T) {
			e := &entrance{links: links, fails: map[string]error{method: errScripted}}
			if _, err := e.inbox().Accept(t.Context(), []event.Event{deal(`5`)}); !errors.Is(err, errScripted) {
				t.Errorf("error: got %v", err)
			}
			if len(e.failed) > 0 || len(e.written) > 0 {
				t.Errorf("failed %v, written %v", e.failed, e.written)
			}
		})
	}
}

// Without a filter nobody needs to look into the body, nor to know what the source is called.
func TestWithoutFiltersNothingIsRead(t *testing.T) {
	e := &entrance{links: []delivery.Link{{ID: "all", DestinationID: "log"}}, fails: map[string]error{"SourceName": errScripted}}
	inbox, events := e.inbox(), []event.Event{deal(`5`)}
	if _, err := inbox.Accept(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(e.calls, "SourceName") {
		t.Error("the source was asked for its name")
	}
	body := events[0].Body
	few := testing.AllocsPerRun(100, func() { _, _ = inbox.Accept(t.Context(), events) })
	events[0].Body = []byte(`{"record":{"Amount":5` + strings.Repeat(`,"Name":"x"`, 10_000) + `}}`)
	many := testing.AllocsPerRun(100, func() { _, _ = inbox.Accept(t.Context(), events) })
	if many > few+1 { // what was written grows now and then
		t.Errorf("%v allocations with a body of %d bytes, %v with one of %d", many, len(events[0].Body), few, len(body))
	}
}

func TestManyFiltersAtOnce(t *testing.T) {
	links := make([]delivery.Link, 40)
	for i := range links {
		links[i] = delivery.Link{ID: fmt.Sprint(i), DestinationID: fmt.Sprint(i), Filter: fmt.Sprintf("record.Amount == %d", i)}
	}
	var (
		e       = &entrance{links: links}
		inbox   = e.inbox()
		running sync.WaitGroup
	)
	for n := range 40 {
		running.Go(func() {
			for range 20 {
				if _, err := inbox.Accept(t.Context(), []event.Event{deal(fmt.Sprint(n))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	for _, entry := range e.written {
		if want := string(entry.Event.Body); len(entry.Routes) != 1 || want != string(deal(entry.Routes[0].LinkID).Body) {
			t.Fatalf("%s went %v", want, entry.Routes)
		}
	}
}

// More expressions come and go than are kept.
func TestExpressionsThatChange(t *testing.T) {
	e := &entrance{links: make([]delivery.Link, 1)}
	inbox := e.inbox()
	for i := range 2500 {
		e.links[0] = delivery.Link{ID: "x", DestinationID: "a", Filter: fmt.Sprintf("record.Amount == %d", i%1200)}
		if _, err := inbox.Accept(t.Context(), []event.Event{deal(fmt.Sprint(i % 1200))}); err != nil || len(e.written[i].Routes) != 1 {
			t.Fatalf("%d: %v (%v)", i, e.written[i].Routes, err)
		}
	}
}

// A filter that is made to take long, on an event that is made for it, holds up no other event.
func TestHostileFilterHoldsUpNobody(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat("0,", 20_000), ",")
	hostile := &entrance{links: []delivery.Link{
		{ID: "lists", DestinationID: "a", Filter: `any(record.Amount, any(record.Amount, any(record.Amount, # == 1)))`},
		{ID: "pattern", DestinationID: "b", Filter: `record.Name matches "(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*b"`},
	}}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	begun := make(chan struct{})
	running.Go(func() {
		inbox, began := hostile.inbox(), sync.OnceFunc(func() { close(begun) })
		for ctx.Err() == nil {
			e := deal(`[` + list + `],"Name":"` + strings.Repeat("a", 1<<20) + `"`)
			if _, err := inbox.Accept(ctx, []event.Event{e}); err != nil {
				t.Error(err)
			}
			began()
		}
	})
	<-begun
	usual := &entrance{links: []delivery.Link{{ID: "large", DestinationID: "board", Filter: `record.Amount > 1000`}}}
	inbox, since := usual.inbox(), time.Now()
	for range 1000 {
		if _, err := inbox.Accept(t.Context(), []event.Event{deal(`5000`)}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(since); took > 5*time.Second {
		t.Errorf("a thousand events took %v meanwhile", took)
	}
	cancel()
	running.Wait()
	for _, id := range []string{"lists", "pattern"} {
		if !strings.Contains(hostile.failed[id].Error, "this is too much work for one event") {
			t.Errorf("%s failed with %q", id, hostile.failed[id].Error)
		}
	}
	if entry := hostile.written[0]; len(entry.Routes) != 2 || len(entry.Refused) > 0 {
		t.Errorf("the event went %v, refused by %v", entry.Routes, entry.Refused)
	}
}

// With the real store: who looks an event up is told why it went nowhere, and whose filter failed.
func TestRefusalsAndFailuresAreStored(t *testing.T) {
	ctx := t.Context()
	db := store(t)
	source, err := db.Connect(ctx, event.Source{GuildID: "1", Name: "Acme", Kind: event.SourceSalesforce, Auth: event.AuthNone}, "10")
	if err != nil {
		t.Fatal(err)
	}
	first, err := db.GuildLinks(ctx, "1")
	if err != nil {
		t.Fatal(err)
	}
	link, err := db.AddLink(ctx, "1", delivery.Link{SourceID: source.ID, Filter: `record.Amount > 1000 && meta.source == "Acme"`}, "10")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.RemoveLink(ctx, "1", first[0].ID); err != nil {
		t.Fatal(err)
	}
	router := delivery.NewRouter(db, func(linkID string, f delivery.Failing) {
		if err := db.FilterFailed(ctx, linkID, f); err != nil {
			t.Error(err)
		}
	})
	inbox := delivery.NewInbox(router, db, func(...string) {})
	e := deal(`5`)
	e.SourceID = source.ID
	ids, err := inbox.Accept(ctx, []event.Event{e})
	if err != nil {
		t.Fatal(err)
	}
	refused, err := db.Refusals(ctx, ids[0])
	if err != nil || len(refused) != 1 || refused[0].LinkID != link.ID || refused[0].Reason != delivery.RefusedByFilter || refused[0].Destination.ChannelID != "10" {
		t.Errorf("refused %+v (%v)", refused, err)
	}
	e.Body = []byte(`{"record":{"Amount":"5"}}`)
	if ids, err = inbox.Accept(ctx, []event.Event{e}); err != nil {
		t.Fatal(err)
	}
	links, err := db.GuildLinks(ctx, "1")
	if err != nil || len(links) != 1 || links[0].Failing == nil || links[0].Failing.EventID != ids[0] {
		t.Errorf("links %+v (%v), want one whose filter failed on %s", links, err, ids[0])
	}
}

func BenchmarkAccept(b *testing.B) {
	for name, expression := range map[string]string{"all": "", "filter": `record.Amount > 1000 && !changed("Amount")`} {
		b.Run(name, func(b *testing.B) {
			e := &entrance{links: []delivery.Link{{ID: "x", DestinationID: "a", Events: []string{"Opportunity.*"}, Filter: expression}}}
			inbox, events := e.inbox(), []event.Event{deal(`5000`)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := inbox.Accept(b.Context(), events); err != nil {
					b.Fatal(err)
				}
				e.written, e.calls = e.written[:0], e.calls[:0]
			}
		})
	}
}
