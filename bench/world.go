package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/playground"
	"dispatch/storage"
)

const secret = "a-secret-for-benchmarks"

// world is a local Discord, a database with sources, and the settings of a dispatch between them.
type world struct {
	b       *bench
	discord *playground.Discord
	server  *httptest.Server
	sink    *sink // takes the messages in the local Discord's place; nil: that takes them
	dir     string
	addr    string
	sources []event.Source
	to      []string // the channel of each source
}

// newWorld makes as many sources, each with a channel of its own. paused ones take events and send none.
func (b *bench) newWorld(sources int, paused, sunk bool, opts playground.Options) (*world, error) {
	dir, err := os.MkdirTemp(b.dir, "world-")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr(b.ctx)
	if err != nil {
		return nil, err
	}
	w := &world{b: b, discord: playground.New(opts), dir: dir, addr: addr}
	handler := w.discord.Handler()
	if sunk {
		w.sink = newSink(handler)
		handler = w.sink
	}
	w.server = httptest.NewServer(handler)
	return w, w.withStorage(func(db *storage.DB) error { return w.connect(db, sources, paused) })
}

func (w *world) close() {
	w.server.CloseClientConnections()
	w.server.Close()
	_ = w.discord.Close()
	_ = os.RemoveAll(w.dir)
}

func (w *world) url() string { return "sqlite://" + filepath.Join(w.dir, "dispatch.db") }

// withStorage opens the database while no dispatch does.
func (w *world) withStorage(do func(*storage.DB) error) error {
	key, err := storage.LoadKey("", "", w.url())
	if err != nil {
		return err
	}
	db, err := storage.Open(w.b.ctx, w.url(), key)
	if err != nil {
		return err
	}
	if err := do(db); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}

func (w *world) connect(db *storage.DB, sources int, paused bool) error {
	ctx, guild := w.b.ctx, w.discord.GuildID()
	if err := db.JoinGuild(ctx, guild, "Bench", "en-US", time.Now()); err != nil {
		return err
	}
	for i := range sources {
		channel := w.discord.AddChannel(guild, fmt.Sprintf("bench-%d", i))
		s, err := db.Connect(ctx, event.Source{
			GuildID: guild, Name: fmt.Sprintf("Bench %d", i), Kind: event.SourceSalesforce, Auth: event.AuthSecret,
		}, channel)
		if err != nil {
			return err
		}
		if err := db.AddKey(ctx, guild, s.ID, []byte(secret), time.Time{}); err != nil {
			return err
		}
		w.sources, w.to = append(w.sources, s), append(w.to, channel)
		if !paused {
			continue
		}
		to, err := db.Destinations(ctx, s.ID)
		if err != nil {
			return err
		}
		if err := db.Finish(ctx, delivery.Progress{DestinationID: to[0].ID, Pause: "pause.refused"}); err != nil {
			return err
		}
	}
	return nil
}

// env is the configuration of the process.
func (w *world) env() []string {
	return []string{
		"DISPATCH_DISCORD_TOKEN=" + w.discord.Token(),
		"DISPATCH_DISCORD_API_URL=" + w.server.URL + "/api/v10",
		"DISPATCH_DISCORD_GATEWAY_URL=ws" + strings.TrimPrefix(w.server.URL, "http") + "/gateway",
		"DISPATCH_DISCORD_RATE_LIMIT=0",
		"DISPATCH_HTTP_ADDR=" + w.addr,
		"DISPATCH_HTTP_PUBLIC_URL=http://" + w.addr,
		"DISPATCH_HTTP_RATE_LIMIT=0",
		"DISPATCH_STORAGE_URL=" + w.url(),
		"DISPATCH_LOG_LEVEL=warn",
	}
}

// start starts dispatch and waits until it is ready.
func (w *world) start(env ...string) (*process, error) {
	p, err := w.b.start(w.addr, append(w.env(), env...), w.b.binary)
	if err != nil {
		return nil, err
	}
	return p, p.await(w.b.ctx, p.answers(w.b.ctx, "/readyz"))
}

// request is a callout to the n-th source.
func (w *world) request(n int, name string) []byte {
	return callout("/hooks/"+w.sources[n%len(w.sources)].Slug, secret, opportunity(name))
}

// sink takes messages as fast as a machine can, and remembers when which deal came.
type sink struct {
	next http.Handler
	mu   sync.Mutex
	seen map[string]time.Time // by the deal's number
	all  int                  // embeds
	more chan struct{}        // closed at the next message
}

func newSink(next http.Handler) *sink {
	return &sink{next: next, seen: map[string]time.Time{}, more: make(chan struct{})}
}

// ServeHTTP implements http.Handler.
func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/messages") {
		s.next.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.note(body)
	w.Header().Set("Via", "1.1 bench")
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"%d"}`, time.Now().UnixNano())
}

func (s *sink) note(body []byte) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	gjson.GetBytes(body, "embeds").ForEach(func(_, embed gjson.Result) bool {
		s.all++
		if _, number, found := strings.Cut(embed.Get("title").Str, numbered); found {
			s.seen[number] = now
		}
		return true
	})
	close(s.more)
	s.more = make(chan struct{})
}

// wait returns once so many embeds came.
func (s *sink) wait(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for {
		s.mu.Lock()
		all, more := s.all, s.more
		s.mu.Unlock()
		if all >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d embeds came: %w", all, n, ctx.Err())
		}
	}
}

// numbered begins the name of a deal that can be told apart.
const numbered = "Deal no. "
