package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHops(t *testing.T) {
	tests := map[string]struct {
		values []string
		want   int
	}{
		"none":           {nil, 202},
		"first":          {[]string{"1"}, 202},
		"third":          {[]string{" 3 "}, 202},
		"fourth":         {[]string{"4"}, 508},
		"many":           {[]string{"70000"}, 508},
		"beyond numbers": {[]string{strings.Repeat("9", 99)}, 508},
		"negative":       {[]string{"-1"}, 400},
		"a word":         {[]string{"one"}, 400},
		"empty":          {[]string{""}, 400},
		"two":            {[]string{"1", "2"}, 400},
		"a list":         {[]string{"1, 2"}, 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			r := call{}.request(t, "http://dispatch.example")
			r.Header["X-Dispatch-Hops"] = tc.values
			if tc.values == nil {
				r.Header.Del("X-Dispatch-Hops")
			}
			r.Header.Set("X-Dispatch-Event-ID", nth(0).String())
			got := roundTrip(handler(in, silent()), r)
			if accepted := len(in.all()) > 0; got.status != tc.want || accepted != (tc.want == http.StatusAccepted) {
				t.Fatalf("answered %d %s, want %d", got.status, got.body, tc.want)
			}
			if tc.want == http.StatusLoopDetected {
				problem := got.problem(t)
				if !strings.Contains(fmt.Sprint(problem["detail"]), "more than 3 times") || problem["title"] != "Loop Detected" {
					t.Errorf("the problem is %v", problem)
				}
			}
		})
	}
}

// Strangers learn nothing from a count that they made up.
func TestHopsAreCountedLast(t *testing.T) {
	for name, c := range map[string]struct {
		call call
		want int
	}{
		"authentication": {call{header: map[string]string{"X-Dispatch-Hops": "9", "X-Salesforce-Signature": "-"}}, 401},
		"content type":   {call{header: map[string]string{"X-Dispatch-Hops": "9", "Content-Type": "text/plain"}}, 415},
		"JSON":           {call{header: map[string]string{"X-Dispatch-Hops": "9"}, body: "["}, 400},
	} {
		if got := c.call.serve(t, handler(newInbox(), silent())); got.status != c.want {
			t.Errorf("%s: answered %d %s, want %d", name, got.status, got.body, c.want)
		}
	}
}

// What hands on the event has to know how often it was handed on, whatever else came with it.
func TestHopsAreKept(t *testing.T) {
	header := map[string]string{"X-Dispatch-Hops": "2"}
	for i := range 40 {
		header[fmt.Sprintf("A-%02d", i)] = strings.Repeat("x", 200)
	}
	in := newInbox()
	if got := (call{header: header}).serve(t, handler(in, silent())); got.status != http.StatusAccepted {
		t.Fatalf("answered %d %s", got.status, got.body)
	}
	want := `{"x-dispatch-hops":"2","a-00":`
	if got := string(in.all()[0].Headers); !strings.HasPrefix(got, want) || len(got) > 4<<10 {
		t.Errorf("headers (-want +got):\n%s", cmp.Diff(want, got))
	}
}
