package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/commands"
	"dispatch/playground"
)

// visitor is a page of a playground that runs as its own process, with all that it has been told.
type visitor struct {
	t     *testing.T
	ctx   context.Context
	url   string
	out   *logFile // what the process prints
	heard *logFile
	state pageState
	sent  int // callouts that are to be shown in #ops
}

// pageState is what this test needs of the page's state.
type pageState struct {
	Me       string
	Users    []struct{ ID, Username string }
	Channels []struct{ ID, Name string }
	Messages map[string][]playground.Message
	Host     struct{ Sources []string }
}

// pageReply is what the page is answered.
type pageReply struct {
	Error string
	Reply struct {
		Message            *playground.Message
		Ephemeral, Updated bool
	}
	Choices      []playground.Choice
	Commands     []playground.ApplicationCommand
	Status       int
	Answer, Curl string
}

func visit(ctx context.Context, t *testing.T, addr string, out *logFile) *visitor {
	t.Helper()
	v := &visitor{t: t, ctx: ctx, url: "http://" + addr + "/api/page/", out: out, heard: &logFile{}}
	for !strings.Contains(out.String(), "Ctrl-C") { // printed when it is ready
		v.pause("the playground is not ready")
	}
	events, err := v.get("events")
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		_, _ = io.Copy(v.heard, events) // until the process ends
	}()
	t.Cleanup(func() {
		_ = events.Close()
		<-heard
	})
	return v
}

// pause waits for a moment, where there is no event to wait for.
func (v *visitor) pause(what string) {
	v.t.Helper()
	select {
	case <-v.ctx.Done():
		v.t.Fatalf("%s\n%s", what, v.out)
	case <-time.After(50 * time.Millisecond):
	}
}

