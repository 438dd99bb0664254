package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dispatch/playground"
	"dispatch/playground/contract"
)

// asDispatch makes this test binary be dispatch itself, so that tests have a real process to signal and
// to kill, under the race detector when they are.
const asDispatch = "TEST_BINARY_IS_DISPATCH"

func TestMain(m *testing.M) {
	if os.Getenv(asDispatch) != "" {
		main()
	}
	os.Exit(m.Run())
}

// patience is how long a test waits for what it expects before it gives up.
const patience = time.Minute

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// world is a local Discord and the place where a dispatch process lives.
type world struct {
	t       *testing.T
	discord *playground.Discord
	dir     string
	addr    string
	env     []string
	log     *logFile
	process *process // that runs now
}

// newWorld makes a world without a process. Every request that is made in it is held against Discord's API
// description.
func newWorld(t *testing.T, opts playground.Options, env ...string) *world {
	t.Helper()
	discord := playground.New(opts)
	observe(t, discord)
	server := httptest.NewServer(discord.Handler())
	t.Cleanup(func() {
		if err := discord.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	w := &world{t: t, discord: discord, dir: t.TempDir(), addr: freeAddr(t), log: &logFile{}}
	t.Cleanup(func() { checkRaces(t, w.log.String()) })
	w.env = append([]string{
		"DISPATCH_DISCORD_TOKEN=" + discord.Token(),
		"DISPATCH_DISCORD_API_URL=" + server.URL + "/api/v10",
		"DISPATCH_DISCORD_GATEWAY_URL=ws" + strings.TrimPrefix(server.URL, "http") + "/gateway",
		"DISPATCH_HTTP_ADDR=" + w.addr,
		"DISPATCH_HTTP_PUBLIC_URL=http://" + w.addr,
		"DISPATCH_HTTP_RATE_LIMIT=0",
		"DISPATCH_LOG_LEVEL=debug",
	}, env...)
	return w
}

// observe fails the test for every request that is not in Discord's API description, where that stands
// beside the checkout.
func observe(t *testing.T, discord *playground.Discord) {
	t.Helper()
	described, err := contract.Load()
	if errors.Is(err, contract.ErrAbsent) {
		t.Logf("requests are not held against Discord's API description: %v", err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	discord.Observe(func(r playground.Request) {
		path, _, _ := strings.Cut(r.Path, "?")
		if err := described.Check(r.Method, path, r.Body); err != nil {
			t.Error(err)
		}
	})
}

func freeAddr(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// start starts dispatch and waits until it can do its work.
func (w *world) start() {
	w.t.Helper()
	w.process = launch(w.t, w.dir, w.env, w.log)
	ctx := within(w.t)
	w.await(ctx, "/readyz")
	if err := w.discord.WaitCommand(ctx, "salesforce connect"); err != nil {
		w.t.Fatalf("commands are not registered: %v\n%s", err, w.log)
	}
}

// await asks until the answer is 200. There is no event to wait for before the process listens.
func (w *world) await(ctx context.Context, path string) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if answer, err := http.Get("http://" + w.addr + path); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-tick.C:
		case <-w.process.ended:
			w.t.Fatalf("dispatch ended: %v\n%s", w.process.err, w.log)
		case <-ctx.Done():
			w.t.Fatalf("%s is not 200\n%s", path, w.log)
		}
	}
}

// stop ends dispatch as an operator would, and wants it to end well.
func (w *world) stop() {
	w.t.Helper()
	w.process.signal(syscall.SIGTERM)
	if err := w.process.wait(w.t); err != nil {
		w.t.Fatalf("dispatch did not end well: %v\n%s", err, w.log)
	}
}

// kill ends dispatch as nobody should.
func (w *world) kill() {
	w.t.Helper()
	w.process.signal(syscall.SIGKILL)
	_ = w.process.wait(w.t)
}

// files is everything that dispatch has written beside its database.
func (w *world) files() map[string][]byte {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil {
		w.t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			w.t.Fatal(err)
		}
	}
	return files
}

// process is a running dispatch.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // once it has ended
}

func launch(t *testing.T, dir string, env []string, out *logFile, args ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append([]string{
		asDispatch + "=1", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(),
		"GORACE=exitcode=0", // checkRaces judges them
	}, env...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		p.err = cmd.Wait()
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGKILL)
		<-p.ended
	})
	return p
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

func (p *process) wait(t *testing.T) error {
	t.Helper()
	select {
	case <-p.ended:
		return p.err
	case <-within(t).Done():
		t.Fatal("dispatch does not end")
		return nil
	}
}

// logFile collects what processes print.
type logFile struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logFile) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
