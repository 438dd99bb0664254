package commands_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// said is all that an answer says.
func said(a answer) string {
	all := []string{a.Body.Content}
	for _, e := range a.Body.Embeds {
		all = append(all, e.Title, e.Description)
		for _, f := range e.Fields {
			all = append(all, f.Name, f.Value)
		}
	}
	return strings.Join(all, "\n")
}

// hows are how the answers reached Discord, those alike that follow one another but once.
func hows(all []answer) []string {
	var how []string
	for _, a := range all {
		how = append(how, a.How)
	}
	return slices.Compact(how)
}

func TestDeployFromTheReply(t *testing.T) {
	y := openYard(t, orgtest.Options{})
	if got := y.answered("generate_url", set("objects", "Lead")); got.button("Deploy to Salesforce") != "" {
		t.Error("an org that does not let us in can be deployed to")
	}
	y.authorize()
	generated := y.press(y.answered("generate_url", set("objects", "Lead")).button("Replace the secret"))
	_, shownSecret := shown(t, generated)
	if !strings.Contains(generated.Body.Content, "Or let me do it") {
		t.Errorf("content = %q", generated.Body.Content)
	}
	asked := y.press(generated.button("Deploy to Salesforce"))
	yes := asked.button("Deploy to Salesforce")
	golden(t, "deploy", asked, strings.TrimPrefix(yes, "/confirm/"), "QUESTION")
	if valid, _ := y.secrets(); len(valid) != 1 || len(y.deploys.Requests()) > 0 {
		t.Errorf("%d secrets and %d requests before anybody said yes", len(valid), len(y.deploys.Requests()))
	}
	all := y.confirmed(asked, "Deploy to Salesforce")
	if diff := cmp.Diff([]string{"update", "edit", "follow up"}, hows(all)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	golden(t, "deploy_begun", all[0], y.source.ID, "SOURCE")
	golden(t, "deploy_over", all[len(all)-2], y.source.ID, "SOURCE")
	d, err := y.db.Deployed(t.Context(), y.source.ID, orgtest.ID)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "deploy_done", all[len(all)-1], y.source.ID, "SOURCE", fmtUnix(d.Last.EndedAt.Add(salesforce.OldSecretsLive)), "LATER")

	valid, holding := y.secrets()
	if len(valid) != 2 || valid[shownSecret].IsZero() || len(holding) != 1 {
		t.Errorf("secrets %v, in the org %v: the one that was shown has to end, the other to be in the org", slices.Collect(maps.Values(valid)), holding)
	}
	for secret := range valid {
		if secret != shownSecret && strings.Contains(fmt.Sprint(all, y.log), secret) {
			t.Error("the secret was told")
		}
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(y.deploys.Files())), func(name string) bool { return strings.HasSuffix(name, "Lead.trigger") }) {
		t.Errorf("the objects were forgotten: %v", y.deploys.Files())
	}
}

// What is in the org stays there when more is added, and all of it goes at once.
func TestDeployMoreAndRemove(t *testing.T) {
	y := openYard(t, orgtest.Options{Sandbox: true})
	y.authorize()
	question, _ := y.deploy()
	if strings.Contains(question.Body.Content, "fresh secret") || !strings.Contains(question.Body.Content, "**Opportunity, Case**") {
		t.Errorf("question = %q", question.Body.Content)
	}
	y.press(y.answered("generate_url", set("objects", "Lead")).button("Replace the secret"))
	question, last := y.deploy()
	if !strings.Contains(question.Body.Content, "**Lead, Opportunity, Case**") || !strings.Contains(question.Body.Content, "fresh secret") {
		t.Errorf("question = %q", question.Body.Content)
	}
	status := y.answered("status")
	golden(t, "deploy_status", status, y.source.ID, "SOURCE", agoOf(t, said(status)), "AGO")
	disconnect := y.answered("disconnect")
	golden(t, "deploy_disconnect", disconnect, y.source.ID, "SOURCE", strings.TrimPrefix(disconnect.button("Disconnect"), "/confirm/"), "QUESTION")

	asked := y.press(last.button("Remove from the org"))
	golden(t, "deploy_remove", asked, strings.TrimPrefix(asked.button("Remove from the org"), "/confirm/"), "QUESTION")
	all := y.confirmed(asked, "Remove from the org")
	golden(t, "deploy_removed", all[len(all)-1], y.source.ID, "SOURCE")
	if left := y.deploys.Files(); len(left) > 0 {
		t.Errorf("left in the org: %v", slices.Collect(maps.Keys(left)))
	}
	again := y.press("/salesforce/remove/" + y.source.ID)
	if want := "There is no package of mine in the org **Acme (local)**."; again.Body.Content != want {
		t.Errorf("content = %q, want %q", again.Body.Content, want)
	}
	if got := y.answered("disconnect"); strings.Contains(got.Body.Content, "Triggers of mine") {
		t.Errorf("content = %q", got.Body.Content)
	}
}

func agoOf(t *testing.T, text string) string {
	t.Helper()
	_, after, found := strings.Cut(text, "<t:")
	if !found {
		t.Fatalf("no time in %q", text)
	}
	unix, _, _ := strings.Cut(after, ":")
	return unix
}

