package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dispatch/playground"
)

// deal is a callout that no other is like.
func deal(name string) string { return `{"record":{"Id":"0061x00000D4eF5AAD","Name":"` + name + `"}}` }

// deals posts n callouts, one after the other, and wants each accepted.
func (w *world) deals(to hook, prefix string, n int) (names []string) {
	w.t.Helper()
	for i := range n {
		name := fmt.Sprintf("%s %03d", prefix, i)
		if status, answer := w.post(to, "Opportunity.created", deal(name)); status != accepted {
			w.t.Fatalf("%s: got %d %s", name, status, answer)
		}
		names = append(names, name)
	}
	return names
}

// titles waits until n embeds are in the channel and gives the names of their deals, in order.
func (w *world) titles(channel string, n int) []string {
	w.t.Helper()
	for seen := 0; ; {
		messages, err := w.discord.WaitMessages(within(w.t), channel, seen+1)
		if err != nil {
			w.t.Fatalf("#%s does not show %d embeds: %v\n%s", channel, n, err, w.log)
		}
		seen = len(messages)
		if names := namesIn(messages); len(names) >= n {
			return names
		}
	}
}

func namesIn(messages []playground.Message) []string {
	var names []string
	for _, message := range messages {
		for _, embed := range message.Embeds {
			names = append(names, strings.TrimPrefix(embed.Title, "Opportunity created: "))
		}
	}
	return names
}

// sameOrder fails unless the channel shows these deals, each once and in this order, and nothing else.
func (w *world) sameOrder(channel string, want []string) {
	w.t.Helper()
	got := w.titles(channel, len(want))
	if g, h := strings.Join(got, "\n"), strings.Join(want, "\n"); g != h {
		w.t.Errorf("#%s shows\n%s\nwant\n%s", channel, g, h)
	}
}

// posts counts the messages that the bot tried to send, by the status of the answer.
func (w *world) posts() map[int]int {
	counts := map[int]int{}
	for _, r := range w.discord.Requests() {
		if r.Method == http.MethodPost && r.Route == "/channels/{channel_id}/messages" {
			counts[r.Status]++
		}
	}
	return counts
}

// TestABurstBecomesFewMessages has a bulk update of 300 records meet a channel that takes five messages in five
// seconds.
func TestABurstBecomesFewMessages(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	var names []string
	for batch := range 3 {
		var bodies []string
		for i := range 100 {
			name := fmt.Sprintf("deal %d-%02d", batch, i)
			names = append(names, name)
			bodies = append(bodies, deal(name))
		}
		body := `{"events":[` + strings.Join(bodies, ",") + `]}`
		if status, answer := w.post(sales, "Opportunity.created", body); status != accepted {
			t.Fatalf("got %d %s", status, answer)
		}
	}
	w.sameOrder("sales", names)
	counts := w.posts()
	if n := counts[http.StatusOK]; n > 40 {
		t.Errorf("%d messages for 300 events, want 40 at most", n)
	}
	if n := counts[http.StatusTooManyRequests]; n > 0 {
		t.Errorf("%d requests were refused as too many", n)
	}
	w.stop()
}

