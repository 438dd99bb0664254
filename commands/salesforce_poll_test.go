package commands_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/storage"
)

// cannedPolls is a poller of whom the test says what there is.
type cannedPolls struct {
	err    error
	status salesforce.PollStatus
	wanted salesforce.Poll
}

func (c *cannedPolls) Start(_ context.Context, wanted salesforce.Poll) error {
	c.wanted = wanted
	c.status.Poll = wanted
	return c.err
}

func (c *cannedPolls) Stop(context.Context, string, string) error { return c.err }

func (c *cannedPolls) Status(context.Context, string) (salesforce.PollStatus, error) {
	return c.status, c.err
}

func (c *cannedPolls) Shortest() time.Duration { return time.Minute }

// openPolls is a bench with a poller and an authorized source.
func openPolls(t *testing.T) (*bench, *storage.DB, *cannedPolls) {
	t.Helper()
	b, db := open(t)
	connect(t, db, "Acme *", event.AuthSecret)
	polls := &cannedPolls{status: salesforce.PollStatus{Active: true}}
	log := logrus.New()
	log.SetOutput(b.log)
	orgs := salesforce.NewOrgs(salesforce.OrgsOptions{Log: quiet()}, db, db)
	b.mux = commands.New(commands.Options{PublicURL: publicURL, Log: log, Poller: polls, Orgs: orgs}, db, nil, nil)
	return b, db, polls
}

func quiet() *logrus.Logger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}

// inGroup makes the subcommand one of the group.
func inGroup(group string) edit {
	return func(i map[string]any) {
		data := i["data"].(map[string]any)
		data["options"] = []any{map[string]any{"name": group, "type": 2, "options": data["options"]}}
	}
}

// decimal gives the subcommand a number.
func decimal(name string, value float64) edit {
	return func(i map[string]any) {
		sub := subcommand(i)
		options, _ := sub["options"].([]any)
		sub["options"] = append(options, map[string]any{"name": name, "type": 10, "value": value})
	}
}

func (b *bench) poll(sub string, edits ...edit) answer {
	b.t.Helper()
	return b.slash("salesforce", sub, append(append([]edit{set("source", "acme *")}, edits...), inGroup("poll"))...)
}

func TestPollStart(t *testing.T) {
	tests := map[string]struct {
		edits   []edit
		objects []string
		every   time.Duration
	}{
		"plain":         {[]edit{set("objects", "Opportunity")}, []string{"Opportunity"}, 5 * time.Minute},
		"several":       {[]edit{set("objects", " opportunity,,Case , Invoice__c, case"), decimal("every", 2.5)}, []string{"Opportunity", "Case", "Invoice__c"}, 150 * time.Second},
		"rarely":        {[]edit{set("objects", "Case"), decimal("every", 10080)}, []string{"Case"}, 7 * 24 * time.Hour},
		"with a target": {[]edit{set("objects", "Case"), set("target", " prod ")}, []string{"Case"}, 5 * time.Minute},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db, polls := openPolls(t)
			target, err := db.CreateTarget(t.Context(), event.Target{GuildID: guildID, Name: "Prod"}, "x")
			if err != nil {
				t.Fatal(err)
			}
			got := b.poll("start", tc.edits...)
			want := salesforce.Poll{SourceID: sourceOf(t, db, "Acme *").ID, GuildID: guildID, Objects: tc.objects, Every: tc.every}
			if strings.Contains(name, "target") {
				want.TargetID = target.ID
			}
			if diff := cmp.Diff(want, polls.wanted); diff != "" {
				t.Errorf("started (-want +got):\n%s\n%s", diff, got.Body.Content)
			}
			golden(t, "poll_start_"+strings.ReplaceAll(name, " ", "_"), got)
		})
	}
}

