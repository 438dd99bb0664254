package main

import (
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dispatch/config"
	"dispatch/delivery"
	"dispatch/playground"
)

// TestAStartThatCannotWorkSaysWhy wants one sentence and exit code 1.
func TestAStartThatCannotWorkSaysWhy(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	tests := map[string]struct {
		env  []string
		args []string
		want []string // in what it prints
	}{
		"no token, no URL": {
			env:  []string{"DISPATCH_DISCORD_TOKEN=", "DISPATCH_HTTP_PUBLIC_URL="},
			want: []string{"discord.token: is required", "http.public_url: is required"},
		},
		"port in use": {
			env:  []string{"DISPATCH_HTTP_ADDR=" + taken.Addr().String()},
			want: []string{taken.Addr().String(), "address already in use"},
		},
		"refused token": {
			env:  []string{"DISPATCH_DISCORD_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y"},
			want: []string{"discord.token"},
		},
		"no directory for the database": {
			env:  []string{"DISPATCH_STORAGE_URL=sqlite://missing/dispatch.db"},
			want: []string{"missing/dispatch.db", "there is no directory"},
		},
		"missing config": {args: []string{"--config", "missing.toml"}, want: []string{"missing.toml"}},
		"check says all": {
			args: []string{"check"}, env: []string{"DISPATCH_DELIVERY_ATTEMPTS=0", "DISPATCH_HTTP_MAX_BODY=x"},
			want: []string{"delivery.attempts", "http.max_body"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, playground.Options{}, append([]string{"DISPATCH_LOG_LEVEL=error"}, tc.env...)...)
			p := launch(t, w.dir, w.env, w.log, tc.args...)
			_ = p.wait(t)
			if got := p.cmd.ProcessState.ExitCode(); got != exitFailed {
				t.Errorf("exit code: got %d, want %d", got, exitFailed)
			}
			for _, want := range tc.want {
				if !strings.Contains(w.log.String(), want) {
					t.Errorf("does not say %q:\n%s", want, w.log)
				}
			}
			if strings.Contains(w.log.String(), "goroutine 1 [") {
				t.Errorf("shows a stack:\n%s", w.log)
			}
		})
	}
}

func TestASecondProcessOnTheSameDatabaseIsRefused(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	out := &logFile{}
	second := launch(t, w.dir, append(w.env, "DISPATCH_HTTP_ADDR="+freeAddr(t)), out)
	_ = second.wait(t)
	if code := second.cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(out.String(), "in use by another dispatch process") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

func TestTheCommandLine(t *testing.T) {
	tests := map[string]struct {
		args []string
		code int
		want string
	}{
		"version":                  {[]string{"version"}, exitOK, "dispatch "},
		"help":                     {[]string{"--help"}, exitOK, "dispatch playground"},
		"check":                    {[]string{"check"}, exitOK, "fine"},
		"flags before the command": {[]string{"--config", "config.example.toml", "check"}, exitFailed, "config.example.toml"},
		"unknown command":          {[]string{"dance"}, exitUsage, `"dance"`},
		"unknown flag":             {[]string{"--loud"}, exitUsage, "-loud"},
		"too much":                 {[]string{"check", "twice"}, exitUsage, `"twice"`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, playground.Options{})
			p := launch(t, w.dir, w.env, w.log, tc.args...)
			_ = p.wait(t)
			if got := p.cmd.ProcessState.ExitCode(); got != tc.code || !strings.Contains(w.log.String(), tc.want) {
				t.Errorf("exit code %d, want %d and %q:\n%s", got, tc.code, tc.want, w.log)
			}
		})
	}
}

// The configuration's bound is the delivery's, which it may not import.
func TestTheLongestTimeoutFitsIntoALease(t *testing.T) {
	env := []string{"DISPATCH_DISCORD_TOKEN=MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y", "DISPATCH_HTTP_PUBLIC_URL=https://dispatch.example.com"}
	for over, fits := range map[time.Duration]bool{0: true, time.Millisecond: false} {
		timeout := delivery.MaxTimeout + over
		_, err := config.Parse("config.toml", nil, append(env, "DISPATCH_DELIVERY_TIMEOUT="+timeout.String()))
		if (err == nil) != fits {
			t.Errorf("%v: %v", timeout, err)
		}
	}
}

func TestTheExampleConfigurationIsFine(t *testing.T) {
	example, err := filepath.Abs("config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	out := &logFile{}
	p := launch(t, t.TempDir(), nil, out, "check", "--config", example)
	if err := p.wait(t); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}

func TestSIGTERMEndsWell(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	names := w.deals(sales, "deal", 60) // more than the channel takes at once, so that some are under way and some wait
	w.process.signal(syscall.SIGTERM)
	if err := w.process.wait(t); err != nil {
		t.Errorf("%v\n%s", err, w.log)
	}
	w.start() // what was not sent is sent now, and nothing twice
	w.sameOrder("sales", append(names, w.deals(sales, "last", 1)...))
}
