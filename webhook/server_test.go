package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"dispatch/webhook"
)

// patience is how long a test waits for what should come at once.
const patience = 10 * time.Second

// dial opens a connection that fails the test when it is not answered.
func dial(t *testing.T, addr string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

// soon is a time-out that a test waits for; it leaves a busy machine the time to send a line.
const soon = 300 * time.Millisecond

// TestHalfOpenClients connects and stops at every point where a client can: the time-out for it ends it.
func TestHalfOpenClients(t *testing.T) {
	t.Parallel()
	const head = "POST /hooks/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	header := webhook.Timeouts{Header: soon, Read: time.Hour, Idle: time.Hour}
	body := webhook.Timeouts{Header: time.Hour, Read: soon, Idle: time.Hour}
	idle := webhook.Timeouts{Header: time.Hour, Read: time.Hour, Idle: soon}
	tests := map[string]struct {
		within webhook.Timeouts
		sent   string
		want   string // how the answer begins
	}{
		"says nothing":      {header, "", ""},
		"half a line":       {header, "POST /ho", ""},
		"half the headers":  {header, head, ""},
		"half the body":     {body, head + "Content-Length: 10\r\n\r\n{", "HTTP/1.1 408 Request Timeout\r\n"},
		"half a chunk":      {body, head + "Transfer-Encoding: chunked\r\n\r\na\r\n{", "HTTP/1.1 408 Request Timeout\r\n"},
		"idle after a call": {idle, head + "Content-Length: 2\r\n\r\n{}", "HTTP/1.1 202 Accepted\r\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr, _ := startWithin(t, handler(newInbox(), silent()), tc.within)
			conn, answers := dial(t, addr)
			if _, err := io.WriteString(conn, tc.sent); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(answers)
			if err != nil {
				t.Fatalf("the connection was not closed: %v", err)
			}
			if !bytes.HasPrefix(got, []byte(tc.want)) {
				t.Errorf("answered %q, want %q", got, tc.want)
			}
		})
	}
}

// startWithin serves until stop is called, or the test ends, with the time-outs; stop gives Serve's error.
func startWithin(t *testing.T, handler http.Handler, within webhook.Timeouts) (addr string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- webhook.ServeWithin(ctx, listener, handler, silent(), within) }()
	t.Cleanup(cancel)
	return listener.Addr().String(), func() error { cancel(); return <-served }
}

// TestClientThatDoesNotRead is sent an answer that never ends.
func TestClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	endless := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for chunk := make([]byte, 64<<10); err == nil; {
			_, err = w.Write(chunk)
		}
		ended <- err
	})
	addr, _ := startWithin(t, endless, webhook.Timeouts{Write: soon})
	conn, _ := dial(t, addr)
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the server still tries")
	}
}

func TestHeadersTooLarge(t *testing.T) {
	c := call{header: map[string]string{"X-Long": strings.Repeat("x", 64<<10)}}
	if got := c.send(t, start(t, handler(newInbox(), silent()))); got.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("answered %d", got.status)
	}
}

func TestCutOffBody(t *testing.T) {
	conn, answers := dial(t, start(t, handler(newInbox(), silent())))
	_, err := io.WriteString(conn, "POST /hooks/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusBadRequest || !response.Close {
		t.Errorf("answered %s, close %t", response.Status, response.Close)
	}
}

func TestExpectContinue(t *testing.T) {
	tests := map[string]struct {
		path   string
		length int
		want   string
	}{
		"welcome":   {"/hooks/open", 2, "HTTP/1.1 100 Continue\r\n"},
		"too large": {"/hooks/open", maxBody + 1, "HTTP/1.1 413 Request Entity Too Large\r\n"},
		"no source": {"/hooks/nobody", 2, "HTTP/1.1 404 Not Found\r\n"},
		"elsewhere": {"/healthz", 2, "HTTP/1.1 405 Method Not Allowed\r\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			conn, answers := dial(t, start(t, handler(newInbox(), silent())))
			_, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
				"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", tc.path, tc.length)
			if err != nil {
				t.Fatal(err)
			}
			if line, err := answers.ReadString('\n'); err != nil || line != tc.want {
				t.Fatalf("answered %q (%v), want %q", line, err, tc.want)
			}
			if !strings.Contains(tc.want, "100") {
				return
			}
			if _, err := io.WriteString(conn, "{}"); err != nil {
				t.Fatal(err)
			}
			if _, err := answers.ReadString('\n'); err != nil { // the empty line behind the 100
				t.Fatal(err)
			}
			if line, err := answers.ReadString('\n'); err != nil || line != "HTTP/1.1 202 Accepted\r\n" {
				t.Errorf("answered %q (%v)", line, err)
			}
		})
	}
}

