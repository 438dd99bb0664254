package main

import (
	"net/http"
	"strings"
	"testing"

	"dispatch/playground"
)

// TestAChannelThatRefusesIsPausedUntilResumed takes the permission away, gives it back and presses Resume.
func TestAChannelThatRefusesIsPausedUntilResumed(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	w.discord.SetPermissions("sales", 0, playground.SendMessages)
	for _, name := range []string{"first", "second"} {
		if status, _ := w.post(sales, "Opportunity.created", opportunity(name, "New", "", false, false)); status != http.StatusAccepted {
			t.Fatalf("%s: got %d", name, status)
		}
	}
	reply := w.run("salesforce test", map[string]any{"source": "Acme"}) // waits until there is something to tell
	if !strings.Contains(reply.Message.Content, "Send Messages") {
		t.Errorf("test: got %q", reply.Message.Content)
	}

	status := w.run("salesforce status", map[string]any{"source": "Acme"})
	if said := strings.Join(texts(status), "\n"); !strings.Contains(said, "Stopped") || !strings.Contains(said, "Send Messages") {
		t.Errorf("status: got %s", said)
	}
	w.discord.SetPermissions("sales", 0, 0)
	button := status.Message.Components[0].Components[0]
	if _, err := w.discord.Press(within(t), playground.Admin, status.Message, button.CustomID); err != nil {
		t.Fatalf("press %s: %v\n%s", button.Label, err, w.log)
	}
	messages, err := w.discord.WaitMessages(within(t), "sales", 3)
	if err != nil {
		t.Fatalf("%v\n%s", err, w.log)
	}
	for i, want := range []string{"first", "second"} {
		if got := messages[i].Embeds[0].Title; !strings.Contains(got, want) {
			t.Errorf("message %d: got %q, want %q", i, got, want)
		}
	}
	w.stop()
}
