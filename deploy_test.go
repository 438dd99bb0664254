package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dispatch/playground"
	"dispatch/salesforce/orgtest"
)

// secretIn finds the secret in the custom metadata of a package.
var secretIn = regexp.MustCompile(`(?s)<field>Secret__c</field>\s*<value[^>]*>([0-9a-f]{64})</value>`)

// newDeployWorld is a world with an authorized source and an org that takes packages.
func newDeployWorld(t *testing.T, opts orgtest.Options) (*world, *orgtest.Deploys, hook) {
	t.Helper()
	w, org := newOrgWorld(t, opts)
	deploys := orgtest.NewDeploys(org)
	w.start()
	sales := w.connect("Acme", "sales")
	w.opened(w.decide(w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"})), true), http.StatusOK, "authorized")
	return w, deploys, sales
}

// followed waits for what the bot says after all that an answer has shown, and gives it as a reply.
func (w *world) followed(reply *playground.Reply) *playground.Reply {
	w.t.Helper()
	told, err := w.discord.WaitFollowups(within(w.t), reply, 1)
	if err != nil {
		w.t.Fatalf("nothing follows %q: %v\n%s", texts(reply), err, w.log)
	}
	return &playground.Reply{Message: &told[0]}
}

// tells wants a reply to say all that.
func (w *world) tells(reply *playground.Reply, want ...string) {
	w.t.Helper()
	said := strings.Join(texts(reply), "\n")
	for _, part := range want {
		if !strings.Contains(said, part) {
			w.t.Errorf("%s\nlacks %q", said, part)
		}
	}
}

// TestFromDeployToRemove goes the whole way that takes no copying: what the org was given signs what is accepted, and is gone
// in the end.
func TestFromDeployToRemove(t *testing.T) {
	w, deploys, sales := newDeployWorld(t, orgtest.Options{Name: "Acme Inc"})
	question := w.run("salesforce generate-url", map[string]any{"source": "Acme", "objects": "Case"})
	generated := w.pressed(question, "Replace the secret")
	asked := w.pressed(generated, "Deploy to Salesforce")
	w.tells(asked, "triggers on **Case**", "org **Acme Inc**", "fresh secret")
	shown := w.pressed(asked, "Deploy to Salesforce")
	w.tells(shown, "Acme → Acme Inc", "⏳ Check")
	done := w.followed(shown)
	w.tells(done, "✅ The package is in Acme Inc.", "Triggers on: Case")
	for _, r := range deploys.Requests() {
		if r.State != "Succeeded" || r.Options.TestLevel != "RunSpecifiedTests" || len(r.Options.RunTests) == 0 {
			t.Errorf("request %+v", r)
		}
	}
	var secret string
	for name, text := range deploys.Files() {
		if found := secretIn.FindStringSubmatch(text); found != nil && strings.HasPrefix(name, "customMetadata/") {
			secret = found[1]
		}
	}
	org := hook{url: sales.url, secret: secret}
	if status, _ := w.post(org, "Case.created", `{"record":{"Id":"5001x00000AbCdEAAV","CaseNumber":"00001026","Subject":"Down"}}`); status != accepted {
		t.Errorf("what the org signs is answered %d", status)
	}
	if got := w.shown("sales", 1); !strings.Contains(got.Title, "Down") {
		t.Errorf("title %q", got.Title)
	}
	w.tells(w.run("salesforce status", map[string]any{"source": "Acme"}), "Triggers on: Case", "✅ The package is in Acme Inc.")
	w.tells(w.run("salesforce disconnect", map[string]any{"source": "Acme"}), "Triggers of mine are in the org **Acme Inc**.")
	removed := w.followed(w.pressed(w.pressed(done, "Remove from the org"), "Remove from the org"))
	w.tells(removed, "✅ The package is out of Acme Inc.")
	if left := deploys.Files(); len(left) > 0 {
		t.Errorf("left in the org: %v", left)
	}
	for place, content := range w.files() {
		if strings.Contains(string(content), secret) {
			t.Errorf("the secret is in %s", place)
		}
	}
	if strings.Contains(w.log.String(), secret) {
		t.Error("the secret is in the log")
	}
}

// TestDeploySurvivesKill kills the process while the org works, and starts it again.
func TestDeploySurvivesKill(t *testing.T) {
	w, deploys, _ := newDeployWorld(t, orgtest.Options{Name: "Acme Inc", Sandbox: true})
	deploys.Hold(true)
	shown := w.pressed(w.pressed(w.run("salesforce status", map[string]any{"source": "Acme"}), "Deploy to Salesforce"), "Deploy to Salesforce")
	w.tells(shown, "⏳ Check")
	w.until(func() bool { all := deploys.Requests(); return len(all) == 1 && all[0].State == "InProgress" })
	w.kill()
	w.start()
	status := w.run("salesforce status", map[string]any{"source": "Acme"})
	w.tells(status, "Under way, begun", "⏳ Check")
	deploys.Hold(false)
	w.until(func() bool {
		return strings.Contains(strings.Join(texts(w.run("salesforce status", map[string]any{"source": "Acme"})), "\n"), "✅ The package is in Acme Inc.")
	})
	if n := len(deploys.Requests()); n != 2 {
		t.Errorf("%d requests, want one check and one deployment", n)
	}
	w.stop()
}

// until asks until it is so.
func (w *world) until(so func() bool) {
	w.t.Helper()
	for ctx := within(w.t); !so(); {
		select {
		case <-ctx.Done():
			w.t.Fatalf("never so\n%s", w.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
