package playground_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/events"

	"dispatch/playground"
)

// asked is an interaction that a bot has got and not answered, with where its user waits.
type asked struct {
	*local
	t       *testing.T
	clock   *clock
	path    string // Of the callback.
	webhook string // Of everything later.
	replies chan *playground.Reply
	errs    chan error
}

// ask lets a user run a command of a bot that answers nothing by itself.
func ask(t *testing.T) *asked {
	t.Helper()
	clock := newClock()
	l := start(t, playground.Options{Unlimited: true, Now: clock.now})
	got := make(chan *events.InteractionCreate, 1)
	client := serve(t, l, disgobot.NewListenerFunc(func(e *events.InteractionCreate) { got <- e }))
	if _, err := client.Rest.SetGlobalCommands(client.ApplicationID, catalogue()); err != nil {
		t.Fatal(err)
	}
	a := &asked{local: l, t: t, clock: clock, replies: make(chan *playground.Reply, 1), errs: make(chan error, 1)}
	ctx := soon(t)
	go func() {
		reply, err := l.Run(ctx, playground.Command{Path: "open"})
		a.replies <- reply
		a.errs <- err
	}()
	e := <-got
	a.path = "/interactions/" + e.ID().String() + "/" + e.Token() + "/callback"
	a.webhook = "/webhooks/" + l.ApplicationID() + "/" + e.Token()
	return a
}

func (a *asked) want(method, path, body string, status, code int) answer {
	a.t.Helper()
	got := a.do(a.t, method, path, body)
	if got.status != status || got.Code != code {
		a.t.Errorf("%s %s %s: %d %s, want %d and code %d", method, path, body, got.status, got.body, status, code)
	}
	return got
}

const (
	say   = `{"type":4,"data":{"content":"hi"}}`
	later = `{"type":5,"data":{"flags":64}}`
)

func TestAnswersAreRefused(t *testing.T) {
	tests := map[string]struct {
		body   string
		code   int
		status int
	}{
		"not for a command":     {`{"type":7,"data":{"content":"hi"}}`, 50035, 400},
		"choices for a command": {`{"type":8,"data":{"choices":[]}}`, 50035, 400},
		"unknown type":          {`{"type":3}`, 50035, 400},
		"no type":               {`{"data":{"content":"hi"}}`, 50035, 400},
		"empty":                 {`{"type":4,"data":{}}`, 50006, 400},
		"no data":               {`{"type":4}`, 50006, 400},
		"too long":              {`{"type":4,"data":{"content":"` + x(2001) + `"}}`, 50035, 400},
		"modal of 46":           {`{"type":9,"data":{"custom_id":"c","title":"` + x(46) + `","components":[{"type":1,"components":[{"type":4,"custom_id":"i","style":1,"label":"l"}]}]}}`, 50035, 400},
		"modal of 6":            {`{"type":9,"data":{"custom_id":"c","title":"t","components":` + repeat(6, `{"type":1,"components":[{"type":4,"custom_id":"i%","style":1,"label":"l"}]}`) + `}}`, 50035, 400},
		"modal of nothing":      {`{"type":9,"data":{"custom_id":"c","title":"t","components":[]}}`, 50035, 400},
	}
	a := ask(t)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := a.do(t, "POST", a.path, tc.body)
			if got.status != tc.status || got.Code != tc.code {
				t.Errorf("answered %d %s", got.status, got.body)
			}
		})
	}
	update := a.do(t, "POST", a.path, `{"type":7,"data":{}}`)
	if code := issueAt(t, update.Errors, "type"); code != "INTERACTION_RESPONSE_TYPE_INVALID" {
		t.Errorf("issue %s", code)
	}
	long := a.do(t, "POST", a.path, `{"type":4,"data":{"content":"`+x(2001)+`"}}`)
	if code := issueAt(t, long.Errors, "data.content"); code != "BASE_TYPE_MAX_LENGTH" {
		t.Errorf("issue %s", code)
	}
	a.want("POST", a.path, say, 204, 0)
	a.want("POST", a.path, say, 400, 40060)
	a.want("POST", "/interactions/1/x/callback", say, 404, 10062)
}

