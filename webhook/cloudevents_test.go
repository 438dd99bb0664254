package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/cloudevents/sdk-go/v2"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"
	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/webhook"
)

// orgs are targets at the slugs of their reply policies. It is safe for concurrent use.
type orgs struct {
	mu    sync.Mutex
	asked []string // type and data of each call
	err   error
	reply func(typ string, data []byte) event.Reply // nil: what went in comes out
}

func (o *orgs) TargetBySlug(_ context.Context, slug string) (event.Target, error) {
	policy, known := event.ParseReplyPolicy(slug)
	switch {
	case o.err != nil:
		return event.Target{}, o.err
	case !known:
		return event.Target{}, fault.New(fault.NotFound, "no target at %s", slug)
	}
	return event.Target{ID: "t-" + slug, GuildID: "1", Slug: slug, ReplyPolicy: policy}, nil
}

func (o *orgs) Execute(_ context.Context, _ event.Target, typ string, data []byte) event.Reply {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, typ+" "+string(data))
	if o.reply != nil {
		return o.reply(typ, data)
	}
	if bytes.Contains(data, []byte("fail")) {
		return event.Reply{Category: event.CategoryError, ContentType: "application/json", Data: data}
	}
	return event.Reply{Category: event.CategorySuccess, ContentType: "application/json", Data: data}
}

// acting is a handler with targets.
func acting(in *inbox, targets *orgs) http.Handler {
	return handler(in, silent(), func(o *webhook.Options) { o.Targets = targets })
}

