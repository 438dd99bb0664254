package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dispatch/salesforce/orgtest"
)

// deals are opportunities, as a strict org has them.
var deals = orgtest.Table{Name: "Opportunity", Fields: []orgtest.Field{
	{Name: "Name"},
	{Name: "StageName"},
	{Name: "Amount", Type: "currency"},
	{Name: "CloseDate", Type: "date"},
	{Name: "IsClosed", Type: "boolean"},
	{Name: "IsWon", Type: "boolean"},
	{Name: "AccountId", Type: "reference", Relationship: "Account", To: []string{"Account"}},
}}

// newPollWorld is a world with an authorized source, and an org with records whose clock is two hours ahead.
func newPollWorld(t *testing.T) (*world, *orgtest.Tables) {
	t.Helper()
	ahead := func() time.Time { return time.Now().Add(2 * time.Hour) }
	w, org := newOrgWorld(t, orgtest.Options{Now: ahead}, "DISPATCH_SALESFORCE_POLL_MIN=100ms")
	tables := org.AddTables(deals, orgtest.Table{Name: "Account", Fields: []orgtest.Field{{Name: "Name"}}})
	w.start()
	w.connect("Acme", "sales")
	w.tells(w.run("salesforce poll start", map[string]any{"source": "Acme", "objects": "Opportunity"}), "**/salesforce authorize**")
	w.opened(w.decide(w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"})), true), http.StatusOK, "authorized")
	return w, tables
}

// TestFromPollToEmbed has an org without anything installed in it tell of its deals.
func TestFromPollToEmbed(t *testing.T) {
	w, org := newPollWorld(t)
	account := org.Insert("Account", map[string]any{"Name": "Acme Corp"})
	deal := org.Insert("Opportunity", map[string]any{"Name": "Renewal", "StageName": "Negotiation", "AccountId": account})
	w.tells(w.run("salesforce poll start", map[string]any{"source": "Acme", "objects": "Nope__c"}), "no object `Nope__c`", "NOT\\_FOUND")
	w.tells(w.run("salesforce poll start", map[string]any{"source": "Acme", "objects": "opportunity", "every": 0.001}), "a number of minutes from")
	w.tells(w.run("salesforce poll start", map[string]any{"source": "Acme", "objects": "opportunity", "every": 0.005}), "✅ **Acme** asks its org", "Opportunity")

	org.Update(deal, map[string]any{"StageName": "Closed Won", "IsClosed": true, "IsWon": true, "Amount": 135000})
	won := w.shown("sales", 1)
	if won.Color != green || !strings.Contains(won.Title, "Renewal") || won.Fields[0].Value != "Negotiation → Closed Won" {
		t.Errorf("won: %+v", won)
	}
	if !strings.Contains(fmt.Sprint(won.Fields), "Acme Corp") {
		t.Errorf("the account is not shown by its name: %+v", won.Fields)
	}
	fresh := org.Insert("Opportunity", map[string]any{"Name": "Fresh", "StageName": "Prospecting"})
	if created := w.shown("sales", 2); !strings.Contains(created.Title, "Fresh") {
		t.Errorf("created: %+v", created)
	}
	w.tells(w.run("salesforce poll status", map[string]any{"source": "Acme"}), "Polling of Acme", "Every 0.005 min", "Opportunity", "Last change found", "API calls")
	org.Delete(fresh)
	if deleted := w.shown("sales", 3); deleted.Color != 0x95A5A6 {
		t.Errorf("deleted: %+v", deleted)
	}
	w.tells(w.run("salesforce poll stop", map[string]any{"source": "Acme"}), "doesn't ask its org any more")
	w.tells(w.run("salesforce poll status", map[string]any{"source": "Acme"}), "isn't polled")
	w.stop()
}

// TestPollingSurvivesKill kills the process again and again while an org changes. Each change is shown once.
func TestPollingSurvivesKill(t *testing.T) {
	w, org := newPollWorld(t)
	w.run("salesforce poll start", map[string]any{"source": "Acme", "objects": "Opportunity", "every": 0.002})
	const rounds, each = 3, 8
	for round := range rounds {
		for i := range each {
			org.Insert("Opportunity", map[string]any{"Name": fmt.Sprintf("Deal %d-%d", round, i), "StageName": "New"})
		}
		if round < rounds-1 {
			w.until(func() bool { return len(w.timesShown("sales")) > round*each })
			w.kill()
			w.start()
		}
	}
	w.until(func() bool { return len(w.timesShown("sales")) == rounds*each })
	for title, times := range w.timesShown("sales") {
		if times != 1 {
			t.Errorf("%q was shown %d times", title, times)
		}
	}
	w.stop()
}

// timesShown are the titles of the channel's embeds, with how often each is there.
func (w *world) timesShown(channel string) map[string]int {
	seen := make(map[string]int)
	for _, message := range w.discord.Messages(channel) {
		for _, embed := range message.Embeds {
			seen[embed.Title]++
		}
	}
	return seen
}
