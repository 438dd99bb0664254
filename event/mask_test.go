package event_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestMask(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"nothing to hide":      {`{"name":"Acme"}`, `{"name":"Acme"}`},
		"password":             {`{"password":"hunter2"}`, `{"password":"********"}`},
		"token":                {`{"access_token":"x","n":1}`, `{"access_token":"********","n":1}`},
		"api key":              {`{"api_key":"x","apiKey":"y","API-Key":"z"}`, `{"api_key":"********","apiKey":"********","API-Key":"********"}`},
		"client secret":        {`{"clientSecret":"x"}`, `{"clientSecret":"********"}`},
		"private key":          {`{"private key":"x"}`, `{"private key":"********"}`},
		"authorization":        {`{"Authorization":"Bearer x"}`, `{"Authorization":"********"}`},
		"signature":            {`{"x-hub-signature-256":"x"}`, `{"x-hub-signature-256":"********"}`},
		"in another script":    {`{"TOKEN":"x"}`, `{"TOKEN":"********"}`},
		"escaped key":          {`{"p\u0061ssword":"x"}`, `{"p\u0061ssword":"********"}`},
		"escaped quote":        {`{"secret":"a\"b\\","n":"c"}`, `{"secret":"********","n":"c"}`},
		"number":               {`{"token":-12.5e3}`, `{"token":"********"}`},
		"number in the middle": {`{"token": 12 ,"n":1}`, `{"token": "********" ,"n":1}`},
		"object":               {`{"secret":{"a":[1,"}"]},"n":1}`, `{"secret":"********","n":1}`},
		"array":                {`{"tokens":["a",{"b":"]"}] , "n":1}`, `{"tokens":"********" , "n":1}`},
		"empty":                {`{"secret":{},"token":""}`, `{"secret":"********","token":"********"}`},
		"true, false and null": {`{"token_valid":true,"secret":null,"password":false}`, `{"token_valid":true,"secret":null,"password":false}`},
		"deep":                 {`[{"a":[{"b":{"Password":"x"}}]}]`, `[{"a":[{"b":{"Password":"********"}}]}]`},
		"a value, no key":      {`["password","token"]`, `["password","token"]`},
		"a value like a key":   {`{"a":"password","b":"x"}`, `{"a":"password","b":"x"}`},
		"space is kept":        {"{\n \"secret\" :\t\"x\" }\n", "{\n \"secret\" :\t\"********\" }\n"},
		"numbers are kept":     {`{"n":12345678901234567890.10}`, `{"n":12345678901234567890.10}`},
		"no object":            {`"secret"`, `"secret"`},
		"no JSON":              {`{"secret":"x"`, `"********"`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, string(event.Mask([]byte(tc.body)))); diff != "" {
				t.Errorf("Mask(%s) (-want +got):\n%s", tc.body, diff)
			}
		})
	}
}

// Only what is known to hold secrets is masked without being asked: who wants to see another value names it.
func TestShown(t *testing.T) {
	const body = `{"data":{"clientSecret":"hush"}}`
	for typ, want := range map[string]string{
		event.PreferencesUpdated: `{"data":{"clientSecret":"********"}}`,
		"Contract.updated":       body,
	} {
		e := event.Event{Type: typ, Body: []byte(body)}
		if diff := cmp.Diff(want, string(e.Shown().Body)); diff != "" || string(e.Body) != body {
			t.Errorf("%s (-want +got):\n%sand %s is left", typ, diff, e.Body)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{
		`{"password":"x","a":[{"token":{"b":"c"}},1]}`, `{"se\u0063ret":1e5 , "n":null}`, `{"token":"\\\""}`, `[`, `" "`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := event.Mask(body)
		if !json.Valid(got) {
			t.Fatalf("Mask(%q) = %q, no JSON", body, got)
		}
		if again := event.Mask(got); string(again) != string(got) {
			t.Errorf("masked again: %q, want %q", again, got)
		}
		var before, after any
		if json.Unmarshal(body, &before) != nil || json.Unmarshal(got, &after) != nil {
			return
		}
		if diff := cmp.Diff(hidden(before), after); diff != "" {
			t.Errorf("Mask(%q) (-want +got):\n%s", body, diff)
		}
	})
}

// hidden is the same by other means: slowly, and on what was parsed.
func hidden(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inside := range value {
			switch inside.(type) {
			case bool, nil:
				continue
			}
			if looksSecret(key) {
				value[key] = "********"
			} else {
				value[key] = hidden(inside)
			}
		}
	case []any:
		for i := range value {
			value[i] = hidden(value[i])
		}
	}
	return value
}

var apart = regexp.MustCompile(`[^\pL\p{Nd}]`)

func looksSecret(key string) bool {
	name := strings.ToLower(apart.ReplaceAllString(key, ""))
	return slices.ContainsFunc([]string{"password", "passwd", "passphrase", "token", "secret", "apikey", "authorization", "signature", "privatekey"},
		func(word string) bool { return strings.Contains(name, word) })
}