// told is a CloudEvent in the structured mode.
func told(id, typ, data string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"/crm","type":%q,"datacontenttype":"application/json","data":%s}`, id, typ, data)
}

// attributes are the headers of one in the binary mode.
func attributes(id, typ string) map[string]string {
	return map[string]string{
		"Ce-Specversion": "1.0", "Ce-Id": id, "Ce-Source": "/crm", "Ce-Type": typ, "Authorization": "Bearer " + apiKey, "X-Salesforce-Signature": "-",
	}
}

func and(header map[string]string, more ...string) map[string]string {
	for i := 0; i < len(more); i += 2 {
		header[more[i]] = more[i+1]
	}
	return header
}

const (
	structured = "application/cloudevents+json"
	batched    = "application/cloudevents-batch+json"
)

func keyed(contentType string) map[string]string {
	return map[string]string{"Content-Type": contentType, "Authorization": "Bearer " + apiKey, "X-Salesforce-Signature": "-"}
}

func TestTargetReplies(t *testing.T) {
	good, bad := `{"action":"GET"}`, `{"action":"fail"}`
	tests := map[string]struct {
		slug     string
		body     string
		status   int
		category string
	}{
		"always, success": {"always", good, 200, "success"},
		"always, error":   {"always", bad, 200, "error"},
		"error, success":  {"error", good, 202, ""},
		"error, error":    {"error", bad, 200, "error"},
		"never, success":  {"never", good, 202, ""},
		"never, error":    {"never", bad, 202, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			targets := new(orgs)
			h := acting(newInbox(), targets)
			inBinary := call{path: "/cloudevents/" + tc.slug, body: tc.body, header: attributes("1", event.APICall)}
			inStructured := call{path: inBinary.path, body: told("1", event.APICall, tc.body), header: keyed(structured + "; charset=utf-8")}
			for _, c := range []call{inBinary, inStructured} {
				got := c.serve(t, h)
				if got.status != tc.status || got.header.Get("Ce-Category") != tc.category {
					t.Fatalf("answered %d %v %s", got.status, got.header, got.body)
				}
				if tc.category == "" {
					if got.body != "" {
						t.Errorf("answered %s", got.body)
					}
					continue
				}
				header := map[string]string{
					"Ce-Specversion": "1.0", "Ce-Type": event.APICallResponse, "Ce-Source": "/targets/t-" + tc.slug,
					"Ce-Time": "2026-03-01T12:00:00Z", "Content-Type": "application/json",
				}
				for name, want := range header {
					if got := got.header.Get(name); got != want {
						t.Errorf("%s is %q, want %q", name, got, want)
					}
				}
				if got.header.Get("Ce-Id") == "" || got.body != tc.body {
					t.Errorf("id %q, body %s", got.header.Get("Ce-Id"), got.body)
				}
			}
			want := []string{event.APICall + " " + tc.body, event.APICall + " " + tc.body}
			if diff := cmp.Diff(want, targets.asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTargetReplyToBatch(t *testing.T) {
	batch := "[" + told("1", event.APICall, `{"n":1}`) + "," + told("2", "com.example.other", `{"n":"fail"}`) + "," + told("3", event.APICall, `{"n":3}`) + "]"
	tests := map[string]struct {
		slug string
		want []string // category and data
	}{
		"always": {"always", []string{`success {"n":1}`, `error {"n":"fail"}`, `success {"n":3}`}},
		"error":  {"error", []string{`error {"n":"fail"}`}},
		"never":  {"never", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			targets := new(orgs)
			answered := call{path: "/cloudevents/" + tc.slug, body: batch, header: keyed(batched)}.serve(t, acting(newInbox(), targets))
			if len(targets.asked) != 3 {
				t.Errorf("asked %v", targets.asked)
			}
			if tc.want == nil {
				if answered.status != 202 || answered.body != "" {
					t.Errorf("answered %d %s", answered.status, answered.body)
				}
				return
			}
			if answered.status != 200 || answered.header.Get("Content-Type") != batched {
				t.Fatalf("answered %d %v", answered.status, answered.header)
			}
			var given []sdk.Event
			if err := json.Unmarshal([]byte(answered.body), &given); err != nil {
				t.Fatalf("%s: %v", answered.body, err)
			}
			var got []string
			for _, e := range given {
				got = append(got, fmt.Sprintf("%s %s", e.Extensions()["category"], e.Data()))
				if e.Validate() != nil || e.Type() != event.APICallResponse {
					t.Errorf("reply %v", e)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("replies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTargetReplyMayHaveNoDataOrOtherData(t *testing.T) {
	tests := map[string]struct {
		reply       event.Reply
		contentType string
		retryAfter  string
	}{
		"none":  {event.Reply{Category: event.CategorySuccess, Data: []byte{}}, "", ""},
		"odd":   {event.Reply{Category: event.CategorySuccess, ContentType: "text; =", Data: []byte("x")}, "application/octet-stream", ""},
		"torn":  {event.Reply{Category: event.CategorySuccess, ContentType: "application/problem+json", Data: []byte(`{"a`)}, "application/problem+json", ""},
		"image": {event.Reply{Category: event.CategorySuccess, ContentType: "image/png", Data: []byte{0x89, 'P', 0}}, "image/png", ""},
		"later": {event.Reply{Category: event.CategoryError, ContentType: "application/json", Data: []byte(`{}`), RetryAfter: 1500 * time.Millisecond}, "application/json", "2"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := acting(newInbox(), &orgs{reply: func(string, []byte) event.Reply { return tc.reply }})
			got := call{path: "/cloudevents/always", header: attributes("1", event.APICall)}.serve(t, h)
			if got.status != 200 || got.body != string(tc.reply.Data) ||
				got.header.Get("Content-Type") != tc.contentType || got.header.Get("Retry-After") != tc.retryAfter {
				t.Errorf("answered %d %v %q", got.status, got.header, got.body)
			}
			batch := call{path: "/cloudevents/always", body: "[" + told("1", event.APICall, "{}") + "]", header: keyed(batched)}.serve(t, h)
			var given []sdk.Event
			if err := json.Unmarshal([]byte(batch.body), &given); err != nil || len(given) != 1 || !bytes.Equal(given[0].Data(), tc.reply.Data) {
				t.Errorf("batch answered %s: %v", batch.body, err)
			}
		})
	}
}

