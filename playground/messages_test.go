package playground_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// messageOf returns the message in an answer.
func messageOf(t *testing.T, a answer) playground.Message {
	t.Helper()
	var m playground.Message
	if err := json.Unmarshal(a.body, &m); err != nil || m.ID == "" {
		t.Fatalf("no message: %d %s", a.status, a.body)
	}
	return m
}

func (l *local) post(t *testing.T, channel, body string) answer {
	t.Helper()
	return l.do(t, "POST", "/channels/"+l.ChannelID(channel)+"/messages", body)
}

func TestMessagesWithDisgo(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	rest, sales := l.rest(), l.channel(t, "sales")
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	sent, err := rest.CreateMessage(sales, discord.MessageCreate{
		Content: " won ", Embeds: []discord.Embed{{Title: " Deal ", Color: 0x57F287, Timestamp: &at}},
		Components: []discord.LayoutComponent{discord.NewActionRow(discord.NewLinkButton("Open", "https://example.com"))},
		Files:      []*discord.File{discord.NewFile("the list.txt", "all of it", strings.NewReader("milk"))},
	})
	if err != nil {
		t.Fatal(err)
	}
	if sent.Content != "won" || sent.Embeds[0].Title != "Deal" || sent.Embeds[0].Type != "rich" || !sent.Embeds[0].Timestamp.Equal(at) {
		t.Errorf("sent: %+v", sent)
	}
	if len(sent.Attachments) != 1 || sent.Attachments[0].Filename != "the_list.txt" || *sent.Attachments[0].Description != "all of it" {
		t.Fatalf("attachments: %+v", sent.Attachments)
	}
	edited, err := rest.UpdateMessage(sales, sent.ID, discord.NewMessageUpdate().WithContent("lost").WithEmbeds())
	if err != nil {
		t.Fatal(err)
	}
	if edited.Content != "lost" || len(edited.Embeds) != 0 || len(edited.Components) != 1 || len(edited.Attachments) != 1 || edited.EditedTimestamp == nil {
		t.Errorf("edited: %+v", edited)
	}
	got, err := rest.GetMessage(sales, sent.ID)
	if err != nil || got.Content != "lost" {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := rest.DeleteMessage(sales, sent.ID); err != nil {
		t.Error(err)
	}
	if all := l.Messages("sales"); len(all) != 0 {
		t.Errorf("after deleting: %+v", all)
	}
}

// TestMessagesHaveAllTheirLists posts and edits messages that have little in them: what is empty is a list still.
func TestMessagesHaveAllTheirLists(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	m := messageOf(t, l.post(t, "sales", `{"content":"c"}`))
	path := "/channels/" + m.ChannelID + "/messages/" + m.ID
	for name, got := range map[string]answer{
		"posted":         l.do(t, "GET", path, ""),
		"edited":         l.do(t, "PATCH", path, `{"components":[],"embeds":[],"attachments":[]}`),
		"begins a post":  l.do(t, "GET", "/channels/"+l.AddThread("ideas", "idea")+"/messages/"+l.ChannelID("idea"), ""),
		"of the channel": l.do(t, "GET", "/channels/"+m.ChannelID, ""),
	} {
		for _, list := range []string{"attachments", "embeds", "components", "mentions", "mention_roles", "permission_overwrites"} {
			if strings.Contains(string(got.body), `"`+list+`":null`) {
				t.Errorf("%s: %s are null: %s", name, list, got.body)
			}
		}
	}
}

func TestMessagesAreRefused(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	deleted := l.ChannelID("support")
	l.DeleteChannel("support")
	gone := l.AddGuild("Gone")
	left := l.ChannelIn(gone, "general")
	l.RemoveGuild(gone)
	out := l.AddGuild("Out")
	unavailable := l.ChannelIn(out, "general")
	l.SetUnavailable(out, true)
	path := func(channel string) string { return "/channels/" + l.ChannelID(channel) + "/messages" }
	const hi = `{"content":"hi"}`
	tests := map[string]struct {
		method, path, body string
		setUp              func()
		status, code       int
	}{
		"unknown channel":   {"POST", "/channels/1/messages", hi, nil, 404, 10003},
		"deleted channel":   {"POST", "/channels/" + deleted + "/messages", hi, nil, 404, 10003},
		"guild unavailable": {"POST", "/channels/" + unavailable + "/messages", hi, nil, 403, 50001},
		"guild left":        {"POST", "/channels/" + left + "/messages", hi, nil, 403, 50001},
		"forum":             {"POST", path("ideas"), hi, nil, 400, 40058},
		"empty":             {"POST", path("sales"), `{"content":"  "}`, nil, 400, 50006},
		"nothing":           {"POST", path("sales"), `{}`, nil, 400, 50006},
		"not JSON":          {"POST", path("sales"), `{"content":`, nil, 400, 50109},
		"not seen":          {"POST", path("ops"), hi, func() { l.SetPermissions("ops", 0, playground.ViewChannel) }, 403, 50001},
		"not writable":      {"POST", path("ops"), hi, func() { l.SetPermissions("ops", 0, playground.SendMessages) }, 403, 50013},
		"no embeds":         {"POST", path("ops"), `{"embeds":[{"title":"t"}]}`, func() { l.SetPermissions("ops", 0, playground.EmbedLinks) }, 403, 50013},
		"unknown message":   {"GET", path("sales") + "/1", "", nil, 404, 10008},
		"edit unknown":      {"PATCH", path("sales") + "/1", hi, nil, 404, 10008},
		"delete unknown":    {"DELETE", path("sales") + "/1", "", nil, 404, 10008},
		"crosspost":         {"POST", path("sales") + "/1/crosspost", "", nil, 400, 50024},
		"answer to nothing": {"POST", path("sales"), `{"content":"c","message_reference":{"message_id":"1"}}`, nil, 400, 50035},
		"no such route":     {"GET", "/telegrams", "", nil, 404, 0},
		"no such method":    {"PUT", path("sales"), "", nil, 405, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.setUp != nil {
				tc.setUp()
			}
			got := l.do(t, tc.method, tc.path, tc.body)
			if got.status != tc.status || got.Code != tc.code || got.header.Get("Via") != "1.1 google" {
				t.Errorf("answered %d %s", got.status, got.body)
			}
		})
	}
}

