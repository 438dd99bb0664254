package playground_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/playground"
)

// clock is a time that moves only when a test says so.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

const agent = "DiscordBot (https://example.com, 1)"

// local is a Discord that is being served.
type local struct {
	*playground.Discord
	url string
}

func start(t *testing.T, opts playground.Options) *local {
	t.Helper()
	d := playground.New(opts)
	srv := httptest.NewServer(d.Handler())
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return &local{d, srv.URL}
}

// rest returns disgo's client without its rate limiter, which is not what is tested here.
func (l *local) rest() rest.Rest {
	return rest.New(rest.NewClient(l.Token(), rest.WithURL(l.url+"/api/v10"), rest.WithUserAgent(agent), rest.WithLogger(silent()),
		rest.WithRateLimiter(rest.NewNoopRateLimiter())))
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func (l *local) channel(t *testing.T, name string) snowflake.ID {
	t.Helper()
	return id(t, l.ChannelID(name))
}

func id(t *testing.T, text string) snowflake.ID {
	t.Helper()
	parsed, err := snowflake.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// answer is what REST answered.
type answer struct {
	status int
	header http.Header
	body   []byte
	Code   int
	Errors json.RawMessage
}

// do sends a request as the bot, without a network between.
func (l *local) do(t *testing.T, method, path, body string, edit ...func(*http.Request)) answer {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, "/api/v10"+path, bytes.NewBufferString(body))
	req.Header.Set("Authorization", "Bot "+l.Token())
	req.Header.Set("User-Agent", agent)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, change := range edit {
		change(req)
	}
	rec := httptest.NewRecorder()
	l.Handler().ServeHTTP(rec, req)
	a := answer{status: rec.Code, header: rec.Header(), body: rec.Body.Bytes()}
	_ = json.Unmarshal(a.body, &a) // Not every answer is an object.
	return a
}

// soon is a context that gives up before the test does.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}
