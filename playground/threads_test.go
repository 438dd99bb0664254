package playground_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"
	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// threadOf returns the thread in an answer.
func threadOf(t *testing.T, a answer) (th threadSeen) {
	t.Helper()
	if err := json.Unmarshal(a.body, &th); err != nil || th.ID == "" {
		t.Fatalf("no thread: %d %s", a.status, a.body)
	}
	return th
}

// threadSeen is what is looked at of a thread.
type threadSeen struct {
	ID, Name    string
	Type        int
	ParentID    string   `json:"parent_id"`
	Tags        []string `json:"applied_tags"`
	Pace        int      `json:"rate_limit_per_user"`
	Said        int      `json:"message_count"`
	LastMessage *string  `json:"last_message_id"`
	Metadata    struct {
		Archived, Locked bool
		Stays            int       `json:"auto_archive_duration"`
		Turned           time.Time `json:"archive_timestamp"`
	} `json:"thread_metadata"`
}

func (l *local) thread(t *testing.T, name string) threadSeen {
	t.Helper()
	return threadOf(t, l.do(t, "GET", "/channels/"+l.ChannelID(name), ""))
}

// begin makes a thread or a post in a channel.
func (l *local) begin(t *testing.T, channel, body string) answer {
	t.Helper()
	return l.do(t, "POST", "/channels/"+l.ChannelID(channel)+"/threads", body)
}

func TestPostWithDisgo(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	rest := l.rest()
	tag := l.SetTags("ideas", true, playground.Tag{Name: "deal"})[0]
	post, err := rest.CreatePostInThreadChannel(l.channel(t, "ideas"), discord.ThreadChannelPostCreate{
		Name: "Acme", AutoArchiveDuration: discord.AutoArchiveDuration3d, AppliedTags: []snowflake.ID{id(t, tag.ID)},
		Message: discord.MessageCreate{
			Embeds: []discord.Embed{{Title: "won"}}, Files: []*discord.File{discord.NewFile("a.txt", "", strings.NewReader("a"))},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if post.ID() != post.Message.ID || post.Message.ChannelID != post.ID() || post.Name() != "Acme" || len(post.Message.Attachments) != 1 {
		t.Errorf("post: %+v", post)
	}
	if got := l.thread(t, "Acme"); got.ParentID != l.ChannelID("ideas") || got.Type != 11 || got.Metadata.Stays != 4320 || got.Said != 0 {
		t.Errorf("thread: %+v", got)
	}
	if _, err := rest.CreateMessage(post.ID(), discord.MessageCreate{Content: "and more"}); err != nil {
		t.Fatal(err)
	}
	if all := l.Messages("Acme"); len(all) != 2 || l.thread(t, "Acme").Said != 1 {
		t.Errorf("messages: %+v", all)
	}
	active, err := rest.GetActiveGuildThreads(id(t, l.GuildID()))
	if err != nil || len(active.Threads) != 1 || active.Threads[0].ID() != post.ID() {
		t.Errorf("active: %+v, %v", active, err)
	}
	forum, err := rest.GetChannel(l.channel(t, "ideas"))
	if err != nil {
		t.Fatal(err)
	}
	if f := forum.(discord.GuildForumChannel); *f.LastPostID != post.ID() || f.AvailableTags[0].Name != "deal" || f.Flags != 1<<4 {
		t.Errorf("forum: %+v", f)
	}
}

func TestPostsAreRefused(t *testing.T) {
	const post = `{"name":"n","message":{"content":"c"}}`
	tests := map[string]struct {
		body         string
		setUp        func(*local)
		status, code int
	}{
		"fine":                {post, nil, 201, 0},
		"without a name":      {`{"message":{"content":"c"}}`, nil, 400, 50035},
		"an empty name":       {`{"name":" ","message":{"content":"c"}}`, nil, 400, 50035},
		"a name too long":     {`{"name":"` + x(101) + `","message":{"content":"c"}}`, nil, 400, 50035},
		"without a message":   {`{"name":"n"}`, nil, 400, 50035},
		"an empty message":    {`{"name":"n","message":{}}`, nil, 400, 50006},
		"a wrong message":     {`{"name":"n","message":{"content":"` + x(2001) + `"}}`, nil, 400, 50035},
		"flags of no post":    {`{"name":"n","message":{"content":"c","flags":32768}}`, nil, 400, 50035},
		"a strange duration":  {`{"name":"n","auto_archive_duration":61,"message":{"content":"c"}}`, nil, 400, 50035},
		"six tags":            {`{"name":"n","applied_tags":["1","2","3","4","5","6"],"message":{"content":"c"}}`, nil, 400, 50035},
		"an unknown tag":      {`{"name":"n","applied_tags":["1"],"message":{"content":"c"}}`, nil, 404, 10087},
		"a tag is required":   {post, func(l *local) { l.SetTags("ideas", true, playground.Tag{Name: "deal"}) }, 400, 40067},
		"only moderators tag": {post, func(l *local) { l.SetTags("ideas", true, playground.Tag{Name: "deal", Moderated: true}) }, 400, 40066},
		"no right to post":    {post, func(l *local) { l.SetPermissions("ideas", 0, playground.SendMessages) }, 403, 50013},
		"no right to embed":   {`{"name":"n","message":{"embeds":[{"title":"t"}]}}`, func(l *local) { l.SetPermissions("ideas", 0, playground.EmbedLinks) }, 403, 50013},
		"needs no other right": {post, func(l *local) {
			l.SetPermissions("ideas", 0, playground.CreatePublicThreads|playground.SendMessagesInThreads)
		}, 201, 0},
		"forbidden words": {`{"name":"n","message":{"embeds":[{"title":"spam"}]}}`, func(l *local) { l.Forbid("spam", 200000) }, 400, 200000},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{Unlimited: true})
			if tc.setUp != nil {
				tc.setUp(l)
			}
			got := l.begin(t, "ideas", tc.body)
			if got.status != tc.status || got.Code != tc.code {
				t.Errorf("answered %d %s", got.status, got.body)
			}
			if posted := len(l.Messages("n")); posted != map[bool]int{true: 1}[tc.status == 201] {
				t.Errorf("%d messages are there", posted)
			}
		})
	}
}