func TestMessagesEdit(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	m := messageOf(t, l.post(t, "sales", `{"content":"a","flags":4096}`))
	path := "/channels/" + m.ChannelID + "/messages/" + m.ID
	if got := l.do(t, "PATCH", path, `{"content":null}`); got.Code != 50006 {
		t.Errorf("emptied: %s", got.body)
	}
	if got := l.do(t, "PATCH", path, `{"embeds":[{"title":"`+x(257)+`"}]}`); got.Code != 50035 {
		t.Errorf("edited badly: %s", got.body)
	}
	if got := messageOf(t, l.do(t, "PATCH", path, `{"embeds":[{"title":"t"}],"flags":4}`)); got.Content != "a" || got.Flags != 4096|4 {
		t.Errorf("edited: %+v", got)
	}
}

func TestMessagesInPages(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	var ids []string
	for range 600 {
		ids = append(ids, messageOf(t, l.post(t, "sales", `{"content":"c"}`)).ID)
	}
	if n := len(l.Messages("sales")); n != 500 {
		t.Errorf("%d messages are remembered", n)
	}
	path := "/channels/" + l.ChannelID("sales") + "/messages"
	for query, want := range map[string][]string{
		"?limit=2":                     {ids[599], ids[598]},
		"?limit=2&before=" + ids[400]:  {ids[399], ids[398]},
		"?limit=2&after=" + ids[400]:   {ids[402], ids[401]},
		"?limit=50&before=" + ids[101]: {ids[100]},
	} {
		var page []playground.Message
		if err := json.Unmarshal(l.do(t, "GET", path+query, "").body, &page); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range page {
			got = append(got, m.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if got := l.do(t, "GET", path+"?limit=101", ""); got.Code != 50035 {
		t.Errorf("limit of 101: %s", got.body)
	}
}

func TestNonces(t *testing.T) {
	clock := newClock()
	l := start(t, playground.Options{Unlimited: true, Now: clock.now})
	const body = `{"content":"c","nonce":"n","enforce_nonce":true}`
	first := messageOf(t, l.post(t, "sales", body))
	clock.add(4 * time.Minute)
	if again := messageOf(t, l.post(t, "sales", body)); again.ID != first.ID {
		t.Error("posted twice")
	}
	if other := messageOf(t, l.post(t, "ops", body)); other.ID != first.ID {
		t.Error("the same nonce was good in another channel")
	}
	if loose := messageOf(t, l.post(t, "sales", `{"content":"c","nonce":"n"}`)); loose.ID == first.ID {
		t.Error("a nonce was enforced that is not to be")
	}
	clock.add(6 * time.Minute)
	if late := messageOf(t, l.post(t, "sales", body)); late.ID == first.ID {
		t.Error("a nonce was remembered for ten minutes")
	}
}

func TestMentions(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	someone := "<@" + l.UserID(playground.Member) + ">"
	var roles []struct{ ID, Name string }
	if err := json.Unmarshal(l.do(t, "GET", "/guilds/"+l.GuildID()+"/roles", "").body, &roles); err != nil {
		t.Fatal(err)
	}
	role := map[string]string{}
	for _, r := range roles {
		role[r.Name] = "<@&" + r.ID + ">"
	}
	all := someone + " " + role["On call"] + " " + role["Admins"] + " @everyone"
	tests := map[string]struct {
		body            string
		users, roles    int
		everyone, allow bool
	}{
		"by default":        {`{"content":"` + all + `"}`, 1, 1, false, false},
		"with permission":   {`{"content":"` + all + `"}`, 1, 2, true, true},
		"none allowed":      {`{"content":"` + all + `","allowed_mentions":{"parse":[]}}`, 0, 0, false, true},
		"users allowed":     {`{"content":"` + all + `","allowed_mentions":{"parse":["users"]}}`, 1, 0, false, true},
		"one user allowed":  {`{"content":"` + all + `","allowed_mentions":{"users":["` + l.UserID(playground.Member) + `"]}}`, 1, 0, false, true},
		"other user":        {`{"content":"` + all + `","allowed_mentions":{"users":["1"]}}`, 0, 0, false, true},
		"in an embed":       {`{"embeds":[{"description":"` + all + `"}]}`, 0, 0, false, true},
		"in code":           {"{\"content\":\"`" + all + "`\"}", 0, 0, false, true},
		"in a text display": {`{"flags":32768,"components":[{"type":10,"content":"` + all + `"}]}`, 1, 2, true, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var allow playground.Permissions
			if tc.allow {
				allow = playground.MentionEveryone
			}
			l.SetPermissions("sales", allow, 0)
			m := messageOf(t, l.post(t, "sales", tc.body))
			if len(m.Mentions) != tc.users || len(m.MentionRoles) != tc.roles || m.MentionEveryone != tc.everyone {
				t.Errorf("mentions %v, roles %v, everyone %t", m.Mentions, m.MentionRoles, m.MentionEveryone)
			}
		})
	}
}

func TestCrosspost(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	m := messageOf(t, l.post(t, "news", `{"content":"c"}`))
	path := "/channels/" + m.ChannelID + "/messages/" + m.ID + "/crosspost"
	if got := messageOf(t, l.do(t, "POST", path, "")); got.Flags&1 == 0 {
		t.Errorf("crossposted: %+v", got)
	}
	if got := l.do(t, "POST", path, ""); got.Code != 40033 {
		t.Errorf("crossposted twice: %s", got.body)
	}
}

func TestAttachments(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	form := func(parts string) answer {
		return l.do(t, "POST", "/channels/"+l.ChannelID("sales")+"/messages", strings.ReplaceAll(parts, "\n", "\r\n"), func(r *http.Request) {
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			r.Host = strings.TrimPrefix(l.url, "http://")
		})
	}
	const file = "--b\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"../a.html\"\n\n<b>\n--b--\n"
	const payload = "--b\nContent-Disposition: form-data; name=\"payload_json\"\nContent-Type: application/json\n\n"
	sent := messageOf(t, form(payload+`{"embeds":[{"title":"t","image":{"url":"attachment://a.html"}}],"attachments":[{"id":0,"description":"d"}]}`+"\n"+file))
	if len(sent.Attachments) != 1 || sent.Attachments[0].Filename != "a.html" || sent.Attachments[0].Description != "d" {
		t.Fatalf("sent: %+v", sent)
	}
	if sent.Embeds[0].Image.URL != sent.Attachments[0].URL {
		t.Errorf("picture at %q", sent.Embeds[0].Image.URL)
	}
	fetch := func(url string) *http.Response {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	res := fetch(sent.Attachments[0].URL)
	content, err := io.ReadAll(res.Body)
	if err != nil || string(content) != "<b>" || res.Header.Get("Content-Disposition") != "attachment" {
		t.Errorf("got %q with %v, %v", content, res.Header, err)
	}
	unsigned, _, _ := strings.Cut(sent.Attachments[0].URL, "?")
	if res := fetch(unsigned); res.StatusCode != http.StatusNotFound {
		t.Errorf("without its signature: %s", res.Status)
	}
	if got := form(payload + `{"content":"c","attachments":[{"id":1}]}` + "\n" + file); got.Code != 50035 {
		t.Errorf("described another file: %s", got.body)
	}
	if got := form("--b\nContent-Disposition: form-data; name=\"file\"\n\nx\n--b--\n"); got.Code != 50035 {
		t.Errorf("unknown part: %s", got.body)
	}
	large := "--b\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\n\n" + strings.Repeat("x", 10<<20+1) + "\n--b--\n"
	if got := form(large); got.Code != 40005 || got.status != 413 {
		t.Errorf("too large: %s", got.body)
	}
	for range 500 {
		l.post(t, "sales", `{"content":"later"}`)
	}
	if res := fetch(sent.Attachments[0].URL); res.StatusCode != http.StatusNotFound {
		t.Errorf("the file of a message that is forgotten: %s", res.Status)
	}
	l.SetPermissions("sales", 0, playground.AttachFiles)
	if got := form(file); got.Code != 50013 {
		t.Errorf("without permission: %s", got.body)
	}
}

func TestDirectMessages(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	rest := l.rest()
	dm, err := rest.CreateDMChannel(id(t, l.UserID(playground.Owner)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rest.CreateMessage(dm.ID(), discord.MessageCreate{Content: "stopped"}); err != nil {
		t.Fatal(err)
	}
	if all := l.Messages(dm.ID().String()); len(all) != 1 || all[0].Content != "stopped" {
		t.Errorf("sent: %+v", all)
	}
	if got := l.do(t, "POST", "/users/@me/channels", `{"recipient_id":"`+l.ApplicationID()+`"}`); got.Code != 50007 {
		t.Errorf("with itself: %s", got.body)
	}
	if got := l.do(t, "POST", "/users/@me/channels", `{"recipient_id":"1"}`); got.Code != 50035 {
		t.Errorf("with nobody: %s", got.body)
	}
}

func TestWaitMessages(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	got := make(chan int)
	go func() {
		all, err := l.WaitMessages(soon(t), "sales", 3)
		if err != nil {
			t.Error(err)
		}
		got <- len(all)
	}()
	for range 3 {
		l.post(t, "sales", `{"content":"c"}`)
	}
	if n := <-got; n != 3 {
		t.Errorf("%d messages", n)
	}
}

func TestReads(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	rest := l.rest()
	guild, channel := id(t, l.GuildID()), l.channel(t, "sales")
	if g, err := rest.GetGuild(guild, false); err != nil || g.Name != "Acme" || len(g.Roles) != 4 {
		t.Errorf("guild: %+v, %v", g, err)
	}
	if all, err := rest.GetGuildChannels(guild); err != nil || len(all) != 6 {
		t.Errorf("channels: %+v, %v", all, err)
	}
	if ch, err := rest.GetChannel(channel); err != nil || ch.ID() != channel {
		t.Errorf("channel: %+v, %v", ch, err)
	}
	if m, err := rest.GetMember(guild, id(t, l.UserID(playground.Admin))); err != nil || m.User.Username != playground.Admin || len(m.RoleIDs) != 1 {
		t.Errorf("member: %+v, %v", m, err)
	}
	if app, err := rest.GetBotApplicationInfo(); err != nil || app.ID.String() != l.ApplicationID() || app.Owner.Username != playground.Owner {
		t.Errorf("application: %+v, %v", app, err)
	}
	if got := l.do(t, "GET", "/users/@me/guilds", ""); !strings.Contains(string(got.body), "Acme") {
		t.Errorf("guilds: %s", got.body)
	}
	if got := l.do(t, "GET", "/users/@me", "", func(r *http.Request) { r.Header.Del("Authorization") }); got.status != 401 || got.Code != 0 {
		t.Errorf("without a token: %d %s", got.status, got.body)
	}
	if got := l.do(t, "GET", "/users/@me", "", func(r *http.Request) { r.Header.Del("User-Agent") }); got.Code != 40333 {
		t.Errorf("without a user agent: %s", got.body)
	}
	form := func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	if got := l.do(t, "POST", "/users/@me/channels", "recipient_id=1", form); got.Code != 50035 || issueAt(t, got.Errors, "") != "CONTENT_TYPE_INVALID" {
		t.Errorf("a form: %s", got.body)
	}
	if res := page(t, l, "/api/v9/gateway"); res.StatusCode != http.StatusBadRequest {
		t.Errorf("another version: %s", res.Status)
	}
	if got := l.do(t, "GET", "/gateway", "", func(r *http.Request) { r.Header.Del("Authorization") }); got.status != 200 {
		t.Errorf("gateway without a token: %s", got.body)
	}
}
