package webhook_test

import (
	"strings"
	"testing"

	"dispatch/event"
)

func TestType(t *testing.T) {
	const everything = `{"event_type":"in.event_type","action":"in.path","event":"in.event","type":"in.type"}`
	tests := map[string]struct {
		header map[string]string
		path   string // of the source
		body   string
		want   string
	}{
		"salesforce header": {
			map[string]string{"X-Salesforce-Event": "a", "X-GitHub-Event": "b", "X-Gitlab-Event": "c", "X-Event-Type": "d"},
			"action", everything, "a",
		},
		"github header":  {map[string]string{"X-GitHub-Event": "b", "X-Gitlab-Event": "c", "X-Event-Type": "d"}, "action", everything, "b"},
		"gitlab header":  {map[string]string{"X-Gitlab-Event": "c", "X-Event-Type": "d"}, "action", everything, "c"},
		"plain header":   {map[string]string{"X-Event-Type": " d "}, "action", everything, "d"},
		"blank header":   {map[string]string{"X-Salesforce-Event": " "}, "action", everything, "in.event_type"},
		"event_type":     {nil, "action", everything, "in.event_type"},
		"path":           {nil, "action", `{"action":"in.path","event":"in.event","type":"in.type"}`, "in.path"},
		"event":          {nil, "", `{"event":"in.event","type":"in.type"}`, "in.event"},
		"type":           {nil, "", `{"type":"in.type"}`, "in.type"},
		"nothing":        {nil, "", `{}`, "unknown"},
		"path not there": {nil, "a.b.c", `{"a":{"b":"x"},"type":"in.type"}`, "in.type"},

		"event_type trimmed":  {nil, "", `{"event_type":" \ta\n"}`, "a"},
		"event_type blank":    {nil, "", `{"event_type":"  ","event":"b"}`, "b"},
		"event_type null":     {nil, "", `{"event_type":null,"event":"b"}`, "b"},
		"event_type number":   {nil, "", `{"event_type":1e3}`, "1e3"},
		"event_type object":   {nil, "", `{"event_type":{},"event":"b"}`, "b"},
		"event no string":     {nil, "", `{"event":{"type":"x"},"type":"b"}`, "b"},
		"event number":        {nil, "", `{"event":7,"type":"b"}`, "b"},
		"type no string":      {nil, "", `{"type":["x"]}`, "unknown"},
		"escaped":             {nil, "", `{"\u0074ype":"a\u002Eb"}`, "a.b"},
		"last of a name":      {nil, "", `{"type":"first","type":"last"}`, "last"},
		"not inside":          {nil, "", `{"data":{"event_type":"x"},"type":"b"}`, "b"},
		"custom object":       {nil, "", `{"event_type":"Ünit__c.created"}`, "Ünit__c.created"},
		"128 characters":      {nil, "", `{"type":"` + long(128) + `"}`, long(128)},
		"lone surrogate":      {nil, "", `{"type":"\ud800"}`, "\uFFFD"},
		"path, two steps":     {nil, "event.type", `{"event":{"type":"a"}}`, "a"},
		"path, index":         {nil, "items.1.kind", `{"items":[{"kind":"a"},{"kind":"b"}]}`, "b"},
		"path, index missing": {nil, "items.2.kind", `{"items":[{"kind":"a"},{"kind":"b"}]}`, "unknown"},
		"path, no index":      {nil, "items.kind", `{"items":[{"kind":"a"}]}`, "unknown"},
		"path, sign":          {nil, "items.-1", `{"items":["a"]}`, "unknown"},
		"path, number":        {nil, "items.0", `{"items":[7.50]}`, "7.50"},
		"path, boolean":       {nil, "won", `{"won":true}`, "true"},
		"path, null":          {nil, "won", `{"won":null,"type":"b"}`, "b"},
		"path, object":        {nil, "won", `{"won":{},"type":"b"}`, "b"},
		"path, digits":        {nil, "a.0", `{"a":{"0":"x"}}`, "x"},
		"path, through text":  {nil, "a.b", `{"a":"b"}`, "unknown"},
		"path, dot in name":   {nil, `a\.b.c`, `{"a.b":{"c":"x"},"a":{"b":{"c":"y"}}}`, "x"},
		"path, slash in name": {nil, `a\\b`, `{"a\\b":"x"}`, "x"},
		"path, slash at end":  {nil, `a\`, `{"a\\":"x"}`, "x"},
		"path, star is a key": {nil, "*", `{"a":"x","*":"y"}`, "y"},
		"path, at is a key":   {nil, "@this.#", `{"@this":{"#":"x"}}`, "x"},
		"path, no wildcard":   {nil, "a*", `{"ab":"x"}`, "unknown"},
		"path, last of a name": {
			nil, "a.b", `{"a":{"b":"1"},"a":{"b":"2","b":"3"}}`, "3",
		},
		"path, empty step": {nil, "a..b", `{"a":{"":{"b":"x"}}}`, "x"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.change("signed", func(s *event.Source) { s.EventTypePath = tc.path })
			got := call{body: tc.body, header: tc.header}.serve(t, handler(in, silent()))
			if got.status != 202 {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			if typ := in.all()[0].Type; typ != tc.want {
				t.Errorf("type is %q, want %q", typ, tc.want)
			}
		})
	}
}

func TestBatchTypes(t *testing.T) {
	const body = `[{"type":"a"},{"event_type":"b"},{"kind":"c"},{}]`
	for name, tc := range map[string]struct {
		header map[string]string
		want   string
	}{
		"each its own":     {nil, "a b c unknown"},
		"header names all": {map[string]string{"X-Event-Type": "h"}, "h h h h"},
	} {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.change("signed", func(s *event.Source) { s.EventTypePath = "kind" })
			call{body: body, header: tc.header}.serve(t, handler(in, silent()))
			var types []string
			for _, e := range in.all() {
				types = append(types, e.Type)
			}
			if got := strings.Join(types, " "); got != tc.want {
				t.Errorf("types are %q, want %q", got, tc.want)
			}
		})
	}
}

func TestIdempotencyKey(t *testing.T) {
	tests := map[string]struct {
		header map[string]string
		want   string
	}{
		"none":           {nil, ""},
		"standard":       {map[string]string{"Idempotency-Key": "a", "X-Dispatch-Idempotency-Key": "b", "Webhook-Id": "c"}, "a"},
		"ours":           {map[string]string{"X-Dispatch-Idempotency-Key": "b", "Webhook-Id": "c"}, "b"},
		"webhook-id":     {map[string]string{"Webhook-Id": "c"}, "c"},
		"blank":          {map[string]string{"Idempotency-Key": " ", "Webhook-Id": "c"}, "c"},
		"255 characters": {map[string]string{"Idempotency-Key": long(255)}, long(255)},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			call{body: "[{},{}]", header: tc.header}.serve(t, handler(in, silent()))
			got := in.all()
			if got[0].IdempotencyKey != tc.want {
				t.Errorf("key is %q, want %q", got[0].IdempotencyKey, tc.want)
			}
			if got[1].IdempotencyKey != "" {
				t.Errorf("the second event has the key %q, too", got[1].IdempotencyKey)
			}
		})
	}
}
