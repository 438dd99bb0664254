package event_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestConceal(t *testing.T) {
	const body = `{"clientSecret":"hush-hush","apiKey":"a\"b <&> c/d","tokens":["one-token",{"n":123456,"on":true}],"pin":"no secret",
		"secret":"abc","x":{"password":"hush-hush-longer","passwords":["abcdwxyz","wxyz-and-more"]}}`
	tests := map[string]struct{ text, want string }{
		"nothing":            {"ok", "ok"},
		"all is well":        {"thank you, no secret here", "thank you, no secret here"},
		"as it is":           {"client hush-hush is unknown; hush-hush!", "client ******** is unknown; ********!"},
		"the whole body":     {body, strings.NewReplacer("hush-hush-longer", "********", "hush-hush", "********", `a\"b <&> c/d`, "********", "one-token", "********", "123456", "********", "abcdwxyz", "********", "wxyz-and-more", "********").Replace(body)},
		"in a string":        {`{"data":"{\"apiKey\":\"a\\\"b <&> c/d\"}"}`, `{"data":"{\"apiKey\":\"********\"}"}`},
		"unescaped":          {`a"b <&> c/d`, "********"},
		"by PHP":             {`a\"b <&> c\/d`, "********"},
		"for a page":         {`a\"b \u003c\u0026\u003e c/d`, "********"},
		"in a query":         {"?key=a%22b+%3C%26%3E+c%2Fd&x", "?key=********&x"},
		"in a page":          {"<p>a&#34;b &lt;&amp;&gt; c/d</p>", "<p>********</p>"},
		"deep":               {"n is 123456, one-token", "n is ********, ********"},
		"cut":                {"you sent hush-hu", "you sent ********"},
		"cut at a beginning": {"you sent hus", "you sent hus"},
		"one in another":     {"hush-hush-longer", "********"},
		"as another begins":  {"it is abcdwxyz", "it is ********"},
		"too short":          {"abc, true", "abc, true"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, event.Conceal(tc.text, []byte(body))); diff != "" {
				t.Errorf("Conceal(%s) (-want +got):\n%s", tc.text, diff)
			}
		})
	}
	for _, other := range []string{``, `{"clientSecret":"hush-hush"`, `{}`} {
		if got := event.Conceal("hush-hush", []byte(other)); got != "hush-hush" {
			t.Errorf("of %q: %q", other, got)
		}
	}
}

// Whoever sends an event decides how much there is to hide.
func TestConcealIsNotKeptBusy(t *testing.T) {
	many := func(n int) string {
		body := []byte(`{"password":["aaaa"`)
		for i := range n {
			body = fmt.Appendf(body, `,"aaaa%d"`, i)
		}
		return string(body) + `]}`
	}
	long := strings.Repeat("a", 1<<20)
	tests := map[string]struct{ text, body, want string }{
		"some secrets":     {"it is aaaa42", many(150), "it is ********"},
		"many secrets":     {strings.Repeat("aaaab", 400), many(100_000), "********"},
		"a long beginning": {long + "c", `{"password":"` + long + `b"}`, long + "c"},
		"a long one, cut":  {"c" + long, `{"password":"` + long + `b"}`, "c********"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			if got := event.Conceal(tc.text, []byte(tc.body)); got != tc.want {
				t.Errorf("Conceal: %.100q", got)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("Conceal took %s", took)
			}
		})
	}
}
