package playground_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"dispatch/playground"
)

// What the page is told of how things are.
const (
	calm    = `{"limits":false,"outage":false}`
	limited = `{"limits":true,"outage":false}`
	out     = `{"limits":false,"outage":true}`
)

func TestPageMakesMischief(t *testing.T) {
	type post = struct{ status, code int }
	fine := post{200, 0}
	tests := map[string]struct {
		do   func(l *local) object
		want []post // what the bot's next posts to #sales are answered
		then string // the state that the page is told
	}{
		"outage": {
			func(*local) object { return object{"do": "outage", "on": true} },
			[]post{{503, 0}, {503, 0}},
			out,
		},
		"outage ends": {
			func(l *local) object { l.Outage(true); return object{"do": "outage", "on": false} },
			[]post{fine},
			calm,
		},
		"rate limit": {
			func(*local) object { return object{"do": "rate_limit", "times": 2, "wait_ms": 10} },
			[]post{{429, 0}, {429, 0}, fine},
			limited,
		},
		"rate limit once": {
			func(l *local) object { return object{"do": "rate_limit", "channel": l.ChannelID("sales")} },
			[]post{{429, 0}, fine},
			limited,
		},
		"rate limit elsewhere": {
			func(l *local) object { return object{"do": "rate_limit", "channel": l.ChannelID("ops")} },
			[]post{fine},
			limited,
		},
		"global limit": {
			func(*local) object { return object{"do": "global_limit", "wait_ms": 60_000} },
			[]post{{429, 0}},
			limited,
		},
		"failure": {
			func(*local) object { return object{"do": "fail", "status": 502, "code": 7, "times": 1} },
			[]post{{502, 7}, fine},
			calm,
		},
		"failure as usual": {
			func(*local) object { return object{"do": "fail", "times": 2} },
			[]post{{500, 0}, {500, 0}, fine},
			calm,
		},
		"channel deleted": {
			func(l *local) object { return object{"do": "delete_channel", "channel": l.ChannelID("sales")} },
			[]post{{404, 10003}},
			calm,
		},
		"may not post": {
			func(l *local) object {
				return object{"do": "deny", "channel": l.ChannelID("sales"), "permissions": "2048"}
			},
			[]post{{403, 50013}},
			calm,
		},
		"may not see": {
			func(*local) object { return object{"do": "deny", "channel": "sales", "permissions": "1024"} },
			[]post{{403, 50001}},
			calm,
		},
		"may again": {
			func(l *local) object {
				l.SetPermissions("sales", 0, playground.SendMessages)
				return object{"do": "deny", "channel": "sales", "permissions": "0"}
			},
			[]post{fine},
			calm,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{})
			channel, do := l.ChannelID("sales"), tc.do(l)
			f := watch(t, l, "")
			if got := askPage(t, l, "mischief", do); got.status != 204 || got.raw != "" {
				t.Fatalf("answered %d %s", got.status, got.raw)
			}
			if _, data := f.until("mischief"); data != tc.then {
				t.Errorf("the page was told %s, want %s", data, tc.then)
			}
			if state := askPage(t, l, "state", nil); !strings.Contains(state.raw, `"mischief":`+tc.then) {
				t.Errorf("the state does not say %s", tc.then)
			}
			for i, want := range tc.want {
				got := l.do(t, "POST", "/channels/"+channel+"/messages", hi)
				if (post{got.status, got.Code}) != want {
					t.Errorf("post %d was answered %d %s, want %v", i+1, got.status, got.body, want)
				}
			}
		})
	}
}

func TestPageIsToldWhenMischiefIsOver(t *testing.T) {
	l := start(t, playground.Options{})
	f := watch(t, l, "")
	await := func(want string) {
		t.Helper()
		if _, data := f.until("mischief"); data != want {
			t.Errorf("the page was told %s, want %s", data, want)
		}
	}
	askPage(t, l, "mischief", object{"do": "rate_limit"})
	await(limited)
	l.post(t, "sales", hi)
	await(calm)
	askPage(t, l, "mischief", object{"do": "global_limit", "wait_ms": 20})
	await(limited)
	await(calm)
}

func TestPageLosesAnswers(t *testing.T) {
	l := start(t, playground.Options{})
	askPage(t, l, "mischief", object{"do": "lose_answer"})
	if _, err := l.rest().CreateMessage(l.channel(t, "sales"), discord.MessageCreate{Content: "hi"}); err == nil {
		t.Error("the answer was not lost")
	}
	if n := len(l.Messages("sales")); n != 1 {
		t.Errorf("%d messages were posted", n)
	}
}