func TestTooLargeHangsUp(t *testing.T) {
	for _, chunked := range []bool{false, true} {
		got := call{body: strings.Repeat(" ", maxBody+1), chunked: chunked}.serve(t, handler(newInbox(), silent()))
		if got.status != http.StatusRequestEntityTooLarge || got.header.Get("Connection") != "close" {
			t.Errorf("chunked %t: answered %d with Connection %q", chunked, got.status, got.header.Get("Connection"))
		}
	}
}

// TestTooLargeIsToldTheDeaf sends all of a body before it looks for an answer, as many do.
func TestTooLargeIsToldTheDeaf(t *testing.T) {
	const most = 8 << 20 // more than a connection holds
	body := strings.Repeat(" ", most+1)
	for name, behind := range map[string]string{
		"announced": fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
		"chunked":   fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body),
	} {
		t.Run(name, func(t *testing.T) {
			conn, answers := dial(t, start(t, handler(newInbox(), silent(), func(o *webhook.Options) { o.MaxBody = most })))
			if _, err := io.WriteString(conn, "POST /hooks/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+behind); err != nil {
				t.Fatal(err)
			}
			response, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			if response.StatusCode != http.StatusRequestEntityTooLarge || !response.Close {
				t.Errorf("answered %s, close %t", response.Status, response.Close)
			}
		})
	}
}

// TestEndlessBody sends chunks until the connection is closed, which has to happen soon.
func TestEndlessBody(t *testing.T) {
	conn, answers := dial(t, start(t, handler(newInbox(), silent())))
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(conn, "POST /hooks/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
		for err == nil {
			_, err = io.WriteString(conn, "400\r\n"+strings.Repeat(" ", 0x400)+"\r\n")
		}
		sent <- err
	}()
	response, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusRequestEntityTooLarge || !response.Close {
		t.Errorf("answered %s, close %t", response.Status, response.Close)
	}
	if err := <-sent; strings.Contains(err.Error(), "timeout") {
		t.Errorf("the connection stayed open: %v", err)
	}
}

// TestPromisesCostNothing announces large bodies that never come.
func TestPromisesCostNothing(t *testing.T) {
	const announced = 1 << 30
	handler := handler(newInbox(), silent(), func(o *webhook.Options) { o.MaxBody = announced })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		r := call{path: "/hooks/open", body: "{"}.request(t, "http://dispatch.example")
		r.ContentLength = announced
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 10<<20 {
		t.Errorf("10 promises of %d bytes took %d", announced, got)
	}
}

func TestServeDrains(t *testing.T) {
	in := newInbox()
	accepting, release := make(chan struct{}), make(chan struct{})
	in.acting = func(context.Context) { close(accepting); <-release }
	addr, stop := startWithin(t, handler(in, silent()), webhook.Timeouts{Drain: patience})
	answered := make(chan answer, 1)
	go func() { answered <- call{}.send(t, addr) }()
	<-accepting
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for refused := false; !refused; { // until the listener is closed
		conn, err := net.Dial("tcp", addr)
		if refused = err != nil; !refused {
			_ = conn.Close()
		}
	}
	select {
	case err := <-stopped:
		t.Fatalf("did not wait for the request under way: %v", err)
	default:
	}
	close(release)
	if got := <-answered; got.status != http.StatusAccepted {
		t.Errorf("the request under way was answered %d %s", got.status, got.body)
	}
	if err := <-stopped; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestServeDrainsForAWhileOnly(t *testing.T) {
	addr, stop := startWithin(t, handler(newInbox(), silent()), webhook.Timeouts{Drain: time.Millisecond})
	conn, answers := dial(t, addr)
	if _, err := io.WriteString(conn, "POST /hooks/open HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := answers.ReadString('\n'); err != nil { // the request is under way, and stays so
		t.Fatalf("%q: %v", line, err)
	}
	if err := stop(); err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestServeFails(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := webhook.Serve(t.Context(), listener, http.NotFoundHandler(), silent()); err == nil {
		t.Error("a closed listener is no error")
	}
}

func TestServeLogsWhatNetHTTPSays(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	logger, lines := logged()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	complain := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Context().Value(http.ServerContextKey).(*http.Server).ErrorLog.Print("too many open files")
	})
	go func() { served <- webhook.Serve(ctx, listener, complain, logger) }()
	call{}.send(t, listener.Addr().String())
	stop()
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"level=warning", `msg="connection failed"`, "component=webhook", `err="too many open files"`} {
		if !strings.Contains(lines.String(), part) {
			t.Errorf("%s is missing in %s", part, lines)
		}
	}
}
