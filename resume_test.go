package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// TestAChannelThatRefusesIsPausedUntilResumed takes the permission away, gives it back and presses Resume.
func TestAChannelThatRefusesIsPausedUntilResumed(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	w.discord.SetPermissions("sales", 0, playground.SendMessages)
	names := w.deals(sales, "deal", 2)
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
	got := w.titles("sales", 3) // the last is the sample
	if diff := cmp.Diff(names, got[:2]); diff != "" {
		t.Errorf("#sales (-want +got):\n%s", diff)
	}
	w.stop()
}
