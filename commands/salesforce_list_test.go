package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

func TestList(t *testing.T) {
	db := database(t)
	production := connect(t, db, "Acme_Production", event.AuthSecret)
	gone := connect(t, db, "Gone", event.AuthSecret)
	if err := db.Disconnect(t.Context(), guildID, gone.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	qa := event.Source{GuildID: guildID, Name: "QA", Kind: event.SourceSalesforce, Environment: event.Sandbox, Auth: event.AuthSecret}
	if _, err := db.Connect(t.Context(), qa, elsewhere); err != nil {
		t.Fatal(err)
	}
	webhook := event.Source{GuildID: guildID, Name: "github", Kind: event.SourceWebhook, Auth: event.AuthSecret}
	if _, err := db.Connect(t.Context(), webhook, channelID); err != nil {
		t.Fatal(err)
	}
	seen := delivery.Activity{LastType: "Opportunity.updated", LastAt: time.Unix(1_750_000_000, 0)}
	b := sit(t, busy{Store: db, activity: map[string]delivery.Activity{production.ID: seen}}, nil)
	golden(t, "list", b.answered("list"))
}

// However many there are and whatever they are called, the list fits, and says how many it leaves out.
func TestListOfMany(t *testing.T) {
	tests := map[string]struct {
		sources int
		name    string
		shown   int
	}{
		"as many as are looked at": {25, "Acme", 25},
		"one more":                 {26, "Acme", 25},
		"many":                     {300, "Acme", 25},
		"long":                     {25, strings.Repeat("*", 76), 11},
		"longer than the limit":    {27, strings.Repeat("|", 76), 11},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			store := busy{Store: database(t), activity: map[string]delivery.Activity{}}
			for i := range tc.sources {
				id := fmt.Sprint(i)
				store.more = append(store.more, event.Source{ID: id, Name: tc.name + id, Kind: event.SourceSalesforce, State: event.Active})
				store.activity[id] = delivery.Activity{LastType: strings.Repeat("_", len(tc.name)), LastAt: time.Unix(1_750_000_000, 0)}
			}
			got := sit(t, store, nil).answered("list").Body.Embeds[0].Description
			lines := strings.Split(got, "\n")
			if !strings.Contains(lines[0], " → nowhere · ") {
				t.Errorf("a source without a destination: %s", lines[0])
			}
			left := tc.sources - tc.shown
			if more := fmt.Sprintf("… and %d more. **/salesforce status** shows each by its name.", left); left > 1 && lines[len(lines)-1] != more {
				t.Errorf("last line = %q, want %q", lines[len(lines)-1], more)
			}
			if want := tc.shown + min(left, 1); len(lines) != want || len([]rune(got)) > 4096 {
				t.Errorf("%d lines of %d characters, want %d lines", len(lines), len([]rune(got)), want)
			}
		})
	}
}
