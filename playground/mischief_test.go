package playground_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"

	"dispatch/playground"
)

func TestMischief(t *testing.T) {
	const post = "POST /channels/{channel_id}/messages"
	tests := map[string]struct {
		plan   func(*local)
		status int
		code   int
		header map[string]string
		body   string
	}{
		"server error":     {func(l *local) { l.FailNext(post, 502, 0, 1) }, 502, 0, map[string]string{"Via": "1.1 google"}, "502"},
		"error code":       {func(l *local) { l.FailNext("POST", 403, 50013, 1) }, 403, 50013, nil, "50013"},
		"later code":       {func(l *local) { l.FailNext("", 503, 130000, 1) }, 503, 130000, nil, "130000"},
		"shared limit":     {func(l *local) { l.Throttle(post, 1500*time.Millisecond, "shared", 1) }, 429, 0, map[string]string{"X-RateLimit-Scope": "shared", "Retry-After": "2"}, "1.5"},
		"global limit":     {func(l *local) { l.Throttle(post, time.Second, "global", 1) }, 429, 0, map[string]string{"X-RateLimit-Global": "true", "X-RateLimit-Bucket": ""}, `"global":true`},
		"proxy":            {func(l *local) { l.Block(post, 3*time.Second, 1) }, 429, 0, map[string]string{"Via": "", "Retry-After": "3", "X-RateLimit-Bucket": ""}, "<!DOCTYPE html>"},
		"outage":           {func(l *local) { l.Outage(true) }, 503, 0, nil, "<html>"},
		"something else":   {func(l *local) { l.FailNext("GET", 500, 0, 1) }, 200, 0, nil, "hi"},
		"not at this path": {func(l *local) { l.FailNext("/channels/"+l.ChannelID("ops"), 500, 0, 1) }, 200, 0, nil, "hi"},
		"at this path":     {func(l *local) { l.FailNext("/channels/"+l.ChannelID("sales"), 500, 0, 1) }, 500, 0, nil, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{})
			tc.plan(l)
			got := l.post(t, "sales", hi)
			if got.status != tc.status || got.Code != tc.code || !strings.Contains(string(got.body), tc.body) {
				t.Errorf("answered %d %s", got.status, got.body)
			}
			for key, want := range tc.header {
				if got.header.Get(key) != want {
					t.Errorf("%s: %q, want %q", key, got.header.Get(key), want)
				}
			}
			if n := len(l.Messages("sales")); (n == 1) != (tc.status == 200) {
				t.Errorf("%d messages were posted", n)
			}
			l.Outage(false)
			if again := l.post(t, "sales", hi); again.status != 200 {
				t.Errorf("afterwards: %d %s", again.status, again.body)
			}
		})
	}
}

func TestLoseAnswer(t *testing.T) {
	l := start(t, playground.Options{})
	l.LoseAnswer("POST /channels", 1)
	rests, sales := l.rest(), l.channel(t, "sales")
	message := discord.MessageCreate{Content: "hi", Nonce: "n", EnforceNonce: true}
	_, err := rests.CreateMessage(sales, message)
	if answered := new(rest.Error); err == nil || errors.As(err, &answered) {
		t.Errorf("the answer was not lost: %v", err)
	}
	if n := len(l.Messages("sales")); n != 1 {
		t.Errorf("%d messages were posted", n)
	}
	if _, err := rests.CreateMessage(sales, message); err != nil {
		t.Error(err)
	}
	if n := len(l.Messages("sales")); n != 1 {
		t.Errorf("%d messages were posted after repeating", n)
	}
}

func TestRequests(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	var seen []playground.Request
	l.Observe(func(r playground.Request) { seen = append(seen, r) })
	l.post(t, "sales", hi)
	l.post(t, "sales", `{}`)
	l.do(t, "POST", "/interactions/1/verysecret/callback?with_response=true", `{"type":4}`)
	all := l.Requests()
	if len(all) != 3 || len(seen) != 3 {
		t.Fatalf("%d requests, %d observed", len(all), len(seen))
	}
	first := all[0]
	if first.Route != "/channels/{channel_id}/messages" || first.Path != "/channels/"+l.ChannelID("sales")+"/messages" ||
		first.Method != http.MethodPost || first.Status != 200 || string(first.Body) != hi || first.Bucket == "" || first.At.IsZero() {
		t.Errorf("request: %+v", first)
	}
	if all[1].Status != 400 || all[1].Code != 50006 {
		t.Errorf("refused request: %+v", all[1])
	}
	if strings.Contains(all[2].Path, "verysecret") || strings.Contains(all[2].Path, "?") {
		t.Errorf("path: %s", all[2].Path)
	}
	for range 2100 {
		l.do(t, "GET", "/users/@me", "")
	}
	if n := len(l.Requests()); n != 2000 {
		t.Errorf("%d requests are remembered", n)
	}
}
