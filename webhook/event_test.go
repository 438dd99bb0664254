package webhook_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/webhook"
)

// TestEvent looks at what the inbox is given: every byte of the body, and all that we know about it.
func TestEvent(t *testing.T) {
	headers := []byte(`{"content-type":"application/json","user-agent":"Go-http-client/1.1"}`)
	of := func(body string) event.Event {
		return event.Event{
			SourceID: "source-signed", Type: "unknown", ReceivedAt: noon, Headers: headers, Body: []byte(body),
		}
	}
	tests := map[string]struct {
		body string
		want []event.Event
	}{
		"as it came": {
			" \n{ \"n\": 1.50, \"\\u0041\":\"\\/é\u2028\", \"n\":1e400 }\t",
			[]event.Event{of(" \n{ \"n\": 1.50, \"\\u0041\":\"\\/é\u2028\", \"n\":1e400 }\t")},
		},
		"array":           {"[ { \"a\" :1},\n{} ]", []event.Event{of(`{ "a" :1}`), of("{}")}},
		"events":          {`{"x":1,"events" : [{ }, {"events":[]}]}`, []event.Event{of("{ }"), of(`{"events":[]}`)}},
		"last events":     {`{"events":[1],"events":[{}]}`, []event.Event{of("{}")}},
		"last is none":    {`{"events":[{}],"events":0}`, []event.Event{of(`{"events":[{}],"events":0}`)}},
		"escaped events":  {`{"\u0065vents":[{"a":2}]}`, []event.Event{of(`{"a":2}`)}},
		"events is text":  {`{"events":"[{}]"}`, []event.Event{of(`{"events":"[{}]"}`)}},
		"events further":  {`{"data":{"events":[1]}}`, []event.Event{of(`{"data":{"events":[1]}}`)}},
		"deep":            {nested(200), []event.Event{of(nested(200))}},
		"deep and wide":   {nested(200)[:403] + `,"b":[]}`, []event.Event{of(nested(200)[:403] + `,"b":[]}`)}},
		"wide":            {batch(1)[:1] + strings.Repeat(`{"a":[[]]},`, 100) + "{}]", append(repeat(of(`{"a":[[]]}`), 100), of("{}"))},
		"brackets inside": {`{"a":"` + strings.Repeat(`[{\"`, 300) + `"}`, []event.Event{of(`{"a":"` + strings.Repeat(`[{\"`, 300) + `"}`)}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			got := call{body: tc.body}.send(t, start(t, handler(in, silent())))
			if got.status != http.StatusAccepted {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			if diff := cmp.Diff(tc.want, in.all()); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func repeat(e event.Event, n int) []event.Event {
	events := make([]event.Event, n)
	for i := range events {
		events[i] = e
	}
	return events
}

// TestManyAtOnce sends from many connections: no event may get into another's memory or be lost.
func TestManyAtOnce(t *testing.T) {
	const senders, each = 16, 25
	in := newInbox()
	addr := start(t, handler(in, silent(), func(o *webhook.Options) { o.RateLimit = senders * each }))
	var wait sync.WaitGroup
	for sender := range senders {
		wait.Go(func() {
			for n := range each {
				filler := strings.Repeat(string(rune('a'+sender)), 10+n)
				c := call{body: fmt.Sprintf(`[{"id":"%d-%d"},{"type":%q}]`, sender, n, filler)}
				if got := c.send(t, addr); got.status != http.StatusAccepted {
					t.Errorf("answered %d %s", got.status, got.body)
				}
			}
		})
	}
	wait.Wait()
	stored := make(map[string]bool)
	for _, e := range in.all() {
		stored[string(e.Body)] = true
		if e.Type != "unknown" && !bytes.Contains(e.Body, []byte(`"`+e.Type+`"`)) {
			t.Errorf("%s has the type %s", e.Body, e.Type)
		}
	}
	for sender := range senders {
		for n := range each {
			if body := fmt.Sprintf(`{"id":"%d-%d"}`, sender, n); !stored[body] {
				t.Errorf("%s was lost", body)
			}
		}
	}
}

func TestAcceptsFromSenderThatHungUp(t *testing.T) {
	in := newInbox()
	in.acting = func(ctx context.Context) {
		if err := ctx.Err(); err != nil {
			t.Errorf("the inbox is told to stop: %v", err)
		}
	}
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	handler := handler(in, silent())
	gone := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r.WithContext(ctx)) })
	if got := (call{}).serve(t, gone); got.status != http.StatusAccepted {
		t.Errorf("answered %d %s", got.status, got.body)
	}
}
