package playground_test

import (
	"strings"
	"testing"

	"dispatch/playground"
)

func TestForbid(t *testing.T) {
	const (
		fine = `{"embeds":[{"title":"good"},{"title":"fair"}]}`
		typo = `{"embeds":[{"title":"good"},{"fields":[{"name":"a","value":"a typo"}]}]}`
		spam = `{"embeds":[{"title":"spam"},{"title":"good"}]}`
		both = `{"embeds":[{"title":"spam"},{"title":"typo"}]}`
	)
	tests := map[string]struct {
		body   string
		status int
		code   int
		named  string
	}{
		"nothing of it":    {fine, 200, 0, ""},
		"one that is told": {typo, 400, 50035, `"errors":{"embeds":{"1":{"title":{"_errors":[`},
		"one that is not":  {spam, 400, 200000, ""},
		"the body first":   {both, 400, 50035, `"embeds":{"1":`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{})
			l.Forbid("typo", 50035)
			l.Forbid("spam", 200000)
			got := l.post(t, "sales", tc.body)
			if got.status != tc.status || got.Code != tc.code || !strings.Contains(string(got.body), tc.named) {
				t.Errorf("answered %d %s", got.status, got.body)
			}
			if n := len(l.Messages("sales")); (n == 1) != (tc.status == 200) {
				t.Errorf("%d messages were posted", n)
			}
			if again := l.post(t, "sales", fine); again.status != 200 {
				t.Errorf("afterwards: %d %s", again.status, again.body)
			}
		})
	}
}
