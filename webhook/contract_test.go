package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/fault"
	"dispatch/webhook"
)

// batch is a batch of n elements.
func batch(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("{},", n), ",") + "]" }

// TestContract goes through the table of answers in contracts.md, row by row, over a socket.
func TestContract(t *testing.T) {
	one, two := nth(0).String(), nth(1).String()
	tests := map[string]struct {
		call   call
		err    error             // of the inbox
		before []call            // sent first
		want   int               // status
		header map[string]string // of the answer
		body   string            // of a 202
		detail string            // part of what another one says
	}{
		"202 accepted":        {want: 202, body: `{"event_id":"` + one + `"}`},
		"202 chunked":         {call: call{chunked: true}, want: 202, body: `{"event_id":"` + one + `"}`},
		"202 space around it": {call: call{body: " \r\n\t{} \n"}, want: 202, body: `{"event_id":"` + one + `"}`},
		"202 at the limit": {
			call: call{body: "{}" + strings.Repeat(" ", maxBody-2)}, want: 202, body: `{"event_id":"` + one + `"}`,
		},
		"202 batch of one":  {call: call{body: `[{}]`}, want: 202, body: `{"event_ids":["` + one + `"]}`},
		"202 batch":         {call: call{body: `[{},{}]`}, want: 202, body: `{"event_ids":["` + one + `","` + two + `"]}`},
		"202 events":        {call: call{body: `{"events":[{},{}]}`}, want: 202, body: `{"event_ids":["` + one + `","` + two + `"]}`},
		"202 no batch":      {call: call{body: `{"events":{}}`}, want: 202, body: `{"event_id":"` + one + `"}`},
		"202 largest batch": {call: call{body: batch(200)}, want: 202, body: allIDs(200)},
		"202 not UTF-16": {
			call: call{header: map[string]string{"Content-Type": "application/json; charset=utf-8"}},
			want: 202, body: `{"event_id":"` + one + `"}`,
		},
		"202 suffix": {
			call: call{header: map[string]string{"Content-Type": `Application/CloudEvents+JSON; v="1;2"`}},
			want: 202, body: `{"event_id":"` + one + `"}`,
		},
		"202 identity": {
			call: call{header: map[string]string{"Content-Encoding": "Identity"}}, want: 202, body: `{"event_id":"` + one + `"}`,
		},

		"400 empty":             {call: call{empty: true}, want: 400, detail: "empty"},
		"400 blank":             {call: call{body: " \n"}, want: 400, detail: "empty"},
		"400 not JSON":          {call: call{body: `{"a":1,}`}, want: 400, detail: "not valid JSON"},
		"400 more behind it":    {call: call{body: `{}{}`}, want: 400, detail: "not valid JSON"},
		"400 cut short":         {call: call{body: `{"a":`}, want: 400, detail: "not valid JSON"},
		"400 byte order mark":   {call: call{body: "\uFEFF{}"}, want: 400, detail: "not valid JSON"},
		"400 not UTF-8":         {call: call{body: "{\"a\":\"\xff\"}"}, want: 400, detail: "UTF-8"},
		"400 string":            {call: call{body: `"{}"`}, want: 400, detail: "neither an object"},
		"400 number":            {call: call{body: `1`}, want: 400, detail: "neither an object"},
		"400 null":              {call: call{body: `null`}, want: 400, detail: "neither an object"},
		"400 too deep":          {call: call{body: nested(201)}, want: 400, detail: "deeper than 200"},
		"400 empty batch":       {call: call{body: ` [ ] `}, want: 400, detail: "The batch is empty"},
		"400 no events":         {call: call{body: `{"events":[]}`}, want: 400, detail: "The batch is empty"},
		"400 bad element":       {call: call{body: `[{},{},3]`}, want: 400, detail: "index 2 is not an object"},
		"400 bad event":         {call: call{body: `{"events":[[]]}`}, want: 400, detail: "index 0 is not an object"},
		"400 batch too large":   {call: call{body: batch(201)}, want: 400, detail: "more than 200"},
		"400 element's type":    {call: call{body: `[{},{"type":"` + long(129) + `"}]`}, want: 400, detail: "index 1: The type has more than 128"},
		"400 type too long":     {call: call{body: `{"event_type":"` + long(129) + `"}`}, want: 400, detail: "more than 128"},
		"400 type unprintable":  {call: call{body: `{"event_type":"a\u0000b"}`}, want: 400, detail: "control"},
		"400 header too long":   {call: call{header: map[string]string{"X-Event-Type": long(129)}}, want: 400, detail: "more than 128"},
		"400 header not UTF-8":  {call: call{header: map[string]string{"X-Event-Type": "\xff"}}, want: 400, detail: "UTF-8"},
		"400 key too long":      {call: call{header: map[string]string{"Idempotency-Key": long(256)}}, want: 400, detail: "more than 255"},
		"400 key unprintable":   {call: call{header: map[string]string{"Idempotency-Key": "a\tb"}}, want: 400, detail: "control"},
		"400 inbox finds fault": {err: fault.New(fault.Invalid, "x"), want: 400, detail: "cannot be accepted"},

		"401 missing":   {call: call{header: map[string]string{"X-Salesforce-Signature": "-"}}, want: 401, header: bearer},
		"401 malformed": {call: call{header: map[string]string{"X-Salesforce-Signature": "sha256=zz"}}, want: 401, header: bearer},
		"401 wrong":     {call: call{header: map[string]string{"X-Salesforce-Signature": sign("x", "{}")}}, want: 401, header: bearer},

		"404 no source":      {call: call{path: "/hooks/nobody"}, want: 404, detail: "no source"},
		"404 no slug":        {call: call{path: "/hooks/"}, want: 404, detail: "nothing at this path"},
		"404 inactive":       {call: call{path: "/hooks/paused"}, want: 404, detail: "no source"},
		"404 more path":      {call: call{path: "/hooks/signed/more"}, want: 404, detail: "nothing at this path"},
		"404 slash behind":   {call: call{path: "/hooks/signed/"}, want: 404, detail: "nothing at this path"},
		"404 strange slug":   {call: call{path: "/hooks/%00%ff"}, want: 404, detail: "no source"},
		"404 elsewhere":      {call: call{path: "/"}, want: 404, detail: "nothing at this path"},
		"404 gone meanwhile": {err: fault.New(fault.NotFound, "x"), want: 404, detail: "no source"},

		"405 GET":           {call: call{method: http.MethodGet}, want: 405, header: map[string]string{"Allow": "POST"}},
		"405 PUT":           {call: call{method: http.MethodPut}, want: 405, header: map[string]string{"Allow": "POST"}},
		"405 OPTIONS":       {call: call{method: http.MethodOptions}, want: 405, header: map[string]string{"Allow": "POST"}},
		"405 own invention": {call: call{method: "BREW"}, want: 405, header: map[string]string{"Allow": "POST"}},
		"405 health":        {call: call{path: "/healthz"}, want: 405, header: map[string]string{"Allow": "GET, HEAD"}},
		"405 readiness":     {call: call{path: "/readyz"}, want: 405, header: map[string]string{"Allow": "GET, HEAD"}},

		"409 seen before": {
			call:   call{header: map[string]string{"Idempotency-Key": "k"}},
			before: []call{{header: map[string]string{"Idempotency-Key": "k"}}},
			want:   409, detail: "accepted before",
		},

		"413 announced": {call: call{body: "{}" + strings.Repeat(" ", maxBody-1)}, want: 413, detail: "more than 4096 bytes"},
		"413 chunked": {
			call: call{body: "{}" + strings.Repeat(" ", maxBody-1), chunked: true}, want: 413, detail: "more than 4096 bytes",
		},

		"415 form":    {call: content("application/x-www-form-urlencoded"), want: 415, detail: "Content-Type"},
		"415 none":    {call: content("-"), want: 415, detail: "Content-Type"},
		"415 text":    {call: content("text/json"), want: 415, detail: "Content-Type"},
		"415 similar": {call: content("application/jsonp"), want: 415, detail: "Content-Type"},
		"415 bare":    {call: content("application/+json"), want: 415, detail: "Content-Type"},
		"415 packed":  {call: call{header: map[string]string{"Content-Encoding": "gzip"}}, want: 415, detail: "Content-Encoding"},

		"429 too many":          {before: []call{{}, {}}, want: 429, header: map[string]string{"Retry-After": "1"}},
		"429 anything":          {call: call{path: "/x"}, before: []call{{}, {path: "/y"}}, want: 429, header: map[string]string{"Retry-After": "1"}},
		"429 says the inbox":    {err: fault.New(fault.TooMany, "x"), want: 429, header: map[string]string{"Retry-After": "1"}},
		"500 our own":           {err: fmt.Errorf("disk %s", "melted"), want: 500, detail: "our side"},
		"500 no intake's fault": {err: fault.New(fault.Forbidden, "x"), want: 500, detail: "our side"},
		"503 cannot store":      {err: fault.New(fault.Unavailable, "x"), want: 503, header: map[string]string{"Retry-After": "5"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.err = tc.err
			addr := start(t, handler(in, silent(), func(o *webhook.Options) { o.RateLimit = 1 }))
			for _, earlier := range tc.before {
				earlier.send(t, addr)
			}
			stored := len(in.all())
			got := tc.call.send(t, addr)
			if got.status != tc.want {
				t.Fatalf("answered %d %s, want %d", got.status, got.body, tc.want)
			}
			for name, value := range tc.header {
				if got.header.Get(name) != value {
					t.Errorf("%s is %q, want %q", name, got.header.Get(name), value)
				}
			}
			if tc.want == http.StatusAccepted {
				if diff := cmp.Diff(tc.body, got.body); diff != "" {
					t.Errorf("body (-want +got):\n%s", diff)
				}
				if got := got.header.Get("Content-Type"); got != "application/json" {
					t.Errorf("Content-Type is %q", got)
				}
				return
			}
			problem := got.problem(t)
			if detail := problem["detail"].(string); !strings.Contains(detail, tc.detail) {
				t.Errorf("detail is %q, want one with %q", detail, tc.detail)
			}
			if first, told := problem["event_id"]; told != (tc.want == http.StatusConflict) || told && first != one {
				t.Errorf("event_id is %v", first)
			}
			if len(in.all()) != stored {
				t.Errorf("refused, but stored: %v", in.all())
			}
		})
	}
}

