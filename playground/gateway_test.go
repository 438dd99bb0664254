package playground_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"dispatch/playground"
)

func TestGatewayRefuses(t *testing.T) {
	const identify, resume = 2, 6
	tests := map[string]struct {
		say  func(l *local, c *line)
		code int
	}{
		"wrong token": {func(_ *local, c *line) {
			c.send(identify, map[string]any{"token": "a.b.c", "intents": 1, "properties": map[string]string{}})
		}, 4004},
		"unknown intent":     {func(l *local, c *line) { c.send(identify, identity(l, 1<<19)) }, 4013},
		"privileged intent":  {func(l *local, c *line) { c.send(identify, identity(l, 1|1<<15)) }, 4014},
		"no intents":         {func(l *local, c *line) { c.send(identify, map[string]any{"token": l.Token()}) }, 4002},
		"not JSON":           {func(_ *local, c *line) { _ = c.ws.WriteMessage(websocket.TextMessage, []byte("hi")) }, 4002},
		"too large":          {func(_ *local, c *line) { c.send(3, strings.Repeat("x", 5000)) }, 4002},
		"unknown opcode":     {func(_ *local, c *line) { c.send(99, nil) }, 4001},
		"not identified":     {func(_ *local, c *line) { c.send(3, nil) }, 4003},
		"identified already": {func(l *local, c *line) { c.send(identify, identity(l, 1)); c.send(identify, identity(l, 1)) }, 4005},
		"wrong shard": {func(l *local, c *line) {
			who := identity(l, 1)
			who["shard"] = []int{2, 2}
			c.send(identify, who)
		}, 4010},
		"resumed with a wrong token": {func(_ *local, c *line) {
			c.send(resume, map[string]any{"token": "a.b.c", "session_id": "x", "seq": 1})
		}, 4004},
		"too often": {func(_ *local, c *line) {
			for range 121 {
				_ = c.ws.WriteJSON(payload{Op: 1, D: json.RawMessage("1")})
			}
		}, 4008},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{})
			c := dial(t, l)
			if hello := c.next(); hello.Op != 10 || !strings.Contains(string(hello.D), "41250") {
				t.Errorf("hello: %s", hello.D)
			}
			tc.say(l, c)
			if code := c.closed(); code != tc.code {
				t.Errorf("closed with %d, want %d", code, tc.code)
			}
		})
	}
}

// session connects and identifies itself, and returns what READY says.
func session(t *testing.T, l *local, intents int) (*line, string) {
	t.Helper()
	c := dial(t, l)
	c.next()
	c.send(2, identity(l, intents))
	var ready struct {
		Session string `json:"session_id"`
		Resume  string `json:"resume_gateway_url"`
		Guilds  []struct {
			ID          string `json:"id"`
			Unavailable bool   `json:"unavailable"`
		} `json:"guilds"`
	}
	if err := json.Unmarshal(c.until("READY").D, &ready); err != nil {
		t.Fatal(err)
	}
	if len(ready.Guilds) == 0 || !ready.Guilds[0].Unavailable || !strings.HasPrefix(ready.Resume, "ws://") {
		t.Errorf("ready: %+v", ready)
	}
	return c, ready.Session
}

func TestGatewayResumes(t *testing.T) {
	l := start(t, playground.Options{})
	c, name := session(t, l, 1)
	seq := c.until("GUILD_CREATE").S
	l.DropGateway(0)
	missed := []string{l.AddGuild("One"), l.AddGuild("Two")}

	again := dial(t, l)
	again.next()
	again.send(6, map[string]any{"token": l.Token(), "session_id": name, "seq": seq})
	for i, guild := range missed {
		p := again.next()
		if p.T != "GUILD_CREATE" || !strings.Contains(string(p.D), guild) || p.S != seq+1+i {
			t.Errorf("replayed %s %d, want guild %s", p.T, p.S, guild)
		}
	}
	if p := again.next(); p.T != "RESUMED" {
		t.Errorf("got %s, want RESUMED", p.T)
	}
	if err := l.WaitReady(soon(t)); err != nil {
		t.Error(err)
	}
}

func TestGatewayDoesNotResume(t *testing.T) {
	clock := newClock()
	tests := map[string]struct {
		end  func(l *local, c *line)
		code int // The connection is closed, or the session is invalid where 0.
		seq  int
	}{
		"closed by us for good":     {end: func(l *local, _ *line) { l.DropGateway(1000) }},
		"closed by them for good":   {end: func(_ *local, c *line) { c.say1000() }},
		"after a long time":         {end: func(l *local, _ *line) { l.DropGateway(4000); clock.add(10 * time.Minute) }},
		"unknown sequence":          {end: func(l *local, _ *line) { l.DropGateway(4000) }, seq: 100, code: 4007},
		"told that it cannot":       {end: func(l *local, _ *line) { l.InvalidSession(false) }},
		"more missed than is known": {end: func(l *local, _ *line) { l.DropGateway(4000); many(l) }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{Now: clock.now, Unlimited: true})
			c, session := session(t, l, 1)
			c.until("GUILD_CREATE")
			tc.end(l, c)
			again := dial(t, l)
			again.next()
			again.send(6, map[string]any{"token": l.Token(), "session_id": session, "seq": tc.seq})
			if tc.code != 0 {
				if code := again.closed(); code != tc.code {
					t.Errorf("closed with %d", code)
				}
				return
			}
			if p := again.next(); p.Op != 9 || string(p.D) != "false" {
				t.Errorf("got %d %s, want an invalid session", p.Op, p.D)
			}
		})
	}
}