// TestTargetIsNotAskedForMoreThanCanBeAnswered makes no call whose answer there is no room for, and says so.
func TestTargetIsNotAskedForMoreThanCanBeAnswered(t *testing.T) {
	large := []byte(`{"x":"` + strings.Repeat("x", 6<<20) + `"}`)
	targets := &orgs{reply: func(string, []byte) event.Reply {
		return event.Reply{Category: event.CategorySuccess, ContentType: "application/json", Data: large}
	}}
	batch := "[" + strings.Repeat(told("1", event.APICall, "{}")+",", 4) + told("5", event.APICall, "{}") + "]"
	answered := call{path: "/cloudevents/always", body: batch, header: keyed(batched)}.serve(t, acting(newInbox(), targets))
	var given []sdk.Event
	if err := json.Unmarshal([]byte(answered.body), &given); err != nil || len(given) != 5 {
		t.Fatalf("answered %d, %d replies, %v", answered.status, len(given), err)
	}
	if len(targets.asked) != 3 {
		t.Errorf("%d calls were made", len(targets.asked))
	}
	for i, want := range []string{"success", "success", "success", "error", "error"} {
		if got := given[i].Extensions()["category"]; got != want {
			t.Errorf("reply %d is %v, want %s", i, got, want)
		}
	}
	if !strings.Contains(string(given[3].Data()), "was not made") {
		t.Errorf("reply %s", given[3].Data())
	}
}

// A client of the SDK drives the target.
func TestSDKClientDrivesTarget(t *testing.T) {
	addr := start(t, acting(newInbox(), new(orgs)))
	client, err := sdk.NewClientHTTP(
		sdk.WithTarget("http://"+addr+"/cloudevents/always"), cehttp.WithHeader("Authorization", "Bearer "+apiKey),
	)
	if err != nil {
		t.Fatal(err)
	}
	for name, encode := range map[string]func(context.Context) context.Context{
		"binary": sdk.WithEncodingBinary, "structured": sdk.WithEncodingStructured,
	} {
		t.Run(name, func(t *testing.T) {
			e := sdk.NewEvent()
			e.SetID("1")
			e.SetSource("/crm")
			e.SetType(event.APICall)
			if err := e.SetData(sdk.ApplicationJSON, map[string]any{"action": "GET", "resource": "limits"}); err != nil {
				t.Fatal(err)
			}
			reply, result := client.Request(encode(t.Context()), e)
			if !sdk.IsACK(result) || reply == nil {
				t.Fatalf("result %v, reply %v", result, reply)
			}
			if reply.Type() != event.APICallResponse || reply.Extensions()["category"] != "success" ||
				string(reply.Data()) != `{"action":"GET","resource":"limits"}` {
				t.Errorf("reply %v", reply)
			}
		})
	}
}

