package commands_test

import (
	"testing"

	"dispatch/delivery"
	"dispatch/event"
)

func TestResume(t *testing.T) {
	b, db := open(t)
	made := connect(t, db, "Acme Production", event.AuthSecret)
	destinations, err := db.Destinations(t.Context(), made.ID)
	if err != nil || len(destinations) != 1 {
		t.Fatalf("destinations: %v (%v)", destinations, err)
	}
	pause := delivery.Progress{DestinationID: destinations[0].ID, Pause: "pause.no_permission"}
	if err := db.Finish(t.Context(), pause); err != nil {
		t.Fatal(err)
	}

	status := b.answered("status", set("source", "Acme Production"))
	resume := status.button("Resume")
	if want := "/salesforce/resume/" + made.ID; resume != want {
		t.Fatalf("the button is %q, want %q", resume, want)
	}
	if got, want := b.press(resume).Body.Content, "I'm sending what waits now. **/salesforce status** shows whether it works."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if destinations, err := db.Destinations(t.Context(), made.ID); err != nil || destinations[0].Paused != "" {
		t.Errorf("afterwards: %+v (%v)", destinations, err)
	}
	if got, want := b.press(resume).Body.Content, "Nothing is on hold here any more."; got != want {
		t.Errorf("again: got %q, want %q", got, want)
	}
	if again := b.answered("status", set("source", "Acme Production")); again.button("Resume") != "" {
		t.Error("the button is still there")
	}
}