func TestPollStartTellsOfTrouble(t *testing.T) {
	b, _, polls := openPolls(t)
	polls.status.Trouble = &salesforce.PollTrouble{Kind: salesforce.PollBusy, Since: time.Unix(1_800_000_000, 0)}
	if got := b.poll("start", set("objects", "Case")).Body.Content; !strings.Contains(got, "⚠️ The org has been too busy to answer since <t:1800000000:R>.") {
		t.Errorf("content = %s", got)
	}
	polls.status.Active = false
	if got := b.poll("start", set("objects", "Case")).Body.Content; !strings.Contains(got, "⏸️ The source is paused.") {
		t.Errorf("content = %s", got)
	}
}

func TestPollRefuses(t *testing.T) {
	object := func(problem salesforce.ObjectProblem, answer *salesforce.APIError) error {
		return &salesforce.PollObjectError{Object: "Nope__c", Problem: problem, Answer: answer}
	}
	fine := set("objects", "Case")
	tests := map[string]struct {
		sub   string
		edits []edit
		err   error
		want  string
	}{
		"not authorized":  {"start", []edit{fine}, salesforce.ErrNotAuthorized, `I can't reach the org of **Acme \*** yet. Run **/salesforce authorize**, or name a `},
		"lost":            {"start", []edit{fine}, salesforce.ErrLost, `The org of **Acme \*** doesn't let me in any more. Run **/salesforce authorize**`},
		"too often":       {"start", []edit{fine, decimal("every", 0.5)}, salesforce.ErrTooOften, "Give a number of minutes from 1 to 10080;"},
		"backwards":       {"start", []edit{fine, decimal("every", -1)}, nil, "Give a number of minutes from 1 to 10080;"},
		"next year":       {"start", []edit{fine, decimal("every", 1e300)}, nil, "Give a number of minutes from 1 to 10080;"},
		"nothing":         {"start", []edit{set("objects", " , ")}, nil, "Name at least one object"},
		"no name":         {"start", []edit{set("objects", "Case; DROP")}, nil, "`Case; DROP` is no API name of an object."},
		"too many":        {"start", []edit{set("objects", "A"+strings.Repeat(",B1", 1)+manyObjects())}, nil, "That is too much for one source: at most 25 objects."},
		"unknown":         {"start", []edit{fine}, object(salesforce.NoSuchObject, &salesforce.APIError{Status: 404, Code: "NOT_FOUND", Message: "no *such*"}), "The org has no object `Nope__c`, or doesn't let us see it (NOT\\_FOUND: no \\*such\\*)."},
		"not queryable":   {"start", []edit{fine}, object(salesforce.NotQueryable, nil), "`Nope__c` can't be queried"},
		"no timestamp":    {"start", []edit{fine}, object(salesforce.NoTimestamp, nil), "`Nope__c` has no `SystemModstamp`"},
		"refused":         {"start", []edit{fine}, &salesforce.APIError{Status: 403, Code: "API_DISABLED_FOR_ORG", Message: "x"}, "The org refuses: API\\_DISABLED\\_FOR\\_ORG: x"},
		"the key":         {"start", []edit{fine}, &salesforce.OAuthError{Status: 400, Code: "invalid_grant", Description: "x"}, "The org refuses: invalid\\_grant: x"},
		"our fault":       {"start", []edit{fine}, errors.New("hunter2"), "Something went wrong"},
		"no storage":      {"start", []edit{fine}, fault.New(fault.Unavailable, "hunter2"), "I can't do that right now."},
		"unknown target":  {"start", []edit{fine, set("target", "nobody")}, nil, "There is no target called **nobody**."},
		"unknown source":  {"start", []edit{fine, set("source", "nobody")}, nil, "There is no Salesforce source called **nobody**."},
		"nothing to stop": {"stop", nil, fault.New(fault.NotFound, "%w", salesforce.ErrNotPolled), `**Acme \*** isn't polled. **/salesforce poll start** begins.`},
		"nothing to see":  {"status", nil, fault.New(fault.NotFound, "%w", salesforce.ErrNotPolled), `**Acme \*** isn't polled.`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, _, polls := openPolls(t)
			polls.err = tc.err
			got := b.poll(tc.sub, tc.edits...).Body.Content
			if !strings.HasPrefix(got, tc.want) || strings.Contains(got, "hunter2") {
				t.Errorf("content = %s\nwant %s…", got, tc.want)
			}
		})
	}
}