func TestCloudEventsToSource(t *testing.T) {
	for _, path := range []string{"/cloudevents/signed", "/hooks/signed"} {
		tests := map[string]struct {
			call call
			want []event.Event
		}{
			"binary": {
				call{body: `{"a":1}`, header: attributes("id-1", "com.example.paid")},
				[]event.Event{{Type: "com.example.paid", IdempotencyKey: "id-1", Body: []byte(`{"a":1}`)}},
			},
			"binary without content type": {
				call{body: `{"a":1}`, header: and(attributes("id-1", "com.example.paid"), "Content-Type", "-")},
				[]event.Event{{Type: "com.example.paid", IdempotencyKey: "id-1", Body: []byte(`{"a":1}`)}},
			},
			"binary without data": {
				call{empty: true, header: attributes("id-1", "com.example.paid")},
				[]event.Event{{Type: "com.example.paid", IdempotencyKey: "id-1", Body: []byte(`{}`)}},
			},
			"structured, signed": {
				call{body: told("id-2", "paid", `{"price": 1.10, "big": 12345678901234567890}`), header: map[string]string{"Content-Type": structured}},
				[]event.Event{{Type: "paid", IdempotencyKey: "id-2", Body: []byte(`{"price": 1.10, "big": 12345678901234567890}`)}},
			},
			"base64": {
				call{
					body:   `{"specversion":"1.0","id":"3","source":"/","type":"t","datacontenttype":"application/json","data_base64":"eyJhIjoxfQ=="}`,
					header: keyed(structured),
				},
				[]event.Event{{Type: "t", IdempotencyKey: "3", Body: []byte(`{"a":1}`)}},
			},
			"base64, spaced": {
				call{
					body: `{ "specversion": "1.0", "id": "3", "source": "/?a&b", "type": "t", "data_base64": "eyJhIjoiPz8\/In0=" , ` +
						`"datacontenttype": "application/json" }`,
					header: keyed(structured),
				},
				[]event.Event{{Type: "t", IdempotencyKey: "3", Body: []byte(`{"a":"???"}`)}},
			},
			"batch, base64": {
				call{body: `[ { "data_base64": "eyJhIjoxfQ==", "specversion": "1.0", "id": "3", "source": "/", "type": "t" } ]`, header: keyed(batched)},
				[]event.Event{{Type: "t", IdempotencyKey: "3", Body: []byte(`{"a":1}`)}},
			},
			"batch": {
				call{body: "[" + told("4", "t", `{"n":1}`) + "," + told("5", "u", `{"n":2}`) + "]", header: keyed(batched)},
				[]event.Event{{Type: "t", IdempotencyKey: "4", Body: []byte(`{"n":1}`)}, {Type: "u", IdempotencyKey: "5", Body: []byte(`{"n":2}`)}},
			},
		}
		for name, tc := range tests {
			t.Run(path+" "+name, func(t *testing.T) {
				in := newInbox()
				tc.call.path = path
				if got := tc.call.serve(t, acting(in, new(orgs))); got.status != 202 {
					t.Fatalf("answered %d %s", got.status, got.body)
				}
				accepted := in.all()
				for i := range accepted {
					if accepted[i].SourceID != "source-signed" || !accepted[i].ReceivedAt.Equal(noon) {
						t.Errorf("accepted %+v", accepted[i])
					}
					accepted[i] = event.Event{Type: accepted[i].Type, IdempotencyKey: accepted[i].IdempotencyKey, Body: accepted[i].Body}
				}
				if diff := cmp.Diff(tc.want, accepted); diff != "" {
					t.Errorf("accepted (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestCloudEventComesTwice(t *testing.T) {
	in := newInbox()
	h := acting(in, new(orgs))
	one := call{path: "/cloudevents/keyed", body: told("1", "t", "{}"), header: keyed(structured)}
	if got := one.serve(t, h); got.status != 202 {
		t.Fatalf("answered %d %s", got.status, got.body)
	}
	if got := one.serve(t, h); got.status != 409 || got.problem(t)["event_id"] != nth(0).String() {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	both := call{path: one.path, body: "[" + told("1", "t", "{}") + "," + told("2", "t", "{}") + "]", header: keyed(batched)}
	want := `{"event_ids":["` + nth(0).String() + `","` + nth(1).String() + `"]}`
	if got := both.serve(t, h); got.status != 202 || got.body != want {
		t.Errorf("answered %d %s, want %s", got.status, got.body, want)
	}
	if n := len(in.all()); n != 2 {
		t.Errorf("accepted %d events", n)
	}
}

func TestCloudEventsAreRefused(t *testing.T) {
	good := told("1", event.APICall, "{}")
	tests := map[string]struct {
		call   call
		want   int
		detail string
	}{
		"no such slug":        {call{path: "/cloudevents/none"}, 404, "no source"},
		"odd slug":            {call{path: "/cloudevents/a.b"}, 404, "no source"},
		"paused source":       {call{path: "/cloudevents/paused"}, 404, "no source"},
		"method":              {call{method: "PUT", path: "/cloudevents/always"}, 405, "method"},
		"method, source":      {call{method: "GET", path: "/cloudevents/keyed", header: keyed("text/plain")}, 405, "method"},
		"too large":           {call{path: "/cloudevents/always", body: strings.Repeat(" ", maxBody+1), header: keyed(structured)}, 413, "bytes"},
		"no key":              {call{path: "/cloudevents/always", body: good, header: map[string]string{"Content-Type": structured}}, 401, "API key"},
		"key of others":       {call{path: "/cloudevents/always", body: good, header: and(keyed(structured), "Authorization", "Bearer "+strange)}, 401, "API key"},
		"key before type":     {call{path: "/cloudevents/always", header: map[string]string{"Content-Type": "text/plain"}}, 401, "API key"},
		"no key for source":   {call{path: "/cloudevents/keyed", body: good, header: map[string]string{"Content-Type": structured}}, 401, "API key"},
		"no CloudEvent":       {call{path: "/cloudevents/always", header: keyed("application/json")}, 415, "CloudEvent"},
		"text":                {call{path: "/cloudevents/always", header: keyed("text/plain")}, 415, "CloudEvent"},
		"another format":      {call{path: "/cloudevents/always", header: keyed("application/cloudevents+avro")}, 415, "CloudEvent"},
		"another version":     {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-Specversion", "2.0")}, 415, "CloudEvent"},
		"old version":         {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-Specversion", "0.3")}, 400, "1.0"},
		"compressed":          {call{path: "/cloudevents/always", header: and(keyed(structured), "Content-Encoding", "gzip")}, 415, "Content-Encoding"},
		"no source, plain":    {call{path: "/cloudevents/keyed", header: keyed("application/json")}, 415, "CloudEvent"},
		"no id":               {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-Id", "-")}, 400, "id"},
		"no source":           {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-Source", "-")}, 400, "source"},
		"no type":             {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-Type", "-")}, 400, "type"},
		"nameless attribute":  {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-", "x", "Ce-Id", "-")}, 400, "id"},
		"bad time":            {call{path: "/cloudevents/always", header: and(attributes("1", "t"), "Ce-Time", "noon")}, 400, "noon"},
		"structured, no id":   {call{path: "/cloudevents/always", body: `{"specversion":"1.0","source":"/","type":"t"}`, header: keyed(structured)}, 400, "id"},
		"structured, nothing": {call{path: "/cloudevents/always", body: `{}`, header: keyed(structured)}, 400, ""},
		"structured, broken":  {call{path: "/cloudevents/always", body: `{"specversion":`, header: keyed(structured)}, 400, "JSON"},
		"structured, array":   {call{path: "/cloudevents/always", body: `[` + good + `]`, header: keyed(structured)}, 400, "object"},
		"bad base64": {
			call{path: "/cloudevents/always", body: `{"specversion":"1.0","id":"1","source":"/","type":"t","data_base64":"!"}`, header: keyed(structured)}, 400, "",
		},
		"null base64": {
			call{path: "/cloudevents/always", body: `{"specversion":"1.0","id":"1","source":"/","type":"t","data":{},"data_base64":null}`, header: keyed(structured)},
			400, "",
		},
		"batch, empty":        {call{path: "/cloudevents/always", body: `[]`, header: keyed(batched)}, 400, "empty"},
		"batch, one bad":      {call{path: "/cloudevents/always", body: `[` + good + `,{"specversion":"1.0"}]`, header: keyed(batched)}, 400, "index 1"},
		"batch, no list":      {call{path: "/cloudevents/always", body: good, header: keyed(batched)}, 400, "array"},
		"batch, null":         {call{path: "/cloudevents/always", body: `[null]`, header: keyed(batched)}, 400, "index 0"},
		"batch, a number":     {call{path: "/cloudevents/always", body: `[` + good + `,7]`, header: keyed(batched)}, 400, "index 1"},
		"batch, no version":   {call{path: "/cloudevents/always", body: `[` + good + `,{"id":"2"}]`, header: keyed(batched)}, 400, "index 1"},
		"batch, too many":     {call{path: "/cloudevents/always", body: `[7` + strings.Repeat(",7", 200) + `]`, header: keyed(batched)}, 400, "200"},
		"batch, too deep":     {call{path: "/cloudevents/always", body: nested(201), header: keyed(batched)}, 400, "deeper"},
		"source, data":        {call{path: "/cloudevents/keyed", body: told("1", "t", `[1]`), header: keyed(structured)}, 400, "JSON object"},
		"source, text":        {call{path: "/cloudevents/keyed", body: told("1", "t", `"x"`), header: keyed(structured)}, 400, "JSON object"},
		"source, long type":   {call{path: "/cloudevents/keyed", body: told("1", long(129), `{}`), header: keyed(structured)}, 400, "128"},
		"source, long id":     {call{path: "/cloudevents/keyed", body: told(long(256), "t", `{}`), header: keyed(structured)}, 400, "255"},
		"source, batch":       {call{path: "/cloudevents/keyed", body: `[` + good + `,` + told("2", "t", "1") + `]`, header: keyed(batched)}, 400, "index 1"},
		"source, loop":        {call{path: "/cloudevents/keyed", body: good, header: and(keyed(structured), "X-Dispatch-Hops", "99")}, 508, "Dispatch"},
		"target, loop":        {call{path: "/cloudevents/always", body: good, header: and(keyed(structured), "X-Dispatch-Hops", "4")}, 508, "Dispatch"},
		"hook, no id":         {call{path: "/hooks/keyed", header: and(attributes("1", "t"), "Ce-Id", "-")}, 400, "id"},
		"hook, other version": {call{path: "/hooks/keyed", header: and(attributes("1", "t"), "Ce-Specversion", "2.0")}, 415, "CloudEvent"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in, targets := newInbox(), new(orgs)
			got := tc.call.serve(t, acting(in, targets))
			detail, _ := got.problem(t)["detail"].(string)
			if got.status != tc.want || !strings.Contains(detail, tc.detail) {
				t.Errorf("answered %d %s, want %d %q", got.status, got.body, tc.want, tc.detail)
			}
			if len(in.all()) > 0 || len(targets.asked) > 0 {
				t.Errorf("accepted %v, asked %v", in.all(), targets.asked)
			}
		})
	}
}

func TestCloudEventsWithoutTargetsOrStore(t *testing.T) {
	c := call{path: "/cloudevents/always", body: told("1", event.APICall, "{}"), header: keyed(structured)}
	if got := c.serve(t, handler(newInbox(), silent())); got.status != 404 {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	broken := &orgs{err: fault.New(fault.Unavailable, "%w", errors.New("disk 0815"))}
	if got := c.serve(t, acting(newInbox(), broken)); got.status != 503 || strings.Contains(got.body, "0815") {
		t.Errorf("answered %d %s", got.status, got.body)
	}
}

// TestTargetAnswersWhatCameSlowly serves what arrived when the time to answer was over.
func TestTargetAnswersWhatCameSlowly(t *testing.T) {
	addr, _ := startWithin(t, acting(newInbox(), new(orgs)), webhook.Timeouts{Write: time.Nanosecond})
	got := call{path: "/cloudevents/always", body: `{"action":"GET"}`, header: attributes("1", event.APICall)}.send(t, addr)
	if got.status != 200 || got.body != `{"action":"GET"}` {
		t.Errorf("answered %d %s", got.status, got.body)
	}
}

func TestCloudEventsManyAtOnce(t *testing.T) {
	in := newInbox()
	addr := start(t, acting(in, new(orgs)))
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			data := fmt.Sprintf(`{"n":%d,"pad":%q}`, i, strings.Repeat("x", i*8))
			c := call{path: "/cloudevents/always", body: told(fmt.Sprint(i), event.APICall, data), header: keyed(structured)}
			r := c.request(t, "http://"+addr)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = response.Body.Close() }()
			if body, err := io.ReadAll(response.Body); err != nil || string(body) != data {
				t.Errorf("answered %s, %v; want %s", body, err, data)
			}
		})
	}
	group.Wait()
}
