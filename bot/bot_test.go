package bot_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/bot"
)

// token is a bot token as Discord makes them; its last part is the secret.
var token = base64.RawStdEncoding.EncodeToString([]byte("1199887766554433")) + ".Gx2fkQ.dGhpcy1pcy10aGUtc2VjcmV0LXBhcnQ"

// lines is a log that several goroutines write and a test reads.
type lines struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	changed chan struct{} // closed at the next line; nil when nobody waits
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// wait returns when the log is as wanted.
func (l *lines) wait(ctx context.Context, wanted func(log string) bool) error {
	for {
		l.mu.Lock()
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		log, changed := l.buf.String(), l.changed
		l.mu.Unlock()
		if wanted(log) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// newLog is a logger that leaves nothing out, and what it wrote.
func newLog() (*logrus.Logger, *lines) {
	out := &lines{}
	log := logrus.New()
	log.SetOutput(out)
	log.SetLevel(logrus.TraceLevel)
	return log, out
}

func newBot(t *testing.T, options bot.Options) *bot.Bot {
	t.Helper()
	if options.Token == "" {
		options.Token = token
	}
	if options.Timeout == 0 {
		options.Timeout = 10 * time.Second
	}
	options.RateLimit = 50
	if options.Log == nil {
		options.Log, _ = newLog()
	}
	b, err := bot.New(options, &books{}, &prints{})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return b
}

// request is what reached the server.
type request struct {
	path, authorization string
	body                map[string]any
}

// serve answers with the handlers in turn, the last one again and again, and tells what reached it.
func serve(t *testing.T, handlers ...http.HandlerFunc) (url string, requests func() []request) {
	t.Helper()
	var (
		mu   sync.Mutex
		seen []request
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got := request{path: r.Method + " " + r.URL.Path, authorization: r.Header.Get("Authorization")}
		_ = json.Unmarshal(text, &got.body)
		r.Body = io.NopCloser(bytes.NewReader(text)) // for the handler
		mu.Lock()
		seen = append(seen, got)
		handle := handlers[min(len(seen), len(handlers))-1]
		mu.Unlock()
		w.Header().Set("Via", "1.1 google")
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/api/v10", func() []request {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range respond(status, "", headers...).Header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestNewRefusesWhatIsNoToken(t *testing.T) {
	for name, token := range map[string]string{
		"empty":      "",
		"a word":     "hunter2-secret",
		"not base64": "!!!hunter2-secret.x.y",
		"no id":      base64.RawStdEncoding.EncodeToString([]byte("hunter2-secret")) + ".x.y",
	} {
		t.Run(name, func(t *testing.T) {
			log, _ := newLog()
			_, err := bot.New(bot.Options{Token: token, Log: log}, &books{}, &prints{})
			if err == nil {
				t.Fatal("New took it")
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows it: %v", err)
			}
		})
	}
}

func TestRunRefusesAnUnknownToken(t *testing.T) {
	url, _ := serve(t, answer(http.StatusUnauthorized, `{"message":"401: Unauthorized","code":0}`))
	if err := newBot(t, bot.Options{APIURL: url}).Run(t.Context()); !errors.Is(err, bot.ErrToken) {
		t.Errorf("Run = %v, want ErrToken", err)
	}
}

// While Discord is out of reach Run goes on, Ready says so, and the end of the context is no failure.
func TestRunOutlastsAnOutage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url, requests := serve(t,
		answer(http.StatusBadGateway, "<html>"),
		func(w http.ResponseWriter, r *http.Request) {
			cancel()
			answer(http.StatusServiceUnavailable, "null")(w, r)
		})
	b := newBot(t, bot.Options{APIURL: url + "/"})
	if err := b.Run(ctx); err != nil {
		t.Errorf("Run = %v", err)
	}
	if err := b.Ready(); err == nil {
		t.Error("Ready = nil without a gateway")
	}
	got := requests()
	if len(got) != 2 || got[1].path != "GET /api/v10/gateway/bot" || got[1].authorization != "Bot "+token {
		t.Errorf("asked %+v, want twice for the gateway", got)
	}
}

func TestBackoff(t *testing.T) {
	want := time.Second
	for i, got := range bot.Waits(100) {
		if got < want || got > min(want+want/4, time.Minute) {
			t.Errorf("wait %d is %v, want %v and up to a quarter more", i, got, want)
		}
		want = min(2*want, time.Minute)
	}
}
