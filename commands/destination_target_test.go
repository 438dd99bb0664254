package commands_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/storage"
)

// target makes a target without a command.
func target(t *testing.T, db *storage.DB, name string) event.Target {
	t.Helper()
	made, err := db.CreateTarget(t.Context(), event.Target{
		GuildID: guildID, Name: name, User: "api@acme.example", Server: "https://login.salesforce.com", ReplyPolicy: event.ReplyAlways,
	}, "x")
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// caller makes a destination that is the target without a command.
func caller(t *testing.T, db *storage.DB, name string, of event.Target) delivery.Destination {
	t.Helper()
	made, err := db.CreateDestination(t.Context(), delivery.Destination{
		GuildID: guildID, Kind: delivery.KindSalesforce, Name: name, TargetID: of.ID,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestDestinationCreateTarget(t *testing.T) {
	tests := map[string]struct {
		edits []edit
		link  *delivery.Link
	}{
		"destination_create_target": {nil, nil},
		"destination_create_target_linked": {
			[]edit{set("source", "acme"), set("events", "Case.*"), set("filter", filterOfDeals), set("transform", "TASKS")},
			&delivery.Link{Events: []string{"Case.*"}, Filter: filterOfDeals},
		},
		"destination_create_target_untransformed": {[]edit{set("source", "acme")}, &delivery.Link{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, o, _ := aiming(t, "")
			s, prod := connect(t, o.DB, "Acme", event.AuthSecret), target(t, o.DB, "Prod_1")
			program := slim(t, o.DB, "tasks", "{action: 1}")
			got := b.slash("destination", "create", append([]edit{set("name", " CRM_1 "), set("target", " PROD_1 ")}, tc.edits...)...)
			golden(t, name, got)
			made := destinations(t, o.DB)[0]
			want := delivery.Destination{
				ID: made.ID, GuildID: guildID, Kind: delivery.KindSalesforce, Name: "CRM_1", TargetID: prod.ID, Locale: made.Locale,
			}
			if diff := cmp.Diff(want, made); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
			var links []delivery.Link
			if tc.link != nil {
				links = append(links, *tc.link)
				links[0].SourceID, links[0].DestinationID = s.ID, made.ID
				if len(tc.edits) > 1 {
					links[0].TransformID = program.ID
				}
			}
			if diff := cmp.Diff(links, routesOf(t, o.DB, s)[1:], cmpopts.IgnoreFields(delivery.Link{}, "ID"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("routes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDestinationCreateTargetRefuses(t *testing.T) {
	const either = "Please give either **url** or **target**: where events are sent, or the Salesforce org that acts on them."
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"neither":         {nil, either},
		"both":            {[]edit{set("target", "Prod"), set("url", crmURL)}, either},
		"unknown":         {[]edit{set("target", "x")}, "There is no target called **x**."},
		"signed":          {[]edit{set("target", "Prod"), set("secret", "generate")}, "**secret** is for URLs only. Leave it out for a target."},
		"unordered":       {[]edit{set("target", "Prod"), set("ordered", false)}, "**ordered** is for URLs only."},
		"paced":           {[]edit{set("target", "Prod"), set("rate_limit", 5)}, "**rate_limit** is for URLs only."},
		"no name":         {[]edit{set("target", "Prod"), set("name", "")}, "A name has 1 to 80 characters."},
		"taken":           {[]edit{set("target", "Prod"), set("name", "erp")}, "There is already a destination called **erp**."},
		"its own replies": {[]edit{set("target", "Prod"), set("source", "prod replies")}, "**Prod replies** has the replies of the very org that CRM calls"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, o, _ := aiming(t, "")
			endpoint(t, o.DB, "ERP")
			target(t, o.DB, "Prod")
			got := b.slash("destination", "create", append([]edit{set("name", "CRM")}, tc.edits...)...)
			if !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("content = %q, want %q…", got.Body.Content, tc.want)
			}
			if all := destinations(t, o.DB); len(all) != 1 {
				t.Errorf("destinations: %+v", all)
			}
		})
	}
}

func TestDestinationThatIsATarget(t *testing.T) {
	b, o, _ := aiming(t, "")
	s, prod, dev := connect(t, o.DB, "Acme", event.AuthSecret), target(t, o.DB, "Prod_1"), target(t, o.DB, "Dev")
	crm := caller(t, o.DB, "CRM", prod)
	if diff := cmp.Diff([]string{"Dev = Dev", "Prod_1 = Prod_1"}, b.suggested("destination", "create", "target", "")); diff != "" {
		t.Errorf("targets suggested (-want +got):\n%s", diff)
	}
	for _, at := range [][2]string{{"test", "name"}, {"delete", "name"}} {
		if diff := cmp.Diff([]string{"CRM = " + crm.ID}, b.suggested("destination", at[0], at[1], "c")); diff != "" {
			t.Errorf("suggested for %s (-want +got):\n%s", at[0], diff)
		}
	}

	golden(t, "route_add_target", b.slash("route", "add", set("source", "Acme"), set("destination", "crm")))
	checkContent(t, b.slash("route", "add", set("source", "prod_1 replies"), set("destination", "crm")),
		`**Prod\_1 replies** has the replies of the very org that CRM calls: each reply would ask for the next.`)
	got := b.slash("route", "add", set("source", "Dev replies"), set("destination", "crm")) // another's are fine
	if !strings.Contains(got.Body.Content, "Dev replies") {
		t.Errorf("content = %s", got.Body.Content)
	}
	if n := len(routesOf(t, o.DB, s)); n != 2 {
		t.Errorf("%d routes", n)
	}
	golden(t, "destination_list_target", b.slash("destination", "list"))

	o.look = salesforce.TargetLook{About: salesforce.About{ID: "00D5g00000LocalEAB", Name: "Acme"}, Username: "api@acme.example", Version: "66.0"}
	golden(t, "destination_test_target", b.slash("destination", "test", set("name", "crm")))
	if err := o.PauseDestination(t.Context(), guildID, crm.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.slash("destination", "test", set("name", "CRM")).Body.Content; !strings.HasSuffix(got, "⏸️ On hold: an admin has put it on hold. **/destination resume** goes on.") {
		t.Errorf("while it is paused: %s", got)
	}
	o.err = errors.Join(salesforce.ErrNoAnswer, &salesforce.OAuthError{Status: 400, Code: "invalid_grant", Description: "no"})
	checkContent(t, b.slash("destination", "test", set("name", "crm")), `**Prod\_1** does not let us in: invalid\_grant: no`)

	caller(t, o.DB, "Second", prod)
	checkContent(t, b.slash("target", "delete", set("name", "prod_1")),
		`**Prod\_1** can't be deleted while destinations lead there: CRM, Second. Delete them first with **/destination delete**.`)
	asked := b.slash("target", "delete", set("name", "dev"))
	caller(t, o.DB, "Third", dev) // meanwhile
	checkContent(t, b.press(asked.button("Delete")), "A destination leads to this target by now. Delete that first with **/destination delete**.")
}

func TestSourceOfReplies(t *testing.T) {
	b, o, _ := aiming(t, "")
	target(t, o.DB, "Prod")
	const what = "**Prod replies** is built in: it has the replies of a target, and no URL and no secret."
	checkContent(t, b.slash("source", "delete", set("name", "prod replies")), what)
	if got := fmt.Sprintf("%+v", b.slash("source", "list").Body.Embeds); !strings.Contains(got, what) {
		t.Errorf("list: %s", got)
	}
	if diff := cmp.Diff([]string{"Prod replies = Prod replies"}, b.suggested("route", "add", "source", "prod")); diff != "" {
		t.Errorf("suggested (-want +got):\n%s", diff)
	}
}

// What an org refuses is not put down to Discord.
func TestStatusOfATarget(t *testing.T) {
	b, o, _ := aiming(t, "")
	s, crm := connect(t, o.DB, "Acme", event.AuthNone), caller(t, o.DB, "CRM", target(t, o.DB, "Prod"))
	addRoute(t, o.DB, s, "", func(l *delivery.Link) { l.DestinationID = crm.ID })
	id := accept(t, o.DB, s, "Case.created")[0]
	err := o.Finish(t.Context(), delivery.Progress{DestinationID: crm.ID, Failures: 1, Pause: "pause.target_shut", Results: []delivery.Result{{
		EventID: id, SourceID: s.ID, Attempt: 1, State: delivery.Pending, At: time.Now(), Status: 401, Error: "the org answered *401*",
	}}})
	if err != nil {
		t.Fatal(err)
	}
	_, _, fields := b.slash("salesforce", "status").embed(t)
	want := "The org has not done it: the org answered \\*401\\*\nIt waits until the destination is resumed."
	if got := fields[len(fields)-1]; !strings.HasSuffix(got, want) {
		t.Errorf("failure: %s", got)
	}
}