// TestPostTags lets a bot give a tag only who manages threads can give, with that right and without.
func TestPostTags(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	tags := l.SetTags("ideas", true, playground.Tag{Name: "deal"}, playground.Tag{Name: "official", Moderated: true})
	body := func(tag playground.Tag) string {
		return fmt.Sprintf(`{"name":"n","applied_tags":[%q],"message":{"content":"c"}}`, tag.ID)
	}
	if got := threadOf(t, l.begin(t, "ideas", body(tags[0]))); cmp.Diff([]string{tags[0].ID}, got.Tags) != "" {
		t.Errorf("post: %+v", got)
	}
	if got := l.begin(t, "ideas", body(tags[1])); got.Code != 50013 {
		t.Errorf("moderated tag: %s", got.body)
	}
	l.SetPermissions("ideas", playground.ManageThreads, 0)
	if got := l.begin(t, "ideas", body(tags[1])); got.status != 201 {
		t.Errorf("moderated tag of a moderator: %s", got.body)
	}
}

// A post has no nonce: asked for twice, it is there twice.
func TestPostIgnoresItsNonce(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	const post = `{"name":"n","message":{"content":"c","nonce":"n","enforce_nonce":true,"message_reference":{"message_id":"1"}}}`
	first, second := threadOf(t, l.begin(t, "ideas", post)), threadOf(t, l.begin(t, "ideas", post))
	if first.ID == second.ID || l.Messages(second.ID)[0].Reference != nil {
		t.Errorf("posts %+v, %+v", first, second)
	}
}

// TestThreadsGoWhereTheyCan begins threads in channels of every type, and writes in the channel itself.
func TestThreadsGoWhereTheyCan(t *testing.T) {
	const post = `{"name":"n","message":{"content":"c"}}`
	tests := map[string]struct {
		kind           int
		thread         string
		status, code   int
		wanted         int // Type of the thread.
		posted, refuse int // Of a message in the channel itself: status and code.
	}{
		"public in text":          {0, `{"name":"n","type":11}`, 201, 0, 11, 200, 0},
		"private without a right": {0, `{"name":"n"}`, 403, 50013, 0, 200, 0},
		"announcement in text":    {0, `{"name":"n","type":10}`, 400, 50024, 0, 200, 0},
		"announcement in news":    {5, `{"name":"n","type":10}`, 201, 0, 10, 200, 0},
		"public in news":          {5, `{"name":"n","type":11}`, 400, 50024, 0, 200, 0},
		"post in a forum":         {15, post, 201, 0, 11, 400, 40058},
		"thread in a forum":       {15, `{"name":"n","type":11}`, 400, 50035, 0, 400, 40058},
		"post among media":        {16, post, 201, 0, 11, 400, 40058},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{Unlimited: true})
			l.AddChannelOfType(l.GuildID(), "place", tc.kind)
			got := l.begin(t, "place", tc.thread)
			if got.status != tc.status || got.Code != tc.code {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			if tc.wanted != 0 && threadOf(t, got).Type != tc.wanted {
				t.Errorf("thread: %s", got.body)
			}
			if got := l.post(t, "place", hi); got.status != tc.posted || got.Code != tc.refuse {
				t.Errorf("in the channel itself: %d %s", got.status, got.body)
			}
			if got := l.begin(t, "n", post); tc.wanted != 0 && got.Code != 50024 {
				t.Errorf("a thread in the thread: %d %s", got.status, got.body)
			}
		})
	}
}

