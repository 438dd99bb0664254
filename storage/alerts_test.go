package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/storage"
)

func TestAlertsChannel(t *testing.T) {
	set := func(channel string) func(*testing.T, *storage.DB) {
		return func(t *testing.T, db *storage.DB) { must(t, db.SetAlertsChannel(t.Context(), guild, channel)) }
	}
	join := func(t *testing.T, db *storage.DB) { must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at)) }
	tests := map[string]struct {
		steps []func(*testing.T, *storage.DB)
		want  string
	}{
		"guild not known":            {nil, ""},
		"not set":                    {[]func(*testing.T, *storage.DB){join}, ""},
		"set":                        {[]func(*testing.T, *storage.DB){join, set("7")}, "7"},
		"set before Discord told us": {[]func(*testing.T, *storage.DB){set("7"), join}, "7"},
		"set again":                  {[]func(*testing.T, *storage.DB){set("7"), set("8")}, "8"},
		"cleared":                    {[]func(*testing.T, *storage.DB){set("7"), set("")}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			for _, step := range tc.steps {
				step(t, db)
			}
			got, err := db.AlertsChannel(t.Context(), guild)
			must(t, err)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestUntoldIsForGuildsWeAreIn pauses one destination each of two guilds.
func TestUntoldIsForGuildsWeAreIn(t *testing.T) {
	db := open(t)
	d := destination(t, db, connect(t, db, "Sales", "1"))
	before := time.Now().Truncate(time.Millisecond)
	must(t, db.Finish(t.Context(), delivery.Progress{DestinationID: d.ID, Pause: "pause.channel_gone"}))
	d.Paused = "pause.channel_gone"

	alerts, err := db.Untold(t.Context())
	must(t, err)
	if len(alerts) != 1 || alerts[0].PausedAt.Before(before) || alerts[0].PausedAt.After(time.Now()) {
		t.Fatalf("untold: %+v", alerts)
	}
	if diff := cmp.Diff(delivery.Alert{Destination: d, PausedAt: alerts[0].PausedAt}, alerts[0]); diff != "" {
		t.Error("-want +got:", diff)
	}
	must(t, db.LeaveGuild(t.Context(), guild, at))
	if alerts, err = db.Untold(t.Context()); err != nil || len(alerts) > 0 {
		t.Errorf("left: %+v (%v)", alerts, err)
	}
	must(t, db.JoinGuild(t.Context(), guild, "Guild", "de", at))
	if alerts, err = db.Untold(t.Context()); err != nil || len(alerts) != 1 {
		t.Errorf("came back: %+v (%v)", alerts, err)
	}
	if paused, err := db.PausedDestinations(t.Context(), "2"); err != nil || len(paused) > 0 {
		t.Errorf("another guild's: %+v (%v)", paused, err)
	}
	must(t, db.Told(t.Context(), "gone", at)) // nothing to write down
}
