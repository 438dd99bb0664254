package webhook_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/webhook"
)

const (
	secret    = "s3cr3t-of-the-source"
	oldSecret = "s3cr3t-before-the-rotation"
	apiKey    = "dsp_key-of-the-guild"
	strange   = "dsp_key-of-another-guild"
	maxBody   = 4 << 10
)

// noon is what every clock shows.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// inbox is a store in memory. It is safe for concurrent use.
type inbox struct {
	mu       sync.Mutex
	sources  map[string]event.Source
	accepted []event.Event
	err      error                     // of every method, when it is set
	acting   func(ctx context.Context) // called by Accept, when it is set
	reasons  []string
}

// newInbox has a source for every way to authenticate, each at the slug of its name.
func newInbox() *inbox {
	in := &inbox{sources: make(map[string]event.Source)}
	for slug, auth := range map[string]event.Auth{
		"signed": event.AuthSecret, "keyed": event.AuthAPIKey, "open": event.AuthNone, "odd": "password",
	} {
		in.sources[slug] = event.Source{ID: "source-" + slug, GuildID: "1", Slug: slug, Auth: auth, State: event.Active}
	}
	in.change("signed", func(s *event.Source) {
		s.Keys = []event.SigningKey{
			{Secret: []byte(secret)}, {Secret: []byte(oldSecret), ExpiresAt: noon.Add(time.Hour)},
		}
	})
	in.sources["paused"] = event.Source{ID: "source-paused", GuildID: "1", Auth: event.AuthNone, State: event.Paused}
	return in
}

func (in *inbox) change(slug string, how func(*event.Source)) {
	in.mu.Lock()
	defer in.mu.Unlock()
	source := in.sources[slug]
	how(&source)
	in.sources[slug] = source
}

func (in *inbox) SourceBySlug(_ context.Context, slug string) (event.Source, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	source, ok := in.sources[slug]
	if !ok {
		return event.Source{}, fault.New(fault.NotFound, "no source at /hooks/%s", slug)
	}
	return source, nil
}

func (in *inbox) APIKey(_ context.Context, hash [sha256.Size]byte) (event.APIKey, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.err != nil:
		return event.APIKey{}, in.err
	case hash == sha256.Sum256([]byte(apiKey)), hash == sha256.Sum256([]byte(apiKey[len("dsp_"):])):
		return event.APIKey{GuildID: "1", Name: "CI"}, nil
	case hash == sha256.Sum256([]byte(strange)):
		return event.APIKey{GuildID: "2"}, nil
	}
	return event.APIKey{}, fault.New(fault.NotFound, "no such API key")
}

func (in *inbox) Accept(ctx context.Context, events []event.Event) ([]event.ID, error) {
	if in.acting != nil {
		in.acting(ctx)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.err != nil {
		return nil, in.err
	}
	for _, e := range events {
		for i, before := range in.accepted {
			if e.IdempotencyKey != "" && e.SourceID == before.SourceID && e.IdempotencyKey == before.IdempotencyKey {
				return nil, &event.DuplicateError{First: nth(i)}
			}
		}
	}
	ids := make([]event.ID, len(events))
	for i := range events {
		ids[i] = nth(len(in.accepted) + i)
	}
	in.accepted = append(in.accepted, events...)
	return ids, nil
}

func (in *inbox) Ready(ctx context.Context) []string {
	if _, bounded := ctx.Deadline(); !bounded {
		return []string{"nobody waits that long"}
	}
	return in.reasons
}

// all is what was accepted so far.
func (in *inbox) all() []event.Event {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]event.Event(nil), in.accepted...)
}

// nth is the id of the nth event that an inbox accepts.
func nth(n int) event.ID { return event.FirstID(noon) + event.ID(n) }

// handler is a handler before the inbox, with a body limit of maxBody and a clock that stands still.
func handler(in *inbox, log *logrus.Logger, also ...func(*webhook.Options)) http.Handler {
	opts := webhook.Options{MaxBody: maxBody, Now: func() time.Time { return noon }}
	for _, how := range also {
		how(&opts)
	}
	return webhook.New(opts, in, in, in, in, log)
}

// start serves the handler on a socket until the test ends, and gives its address.
func start(tb testing.TB, handler http.Handler) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- webhook.Serve(ctx, listener, handler, silent()) }()
	tb.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			tb.Errorf("serve: %v", err)
		}
	})
	return listener.Addr().String()
}

func silent() *logrus.Logger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}

func sign(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// call is a request to come. Its zero value is a signed POST of an empty object that everybody likes.
type call struct {
	method  string            // "" is POST
	path    string            // "" is /hooks/signed
	body    string            // "" is {}; see empty
	empty   bool              // no body at all
	chunked bool              // do not announce its length
	header  map[string]string // a value of "-" takes the header away
}

func (c call) request(tb testing.TB, base string) *http.Request {
	tb.Helper()
	body := c.body
	if body == "" && !c.empty {
		body = "{}"
	}
	var reader io.Reader = strings.NewReader(body)
	if c.chunked {
		reader = io.MultiReader(reader)
	}
	method, path := orElse(c.method, http.MethodPost), orElse(c.path, "/hooks/signed")
	r, err := http.NewRequestWithContext(tb.Context(), method, base+path, reader)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Salesforce-Signature", "sha256="+sign(secret, body))
	for name, value := range c.header {
		if value == "-" {
			r.Header.Del(name)
		} else {
			r.Header.Set(name, value)
		}
	}
	return r
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends the call over a socket.
func (c call) send(tb testing.TB, addr string) answer {
	tb.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(c.request(tb, "http://"+addr))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// serve gives the call to the handler without a socket.
func (c call) serve(tb testing.TB, handler http.Handler) answer {
	tb.Helper()
	return roundTrip(handler, c.request(tb, "http://dispatch.example"))
}

func roundTrip(handler http.Handler, r *http.Request) answer {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// problem is the answer as RFC 9457 has it; the test fails when it is none.
func (a answer) problem(tb testing.TB) map[string]any {
	tb.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		tb.Errorf("Content-Type is %q, not application/problem+json", got)
	}
	var members map[string]any
	if err := json.Unmarshal([]byte(a.body), &members); err != nil {
		tb.Fatalf("body %q: %v", a.body, err)
	}
	for _, name := range []string{"type", "title", "detail"} {
		if text, _ := members[name].(string); text == "" {
			tb.Errorf("%s is missing in %s", name, a.body)
		}
	}
	if got := members["status"]; got != float64(a.status) {
		tb.Errorf("status is %v in the body of a %d", got, a.status)
	}
	return members
}

// logged is a logger that writes all it has into the buffer.
func logged() (*logrus.Logger, *bytes.Buffer) {
	var lines bytes.Buffer
	log := logrus.New()
	log.SetOutput(&lines)
	log.SetLevel(logrus.TraceLevel)
	return log, &lines
}