func TestThreadOfAMessage(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	for channel, kind := range map[string]int{"sales": 11, "news": 10} {
		m := messageOf(t, l.post(t, channel, hi))
		path := "/channels/" + m.ChannelID + "/messages/" + m.ID + "/threads"
		got := threadOf(t, l.do(t, "POST", path, `{"name":"deal","rate_limit_per_user":5}`))
		if got.ID != m.ID || got.Type != kind || got.Pace != 5 || got.Metadata.Stays != 1440 || got.LastMessage != nil {
			t.Errorf("thread in %s: %+v", channel, got)
		}
		if got := l.do(t, "POST", path, `{"name":"deal"}`); got.Code != 160004 {
			t.Errorf("second thread in %s: %s", channel, got.body)
		}
	}
	first := l.AddThread("ideas", "idea")
	if got := l.do(t, "POST", "/channels/"+l.ChannelID("ideas")+"/messages/"+first+"/threads", `{"name":"deal"}`); got.Code != 10008 {
		t.Errorf("in a forum: %s", got.body)
	}
}

// TestWritingInThreads writes, edits and deletes in threads in every state, with the right to manage them and without.
func TestWritingInThreads(t *testing.T) {
	archived := func(l *local) { l.ArchiveThread("deal", false) }
	locked := func(l *local) { l.LockThread("deal") }
	closed := func(l *local) { l.ArchiveThread("deal", true) }
	manage := func(l *local) { l.SetPermissions("sales", playground.ManageThreads, 0) }
	deny := func(p playground.Permissions) func(*local) {
		return func(l *local) { l.SetPermissions("sales", 0, p) }
	}
	tests := map[string]struct {
		setUp              []func(*local)
		edit, remove, post int // Error codes, 0 for none.
		archived           bool
	}{
		"active":                         {nil, 0, 0, 0, false},
		"archived":                       {[]func(*local){archived}, 50083, 0, 0, false},
		"locked":                         {[]func(*local){locked}, 160005, 0, 160005, false},
		"archived and locked":            {[]func(*local){closed}, 50083, 50083, 50083, true},
		"locked, for a moderator":        {[]func(*local){locked, manage}, 0, 0, 0, false},
		"both, for a moderator":          {[]func(*local){closed, manage}, 50083, 0, 0, false},
		"no right to write":              {[]func(*local){deny(playground.SendMessagesInThreads)}, 0, 0, 50013, false},
		"no right to write beside":       {[]func(*local){deny(playground.SendMessages)}, 0, 0, 0, false},
		"cannot see":                     {[]func(*local){deny(playground.ViewChannel)}, 50001, 50001, 50001, false},
		"archived, no right to write it": {[]func(*local){archived, deny(playground.SendMessagesInThreads)}, 50083, 0, 50013, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l := start(t, playground.Options{Unlimited: true})
			l.AddThread("sales", "deal")
			inside := messageOf(t, l.post(t, "deal", hi))
			for _, set := range tc.setUp {
				set(l)
			}
			path := "/channels/" + inside.ChannelID + "/messages/" + inside.ID
			for _, step := range []struct {
				method, path, body string
				want               int
			}{
				{"PATCH", path, hi, tc.edit},
				{"DELETE", path, "", tc.remove},
				{"POST", "/channels/" + inside.ChannelID + "/messages", hi, tc.post},
			} {
				if got := l.do(t, step.method, step.path, step.body); got.Code != step.want {
					t.Errorf("%s: %d %s, want %d", step.method, got.status, got.body, step.want)
				}
			}
			l.SetPermissions("sales", 0, 0)
			if got := l.thread(t, "deal"); got.Metadata.Archived != tc.archived {
				t.Errorf("afterwards: %+v", got)
			}
		})
	}
}

func TestThreadsAreArchivedWhenNothingIsSaid(t *testing.T) {
	clock := newClock()
	l := start(t, playground.Options{Unlimited: true, Now: clock.now})
	threadOf(t, l.begin(t, "ideas", `{"name":"short","auto_archive_duration":60,"message":{"content":"c"}}`))
	threadOf(t, l.begin(t, "ideas", `{"name":"long","message":{"content":"c"}}`))
	clock.add(40 * time.Minute)
	l.post(t, "short", hi)
	clock.add(40 * time.Minute)
	if got := l.thread(t, "short"); got.Metadata.Archived {
		t.Errorf("something was said forty minutes ago: %+v", got)
	}
	clock.add(20 * time.Minute)
	if got := l.thread(t, "short"); !got.Metadata.Archived || !got.Metadata.Turned.Equal(clock.now()) {
		t.Errorf("nothing was said for an hour: %+v", got)
	}
	var active struct{ Threads []struct{ Name string } }
	if err := json.Unmarshal(l.do(t, "GET", "/guilds/"+l.GuildID()+"/threads/active", "").body, &active); err != nil {
		t.Fatal(err)
	}
	if len(active.Threads) != 1 || active.Threads[0].Name != "long" {
		t.Errorf("active: %+v", active)
	}
	l.post(t, "short", hi)
	if got := l.thread(t, "short"); got.Metadata.Archived {
		t.Errorf("written in again: %+v", got)
	}
}