// manyObjects are one more than may be polled.
func manyObjects() string {
	var list strings.Builder
	for i := range salesforce.MaxPollObjects {
		list.WriteString(",C" + string(rune('a'+i)))
	}
	return list.String()
}

func TestPollStop(t *testing.T) {
	b, _, _ := openPolls(t)
	checkContent(t, b.poll("stop"), `**Acme \*** doesn't ask its org any more. What was found before is still delivered.`)
}

func TestPollStatus(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	poll := salesforce.Poll{Objects: []string{"Opportunity", "Case", "Lead"}, Every: 150 * time.Second}
	mark := func(object string, changed time.Time) salesforce.Mark {
		return salesforce.Mark{Object: object, Based: true, PolledAt: at, ChangedAt: changed}
	}
	trouble := func(kind salesforce.PollTroubleKind, told string) *salesforce.PollTrouble {
		return &salesforce.PollTrouble{Kind: kind, Told: told, Since: at.Add(-time.Hour), Failures: 3}
	}
	tests := map[string]salesforce.PollStatus{
		"well": {
			Poll: poll, Active: true, NextAt: at.Add(time.Minute), Usage: salesforce.Usage{Used: 1200, Max: 15000},
			Reads: []salesforce.PollRead{{Mark: mark("Opportunity", at)}, {Mark: mark("Case", time.Time{})}, {Mark: salesforce.Mark{Object: "Lead"}}},
		},
		"slowed": {
			Poll: poll, Active: true, Target: "Prod _", NextAt: at, Usage: salesforce.Usage{Used: 15100, Max: 15000}, Slowed: true,
			Reads: []salesforce.PollRead{{Mark: mark("Opportunity", at)}},
		},
		"lost":   {Poll: poll, Active: true, Trouble: trouble(salesforce.PollLost, ""), NextAt: at, Reads: []salesforce.PollRead{{Mark: mark("Case", at)}}},
		"paused": {Poll: poll, Reads: []salesforce.PollRead{{Mark: mark("Case", at)}}},
		"object": {
			Poll: poll, Active: true, Reads: []salesforce.PollRead{
				{Mark: mark("Case", at), Trouble: trouble(salesforce.PollRefused, "INVALID_FIELD: No such *column*")},
				{Mark: salesforce.Mark{Object: "Lead"}, Trouble: trouble(salesforce.PollObject, "")},
			},
		},
	}
	for name, status := range tests {
		t.Run(name, func(t *testing.T) {
			b, db, polls := openPolls(t)
			polls.status = status
			golden(t, "poll_status_"+name, b.poll("status"), sourceOf(t, db, "Acme *").ID, "SOURCE")
		})
	}
	for _, kind := range []salesforce.PollTroubleKind{
		salesforce.PollUnauthorized, salesforce.PollLimit, salesforce.PollBusy, salesforce.PollSilent, salesforce.PollOurs,
	} {
		b, _, polls := openPolls(t)
		polls.status = salesforce.PollStatus{Poll: poll, Active: true, Trouble: trouble(kind, "")}
		if _, said, _ := b.poll("status").embed(t); !strings.Contains(said, "⚠️ ") || strings.Contains(said, "trouble.") {
			t.Errorf("%s: %s", kind, said)
		}
	}
}

func TestPollSuggestions(t *testing.T) {
	b, db, _ := openPolls(t)
	if _, err := db.CreateTarget(t.Context(), event.Target{GuildID: guildID, Name: "Prod"}, "x"); err != nil {
		t.Fatal(err)
	}
	for option, want := range map[string]string{"source": "Acme *", "target": "Prod", "objects": "Opportunity"} {
		got := b.answered("autocomplete", as("salesforce", "start"), focused("start", option, strings.ToLower(want[:3])), inGroup("poll")).Body.Choices
		if len(got) == 0 || got[0]["value"] != want {
			t.Errorf("%s: %v", option, got)
		}
	}
}