// TestAnOutageLosesNothing takes Discord away for longer than all attempts would last.
func TestAnOutageLosesNothing(t *testing.T) {
	w := newWorld(t, playground.Options{}, "DISPATCH_DELIVERY_BACKOFF=10ms", "DISPATCH_DELIVERY_BACKOFF_MAX=20ms",
		"DISPATCH_DELIVERY_ATTEMPTS=2")
	w.start()
	sales, ops := w.connect("Acme", "sales"), w.connect("Operations", "ops")
	var (
		mu     sync.Mutex
		probes []time.Time
		enough = make(chan struct{})
	)
	w.discord.Observe(func(r playground.Request) {
		if r.Method != http.MethodPost || r.Route != "/channels/{channel_id}/messages" || r.Status < http.StatusInternalServerError {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if probes = append(probes, r.At); len(probes) == 4 {
			close(enough)
		}
	})
	w.discord.Outage(true)
	inSales := w.deals(sales, "sales", 15)
	inOps := w.deals(ops, "ops", 15)
	<-enough
	if status, reasons := w.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(reasons, "discord") {
		t.Errorf("readyz in an outage: got %d %s", status, reasons)
	}
	inSales = append(inSales, w.deals(sales, "more", 5)...)
	w.discord.Outage(false)
	w.sameOrder("sales", inSales)
	w.sameOrder("ops", inOps)
	mu.Lock()
	defer mu.Unlock()
	// The two queues meet the outage at once; from then on there is a second between two tries at least.
	for i := 3; i < len(probes); i++ {
		if gap := probes[i].Sub(probes[i-1]); gap < 900*time.Millisecond {
			t.Errorf("probe %d came %v after the one before", i, gap)
		}
	}
	w.stop()
}

// get asks dispatch itself.
func (w *world) get(path string) (status int, body string) {
	w.t.Helper()
	return w.ask(http.MethodGet, path, "")
}

// TestAPausedChannelIsToldOfOnce takes the channel's permission away, reads the alert, and presses its button.
func TestAPausedChannelIsToldOfOnce(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	w.run("settings set", map[string]any{"alerts": "ops"})
	w.discord.SetPermissions("sales", 0, playground.SendMessages)
	names := w.deals(sales, "deal", 3)
	messages, err := w.discord.WaitMessages(within(t), "ops", 1)
	if err != nil {
		t.Fatalf("no alert: %v\n%s", err, w.log)
	}
	alert := messages[0]
	if said := fmt.Sprint(alert.Content, alert.Embeds); !strings.Contains(said, w.discord.ChannelID("sales")) || !strings.Contains(said, "Send Messages") {
		t.Errorf("alert: got %s", said)
	}
	// A restart tells nothing again, and what waits goes on waiting.
	w.stop()
	w.start()
	names = append(names, w.deals(sales, "later", 2)...)
	w.discord.SetPermissions("sales", 0, 0)
	button := alert.Components[0].Components[0]
	if _, err := w.discord.Press(within(t), playground.Admin, &alert, button.CustomID); err != nil {
		t.Fatalf("press %s: %v\n%s", button.Label, err, w.log)
	}
	w.sameOrder("sales", names)
	if n := len(w.discord.Messages("ops")); n != 1 {
		t.Errorf("%d alerts, want 1", n)
	}
	w.stop()
}

// TestAChannelThatIsGoneHoldsUpNoOther deletes a channel, and resumes by the command when there is another way.
func TestAChannelThatIsGoneHoldsUpNoOther(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales, ops := w.connect("Acme", "sales"), w.connect("Operations", "ops")
	w.discord.DeleteChannel("sales")
	w.deals(sales, "lost", 12)
	w.sameOrder("ops", w.deals(ops, "fine", 12))
	status := w.run("salesforce status", map[string]any{"source": "Acme"})
	if said := strings.Join(texts(status), "\n"); !strings.Contains(said, "Stopped") {
		t.Errorf("status: got %s", said)
	}
	refused := 0
	for _, r := range w.discord.Requests() {
		if r.Method == http.MethodPost && r.Status == http.StatusNotFound {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("a channel that is gone was tried %d times, want once", refused)
	}
	w.stop()
}

// TestALostAnswerOfManyEmbedsDoublesNone has answers lost while more events come.
func TestALostAnswerOfManyEmbedsDoublesNone(t *testing.T) {
	w := newWorld(t, playground.Options{}, "DISPATCH_DELIVERY_BACKOFF=10ms", "DISPATCH_DELIVERY_BACKOFF_MAX=20ms")
	w.start()
	sales := w.connect("Acme", "sales")
	w.discord.LoseAnswer("POST /channels/{channel_id}/messages", 3)
	w.sameOrder("sales", w.deals(sales, "deal", 40))
	w.stop()
}