func TestActiveThreadsHaveALimit(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	l.AddThread("sales", "archived")
	l.ArchiveThread("archived", false)
	m := messageOf(t, l.post(t, "sales", hi))
	for range 1000 {
		l.AddThread("ideas", "idea")
	}
	for name, got := range map[string]answer{
		"a post":              l.begin(t, "ideas", `{"name":"n","message":{"content":"c"}}`),
		"a thread":            l.begin(t, "sales", `{"name":"n","type":11}`),
		"a message's thread":  l.do(t, "POST", "/channels/"+m.ChannelID+"/messages/"+m.ID+"/threads", `{"name":"n"}`),
		"an archived one":     l.post(t, "archived", hi),
		"a message elsewhere": l.post(t, "sales", hi),
	} {
		if want := map[bool]int{true: 0, false: 160006}[name == "a message elsewhere"]; got.Code != want {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	l.ArchiveThread("idea", false)
	if got := l.post(t, "archived", hi); got.status != 200 {
		t.Errorf("when there is room again: %s", got.body)
	}
}

func TestThreadsGoWithTheirChannel(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	post := l.AddThread("ideas", "idea")
	if all := l.Messages("idea"); len(all) != 1 || all[0].ID != post || all[0].Author.Username != playground.Admin {
		t.Errorf("messages: %+v", all)
	}
	l.DeleteChannel("ideas")
	if got := l.do(t, "POST", "/channels/"+post+"/messages", hi); got.Code != 10003 {
		t.Errorf("in a post of a deleted forum: %s", got.body)
	}
	for _, nowhere := range []string{"none", l.AddThread("sales", "deal")} {
		if got := l.AddThread(nowhere, "inside"); got != "" {
			t.Errorf("thread %s in %s", got, nowhere)
		}
	}
}

// TestGatewayTellsOfThreads holds what the bot hears of channels against what Discord tells: only of active threads when
// it joins, and of a channel that a command names neither the tags nor the overwrites.
func TestGatewayTellsOfThreads(t *testing.T) {
	l := start(t, playground.Options{})
	l.SetTags("ideas", true, playground.Tag{Name: "deal"})
	l.AddThread("sales", "old")
	l.ArchiveThread("old", false)
	post := l.AddThread("ideas", "idea")
	c, _ := session(t, l, 1)
	created := string(c.until("GUILD_CREATE").D)
	if !strings.Contains(created, `"name":"idea"`) || strings.Contains(created, `"name":"old"`) {
		t.Errorf("joined: %s", created)
	}
	if got := l.do(t, "PUT", "/applications/"+l.ApplicationID()+"/commands",
		`[{"name":"go","description":"Go.","options":[{"type":7,"name":"where","description":"Where."}]}]`); got.status != 200 {
		t.Fatalf("registered: %s", got.body)
	}
	for name, where := range map[string]string{"forum": l.ChannelID("ideas"), "post": post} {
		ctx, cancel := context.WithCancel(soon(t))
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = l.Run(ctx, playground.Command{Path: "go", Options: map[string]any{"where": where}}) // Nobody answers.
		}()
		var asked struct {
			Data struct {
				Resolved struct{ Channels map[string]map[string]any }
			}
		}
		if err := json.Unmarshal(c.until("INTERACTION_CREATE").D, &asked); err != nil {
			t.Fatal(err)
		}
		cancel()
		<-ended
		got := asked.Data.Resolved.Channels[where]
		if got["permissions"] == nil || got["app_permissions"] == nil || got["available_tags"] != nil || got["permission_overwrites"] != nil {
			t.Errorf("%s: %v", name, got)
		}
		if _, told := got["thread_metadata"]; told != (name == "post") {
			t.Errorf("%s: %v", name, got)
		}
	}
	l.ArchiveThread("idea", true)
	if got := string(c.until("THREAD_UPDATE").D); !strings.Contains(got, `"archived":true`) || !strings.Contains(got, `"locked":true`) {
		t.Errorf("archived: %s", got)
	}
	l.DeleteChannel("idea")
	c.until("THREAD_DELETE")
}