func TestPageRestoresChannels(t *testing.T) {
	l := start(t, playground.Options{})
	before := map[string]string{}
	for _, name := range []string{"sales", "news", "ideas"} {
		before[name] = l.ChannelID(name)
		askPage(t, l, "mischief", object{"do": "delete_channel", "channel": before[name]})
	}
	for _, in := range []object{{"name": "sales"}, {"channel": before["news"]}, {"channel": "ideas"}} {
		in["do"] = "restore_channel"
		if got := askPage(t, l, "mischief", in); got.status != 204 {
			t.Errorf("%v: answered %d %s", in, got.status, got.raw)
		}
	}
	for name, kind := range map[string]string{"sales": `"topic":"Deals as they move","type":0`, "news": `"type":5`, "ideas": `"type":15`} {
		state := askPage(t, l, "state", nil)
		if id := l.ChannelID(name); id == "" || id == before[name] || !strings.Contains(state.raw, kind) {
			t.Errorf("#%s has the id %q, and was %q", name, id, before[name])
		}
	}
	if got := askPage(t, l, "mischief", object{"do": "restore_channel", "name": "sales"}); got.status != 404 {
		t.Errorf("restored twice: %d %s", got.status, got.raw)
	}
}

func TestPageCutsTheGateway(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	ws := dial(t, l)
	ws.next()
	ws.send(2, identity(l, 1))
	ws.until("GUILD_CREATE")
	askPage(t, l, "mischief", object{"do": "invalid_session"})
	if p := ws.next(); p.Op != 9 || string(p.D) != "false" {
		t.Errorf("got op %d %s, want an invalid session", p.Op, p.D)
	}
	askPage(t, l, "mischief", object{"do": "drop_gateway"})
	if code := ws.closed(); code != 1006 {
		t.Errorf("closed with %d, not cut", code)
	}
}

func TestPageRefusesMischief(t *testing.T) {
	l := start(t, playground.Options{})
	other := l.AddGuild("Other")
	tests := map[string]object{
		"nothing":             {"do": ""},
		"too often":           {"do": "fail", "times": 1001},
		"less than never":     {"do": "fail", "times": -1},
		"no failure":          {"do": "fail", "status": 200},
		"no status":           {"do": "fail", "status": 999},
		"too long":            {"do": "global_limit", "wait_ms": 3_600_001},
		"before it began":     {"do": "rate_limit", "wait_ms": -1},
		"no channel":          {"do": "delete_channel"},
		"unknown channel":     {"do": "deny", "channel": "attic", "permissions": "1"},
		"another server's":    {"do": "delete_channel", "channel": l.ChannelIn(other, "general")},
		"nothing to restore":  {"do": "restore_channel", "name": "sales"},
		"unknown permissions": {"do": "deny", "channel": "sales", "permissions": "all"},
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			if got := askPage(t, l, "mischief", in); got.status < 400 || got.Error == "" {
				t.Errorf("answered %d %s", got.status, got.raw)
			}
		})
	}
	if l.ChannelIn(other, "general") == "" {
		t.Error("the other server's channel is gone")
	}
}

// TestPageMakesMischiefInForums lets go wrong what is posted in a forum, and in a thread.
func TestPageMakesMischiefInForums(t *testing.T) {
	const post = `{"name":"n","message":{"content":"c"}}`
	l := start(t, playground.Options{Unlimited: true})
	do := func(what object) {
		t.Helper()
		if got := askPage(t, l, "mischief", what); got.status != 204 {
			t.Fatalf("answered %d %s", got.status, got.raw)
		}
	}
	answered := func(what string, got answer, status, code int) {
		t.Helper()
		if got.status != status || got.Code != code {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
	}
	l.SetTags("ideas", false, playground.Tag{Name: "deal"})
	idea := l.AddThread("ideas", "idea")

	do(object{"do": "fail", "channel": l.ChannelID("ideas")})
	answered("in the post", l.post(t, "idea", hi), 200, 0)
	answered("a post that fails", l.begin(t, "ideas", post), 500, 0)
	answered("a post", l.begin(t, "ideas", post), 201, 0)

	do(object{"do": "deny", "channel": idea, "permissions": strconv.Itoa(int(playground.SendMessagesInThreads))})
	answered("in the post", l.post(t, "idea", hi), 403, 50013)
	answered("another post", l.begin(t, "ideas", post), 201, 0)

	do(object{"do": "delete_channel", "channel": idea})
	do(object{"do": "delete_channel", "channel": "ideas"})
	answered("in what is gone", l.do(t, "POST", "/channels/"+idea+"/messages", hi), 404, 10003)
	do(object{"do": "restore_channel", "name": "ideas"})
	if got := l.do(t, "GET", "/channels/"+l.ChannelID("ideas"), ""); !strings.Contains(string(got.body), `"name":"deal"`) ||
		!strings.Contains(string(got.body), `"last_message_id":null`) {
		t.Errorf("restored: %s", got.body)
	}
	if got := askPage(t, l, "mischief", object{"do": "restore_channel", "name": "idea"}); got.status != 404 {
		t.Errorf("a post was restored: %d %s", got.status, got.raw)
	}
}
