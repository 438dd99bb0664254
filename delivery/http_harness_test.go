package delivery_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// pipes is a network within memory, which a bubble can wait for: whoever is called there, the same answers.
type pipes struct {
	made   chan net.Conn
	closed chan struct{}
	close  func()
}

func newPipes() *pipes {
	p := &pipes{made: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.made <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.close(); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// receiver notes what it is sent, and answers as it is told.
type receiver struct {
	mu     sync.Mutex
	bodies []string
	at     []time.Duration // since it was made
	ids    []string        // webhook-id
	active int
	most   int // at the same time
}

// receive has the sender call a receiver within memory. try is 1 for the first request.
func receive(t *testing.T, s *delivery.HTTPSender, answer func(w http.ResponseWriter, r *http.Request, body string, try int)) *receiver {
	t.Helper()
	got, began := &receiver{}, time.Now()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.mu.Lock()
		got.bodies, got.at = append(got.bodies, string(body)), append(got.at, time.Since(began))
		got.ids = append(got.ids, r.Header.Get("webhook-id"))
		try := len(got.bodies)
		got.active++
		got.most = max(got.most, got.active)
		got.mu.Unlock()
		if answer != nil {
			answer(w, r, string(body), try)
		}
		got.mu.Lock()
		got.active--
		got.mu.Unlock()
	})}
	network := newPipes()
	go func() { _ = server.Serve(network) }()
	t.Cleanup(func() { _ = server.Close() })
	s.DialBy(network.dial)
	return got
}

func (r *receiver) received() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies
}

// looks are what links do to events, by link.
type looks map[string]delivery.Look

func (l looks) LookOf(_ context.Context, linkID string) (delivery.Look, error) {
	if linkID == "unknown" {
		return delivery.Look{}, errScripted
	}
	return l[linkID], nil
}

func newHTTPSender(l looks) *delivery.HTTPSender {
	return delivery.NewHTTPSender(delivery.HTTPOptions{Looks: l, Version: "1.2.3", Timeout: 15 * time.Second, AllowPrivate: true})
}

// calls is a batch of as many deliveries, whose bodies are their numbers, in plain HTTP unless there is a URL.
func calls(to delivery.Endpoint, count int) delivery.Batch {
	if to.URL == "" {
		to.URL = "http://erp.example/hook"
	}
	batch := delivery.Batch{Destination: delivery.Destination{ID: "erp", Kind: delivery.KindWebhook, Endpoint: &to}}
	for i := range count {
		batch.Deliveries = append(batch.Deliveries, delivery.Delivery{
			Event: event.Event{ID: event.ID(i + 1), SourceID: "source", Body: []byte{byte('1' + i)}},
		})
	}
	return batch
}

func verdicts(outcomes []delivery.Outcome) []delivery.Verdict {
	all := make([]delivery.Verdict, len(outcomes))
	for i, o := range outcomes {
		all[i] = o.Verdict
	}
	return all
}