func TestAnswersComeTooLate(t *testing.T) {
	a := ask(t)
	a.clock.add(3*time.Second + time.Millisecond)
	a.want("POST", a.path, say, 404, 10062)
	a.want("POST", a.webhook, hi, 404, 10015)
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	a := ask(t)
	if reply, err := <-a.replies, <-a.errs; !errors.Is(err, playground.ErrNoAnswer) {
		t.Errorf("got %+v, %v", reply, err)
	}
	a.want("POST", a.path, say, 404, 10062)
}

func TestTokensExpire(t *testing.T) {
	a := ask(t)
	a.want("POST", a.path, say, 204, 0)
	a.clock.add(14 * time.Minute)
	a.want("PATCH", a.webhook+"/messages/@original", `{"content":"ho"}`, 200, 0)
	a.clock.add(2 * time.Minute)
	a.want("PATCH", a.webhook+"/messages/@original", `{"content":"he"}`, 401, 50027)
	a.want("POST", a.path, say, 404, 10062)
}

func TestFollowups(t *testing.T) {
	a := ask(t)
	a.want("POST", a.webhook, hi, 404, 10015)
	got := a.want("POST", a.path+"?with_response=true", say, 200, 0)
	for _, part := range []string{`"type":4`, `"content":"hi"`, `"response_message_ephemeral":false`} {
		if !strings.Contains(string(got.body), part) {
			t.Errorf("receipt without %s: %s", part, got.body)
		}
	}
	more := messageOf(t, a.want("POST", a.webhook, `{"content":"more","flags":64}`, 200, 0))
	if !more.Ephemeral() || more.Reference.MessageID != (<-a.replies).Message.ID {
		t.Errorf("further message: %+v", more)
	}
	path := a.webhook + "/messages/" + more.ID
	a.want("PATCH", path, `{"content":"less"}`, 200, 0)
	if got := messageOf(t, a.want("GET", path, "", 200, 0)); got.Content != "less" || !got.Ephemeral() {
		t.Errorf("edited: %+v", got)
	}
	a.want("GET", "/channels/"+more.ChannelID+"/messages/"+more.ID, "", 404, 10008)
	a.want("DELETE", path, "", 204, 0)
	a.want("GET", path, "", 404, 10008)
	a.want("DELETE", a.webhook+"/messages/@original", "", 204, 0)
	a.want("GET", a.webhook+"/messages/@original", "", 404, 10008)
	a.want("POST", "/webhooks/1/x", hi, 404, 10015)
	if n := len(a.Messages("general")); n != 0 {
		t.Errorf("%d messages are left", n)
	}
}

func TestDeferredIsCompletedByFollowup(t *testing.T) {
	a := ask(t)
	a.want("POST", a.path, later, 204, 0)
	thinking := messageOf(t, a.want("GET", a.webhook+"/messages/@original", "", 200, 0))
	if thinking.Flags != 64|128 {
		t.Errorf("thinking: %+v", thinking)
	}
	done := messageOf(t, a.want("POST", a.webhook, hi, 200, 0))
	if done.ID != thinking.ID || done.Flags != 64 {
		t.Errorf("done: %+v", done)
	}
	if reply := <-a.replies; !reply.Deferred || !reply.Ephemeral || reply.Message.Content != "hi" {
		t.Errorf("reply: %+v", reply)
	}
}

// TestOldInteractionsAreForgotten has more interactions than are remembered, none of which is answered.
func TestOldInteractionsAreForgotten(t *testing.T) {
	a := ask(t)
	a.want("POST", a.path, say, 204, 0)
	a.want("PATCH", a.webhook+"/messages/@original", `{"content":"ho"}`, 200, 0)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2000 {
		if _, err := a.Run(gone, playground.Command{Path: "open"}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	a.want("PATCH", a.webhook+"/messages/@original", `{"content":"he"}`, 404, 10015)
}
