package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/webhook"
)

// TestLeaksNothing sends secrets in every place there is, in requests that are accepted and in those that
// fail in every way. No answer may show them or our insides, and no log line what the sender sent.
func TestLeaksNothing(t *testing.T) {
	const (
		inBody   = "card-4111-1111"
		inHeader = "header-7f3a"
		inside   = "/var/lib/dispatch.db: disk I/O error"
	)
	signature := sign(secret, `{"a":"`+inBody+`"}`)
	sends := func(header map[string]string) call {
		all := map[string]string{"X-Note": inHeader, "Idempotency-Key": "idem-" + inHeader, "X-Salesforce-Signature": signature}
		for name, value := range header {
			all[name] = value
		}
		return call{body: `{"a":"` + inBody + `"}`, header: all}
	}
	tests := map[string]struct {
		call  call
		err   error // of the inbox
		panic bool
	}{
		"accepted":      {call: sends(nil)},
		"wrong":         {call: sends(map[string]string{"X-Salesforce-Signature": sign("x", "")})},
		"malformed":     {call: sends(map[string]string{"X-Salesforce-Signature": inHeader})},
		"key":           {call: sends(map[string]string{"X-Salesforce-Signature": "-", "Authorization": "Bearer dsp_" + inHeader})},
		"content":       {call: sends(map[string]string{"Content-Type": inHeader})},
		"encoding":      {call: sends(map[string]string{"Content-Encoding": inHeader})},
		"type":          {call: sends(map[string]string{"X-Event-Type": strings.Repeat(inHeader, 99)})},
		"key too long":  {call: sends(map[string]string{"Idempotency-Key": strings.Repeat(inHeader, 99)})},
		"not JSON":      {call: call{body: `{"a":"` + inBody + `"`, header: map[string]string{"X-Note": inHeader}}},
		"not UTF-8":     {call: call{body: `{"a":"` + inBody + "\xff\"}"}},
		"bad element":   {call: call{body: `["` + inBody + `"]`}},
		"element type":  {call: call{body: `[{"type":"` + strings.Repeat(inBody, 99) + `"}]`}},
		"too large":     {call: call{body: `{"a":"` + inBody + `"}` + strings.Repeat(" ", maxBody)}},
		"path":          {call: call{path: "/hooks/" + inHeader}},
		"elsewhere":     {call: call{path: "/" + inHeader + "?token=" + inHeader}},
		"method":        {call: call{method: strings.ToUpper(inHeader)}},
		"duplicate":     {call: sends(nil), err: &event.DuplicateError{First: nth(0)}},
		"internal":      {call: sends(nil), err: errors.New(inside)},
		"unavailable":   {call: sends(nil), err: fault.New(fault.Unavailable, "append: %s", inside)},
		"invalid":       {call: sends(nil), err: fault.New(fault.Invalid, "append: %s", inside)},
		"wrapped":       {call: sends(nil), err: fmt.Errorf("x: %w", fault.New(fault.NotFound, inside))},
		"panic":         {call: sends(nil), panic: true, err: errors.New(inside)},
		"key and store": {call: sends(map[string]string{"X-Salesforce-Signature": "-", "Authorization": "Bearer " + apiKey}), err: errors.New(inside)},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.err = tc.err
			var inbox webhook.Inbox = in
			if tc.panic {
				inbox = panics{in.err}
			}
			log, lines := logged()
			handler := webhook.New(webhook.Options{MaxBody: maxBody}, in, inbox, nil, in, log)
			got := tc.call.serve(t, handler)
			answered := fmt.Sprint(got.header, got.body)
			for _, secret := range []string{inBody, inHeader, strings.ToUpper(inHeader), secret, oldSecret, apiKey, signature, "/hooks/"} {
				if strings.Contains(answered, secret) {
					t.Errorf("the answer shows %q: %s", secret, answered)
				}
				if strings.Contains(lines.String(), secret) {
					t.Errorf("the log shows %q: %s", secret, lines)
				}
			}
			for _, part := range []string{inside, "disk", "append", "goroutine", "webhook.", ".go"} {
				if strings.Contains(answered, part) {
					t.Errorf("the answer shows %q: %s", part, answered)
				}
			}
			if refused := got.status != http.StatusAccepted; refused != (lines.Len() > 0) {
				t.Errorf("refused %t, but logged %q", refused, lines)
			}
			if got.status != http.StatusAccepted {
				got.problem(t)
			}
		})
	}
}

func TestLogLevels(t *testing.T) {
	tests := map[string]struct {
		call call
		err  error
		want []string // parts of the only line, "" for none at info
	}{
		"refused":     {call{method: http.MethodPut}, nil, []string{"level=debug", `msg="request refused"`, "component=webhook"}},
		"of a source": {call{empty: true}, nil, []string{"level=debug", "source=source-signed", `err="400: The body is empty."`}},
		"internal":    {call{}, errors.New("no such table"), []string{"level=error", `msg="request failed"`, "source=source-signed", "no such table"}},
		"unavailable": {call{}, fault.New(fault.Unavailable, "full"), []string{"level=warning", `msg="request put off"`, "full"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.err = tc.err
			log, lines := logged()
			handler := handler(in, log)
			tc.call.serve(t, handler)
			for _, part := range tc.want {
				if strings.Count(lines.String(), part) != 1 {
					t.Errorf("%q is not once in %s", part, lines)
				}
			}
			if strings.Contains(tc.want[0], "warning") {
				lines.Reset()
				if tc.call.serve(t, handler); lines.Len() > 0 {
					t.Errorf("warned again at once: %s", lines)
				}
			}
		})
	}
}

// panics is an inbox that does.
type panics struct{ with any }

func (p panics) Accept(context.Context, []event.Event) ([]event.ID, error) { panic(p.with) }

func TestPanic(t *testing.T) {
	log, lines := logged()
	in := newInbox()
	handler := webhook.New(webhook.Options{MaxBody: maxBody}, in, panics{"nil map"}, nil, in, log)
	got := call{}.serve(t, handler)
	if got.problem(t); got.status != http.StatusInternalServerError {
		t.Errorf("answered %d", got.status)
	}
	for _, part := range []string{"level=error", "nil map", "hooks.go", "stack="} {
		if !strings.Contains(lines.String(), part) {
			t.Errorf("%q is missing in %s", part, lines)
		}
	}
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // the very value
			t.Errorf("panicked with %v, want http.ErrAbortHandler", got)
		}
	}()
	call{}.serve(t, webhook.New(webhook.Options{MaxBody: maxBody}, in, panics{http.ErrAbortHandler}, nil, in, log))
}
