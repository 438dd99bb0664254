package locales_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"dispatch/locales"
)

const sentences = `
plain = "Nothing to fill."
filled = "{name} has {count}, {name}!"
braces = "{{\"id\": {id}}}"
failed = "It said {error}."
[events]
one = "{n} event for {who}"
other = "{n} events for {who}"
`

func TestT(t *testing.T) {
	say := locales.Speak(t, fstest.MapFS{"en-US.toml": {Data: []byte(sentences)}}, "en-US")
	tests := map[string]struct {
		key  string
		args []any
		want string
	}{
		"plain":               {"plain", nil, "Nothing to fill."},
		"plain with values":   {"plain", []any{"name", "x"}, "Nothing to fill."},
		"filled":              {"filled", []any{"name", "Ada", "count", 2}, "Ada has 2, Ada!"},
		"in any order":        {"filled", []any{"count", 2, "name", "Ada"}, "Ada has 2, Ada!"},
		"without a value":     {"filled", []any{"name", "Ada"}, "Ada has {count}, Ada!"},
		"with half a pair":    {"filled", []any{"count", 2, "name"}, "{name} has 2, {name}!"},
		"values are not read": {"filled", []any{"name", "{count}", "count", "{{"}, "{count} has {{, {count}!"},
		"braces":              {"braces", []any{"id", int64(7)}, `{"id": 7}`},
		"an error":            {"failed", []any{"error", errors.New("no")}, "It said no."},
		"plural":              {"events", []any{"n", 1, "who", "you"}, "1 events for you"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := say.T(tc.key, tc.args...); got != tc.want {
				t.Errorf("T(%q, %v) = %q, want %q", tc.key, tc.args, got, tc.want)
			}
		})
	}
}

func TestN(t *testing.T) {
	english := fstest.MapFS{"en-US.toml": {Data: []byte(sentences)}}
	polish := fstest.MapFS{
		"en-US.toml": {Data: []byte(sentences)},
		"pl.toml":    {Data: []byte("[events]\none='{n} zdarzenie {who}'\nfew='{n} zdarzenia {who}'\nmany='{n} zdarzeń {who}'\nother='{n} zdarzenia {who}'")},
	}
	tests := map[string]struct {
		files fstest.MapFS
		tag   string
		n     int
		want  string
	}{
		"none":      {english, "en-US", 0, "0 events for you"},
		"one":       {english, "en-US", 1, "1 event for you"},
		"many":      {english, "en-US", 12345, "12,345 events for you"},
		"less":      {english, "en-US", -1, "-1 event for you"},
		"few":       {polish, "pl", 22, "22 zdarzenia you"},
		"many more": {polish, "pl", 25, "25 zdarzeń you"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := locales.Speak(t, tc.files, tc.tag).N("events", tc.n, "who", "you"); got != tc.want {
				t.Errorf("N(%d) = %q, want %q", tc.n, got, tc.want)
			}
		})
	}
}

func TestNWithoutForms(t *testing.T) {
	say := locales.Speak(t, fstest.MapFS{"en-US.toml": {Data: []byte(`left = "{n} left"`)}}, "en-US")
	if got := say.N("left", 1); got != "1 left" {
		t.Errorf("N = %q, want %q", got, "1 left")
	}
}
