package playground_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"dispatch/playground"
)

const hi = `{"content":"hi"}`

func TestBuckets(t *testing.T) {
	clock := newClock()
	l := start(t, playground.Options{Now: clock.now})
	for i := range 5 {
		got := l.post(t, "sales", hi)
		h := got.header
		if got.status != 200 || h.Get("X-RateLimit-Limit") != "5" || h.Get("X-RateLimit-Remaining") != strconv.Itoa(4-i) ||
			h.Get("X-RateLimit-Reset-After") != "5.000" || h.Get("X-RateLimit-Bucket") == "" {
			t.Errorf("request %d: %d %v", i, got.status, h)
		}
	}
	clock.add(1600 * time.Millisecond)
	over := l.post(t, "sales", hi)
	var body struct {
		Message    string
		RetryAfter float64 `json:"retry_after"`
		Global     bool
	}
	if err := json.Unmarshal(over.body, &body); err != nil {
		t.Fatal(err)
	}
	h := over.header
	if over.status != 429 || body.RetryAfter != 3.4 || body.Global || body.Message == "" || h.Get("Retry-After") != "4" ||
		h.Get("X-RateLimit-Scope") != "user" || h.Get("X-RateLimit-Reset-After") != "3.400" || h.Get("X-RateLimit-Global") != "" || h.Get("Via") == "" {
		t.Errorf("over the limit: %d %s %v", over.status, over.body, h)
	}
	other := l.post(t, "ops", hi)
	if other.status != 200 || other.header.Get("X-RateLimit-Bucket") != h.Get("X-RateLimit-Bucket") {
		t.Errorf("another channel: %d %v", other.status, other.header)
	}
	clock.add(3400 * time.Millisecond)
	if again := l.post(t, "sales", hi); again.status != 200 || again.header.Get("X-RateLimit-Remaining") != "4" {
		t.Errorf("after the reset: %d %v", again.status, again.header)
	}
	if n := len(l.Messages("sales")); n != 6 {
		t.Errorf("%d messages were posted", n)
	}
	if n := l.InvalidRequests(); n != 1 {
		t.Errorf("%d invalid requests", n)
	}
}

func TestRoutesShareBuckets(t *testing.T) {
	l := start(t, playground.Options{Now: newClock().now})
	one := messageOf(t, l.post(t, "sales", hi))
	path := "/channels/" + one.ChannelID + "/messages"
	first, second := l.do(t, "GET", path, ""), l.do(t, "GET", path+"/"+one.ID, "")
	if first.header.Get("X-RateLimit-Bucket") != second.header.Get("X-RateLimit-Bucket") {
		t.Error("reading messages takes two buckets")
	}
	if second.header.Get("X-RateLimit-Remaining") != "8" {
		t.Errorf("remaining: %s", second.header.Get("X-RateLimit-Remaining"))
	}
}

func TestGlobalLimit(t *testing.T) {
	clock := newClock()
	l := start(t, playground.Options{Now: clock.now})
	read := func() answer { return l.do(t, "GET", "/users/@me", "") }
	status := 200
	for n := 0; status == 200; n++ {
		if status = read().status; status == 200 && n == 50 {
			t.Fatal("51 requests in a second")
		}
	}
	write := l.post(t, "sales", hi)
	if write.status != 429 || write.header.Get("X-RateLimit-Global") != "true" || write.header.Get("X-RateLimit-Scope") != "global" ||
		write.header.Get("X-RateLimit-Bucket") != "" || !strings.Contains(string(write.body), `"global":true`) {
		t.Errorf("over the global limit: %d %s %v", write.status, write.body, write.header)
	}
	if got := l.do(t, "POST", "/interactions/1/x/callback", `{"type":4}`); got.Code != 10062 {
		t.Errorf("an answer to an interaction: %s", got.body)
	}
	clock.add(time.Second)
	if got := read(); got.status != 200 {
		t.Errorf("a second later: %d", got.status)
	}
	l.GlobalLimit(2500 * time.Millisecond)
	if got := read(); got.status != 429 || got.header.Get("Retry-After") != "3" || !strings.Contains(string(got.body), "2.5") {
		t.Errorf("blocked: %d %s", got.status, got.body)
	}
	clock.add(2500 * time.Millisecond)
	if got := read(); got.status != 200 {
		t.Errorf("after the block: %d", got.status)
	}
}

func TestInvalidRequestsBan(t *testing.T) {
	clock := newClock()
	l := start(t, playground.Options{Now: clock.now, Unlimited: true})
	wrong := func(r *http.Request) { r.Header.Set("Authorization", "Bot wrong") }
	for range 10_000 {
		if got := l.do(t, "GET", "/users/@me", "", wrong); got.status != 401 {
			t.Fatalf("answered %d", got.status)
		}
	}
	if got := l.do(t, "GET", "/users/@me", ""); got.status != 429 || got.header.Get("Via") != "" || !strings.Contains(got.header.Get("Content-Type"), "html") {
		t.Errorf("banned: %d %v", got.status, got.header)
	}
	clock.add(10 * time.Minute)
	if got := l.do(t, "GET", "/users/@me", ""); got.status != 200 {
		t.Errorf("ten minutes later: %d", got.status)
	}
}

func TestUnlimited(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	for range 100 {
		if got := l.post(t, "sales", hi); got.status != 200 {
			t.Fatalf("limited: %s", got.body)
		}
	}
}
