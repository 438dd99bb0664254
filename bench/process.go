package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// bench is what the measurements share: the binary, and a place for files.
type bench struct {
	options
	ctx    context.Context
	dir    string
	binary string
}

func newBench(ctx context.Context, opts options) (*bench, error) {
	dir, err := os.MkdirTemp("", "dispatch-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: opts, ctx: ctx, dir: dir, binary: filepath.Join(dir, "dispatch")}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build dispatch (from the top of the checkout): %w", err)
	}
	return b, nil
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

// process is a program that serves HTTP.
type process struct {
	cmd   *exec.Cmd
	addr  string
	log   string
	ended chan struct{}
}

// start starts a program that listens at addr.
func (b *bench) start(addr string, env []string, name string, args ...string) (*process, error) {
	log, err := os.CreateTemp(b.dir, "log-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.CommandContext(b.ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.dir, log, log
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, addr: addr, log: log.Name(), ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// bare starts what Dispatch is held against.
func (b *bench) bare() (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr(b.ctx)
	if err != nil {
		return nil, err
	}
	p, err := b.start(addr, nil, self, bareArg, addr)
	if err != nil {
		return nil, err
	}
	return p, p.await(b.ctx, func() bool {
		c, err := dial(b.ctx, addr)
		if err == nil {
			_ = c.conn.Close()
		}
		return err == nil
	})
}

// await asks every millisecond until it is so.
func (p *process) await(ctx context.Context, so func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for !so() {
		select {
		case <-time.After(time.Millisecond):
		case <-p.ended:
			text, _ := os.ReadFile(p.log)
			return fmt.Errorf("%s ended: %s", p.cmd.Path, text)
		case <-ctx.Done():
			text, _ := os.ReadFile(p.log)
			return fmt.Errorf("%s: %w: %s", p.cmd.Path, ctx.Err(), text)
		}
	}
	return nil
}

// answers says whether a path answers 200.
func (p *process) answers(ctx context.Context, path string) func() bool {
	return func() bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+path, nil)
		if err != nil {
			return false
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop ends it as an operator would.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		return nil
	case <-time.After(20 * time.Second):
		p.kill()
		return errors.New("dispatch did not end within 20 s")
	}
}

// What /proc calls the memory that a process has in RAM.
const (
	resident = "VmRSS:"
	peak     = "VmHWM:" // at most, since it began
)

// memory is what /proc tells of it, in MB; 0 where there is no /proc.
func (p *process) memory(kind string) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), kind)
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.Atoi(fields[0])
	return kb / 1024
}

func freeAddr(ctx context.Context) (string, error) {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
