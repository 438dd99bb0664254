package delivery_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"dispatch/delivery"
	"dispatch/event"
)

// cabinet is a PreferenceStore and an inbox. Each may fail once.
type cabinet struct {
	kept     delivery.Preferences
	state    event.SourceState
	accepted []event.Event
	saves    int
	failSave int   // which of the saves fails; 0: none
	refuse   error // of the next event
}

func (c *cabinet) StoredPreferences(context.Context, string) (delivery.Preferences, error) {
	return c.kept, nil
}

func (c *cabinet) SavePreferences(_ context.Context, _ string, p delivery.Preferences) error {
	if c.saves++; c.saves == c.failSave {
		return errBroken
	}
	c.kept = p
	return nil
}

func (c *cabinet) UnannouncedPreferences(context.Context) ([]string, error) {
	if c.kept.Pending == nil {
		return nil, nil
	}
	return []string{"1"}, nil
}

func (c *cabinet) SettingsSource(context.Context, string) (event.Source, error) {
	return event.Source{ID: "source", State: c.state}, nil
}

func (c *cabinet) accept(_ context.Context, events []event.Event) ([]event.ID, error) {
	if err := c.refuse; err != nil {
		c.refuse = nil
		return nil, err
	}
	for _, known := range c.accepted {
		if known.IdempotencyKey == events[0].IdempotencyKey {
			return nil, &event.DuplicateError{First: 1}
		}
	}
	c.accepted = append(c.accepted, events...)
	return []event.ID{1}, nil
}

var errBroken = errors.New("broken")

func announcer(c *cabinet) *delivery.Announcer {
	if c.state == "" {
		c.state = event.Active
	}
	return delivery.NewAnnouncer(c, c.accept, true, func() time.Time { return time.Unix(1634755434, 0) })
}

// retries puts the number of retries.
func retries(n int) func(*event.PreferencesDocument) {
	return func(d *event.PreferencesDocument) { d.MaxRetries = n }
}

func TestAnnouncer(t *testing.T) {
	ops := event.Changer{Key: "ops"}
	c := &cabinet{}
	a := announcer(c)
	for _, n := range []int{5, 5, 7} {
		got, err := a.ChangePreferences(t.Context(), "1", ops, retries(n))
		if err != nil || got.MaxRetries != n {
			t.Errorf("%d: got %d, %v", n, got.MaxRetries, err)
		}
	}
	if kept, err := a.Preferences(t.Context(), "1"); err != nil || kept.MaxRetries != 7 {
		t.Errorf("kept %d, %v", kept.MaxRetries, err)
	}
	var told []string
	for _, e := range c.accepted {
		news, _ := e.Preferences()
		told = append(told, e.SourceID+" "+news.By.Key+" "+news.Old.Text("maxRetries")+" "+news.Fields.Text("maxRetries"))
		if body := gjson.ParseBytes(e.Body); body.Get("created").Int() != 1634755434 || !body.Get("livemode").Bool() {
			t.Errorf("told %s", e.Body)
		}
	}
	if diff := cmp.Diff([]string{"source ops 0 5", "source ops 5 7"}, told); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}
}

func TestAnnouncerThatIsInterrupted(t *testing.T) {
	tests := map[string]struct {
		cabinet    cabinet
		kept, told int // after the interruption
		toldAtLast int
	}{
		"nothing saved":            {cabinet{failSave: 1}, 0, 0, 0},
		"saved, not accepted":      {cabinet{refuse: errBroken}, 5, 0, 1},
		"accepted, not ticked off": {cabinet{failSave: 2}, 5, 1, 1},
	}
	for name, tc := range tests {
		for then, goOn := range map[string]func(*delivery.Announcer) error{
			"restart": func(a *delivery.Announcer) error { return a.Catch(t.Context()) },
			"the same again": func(a *delivery.Announcer) error {
				_, err := a.ChangePreferences(t.Context(), "1", event.Changer{}, func(*event.PreferencesDocument) {})
				return err
			},
		} {
			t.Run(name+", then "+then, func(t *testing.T) {
				c := tc.cabinet
				_, err := announcer(&c).ChangePreferences(t.Context(), "1", event.Changer{UserID: "7"}, retries(5))
				if !errors.Is(err, errBroken) || c.kept.Document.MaxRetries != tc.kept || len(c.accepted) != tc.told {
					t.Errorf("interrupted: %v, kept %d, told %d times", err, c.kept.Document.MaxRetries, len(c.accepted))
				}
				if err := goOn(announcer(&c)); err != nil || len(c.accepted) != tc.toldAtLast || c.kept.Pending != nil {
					t.Errorf("at last: %v, told %d times", err, len(c.accepted))
				}
			})
		}
	}
}

func TestPausedSourceAnnouncesNothing(t *testing.T) {
	c := &cabinet{state: event.Paused}
	if _, err := announcer(c).ChangePreferences(t.Context(), "1", event.Changer{}, retries(5)); err != nil {
		t.Fatal(err)
	}
	if len(c.accepted) != 0 || c.kept.Document.MaxRetries != 5 || c.kept.Pending != nil {
		t.Errorf("told %d times, kept %d", len(c.accepted), c.kept.Document.MaxRetries)
	}
}
