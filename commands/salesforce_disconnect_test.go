package commands_test

import (
	"strings"
	"testing"

	"dispatch/event"
)

func TestDisconnect(t *testing.T) {
	b, db := open(t)
	made := connect(t, db, "Acme Production", event.AuthSecret)
	asked := b.answered("disconnect", set("source", " acme production "))
	if s := sourceOf(t, db, made.Name); s.State != event.Active {
		t.Errorf("state = %s before anybody said yes", s.State)
	}
	yes := asked.button("Disconnect")
	golden(t, "disconnect", asked, strings.TrimPrefix(yes, "/confirm/"), "QUESTION")
	golden(t, "disconnect_done", b.press(yes))
	if s := sourceOf(t, db, made.Name); s.State != event.Disconnected {
		t.Errorf("state = %s", s.State)
	}
	again := b.answered("disconnect")
	if want := "**Acme Production** is disconnected for good."; !strings.HasPrefix(again.Body.Content, want) {
		t.Errorf("again: %q, want %q…", again.Body.Content, want)
	}
}

func TestDisconnectCancelled(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme Production", event.AuthSecret)
	asked := b.answered("disconnect")
	golden(t, "cancelled", b.press(asked.button("Cancel")))
	if got := b.press(asked.button("Disconnect")); !strings.HasPrefix(got.Body.Content, "This question was answered already") {
		t.Errorf("content = %q", got.Body.Content)
	}
	if s := sourceOf(t, db, "Acme Production"); s.State != event.Active {
		t.Errorf("state = %s", s.State)
	}
}