func TestDeployRefused(t *testing.T) {
	tests := map[string]struct {
		with func(*yard)
		id   string
		want string
	}{
		"not authorized":  {func(*yard) {}, "", "I can't reach the org of **Acme Production**."},
		"another guild's": {func(y *yard) { y.authorize() }, "another-guilds", "I can't find that"},
		"disconnected": {func(y *yard) {
			y.authorize()
			if err := y.db.Disconnect(y.t.Context(), guildID, y.source.ID, y.now); err != nil {
				y.t.Fatal(err)
			}
		}, "", "**Acme Production** is disconnected for good."},
		"access lost": {func(y *yard) {
			y.authorize()
			c, err := y.db.Connection(y.t.Context(), y.source.ID)
			if err != nil {
				y.t.Fatal(err)
			}
			c.LostAt = y.now
			if err := y.db.SaveConnection(y.t.Context(), c); err != nil {
				y.t.Fatal(err)
			}
		}, "", "I can't reach the org of **Acme Production**."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			y := openYard(t, orgtest.Options{})
			tc.with(y)
			id := y.source.ID
			if tc.id != "" {
				id = tc.id
			}
			for _, button := range []string{"deploy", "remove"} {
				if got := y.press("/salesforce/" + button + "/" + id); !strings.HasPrefix(got.Body.Content, tc.want) {
					t.Errorf("%s: %q, want %q…", button, got.Body.Content, tc.want)
				}
			}
			if n := len(y.deploys.Requests()); n > 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// One at a time: a second is refused, the status tells how far the first is, and either's button ends it.
func TestDeployUnderWay(t *testing.T) {
	y := openYard(t, orgtest.Options{})
	y.authorize()
	y.deploys.Hold(true)
	asked, twice := y.press("/salesforce/deploy/"+y.source.ID), y.press("/salesforce/deploy/"+y.source.ID)
	var (
		first sync.WaitGroup
		told  []answer
	)
	first.Go(func() { told = y.ask("button", pressing(asked.button("Deploy to Salesforce"))) })
	y.awaitWork()
	beside := y.beside()
	for _, id := range []string{twice.button("Deploy to Salesforce"), "/salesforce/deploy/" + y.source.ID, "/salesforce/remove/" + y.source.ID} {
		if got := beside.press(id); !strings.HasPrefix(got.Body.Content, "A deployment for **Acme Production** is under way already.") {
			t.Errorf("%s: %q", id, got.Body.Content)
		}
	}
	status := beside.answered("status")
	if !strings.Contains(said(status), "⏳ Check: tests, 2 of 4") || status.button("Cancel the deployment") == "" {
		t.Errorf("status: %s", said(status))
	}
	if got := beside.press(status.button("Cancel the deployment")); !strings.Contains(said(got), "⏳ Check: canceling") || !got.Body.Components[0].Components[0].Disabled {
		t.Errorf("cancelled: %s", said(got))
	}
	first.Wait()
	last := told[len(told)-1]
	if last.How != "follow up" || !strings.Contains(said(last), "⏹️ Canceled. Nothing was changed in Acme (local).") || last.button("Deploy to Salesforce") == "" {
		t.Errorf("in the end: %s %s", last.How, said(last))
	}
	if got := y.press("/salesforce/halt/" + y.source.ID); got.Body.Content != "No deployment is under way." {
		t.Errorf("content = %q", got.Body.Content)
	}
}

func TestDeployProblemsInWords(t *testing.T) {
	y := openYard(t, orgtest.Options{})
	y.authorize()
	y.deploys.End(orgtest.DeployOutcome{
		State: "Failed", ErrorStatusCode: "UNKNOWN_EXCEPTION", ErrorMessage: "it *broke*",
		ComponentFailures: []map[string]any{
			{"fileName": "classes/DispatchSender.cls", "lineNumber": 12, "columnNumber": 5, "problem": "Variable does not exist: @everyone"},
			{"fileName": "package.xml", "problem": "Not available for deploy for this organization"},
			{"fileName": "triggers/DispatchCase.trigger", "problem": "Insufficient access rights on cross-reference id"},
		},
		TestFailures: []map[string]any{{
			"name": "DispatchTriggerTest", "methodName": "tellsOfCase", "message": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "stackTrace": "Class.DispatchTriggerTest: line 3",
		}},
		CoverageWarnings: []map[string]any{{"name": "DispatchHandler", "message": "Test coverage is 60%"}, {"message": "Average is 70%"}},
	})
	_, last := y.deploy()
	golden(t, "deploy_failed", last, y.source.ID, "SOURCE")
	status := y.answered("status")
	for _, part := range []string{"❌ Acme (local) did not take it. Nothing was changed.", "line 12", "… and "} {
		if !strings.Contains(said(status), part) {
			t.Errorf("the status lacks %q: %s", part, said(status))
		}
	}
	if valid, _ := y.secrets(); len(valid) != 0 {
		t.Errorf("%d secrets are good", len(valid))
	}
}

func TestDeployManyProblems(t *testing.T) {
	y := openYard(t, orgtest.Options{})
	y.authorize()
	var failures []map[string]any
	for i := range 80 {
		failures = append(failures, map[string]any{"fileName": fmt.Sprintf("classes/C%d.cls", i), "lineNumber": i + 1, "problem": strings.Repeat("ab ", 400)})
	}
	y.deploys.End(orgtest.DeployOutcome{State: "Failed", ComponentFailures: failures})
	_, last := y.deploy() // checks the limits
	description := last.Body.Embeds[0].Description
	shownProblems := strings.Count(description, "• ")
	if want := fmt.Sprintf("… and %d more problems", 80-shownProblems); shownProblems < 10 || !strings.HasSuffix(description, want) {
		t.Errorf("%d problems, then %q, want %q", shownProblems, description[len(description)-40:], want)
	}
}

func TestDeployTroubleInWords(t *testing.T) {
	tests := map[salesforce.TroubleKind]string{
		salesforce.LostAccess:  "The org does not let me in any more.",
		salesforce.NoAPI:       "**API Enabled**",
		salesforce.NoMetadata:  "**Modify Metadata Through Metadata API Functions**",
		salesforce.CallsUsedUp: "API calls of the last 24 hours are used up",
		salesforce.OrgBusy:     "The org is busy",
		salesforce.OrgSilent:   "The org does not answer.",
		salesforce.RequestGone: "The org knows nothing of the deployment",
		salesforce.OrgRefused:  `The org refuses: no \*way\* (WHY)`,
	}
	for kind, want := range tests {
		t.Run(string(kind), func(t *testing.T) {
			trouble := salesforce.DeployTrouble{Kind: kind, Code: "WHY", Text: "no *way*"}
			waiting := salesforce.Deployment{ID: "new", Phase: salesforce.DeployChecking, RequestID: "0Af", Trouble: trouble}
			over := waiting
			over.Phase = salesforce.DeployUnknown
			all := watched(t, waiting, over)
			if got := said(all[1]); !strings.Contains(got, want) || !strings.Contains(got, "I keep trying.") {
				t.Errorf("while it goes on: %s", got)
			}
			last := said(all[len(all)-1])
			for _, part := range []string{want, "❔ I could not learn how it ended", "**Deployment Status**"} {
				if !strings.Contains(last, part) {
					t.Errorf("in the end: %s\nlacks %q", last, part)
				}
			}
		})
	}
}

// watched deploys where all that there is to see are the given states.
func watched(t *testing.T, seen ...salesforce.Deployment) []answer {
	t.Helper()
	db := database(t)
	source := connect(t, db, "Acme", event.AuthSecret)
	c := &canned{org: salesforce.Connection{OrgName: "Acme Corp"}, seen: seen}
	y := &yard{bench: sitWith(t, db, c), source: source}
	return y.confirmed(y.press("/salesforce/deploy/"+source.ID), "Deploy to Salesforce")
}

// When we are stopped, or Discord's time for the answer is over, the reply says where to look.
func TestDeployGoesOnWithoutTheReply(t *testing.T) {
	working := salesforce.Deployment{ID: "new", Phase: salesforce.DeployChanging, Checked: true, RequestID: "0Af"}
	working.Report = salesforce.DeployReport{State: "InProgress", Components: 9, ComponentsTotal: 9, Tests: 2, TestsTotal: 4}
	all := watched(t, working, working)
	if diff := cmp.Diff([]string{"update", "edit"}, hows(all)); diff != "" || len(all) != 3 {
		t.Errorf("%d answers (-want +got):\n%s", len(all), diff)
	}
	last := said(all[len(all)-1])
	for _, part := range []string{"✅ Check passed", "⏳ Deployment: tests, 2 of 4", "It goes on by itself. **/salesforce status** tells how it ends."} {
		if !strings.Contains(last, part) {
			t.Errorf("%s\nlacks %q", last, part)
		}
	}
}

// Somebody may have closed the message meanwhile: the first answer gets through, and nothing else.
func TestDeployKeepsGoingWhenNobodyLooks(t *testing.T) {
	y := openYard(t, orgtest.Options{Sandbox: true})
	y.authorize()
	asked := y.press("/salesforce/deploy/" + y.source.ID)
	y.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		y.discord.mu.Lock()
		defer y.discord.mu.Unlock()
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/metadata/") && len(y.discord.answers) == 1 {
			orgtest.Refuse(w, http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", "not before it is answered")
			return true
		}
		if len(y.discord.answers) > 1 {
			y.discord.refuse, y.discord.err = 1000, errors.New("unknown message")
		}
		return false
	})
	y.ask("button", pressing(asked.button("Deploy to Salesforce")))
	d, err := y.db.Deployed(t.Context(), y.source.ID, orgtest.ID)
	if err != nil || d.Last.Phase != salesforce.DeploySucceeded || y.discord.refuse == 1000 {
		t.Errorf("%s (%v), refused %d", d.Last.Phase, err, 1000-y.discord.refuse)
	}
}