// say1000 closes the connection as a client that goes for good, and waits until the other side has seen it.
func (l *line) say1000() {
	l.t.Helper()
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := l.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)); err != nil {
		l.t.Fatal(err)
	}
	_ = l.closed()
}

func many(l *local) {
	for range 2100 {
		l.SetLocale(l.GuildID(), "de")
	}
}

func TestGatewayIntents(t *testing.T) {
	const guilds, guildMessages = 1, 1 << 9
	l := start(t, playground.Options{Unlimited: true})
	quiet, _ := session(t, l, guilds)
	loud, _ := session(t, l, guilds|guildMessages)
	post := l.do(t, "POST", "/channels/"+l.ChannelID("sales")+"/messages", `{"content":"hi"}`)
	if post.status != 200 {
		t.Fatalf("post: %s", post.body)
	}
	l.AddGuild("Later")
	loud.until("MESSAGE_CREATE")
	for p := quiet.next(); !strings.Contains(string(p.D), "Later"); p = quiet.next() {
		if p.T == "MESSAGE_CREATE" {
			t.Error("a message was told without its intent")
		}
	}
}

func TestGatewayTellsOfGuildsAndChannels(t *testing.T) {
	l := start(t, playground.Options{})
	c, _ := session(t, l, 1)
	c.until("GUILD_CREATE")
	id := l.AddGuild("Second")
	for _, step := range []struct {
		do    func()
		event string
		has   string
	}{
		{func() {}, "GUILD_CREATE", "Second"},
		{func() { l.SetUnavailable(id, true) }, "GUILD_DELETE", `"unavailable":true`},
		{func() { l.SetUnavailable(id, false) }, "GUILD_CREATE", "Second"},
		{func() { l.SetLocale(id, "fr") }, "GUILD_UPDATE", `"preferred_locale":"fr"`},
		{func() { l.RemoveGuild(id) }, "GUILD_DELETE", id},
		{func() { l.RestoreGuild(id) }, "GUILD_CREATE", "Second"},
		{func() { l.AddChannel(id, "extra") }, "CHANNEL_CREATE", "extra"},
		{func() { l.SetPermissions("extra", 0, playground.SendMessages) }, "CHANNEL_UPDATE", `"deny":"2048"`},
		{func() { l.DeleteChannel("extra") }, "CHANNEL_DELETE", "extra"},
	} {
		step.do()
		if p := c.next(); p.T != step.event || !strings.Contains(string(p.D), step.has) {
			t.Errorf("told %s %s, want %s with %s", p.T, p.D, step.event, step.has)
		}
	}
	if l.RemoveGuild(id); strings.Contains(string(c.next().D), "unavailable") {
		t.Error("leaving a guild looks like an outage")
	}
}

func TestGatewayHeartbeats(t *testing.T) {
	l := start(t, playground.Options{Heartbeat: 300 * time.Millisecond})
	c := dial(t, l)
	c.next()
	c.send(1, nil)
	if p := c.next(); p.Op != 11 {
		t.Errorf("a heartbeat was answered with %d", p.Op)
	}
	l.MuteHeartbeats(true)
	c.send(1, nil)
	if code := c.closed(); code != 4009 {
		t.Errorf("without heartbeats it was closed with %d", code)
	}
}

func TestGatewayMischief(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	c, _ := session(t, l, 1)
	c.until("GUILD_CREATE")
	l.Reconnect()
	if p := c.next(); p.Op != 7 {
		t.Errorf("got opcode %d, want 7", p.Op)
	}
	l.InvalidSession(true)
	if p := c.next(); p.Op != 9 || string(p.D) != "true" {
		t.Errorf("got %d %s, want 9 true", p.Op, p.D)
	}
	l.Outage(true)
	if _, _, err := c.ws.ReadMessage(); err == nil {
		t.Error("the connection outlived the outage")
	}
	url := "ws" + strings.TrimPrefix(l.url, "http") + "/gateway"
	if _, res, err := websocket.DefaultDialer.Dial(url, nil); err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("connected in an outage: %v", err)
	}
}

func TestGatewayLimitsIdentify(t *testing.T) {
	clock := newClock()
	l := start(t, playground.Options{Now: clock.now})
	session(t, l, 1)
	hasty := dial(t, l)
	hasty.next()
	hasty.send(2, identity(l, 1))
	if p := hasty.next(); p.Op != 9 {
		t.Errorf("two IDENTIFYs at once: opcode %d", p.Op)
	}
	clock.add(5 * time.Second)
	session(t, l, 1)
	res := l.do(t, "GET", "/gateway/bot", "")
	if !strings.Contains(string(res.body), `"remaining":997`) || !strings.Contains(string(res.body), `"max_concurrency":1`) {
		t.Errorf("gateway/bot: %s", res.body)
	}
}
