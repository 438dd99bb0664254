package playground_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dispatch/playground"
)

// told is what the page was answered.
type told struct {
	status   int
	raw      string
	Error    string
	Commands []playground.ApplicationCommand
	Choices  []playground.Choice
	Reply    struct {
		Message   *playground.Message
		Modal     *shownModal
		Ephemeral bool
		Deferred  bool
		Updated   bool
		Took      *int64 `json:"took_ms"`
		Followups []playground.Message
	}
}

type shownModal struct {
	ID, Title  string
	CustomID   string `json:"custom_id"`
	Components []playground.Component
}

// askPage asks as the page does: with a POST when there is something to say, else with a GET.
func askPage(t *testing.T, l *local, path string, in any, edit ...func(*http.Request)) told {
	t.Helper()
	method, body := http.MethodGet, []byte(nil)
	if in != nil {
		method = http.MethodPost
		var err error
		if body, err = json.Marshal(in); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(soon(t), method, l.url+"/api/page/"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for _, change := range edit {
		change(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := told{status: res.StatusCode, raw: string(raw)}
	if len(raw) > 0 && json.Unmarshal(raw, &got) != nil {
		t.Errorf("%s is no JSON: %s", path, raw)
	}
	return got
}

// object is some JSON.
type object = map[string]any

// by is who asks, with what is asked besides.
func by(l *local, user string, more object) object {
	o := object{"user": l.UserID(user), "channel": l.ChannelID("general")}
	for key, value := range more {
		o[key] = value
	}
	return o
}

func TestPageIsGuarded(t *testing.T) {
	host := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Host = name }
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	nothing := object{"do": "drop_gateway"}
	tests := map[string]struct {
		path string
		in   any
		edit func(*http.Request)
		want int
	}{
		"from the page":             {"mischief", nothing, header("Sec-Fetch-Site", "same-origin"), 204},
		"from no page":              {"mischief", nothing, host("localhost:1"), 204},
		"from another site":         {"mischief", nothing, header("Sec-Fetch-Site", "cross-site"), 403},
		"from another port":         {"mischief", nothing, header("Sec-Fetch-Site", "same-site"), 403},
		"from an old browser":       {"mischief", nothing, header("Origin", "https://evil.example"), 403},
		"as a form":                 {"mischief", nothing, header("Content-Type", "text/plain"), 415},
		"as nothing":                {"mischief", nothing, header("Content-Type", ""), 415},
		"with a charset":            {"mischief", nothing, header("Content-Type", "application/json; charset=utf-8"), 204},
		"to a name of another's":    {"mischief", nothing, host("evil.example"), 403},
		"reading by such a name":    {"state", nil, host("evil.example:8090"), 403},
		"watching by such a name":   {"events", nil, host("evil.example"), 403},
		"a name that looks like it": {"state", nil, host("localhost.evil.example"), 403},
		"an address that does":      {"state", nil, host("127.0.0.1.evil.example"), 403},
		"no name":                   {"state", nil, host("evil example"), 403},
		"another machine":           {"state", nil, host("192.0.2.1:80"), 403},
		"everywhere":                {"state", nil, host("0.0.0.0"), 403},
		"localhost":                 {"state", nil, host("LocalHost.:8090"), 200},
		"below localhost":           {"state", nil, host("dispatch.localhost"), 200},
		"loopback":                  {"state", nil, host("127.9.9.9:8090"), 200},
		"loopback of IPv6":          {"state", nil, host("[::1]:8090"), 200},
		"loopback without a port":   {"state", nil, host("[::1]"), 200},
		"what is not there":         {"nothing", nil, host("localhost"), 404},
		"reading what is done":      {"run", nil, host("localhost"), 404},
		"doing what is read":        {"state", nothing, host("localhost"), 404},
		"not an object":             {"mischief", []int{1}, host("localhost"), 400},
		"too large":                 {"mischief", object{"do": x(2 << 20)}, host("localhost"), 413},
	}
	l := start(t, playground.Options{})
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := askPage(t, l, tc.path, tc.in, tc.edit)
			if got.status != tc.want || (tc.want >= 400) != (got.Error != "") {
				t.Errorf("answered %d %s, want %d", got.status, got.raw, tc.want)
			}
		})
	}
	req, err := http.NewRequestWithContext(soon(t), http.MethodGet, l.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example"
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("the page itself is served to another name: %s", res.Status)
	}
}

// TestPageIsServedAtItsOwnAddress asks for it as one on the network would, where it listens to that.
func TestPageIsServedAtItsOwnAddress(t *testing.T) {
	l := start(t, playground.Options{})
	for host, want := range map[string]int{"192.0.2.7:8090": 200, "192.0.2.8:8090": 403, "evil.example": 403} {
		own := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP("192.0.2.7"), Port: 8090})
		rec := httptest.NewRecorder()
		l.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(own, http.MethodGet, "http://"+host+"/api/page/state", nil))
		if rec.Code != want {
			t.Errorf("as %s: %d, want %d", host, rec.Code, want)
		}
	}
}

func TestPageTakesOneObject(t *testing.T) {
	l := start(t, playground.Options{})
	for body, want := range map[string]int{"{\"do\":\"drop_gateway\"}\n": 204, `{"do":"drop_gateway"}{}`: 400, `{"do":`: 400, ``: 400} {
		req, err := http.NewRequestWithContext(soon(t), http.MethodPost, l.url+"/api/page/mischief", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%q: %s, want %d", body, res.Status, want)
		}
	}
}
