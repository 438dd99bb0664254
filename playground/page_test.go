package playground_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"

	"dispatch/playground"
)

// feed is a page's event stream.
type feed struct {
	t    *testing.T
	in   *bufio.Scanner
	stop context.CancelFunc
}

func watch(t *testing.T, l *local, last string) *feed {
	t.Helper()
	ctx, cancel := context.WithCancel(soon(t))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url+"/api/page/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Last-Event-ID", last)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = res.Body.Close() })
	if kind := res.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("content type %q", kind)
	}
	return &feed{t, bufio.NewScanner(res.Body), cancel}
}

// next returns the next event, its id and its data.
func (f *feed) next() (event, id, data string) {
	f.t.Helper()
	for f.in.Scan() {
		key, value, _ := strings.Cut(f.in.Text(), ": ")
		switch {
		case key == "event":
			event = value
		case key == "id":
			id = value
		case key == "data":
			data = value
		case f.in.Text() == "" && event != "":
			return event, id, data
		}
	}
	f.t.Fatalf("the stream ended: %v", f.in.Err())
	return "", "", ""
}

// until returns the data of the next event of a kind, and its id.
func (f *feed) until(kind string) (id, data string) {
	f.t.Helper()
	for {
		if event, id, data := f.next(); event == kind {
			return id, data
		}
	}
}

func TestPageEvents(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	f := watch(t, l, "")
	if event, _, data := f.next(); event != "ready" || data != `{"resumed":false}` {
		t.Errorf("first: %s %s", event, data)
	}
	m := messageOf(t, l.post(t, "sales", hi))
	last, data := f.until("message_create")
	if got := messageOf(t, answer{body: []byte(data)}); got.ID != m.ID || got.ChannelID != m.ChannelID {
		t.Errorf("message: %s", data)
	}
	_, data = f.until("request")
	for _, key := range []string{`"at":`, `"method":"POST"`, `"route":"/channels/{channel_id}/messages"`, `"path":`, `"status":200`, `"remaining":`, `"bucket":`} {
		if !strings.Contains(data, key) {
			t.Errorf("request without %s: %s", key, data)
		}
	}
	path := "/channels/" + m.ChannelID + "/messages/" + m.ID
	l.do(t, "PATCH", path, `{"content":"ho"}`)
	if _, data := f.until("message_update"); !strings.Contains(data, `"content":"ho"`) {
		t.Errorf("update: %s", data)
	}
	l.do(t, "DELETE", path, "")
	if _, data := f.until("message_delete"); data != `{"channel_id":"`+m.ChannelID+`","id":"`+m.ID+`"}` {
		t.Errorf("delete: %s", data)
	}
	l.AddChannel(l.GuildID(), "extra")
	if _, data := f.until("channel_update"); !strings.Contains(data, `"name":"extra"`) {
		t.Errorf("channel: %s", data)
	}

	again := watch(t, l, last)
	if event, _, data := again.next(); event != "ready" || data != `{"resumed":true}` {
		t.Errorf("resumed: %s %s", event, data)
	}
	again.until("message_update")
	if _, data := watch(t, l, "another-1").until("ready"); data != `{"resumed":false}` {
		t.Errorf("of another process: %s", data)
	}
	for range 2100 {
		l.AddChannel(l.GuildID(), "many")
	}
	if _, data := watch(t, l, last).until("ready"); data != `{"resumed":false}` {
		t.Errorf("after too many events: %s", data)
	}
}

func TestPageEventsEndWithDiscord(t *testing.T) {
	l := start(t, playground.Options{})
	f := watch(t, l, "")
	f.next()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for f.in.Scan() {
		continue
	}
	if err := f.in.Err(); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
}

func TestPageState(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	m := messageOf(t, l.post(t, "sales", `{"embeds":[{"title":"t"}]}`))
	var state struct {
		Guild    struct{ ID, Name string }
		Bot      struct{ ID, Username string }
		Users    []struct{ ID, Username, Permissions string }
		Roles    []struct{ ID, Name string }
		Channels []struct {
			ID, Name string
			Type     int
			Topic    *string
			ParentID *string `json:"parent_id"`
		}
		Messages map[string][]playground.Message
	}
	res := page(t, l, "/api/page/state")
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	if state.Guild.Name != "Acme" || state.Bot.ID != l.ApplicationID() || len(state.Users) != 3 || len(state.Roles) != 4 || len(state.Channels) != 6 {
		t.Errorf("state: %+v", state)
	}
	if all := state.Messages[l.ChannelID("sales")]; len(all) != 1 || all[0].ID != m.ID {
		t.Errorf("messages: %+v", all)
	}
	if all, ok := state.Messages[l.ChannelID("ops")]; !ok || all == nil {
		t.Error("a channel without messages has no list")
	}
}

// page returns a page's answer, whose body is closed when the test ends.
func page(t *testing.T, l *local, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(soon(t), http.MethodGet, l.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestPageFiles(t *testing.T) {
	l := start(t, playground.Options{})
	for path, kind := range map[string]string{"/": "text/html", "/style.css": "text/css", "/app.js": "text/javascript"} {
		res := page(t, l, path)
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %s %s", path, res.Status, res.Header.Get("Content-Type"))
		}
		policy := res.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") || res.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %v", path, res.Header)
		}
	}
	if res := page(t, l, "/nothing"); res.StatusCode != http.StatusNotFound {
		t.Errorf("nothing: %s", res.Status)
	}
}

// TestPageKeepsSecrets looks for the bot's token, tokens of interactions and what only one user sees in
// everything that a page is told.
func TestPageKeepsSecrets(t *testing.T) {
	tokens := make(chan string, 1)
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		tokens <- e.Token()
		return e.CreateMessage(discord.MessageCreate{Content: "onlyforyou", Flags: discord.MessageFlagEphemeral})
	})
	l := shop(t, mux)
	f := watch(t, l, "")
	if _, err := l.Run(soon(t), playground.Command{Path: "open"}); err != nil {
		t.Fatal(err)
	}
	dm, err := l.rest().CreateDMChannel(id(t, l.UserID(playground.Owner)))
	if err != nil {
		t.Fatal(err)
	}
	if got := l.do(t, "POST", "/channels/"+dm.ID().String()+"/messages", `{"content":"onlyfortheowner"}`); got.status != http.StatusOK {
		t.Fatalf("direct message: %s", got.body)
	}
	l.AddChannel(l.GuildID(), "end")
	var told strings.Builder
	for event := ""; event != "channel_update"; {
		var data string
		event, _, data = f.next()
		told.WriteString(data)
	}
	if _, err := io.Copy(&told, page(t, l, "/api/page/state").Body); err != nil {
		t.Fatal(err)
	}
	secret := l.Token()[strings.LastIndexByte(l.Token(), '.')+1:]
	for _, hidden := range []string{secret, <-tokens, "onlyforyou", "onlyfortheowner"} {
		if strings.Contains(told.String(), hidden) {
			t.Errorf("the page was told %q", hidden)
		}
	}
	if !strings.Contains(told.String(), "/interactions/{interaction_id}/{interaction_token}/callback") {
		t.Error("the page was not told of the answer at all")
	}
}
