package commands_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

func TestDestinationList(t *testing.T) {
	b, db := open(t)
	checkContent(t, b.slash("destination", "list"),
		"There are no destinations outside Discord yet, and no channel is on hold. **/destination create** makes one.")
	acme, shop := connect(t, db, "Acme", event.AuthSecret), webhook(t, db, "Shop_1", nil)
	endpoint(t, db, "Nobody's")
	crm := endpoint(t, db, "CRM_1", acme, shop)
	addRoute(t, db, acme, "", func(l *delivery.Link) { l.DestinationID, l.Events = crm.ID, []string{"Case.*"} })
	_, err := db.CreateDestination(t.Context(), delivery.Destination{
		GuildID: guildID, Kind: delivery.KindWebhook, Name: "ERP", Endpoint: &delivery.Endpoint{
			URL: "https://erp.example", Secret: event.SigningKey{Secret: []byte("whsec_hidden")}, Unordered: true, RateLimit: 5,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := b.slash("destination", "list")
	golden(t, "destination_list", got)
	pauseAll(t, db)
	got = b.slash("destination", "list")
	golden(t, "destination_list_paused", got)
}

// pauseAll pauses all destinations, channels too.
func pauseAll(t *testing.T, db *storage.DB) {
	t.Helper()
	for _, d := range destinations(t, db) {
		if err := db.PauseDestination(t.Context(), guildID, d.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDestinationTest(t *testing.T) {
	tests := map[string]struct {
		outcome delivery.Outcome
		want    string
	}{
		"taken": {
			delivery.Outcome{Verdict: delivery.Sent, Status: 204, Latency: 35 * time.Millisecond}, `✅ **CRM\_1** took the sample: 204, 35 ms.`,
		},
		"refused": {
			delivery.Outcome{Verdict: delivery.Later, Status: 422, Response: "no\n*such* thing", Err: errors.New("answer is 422")},
			"❌ **CRM\\_1**: It answered with status 422.\n↳ no \\*such\\* thing",
		},
		"silent": {
			delivery.Outcome{Verdict: delivery.Later, Err: errors.New("connect: timed out")}, `❌ **CRM\_1**: It gave no answer: connect: timed out`,
		},
		"gone": {
			delivery.Outcome{Verdict: delivery.Gone, Status: 410, Reason: "pause.gone"},
			`❌ **CRM\_1**: this endpoint answers 410 Gone: it wants no more events. If it's to get them after all, mend it, then press **Resume**.`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme", event.AuthSecret)
			crm := endpoint(t, db, "CRM_1")
			pinged := b.answers(tc.outcome)
			checkContent(t, b.slash("destination", "test", set("name", "crm_1")), tc.want)
			if len(*pinged) != 1 || (*pinged)[0].ID != crm.ID || (*pinged)[0].Endpoint.URL != crmURL {
				t.Errorf("pinged %+v", *pinged)
			}
			pauseAll(t, db)
			checkContent(t, b.slash("destination", "test", set("name", crm.ID)),
				tc.want+"\n⏸️ On hold: an admin has put it on hold. **/destination resume** goes on.")
			checkContent(t, b.slash("destination", "test", set("name", channelID)),
				"There is no destination called **"+channelID+"**. Pick one from the suggestions, or see them with **/destination list**.")
			if diff := cmp.Diff([]string{"CRM_1 = " + crm.ID}, b.suggested("destination", "test", "name", "")); diff != "" {
				t.Errorf("suggestions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDestinationPause(t *testing.T) {
	b, db := open(t)
	b.discord.api.channels = map[string]string{channelID: salesHere}
	s := connect(t, db, "Acme", event.AuthSecret)
	crm := endpoint(t, db, "CRM_1", s)
	offered := b.suggested("destination", "pause", "name", "")
	if diff := cmp.Diff([]string{"CRM_1 = " + crm.ID, "#sales = " + destinations(t, db)[1].ID}, offered); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
	for typed, name := range map[string]string{"crm_1": `CRM\_1`, "#Sales": "<#" + channelID + ">"} {
		checkContent(t, b.slash("destination", "pause", set("name", typed)),
			"⏸️ "+name+" is on hold: what comes for it waits until **/destination resume**.")
		checkContent(t, b.slash("destination", "pause", set("name", typed)),
			name+" is on hold already: an admin has put it on hold. **/destination resume** goes on.")
	}
	if paused, err := db.PausedDestinations(t.Context(), guildID); err != nil || len(paused) != 2 || paused[0].Paused != "pause.by_admin" {
		t.Errorf("paused: %+v, %v", paused, err)
	}
	if got := b.suggested("destination", "pause", "name", ""); got != nil {
		t.Errorf("suggestions: %v", got)
	}
	checkContent(t, b.slash("destination", "resume", set("name", "crm_1")),
		`CRM\_1 is no longer on hold. I'm sending what waits now; should it fail again, you'll hear of it.`)
	checkContent(t, b.slash("destination", "pause", set("name", "nobody")),
		"There is no destination called **nobody**. Pick one from the suggestions, or see them with **/destination list**.")
}

func TestDestinationDelete(t *testing.T) {
	b, db := open(t)
	s, shop := connect(t, db, "Acme", event.AuthSecret), webhook(t, db, "Shop", nil)
	crm := endpoint(t, db, "CRM_1", s, shop)
	endpoint(t, db, "Empty")
	ids := accept(t, db, s, "Case.created", "Case.updated")
	asked := b.slash("destination", "delete", set("name", "CRM_1"))
	yes := asked.button("Delete")
	golden(t, "destination_delete", asked, strings.TrimPrefix(yes, "/confirm/"), "QUESTION")
	checkContent(t, b.slash("destination", "delete", set("name", "empty")), "Delete **Empty**?")
	if all := destinations(t, db); len(all) != 3 {
		t.Errorf("destinations before anybody said yes: %+v", all)
	}
	checkContent(t, b.press(yes), `**CRM\_1** is deleted.`)
	if all := destinations(t, db); len(all) != 2 || all[0].Name != "Empty" {
		t.Errorf("destinations: %+v", all)
	}
	if links := append(routesOf(t, db, s), routesOf(t, db, shop)...); len(links) != 1 {
		t.Errorf("routes: %+v", links)
	}
	h, err := db.History(t.Context(), guildID, ids[0])
	if err != nil || len(h.Deliveries) != 2 {
		t.Fatalf("history %+v, %v", h, err)
	}
	for _, trace := range h.Deliveries {
		if want := map[bool]string{true: "abandoned", false: "pending"}[trace.DestinationID == crm.ID]; trace.State != want {
			t.Errorf("%s is %s, want %s", trace.DestinationID, trace.State, want)
		}
	}
	checkContent(t, b.slash("destination", "delete", set("name", "crm_1")),
		`There is no destination called **crm\_1**. Pick one from the suggestions, or see them with **/destination list**.`)
}
