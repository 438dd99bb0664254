package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"dispatch/playground"
	"dispatch/salesforce"
)

// TestThePlaygroundShowsTheSamples is the newcomer's first minute: start it, look, and run what it prints.
func TestThePlaygroundShowsTheSamples(t *testing.T) {
	addr, out := freeAddr(t), &logFile{}
	p := launch(t, t.TempDir(), nil, out, "playground", "--addr", addr)
	ctx := within(t)
	awaitState(ctx, t, addr, out, func(titles []string) bool { return len(titles) == len(salesforce.Samples()) })
	printed := out.String()
	if !strings.Contains(printed, "http://"+addr) {
		t.Errorf("does not say where to look:\n%s", printed)
	}
	if _, err := exec.LookPath("curl"); err != nil && os.Getenv("CI") != "true" {
		t.Skip("the printed curl line cannot be tried without curl")
	}
	runPrinted(ctx, t, printed)
	awaitState(ctx, t, addr, out, func(titles []string) bool {
		return len(titles) == len(salesforce.Samples())+1 && strings.Contains(strings.Join(titles, "\n"), "Acme - Enterprise Renewal")
	})
	p.signal(syscall.SIGINT)
	if err := p.wait(t); err != nil {
		t.Errorf("did not end well: %v\n%s", err, out)
	}
	checkRaces(t, out.String())
}

func TestThePlaygroundWithoutSamples(t *testing.T) {
	addr, out := freeAddr(t), &logFile{}
	p := launch(t, t.TempDir(), nil, out, "playground", "--no-samples", "--addr", addr)
	ctx := within(t)
	for !strings.Contains(out.String(), "Ctrl-C") { // printed when it is ready
		select {
		case <-ctx.Done():
			t.Fatal(out)
		case <-time.After(50 * time.Millisecond):
		}
	}
	awaitState(ctx, t, addr, out, func(titles []string) bool { return len(titles) == 0 })
	p.signal(syscall.SIGINT)
	if err := p.wait(t); err != nil {
		t.Errorf("did not end well: %v\n%s", err, out)
	}
}

// TestThePlaygroundHasEveryEndpoint wants all that comes in over HTTP to be there, and the page beside it.
func TestThePlaygroundHasEveryEndpoint(t *testing.T) {
	addr, out := freeAddr(t), &logFile{}
	w := &world{t: t, addr: addr, log: out, process: launch(t, t.TempDir(), nil, out, "playground", "--no-samples", "--addr", addr)}
	w.await(within(t), "/readyz")
	tests := map[string]struct {
		method string
		want   int
	}{
		"/":                          {http.MethodGet, http.StatusOK},
		"/hooks/nobody":              {http.MethodPost, http.StatusNotFound},
		"/cloudevents/nobody":        {http.MethodGet, http.StatusMethodNotAllowed},
		"/v1/events/1":               {http.MethodGet, http.StatusUnauthorized},
		"/salesforce-settings":       {http.MethodGet, http.StatusUnauthorized},
		"/metrics":                   {http.MethodGet, http.StatusOK},
		"/healthz":                   {http.MethodGet, http.StatusOK},
		"/oauth/salesforce/callback": {http.MethodGet, http.StatusBadRequest},
	}
	for path, tc := range tests {
		request, err := http.NewRequestWithContext(within(t), tc.method, "http://"+addr+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != tc.want {
			t.Errorf("%s %s: got %d, want %d", tc.method, path, answer.StatusCode, tc.want)
		}
	}
}

// awaitState waits until the page's channels show the embeds that are wanted, told by their titles.
func awaitState(ctx context.Context, t *testing.T, addr string, out *logFile, enough func(titles []string) bool) {
	t.Helper()
	for {
		titles := titlesOn(ctx, addr)
		if titles != nil && enough(titles) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the page shows %q\n%s", titles, out)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// titlesOn is nil while there is no page.
func titlesOn(ctx context.Context, addr string) []string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/api/page/state", nil)
	if err != nil {
		return nil
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil
	}
	defer func() { _ = answer.Body.Close() }()
	var state struct {
		Messages map[string][]playground.Message `json:"messages"`
	}
	if json.NewDecoder(answer.Body).Decode(&state) != nil {
		return nil
	}
	titles := []string{}
	for _, messages := range state.Messages {
		for _, message := range messages {
			for _, embed := range message.Embeds {
				titles = append(titles, embed.Title)
			}
		}
	}
	return titles
}

// runPrinted does what the printed curl line says.
func runPrinted(ctx context.Context, t *testing.T, printed string) {
	t.Helper()
	_, command, found := strings.Cut(printed, "  curl ")
	if !found {
		t.Fatalf("prints no curl line:\n%s", printed)
	}
	command, _, _ = strings.Cut("curl "+command, "\n\n")
	out, err := exec.CommandContext(ctx, "sh", "-c", command+` -sS -w ' %{http_code}'`).CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), " 202") {
		t.Fatalf("the printed curl line was answered: %s (%v)", out, err)
	}
}