var bearer = map[string]string{"Www-Authenticate": "Bearer"}

func content(contentType string) call {
	return call{header: map[string]string{"Content-Type": contentType}}
}

// long is a text of n characters, which are more bytes.
func long(n int) string { return strings.Repeat("é", n) }

// nested is an object with arrays inside it, n levels in all.
func nested(n int) string {
	return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}"
}

// allIDs is the answer to a batch of n.
func allIDs(n int) string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = `"` + nth(i).String() + `"`
	}
	return `{"event_ids":[` + strings.Join(ids, ",") + `]}`
}

func TestHeadIsNotTaken(t *testing.T) {
	got := call{method: http.MethodHead}.send(t, start(t, handler(newInbox(), silent())))
	if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
		t.Errorf("answered %d with Allow %q", got.status, got.header.Get("Allow"))
	}
}

func TestUnauthorizedSaysTheSame(t *testing.T) {
	addr := start(t, handler(newInbox(), silent()))
	missing := call{header: map[string]string{"X-Salesforce-Signature": "-"}}.send(t, addr)
	for name, c := range map[string]call{
		"malformed":        {header: map[string]string{"X-Salesforce-Signature": "?"}},
		"wrong":            {header: map[string]string{"X-Salesforce-Signature": sign("x", "{}")}},
		"unknown key":      {path: "/hooks/keyed", header: map[string]string{"Authorization": "Bearer dsp_unknown"}},
		"key of elsewhere": {path: "/hooks/keyed", header: map[string]string{"Authorization": "Bearer " + strange}},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.send(t, addr)
			for _, a := range []answer{missing, got} {
				a.header.Del("Date")
			}
			if diff := cmp.Diff(missing, got, cmp.AllowUnexported(answer{})); diff != "" {
				t.Errorf("not what a missing signature gets (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrderOfChecks breaks two checks at once: the earlier one has to win.
func TestOrderOfChecks(t *testing.T) {
	faults := []struct {
		name   string
		status int
		spoil  func(*call)
	}{
		{"rate", 429, nil}, // by the calls before
		{"method", 405, func(c *call) { c.method = http.MethodPatch }},
		{"source", 404, func(c *call) { c.path = "/hooks/nobody" }},
		{"size", 413, func(c *call) { c.body += strings.Repeat(" ", maxBody) }},
		{"authentication", 401, func(c *call) { c.header["X-Salesforce-Signature"] = sign("x", "") }},
		{"content type", 415, func(c *call) { c.header["Content-Type"] = "text/plain" }},
		{"JSON", 400, func(c *call) { c.body = "[" + c.body[1:] }},
	}
	for i, first := range faults {
		for _, second := range faults[i+1:] {
			for _, chunked := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s before %s, chunked %t", first.name, second.name, chunked), func(t *testing.T) {
					addr := start(t, handler(newInbox(), silent(), func(o *webhook.Options) { o.RateLimit = 1 }))
					c := call{body: "{}", chunked: chunked, header: map[string]string{}}
					if first.spoil == nil {
						call{}.send(t, addr)
						call{}.send(t, addr)
					} else {
						first.spoil(&c)
					}
					second.spoil(&c)
					if got := c.send(t, addr); got.status != first.status {
						t.Errorf("answered %d %s, want %d", got.status, got.body, first.status)
					}
				})
			}
		}
	}
}