func (v *visitor) get(path string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(v.ctx, http.MethodGet, v.url+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// look reads something.
func (v *visitor) look(path string, into any) {
	v.t.Helper()
	body, err := v.get(path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	if err := json.NewDecoder(io.TeeReader(body, v.heard)).Decode(into); err != nil {
		v.t.Fatal(err)
	}
}

// do asks for something as the user, and in #general unless it says where.
func (v *visitor) do(path, user string, in map[string]any) pageReply {
	v.t.Helper()
	in["user"] = user
	if in["channel"] == nil {
		in["channel"] = v.channel("general")
	}
	body, err := json.Marshal(in)
	if err != nil {
		v.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(v.ctx, http.MethodPost, v.url+path, bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var got pageReply
	if answer.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(io.TeeReader(answer.Body, v.heard)).Decode(&got); err != nil {
			v.t.Fatal(err)
		}
	}
	return got
}

// says is what a reply says, when it is for one user only as it should be.
func (v *visitor) says(got pageReply) string {
	v.t.Helper()
	if got.Reply.Message == nil || !got.Reply.Ephemeral {
		v.t.Fatalf("reply: %+v\n%s", got, v.out)
	}
	return got.Reply.Message.Content
}

func (v *visitor) channel(name string) string {
	for _, ch := range v.state.Channels {
		if ch.Name == name {
			return ch.ID
		}
	}
	return ""
}

// await looks at the state until it is as wanted.
func (v *visitor) await(what string, enough func(pageState) bool) {
	v.t.Helper()
	for {
		v.state = pageState{}
		v.look("state", &v.state)
		if enough(v.state) {
			return
		}
		v.pause(what)
	}
}

// shown waits for one more message in #ops.
func (v *visitor) shown() {
	v.t.Helper()
	v.sent++
	v.await("a message is missing", func(s pageState) bool { return len(s.Messages[v.channel("ops")]) >= v.sent })
	if got := len(v.state.Messages[v.channel("ops")]); got != v.sent {
		v.t.Errorf("#ops has %d messages, want %d", got, v.sent)
	}
}

var printedSecret = regexp.MustCompile(`Secret  (\w+)`)

// TestThePageSteersTheRealBot is an admin who tries it all from the page: to connect, to send, to break.
func TestThePageSteersTheRealBot(t *testing.T) {
	addr, out := freeAddr(t), &logFile{}
	p := launch(t, t.TempDir(), []string{"DISPATCH_DELIVERY_BACKOFF=50ms"}, out, "playground", "--no-samples", "--addr", addr)
	v := visit(within(t), t, addr, out)
	v.await("the tour's sources are missing", func(s pageState) bool { return len(s.Host.Sources) == 2 })
	admin := v.state.Me
	member := v.state.Users[slices.IndexFunc(v.state.Users, func(u struct{ ID, Username string }) bool { return u.Username == playground.Member })].ID

	v.permissions(admin, member)
	v.connect(admin, member)
	v.await("the new source is missing", func(s pageState) bool { return slices.Contains(s.Host.Sources, "Mine") })
	v.send(admin)
	v.breakDiscord(admin)
	var gallery struct{ Embeds []playground.Drawn }
	if v.look("gallery?locale=de", &gallery); len(gallery.Embeds) != len(samples()) {
		t.Errorf("%d embeds are drawn of %d samples", len(gallery.Embeds), len(samples()))
	}

	secret := printedSecret.FindStringSubmatch(out.String())
	if secret == nil || strings.Contains(v.heard.String(), secret[1]) {
		t.Errorf("the page was told the tour's secret %q", secret)
	}
	if !strings.Contains(v.heard.String(), "event: request") {
		t.Error("the page was told of no request, so there was little to look through")
	}
	p.signal(syscall.SIGINT)
	if err := p.wait(t); err != nil {
		t.Errorf("did not end well: %v\n%s", err, out)
	}
	checkRaces(t, out.String())
}

func (v *visitor) permissions(admin, member string) {
	v.t.Helper()
	for user, want := range map[string]int{admin: len(commands.Definitions()), member: 0} {
		var got pageReply
		if v.look("commands?user="+user, &got); len(got.Commands) != want {
			v.t.Errorf("%s is offered %d commands, want %d", user, len(got.Commands), want)
		}
	}
	if got := v.do("run", member, map[string]any{"command": "salesforce list"}); got.Error != "/salesforce is not for max." {
		v.t.Errorf("a member's command was answered %+v", got)
	}
}

// connect makes a source, in Japanese, and generates its URL by the button.
func (v *visitor) connect(admin, member string) {
	v.t.Helper()
	options := map[string]any{"name": "Mine", "channel": v.channel("ops")}
	connected := v.do("run", admin, map[string]any{"command": "salesforce connect", "options": options, "locale": "ja"})
	if said := v.says(connected); !strings.Contains(said, "**Mine**") || !strings.ContainsAny(said, "のはに") {
		v.t.Errorf("connected: %q", said)
	}
	button := map[string]any{
		"message": connected.Reply.Message.ID, "custom_id": connected.Reply.Message.Components[0].Components[0].CustomID, "locale": "de",
	}
	if got := v.do("press", member, button); got.Error == "" {
		v.t.Errorf("a member pressed the admin's button: %+v", got)
	}
	if _, err := readHook(v.says(v.do("press", admin, button))); err != nil {
		v.t.Error(err)
	}
	got := v.do("autocomplete", admin, map[string]any{
		"command": "salesforce status", "options": map[string]any{"source": "Mi"}, "focused": "source",
	})
	if diff := cmp.Diff([]playground.Choice{{Name: "Mine", Value: "Mine"}}, got.Choices); diff != "" {
		v.t.Errorf("choices (-want +got):\n%s", diff)
	}
}

// send sends a callout from the drawer, and by the line that it shows.
func (v *visitor) send(admin string) {
	v.t.Helper()
	callout := map[string]any{"source": "Mine", "type": "Lead.created", "body": `{"record":{"Id":"1","Name":"O'Neill"}}`}
	sent := v.do("callouts", admin, callout)
	if sent.Status != http.StatusAccepted || !strings.Contains(sent.Answer, "event_id") {
		v.t.Errorf("sent: %+v", sent)
	}
	v.shown()
	line := v.do("callouts/curl", admin, callout)
	if line.Curl == "" || line.Curl != sent.Curl || line.Status != 0 {
		v.t.Errorf("curl: %+v", line)
	}
	if _, err := exec.LookPath("curl"); err != nil && os.Getenv("CI") != "true" {
		v.t.Log("the line cannot be tried without curl")
		return
	}
	if answered, err := exec.CommandContext(v.ctx, "sh", "-c", line.Curl+` -sS -w ' %{http_code}'`).CombinedOutput(); err != nil || !strings.HasSuffix(string(answered), " 202") {
		v.t.Fatalf("the line was answered: %s (%v)", answered, err)
	}
	v.shown()
	callout["body"] = "{no JSON"
	if got := v.do("callouts", admin, callout); got.Status != http.StatusBadRequest || !strings.Contains(got.Answer, "JSON") {
		v.t.Errorf("no JSON: %+v", got)
	}
}

// breakDiscord loses an answer, fails a request and limits another: each event is shown once nevertheless.
func (v *visitor) breakDiscord(admin string) {
	v.t.Helper()
	callout := map[string]any{"source": "Mine", "type": "Lead.created", "body": `{"record":{"Id":"2"}}`}
	for _, mischief := range []map[string]any{{"do": "lose_answer"}, {"do": "fail"}, {"do": "rate_limit", "wait_ms": 100}} {
		mischief["channel"] = v.channel("ops")
		if got := v.do("mischief", admin, mischief); got.Error != "" {
			v.t.Fatal(got.Error)
		}
		v.do("callouts", admin, callout)
		v.shown()
	}
	for _, status := range []string{`"status":500`, `"status":429`} {
		if !strings.Contains(v.heard.String(), status) {
			v.t.Errorf("the page was told of no request with %s", status)
		}
	}
}
