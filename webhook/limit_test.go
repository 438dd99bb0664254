package webhook_test

import (
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dispatch/webhook"
)

func TestLimiter(t *testing.T) {
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	limiter := webhook.NewLimiter(10)
	allowed := func(client netip.Addr, now time.Time) (n int) {
		for limiter.Allow(client, now) {
			n++
		}
		return n
	}
	steps := []struct {
		what   string
		client netip.Addr
		after  time.Duration
		want   int
	}{
		{"the burst is twice the rate", a, 0, 20},
		{"nothing is left", a, 0, 0},
		{"another client has its own", b, 0, 20},
		{"a second gives the rate", a, time.Second, 10},
		{"a tenth of it gives one", a, 1100 * time.Millisecond, 1},
		{"a turn of generations forgets nobody who is busy", a, 2 * time.Second, 9},
		{"nor does the next", a, 4 * time.Second, 20},
		{"an hour gives no more than the burst", a, time.Hour, 20},
		{"others come and go", b, time.Hour + 600*time.Millisecond, 20},
		{"and come again", b, time.Hour + 1200*time.Millisecond, 6},
		{"but nobody is forgotten before the bucket is full", a, time.Hour + 1900*time.Millisecond, 19},
	}
	for _, step := range steps {
		if got := allowed(step.client, noon.Add(step.after)); got != step.want {
			t.Fatalf("%s: %d allowed, want %d", step.what, got, step.want)
		}
	}
}

func TestLimiterForgets(t *testing.T) {
	limiter := webhook.NewLimiter(1)
	for i := range uint32(webhook.MaxClients + webhook.MaxClients/2) {
		limiter.Allow(netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, i))), noon)
	}
	if n := limiter.Clients(); n > webhook.MaxClients {
		t.Errorf("remembers %d clients of one moment, more than %d", n, webhook.MaxClients)
	}
	for i := range 3 {
		limiter.Allow(netip.IPv6Loopback(), noon.Add(time.Duration(i)*time.Minute))
	}
	if n := limiter.Clients(); n > 2 {
		t.Errorf("remembers %d clients that have long gone", n)
	}
}

// TestClient sends two requests that have a token each when they come from different clients, and one
// between them otherwise.
func TestClient(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("fe80::/10")}
	type peer struct {
		remote    string
		forwarded []string // values of X-Forwarded-For
	}
	tests := map[string]struct {
		one, two peer
		same     bool
	}{
		"port":             {peer{"192.0.2.1:1", nil}, peer{"192.0.2.1:2", nil}, true},
		"address":          {peer{"192.0.2.1:1", nil}, peer{"192.0.2.2:1", nil}, false},
		"same /64":         {peer{"[2001:db8::1]:1", nil}, peer{"[2001:db8::ffff:0:0:1]:1", nil}, true},
		"another /64":      {peer{"[2001:db8::1]:1", nil}, peer{"[2001:db8:0:1::1]:1", nil}, false},
		"mapped":           {peer{"192.0.2.1:1", nil}, peer{"[::ffff:192.0.2.1]:1", nil}, true},
		"zone":             {peer{"[2001:db8::1%eth0]:1", nil}, peer{"[2001:db8::1%eth1]:1", nil}, true},
		"zone of a proxy":  {peer{"[fe80::1%eth0]:1", []string{"1.1.1.1"}}, peer{"[fe80::1%eth0]:1", []string{"2.2.2.2"}}, false},
		"no TCP":           {peer{"@", nil}, peer{"", nil}, true},
		"liar":             {peer{"192.0.2.1:1", []string{"1.1.1.1"}}, peer{"192.0.2.1:1", []string{"2.2.2.2"}}, true},
		"proxied":          {peer{"10.0.0.1:1", []string{"1.1.1.1"}}, peer{"10.0.0.1:1", []string{"2.2.2.2"}}, false},
		"two proxies":      {peer{"10.0.0.1:1", []string{"1.1.1.1"}}, peer{"10.0.0.2:1", []string{"1.1.1.1"}}, true},
		"mapped proxy":     {peer{"[::ffff:10.0.0.1]:1", []string{"1.1.1.1"}}, peer{"[fd00::1]:1", []string{"1.1.1.1"}}, true},
		"liar, proxied":    {peer{"10.0.0.1:1", []string{"9.9.9.9, 1.1.1.1"}}, peer{"10.0.0.1:1", []string{"8.8.8.8, 1.1.1.1"}}, true},
		"header each":      {peer{"10.0.0.1:1", []string{"9.9.9.9", "1.1.1.1"}}, peer{"10.0.0.1:1", []string{"9.9.9.9", "2.2.2.2"}}, false},
		"liar, hdr each":   {peer{"10.0.0.1:1", []string{"9.9.9.9", "1.1.1.1"}}, peer{"10.0.0.1:1", []string{"8.8.8.8", "1.1.1.1"}}, true},
		"chain":            {peer{"10.0.0.1:1", []string{"1.1.1.1, 10.0.0.9,fd00::7"}}, peer{"10.0.0.1:1", []string{"2.2.2.2,10.0.0.9, fd00::7"}}, false},
		"with ports":       {peer{"10.0.0.1:1", []string{"1.1.1.1:99"}}, peer{"10.0.0.1:1", []string{"1.1.1.1:98"}}, true},
		"brackets":         {peer{"10.0.0.1:1", []string{"[2001:db8::1]"}}, peer{"10.0.0.1:1", []string{"[2001:db8::2]:7"}}, true},
		"nonsense":         {peer{"10.0.0.1:1", []string{"1.1.1.1, unknown"}}, peer{"10.0.0.1:1", []string{"2.2.2.2, unknown"}}, true},
		"all trusted":      {peer{"10.0.0.1:1", []string{"10.1.1.1,10.2.2.2"}}, peer{"10.0.0.1:1", []string{"10.3.3.3,10.2.2.2"}}, false},
		"proxy by itself":  {peer{"10.0.0.1:1", nil}, peer{"10.0.0.1:1", []string{""}}, true},
		"proxy and client": {peer{"10.0.0.1:1", nil}, peer{"10.0.0.1:1", []string{"1.1.1.1"}}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			handler := handler(newInbox(), silent(), func(o *webhook.Options) { o.RateLimit, o.TrustedProxies = 1, proxies })
			status := func(p peer) int {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/open", strings.NewReader("{}"))
				r.RemoteAddr = p.remote
				r.Header["X-Forwarded-For"] = p.forwarded
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				return w.Code
			}
			for range 2 { // the burst
				if got := status(tc.one); got != http.StatusAccepted {
					t.Fatalf("answered %d", got)
				}
			}
			if limited := status(tc.two) == http.StatusTooManyRequests; limited != tc.same {
				t.Errorf("same client: %t, want %t", limited, tc.same)
			}
		})
	}
}

func TestNoLimit(t *testing.T) {
	handler := handler(newInbox(), silent())
	for range 1000 {
		if got := (call{}).serve(t, handler); got.status != http.StatusAccepted {
			t.Fatalf("answered %d", got.status)
		}
	}
}
