package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// run has an admin run a command.
func (w *world) run(path string, options map[string]any) *playground.Reply {
	w.t.Helper()
	reply, err := w.discord.Run(within(w.t), playground.Command{Path: path, Options: options})
	if err != nil {
		w.t.Fatalf("/%s: %v\n%s", path, err, w.log)
	}
	if !reply.Ephemeral && reply.Modal == nil {
		w.t.Errorf("/%s was answered for everybody", path)
	}
	return reply
}

// connect makes a source as an admin would, and gives its URL and secret.
func (w *world) connect(name, channel string) hook {
	w.t.Helper()
	w.run("salesforce connect", map[string]any{"name": name, "channel": channel})
	reply := w.run("salesforce generate-url", map[string]any{"source": name})
	found, err := readHook(reply.Message.Content)
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// post sends a signed callout and gives the status and the body of the answer.
func (w *world) post(h hook, eventType, body string) (int, string) {
	w.t.Helper()
	status, answer, err := h.send(within(w.t), eventType, []byte(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return status, answer
}

// shown waits for the channel's n-th message and gives its only embed.
func (w *world) shown(channel string, n int) playground.Embed {
	w.t.Helper()
	messages, err := w.discord.WaitMessages(within(w.t), channel, n)
	if err != nil {
		w.t.Fatalf("wait for message %d in #%s: %v\n%s", n, channel, err, w.log)
	}
	if len(messages) != n || len(messages[n-1].Embeds) != 1 {
		w.t.Fatalf("#%s has %d messages, the last with %d embeds", channel, len(messages), len(messages[n-1].Embeds))
	}
	return messages[n-1].Embeds[0]
}

const (
	green    = 0x57F287
	red      = 0xED4245
	darkRed  = 0x992D22
	orange   = 0xE67E22
	blue     = 0x3498DB
	accepted = http.StatusAccepted
)

func opportunity(name, stage, was string, closed, won bool) string {
	return fmt.Sprintf(`{"instance_url":"https://example.my.salesforce.com","record":{"Id":"0061x00000D4eF5AAD","Name":%q,`+
		`"StageName":%q,"IsClosed":%t,"IsWon":%t},"old":{"StageName":%q}}`, name, stage, closed, won, was)
}

func TestFromConnectToDisconnect(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales, support := w.connect("Acme", "sales"), w.connect("Service", "support")

	status, body := w.post(sales, "Opportunity.updated", opportunity("Enterprise Renewal", "Closed Won", "Negotiation", true, true))
	if status != accepted || !strings.HasPrefix(body, `{"event_id":"`) {
		t.Fatalf("callout: got %d %s", status, body)
	}
	won := w.shown("sales", 1)
	if won.Color != green || !strings.Contains(won.Title, "Enterprise Renewal") {
		t.Errorf("won: got colour %06X, title %q", won.Color, won.Title)
	}
	if want := "https://example.my.salesforce.com/lightning/r/Opportunity/0061x00000D4eF5AAD/view"; won.URL != want {
		t.Errorf("won: got link %s, want %s", won.URL, want)
	}
	if want := "Negotiation → Closed Won"; won.Fields[0].Value != want {
		t.Errorf("won: first field is %q, want %q", won.Fields[0].Value, want)
	}
	w.post(sales, "Opportunity.updated", opportunity("Small Deal", "Closed Lost", "Negotiation", true, false))
	if lost := w.shown("sales", 2); lost.Color != red {
		t.Errorf("lost: got colour %06X", lost.Color)
	}

	colours := map[string]int{"Critical": darkRed, "High": red, "Medium": orange, "Low": blue}
	n := 0
	for priority, want := range colours {
		n++
		w.post(support, "Case.created", fmt.Sprintf(`{"record":{"Id":"5001x00000AbCdEAAV","CaseNumber":"00001026","Subject":"Down","Priority":%q}}`, priority))
		if got := w.shown("support", n); got.Color != want {
			t.Errorf("case %s: got colour %06X, want %06X", priority, got.Color, want)
		}
	}

	if reply := w.run("salesforce status", map[string]any{"source": "Acme"}); !strings.Contains(fmt.Sprint(texts(reply)), "✅") {
		t.Errorf("status: got %q", texts(reply))
	}
	if reply := w.run("salesforce test", map[string]any{"source": "Acme"}); !strings.Contains(reply.Message.Content, w.discord.ChannelID("sales")) {
		t.Errorf("test: got %q", reply.Message.Content)
	}
	w.shown("sales", 3)

	w.disconnect("Acme")
	if status, _ := w.post(sales, "Opportunity.updated", `{"record":{}}`); status != http.StatusNotFound {
		t.Errorf("after disconnect: got %d", status)
	}
	w.stop()
}

// disconnect presses the button that asks.
func (w *world) disconnect(source string) {
	w.t.Helper()
	question := w.run("salesforce disconnect", map[string]any{"source": source})
	button := question.Message.Components[0].Components[0]
	if _, err := w.discord.Press(within(w.t), playground.Admin, question.Message, button.CustomID); err != nil {
		w.t.Fatalf("press %s: %v\n%s", button.Label, err, w.log)
	}
}

// texts is everything that a reply says.
func texts(reply *playground.Reply) []string {
	said := []string{reply.Message.Content}
	for _, embed := range reply.Message.Embeds {
		said = append(said, embed.Title, embed.Description)
		for _, field := range embed.Fields {
			said = append(said, field.Name, field.Value)
		}
	}
	return said
}

func TestMembersMayNotConnect(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	reply, err := w.discord.Run(within(t), playground.Command{
		Path: "salesforce connect", User: playground.Member, Permissions: playground.SendMessages,
		Options: map[string]any{"name": "Acme", "channel": "sales"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(reply.Message.Content, "Manage Server") {
		t.Errorf("got %q", reply.Message.Content)
	}
}

func TestNobodyIsPinged(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	loud := "@everyone <@" + w.discord.UserID(playground.Owner) + "> <@&" + w.discord.GuildID() + ">"
	w.post(sales, "Opportunity.created", opportunity(loud, loud, loud, false, false))
	w.shown("sales", 1)
	message := w.discord.Messages("sales")[0]
	if message.MentionEveryone || len(message.Mentions) > 0 || len(message.MentionRoles) > 0 {
		t.Errorf("the message pings: %+v", message)
	}
}

func TestCommandsAreRegisteredOnlyWhenTheyChanged(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	w.stop()
	w.start()
	w.connect("Acme", "sales") // so that it has done what it does at a start
	registered := 0
	for _, r := range w.discord.Requests() {
		if r.Method == http.MethodPut && strings.HasSuffix(r.Route, "/commands") {
			registered++
		}
	}
	if registered != 1 {
		t.Errorf("registered %d times over two starts, want once", registered)
	}
}

func TestEverySourceIsToldApart(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	first, second := w.connect("First", "sales"), w.connect("Second", "ops")
	body := `{"record":{"Id":"1"}}`
	if status, _ := w.post(hook{url: first.url, secret: second.secret}, "Lead.created", body); status != http.StatusUnauthorized {
		t.Errorf("signed with another's secret: got %d", status)
	}
	w.post(second, "Lead.created", body)
	w.shown("ops", 1)
	if diff := cmp.Diff(0, len(w.discord.Messages("sales"))); diff != "" {
		t.Errorf("messages in #sales (-want +got):\n%s", diff)
	}
}
