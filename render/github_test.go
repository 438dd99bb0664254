package render_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// atGitHub are the inputs of the golden tests that are events of GitHub's, by name.
func atGitHub(tb testing.TB) map[string]callout {
	tb.Helper()
	paths, err := filepath.Glob("testdata/github-*.in.json")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no inputs: %v", err)
	}
	inputs := make(map[string]callout)
	for _, path := range paths {
		inputs[strings.TrimSuffix(filepath.Base(path), ".in.json")] = input(tb, path)
	}
	return inputs
}

func (c callout) event() event.Event {
	return event.Event{Type: c.Type, ReceivedAt: received, Body: c.Body}
}

func TestGitHubInEveryLanguage(t *testing.T) {
	for _, tag := range locales.Tags() {
		for name, in := range atGitHub(t) {
			t.Run(tag+" "+name, func(t *testing.T) {
				embed := render.Embed(in.event(), "Acme production", locales.For(tag))
				check(t, embed)
				checkMarkup(t, embed)
				if text := embed.Title + embed.Description + strings.Join(lines(embed), ""); strings.Contains(text, "{") || strings.Contains(text, "embed.") {
					t.Errorf("a sentence is not filled in: %s", text)
				}
			})
		}
	}
}

func TestGitHubIsCheap(t *testing.T) {
	say := locales.For(locales.Default)
	for name, in := range atGitHub(t) {
		if n := testing.AllocsPerRun(10, func() { render.Embed(in.event(), "Acme production", say) }); n > maxAllocs {
			t.Errorf("%s takes %v allocations, want at most %d", name, n, maxAllocs)
		}
	}
}

// Every action of the events that are drawn apart is told in words of its own, but for those that hardly ever happen.
func TestGitHubActions(t *testing.T) {
	const (
		by    = `"sender":{"login":"mona"},"repository":{"full_name":"acme/checkout"}`
		issue = `"issue":{"number":7,"title":"Help"},` + by
		pull  = `"pull_request":{"number":7,"title":"Fix"},` + by
		run   = `"workflow_run":{"run_number":7,"name":"CI","conclusion":%q},` + by
	)
	tests := map[string]struct{ typ, body, want string }{
		"edited":               {"issues.edited", `"action":"edited",` + issue, "Issue #7 edited: Help"},
		"reopened":             {"issues.reopened", `"action":"reopened",` + issue, "Issue #7 reopened: Help"},
		"transferred":          {"issues.transferred", `"action":"transferred",` + issue, "Issue #7 transferred: Help"},
		"unlabeled":            {"issues.unlabeled", `"action":"unlabeled",` + issue, "Label removed from issue #7: Help"},
		"another action":       {"issues.demilestoned", `"action":"demilestoned",` + issue, "Issue #7 demilestoned: Help"},
		"action in the type":   {"issues.pinned", issue, "Issue #7 pinned: Help"},
		"no action at all":     {"issues", issue, "Issue #7: Help"},
		"no issue":             {"issues.opened", by, "Issue #? opened"},
		"duplicate":            {"issues", `"action":"closed","issue":{"number":7,"state_reason":"duplicate"},` + by, "Issue #7 closed as a duplicate"},
		"new commits":          {"pull_request", `"action":"synchronize",` + pull, "Pull request #7 updated with new commits: Fix"},
		"ready":                {"pull_request", `"action":"ready_for_review",` + pull, "Pull request #7 ready for review: Fix"},
		"comment edited":       {"issue_comment", `"action":"edited",` + issue, "Comment on issue #7 updated: Help"},
		"just reviewed":        {"pull_request_review", `"action":"submitted","review":{"state":"commented"},` + pull, "Pull request #7 reviewed: Fix"},
		"release unpublished":  {"release", `"action":"unpublished","release":{"tag_name":"v1","name":"v1"},` + by, "Release v1 unpublished"},
		"run that timed out":   {"workflow_run", `"action":"completed",` + fmt.Sprintf(run, "timed_out"), "Workflow run #7 timed out: CI"},
		"run that is stale":    {"workflow_run", `"action":"completed",` + fmt.Sprintf(run, "stale"), "Workflow run #7 completed: CI"},
		"run that is new":      {"workflow_run", `"action":"requested",` + fmt.Sprintf(run, ""), "Workflow run #7 requested: CI"},
		"run of another world": {"workflow_run", `"action":"completed",` + fmt.Sprintf(run, "object.x"), "Workflow run #7 object x: CI"},
		"commits, none new":    {"push", `"ref":"refs/heads/main","commits":[],` + by, "0 commits pushed to main"},
		"tag that moved":       {"push", `"ref":"refs/tags/v1","forced":true,"commits":[],` + by, "0 commits force-pushed to v1"},
		"commits of no kind":   {"push", `"ref":"refs/heads/main","commits":{"a":1},` + by, "0 commits pushed to main"},
		"repository created":   {"create", `"ref":null,"ref_type":"repository",` + by, "Create"},
		"of an organization":   {"organization.member_added", `"action":"member_added","organization":{"login":"acme"},"sender":{"login":"mona"}`, "Organization member added: acme"},
		"of an app":            {"installation", `"action":"suspend","installation":{"id":1},"sender":{"login":"mona"}`, "Installation suspend"},
		"of no name":           {" ", by, "Event received"},
		"comment on a diff": {
			"pull_request_review_comment.created", `"action":"created","comment":{"body":"Why?"},` + pull, "Pull request review comment created: Fix",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw(tc.typ, "{"+tc.body+"}")
			check(t, embed)
			if embed.Title != tc.want {
				t.Errorf("title %q, want %q", embed.Title, tc.want)
			}
		})
	}
}

// What looks similar is somebody else's.
func TestNotGitHub(t *testing.T) {
	for name, body := range map[string]string{
		"no sender":       `{"repository":{"full_name":"a/b"}}`,
		"no place":        `{"sender":{"login":"mona"}}`,
		"names of others": `{"sender":{"name":"mona"},"repository":{"full_name":"a/b"}}`,
		"text":            `{"sender":"mona","repository":"a/b"}`,
		"Salesforce's":    `{"record":{},"sender":{"login":"mona"},"repository":{"full_name":"a/b"}}`,
	} {
		if embed := draw("push", body); embed.Author != nil && embed.Author.Name == "mona" || strings.Contains(embed.Title, "commits") {
			t.Errorf("%s: drawn as GitHub's: %s", name, embed.Title)
		}
	}
}

func TestGitHubLinks(t *testing.T) {
	tests := map[string]struct{ address, want string }{
		"github.com":      {"https://github.com/acme/checkout/issues/7#x", "https://github.com/acme/checkout/issues/7#x"},
		"own server":      {"https://git.acme.example:8443/a/b", "https://git.acme.example:8443/a/b"},
		"not secure":      {"http://github.com/a/b", ""},
		"somebody's":      {"https://me:secret@github.com/a/b", ""},
		"another scheme":  {"javascript:alert(1)", ""},
		"no host":         {"https:///a", ""},
		"nowhere":         {"https://localhost/a", ""},
		"longer than any": {"https://github.com/" + strings.Repeat("a", 2048), ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw("issues", fmt.Sprintf(`{"issue":{"html_url":%q},"sender":{"login":"mona","html_url":%q,"avatar_url":%q},
				"repository":{"full_name":"a/b"}}`, tc.address, tc.address, tc.address))
			got := []string{embed.URL, embed.Author.URL, embed.Author.IconURL}
			if diff := cmp.Diff([]string{tc.want, tc.want, ""}, got); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGitHubSubjects(t *testing.T) {
	inputs := atGitHub(t)
	for name, want := range map[string]string{
		"github-push":                     "Branch main",
		"github-push-tag":                 "Tag v2.4.0",
		"github-pull-request-merged":      "Pull request #42: Round totals after tax",
		"github-issue-closed":             "Issue #41: Totals are off by a cent",
		"github-comment-on-issue":         "Comment on issue #41: Totals are off by a cent",
		"github-review-changes-requested": "Pull request #42: Round totals after tax",
		"github-release-published":        "Release v2.4.0: Spring cleaning",
		"github-star":                     "acme/checkout",
		"github-run-failed":               "Workflow run #163: CI",
		"github-ping":                     "GitHub is connected: acme/checkout",
	} {
		if got := render.Subject(inputs[name].event(), locales.For(locales.Default)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// FuzzGitHub puts anything into every place of sound events, but who did it and where.
func FuzzGitHub(f *testing.F) {
	for _, value := range []string{"@everyone", "](https://evil.example)", "# a", "<!--", strings.Repeat("\u0301😀", 3000), "https://a.example/)", "0123456", "deleted", "\x00"} {
		f.Add(value, "edited")
	}
	inputs := atGitHub(f)
	f.Fuzz(func(t *testing.T, value, action string) {
		for name, in := range inputs {
			var body any
			if err := json.Unmarshal(in.Body, &body); err != nil {
				t.Fatal(err)
			}
			filled := fill(body, value).(map[string]any)
			filled["action"], filled["sender"] = action, map[string]string{"login": "mona", "html_url": value, "avatar_url": value}
			text, err := json.Marshal(filled)
			if err != nil {
				t.Fatal(err)
			}
			embed := draw(in.Type, string(text))
			checkMarkup(t, embed)
			if found := problems(embed); found != nil {
				t.Errorf("%s: %q", name, found)
			}
		}
	})
}

// fill puts the text into every place that has one.
func fill(value any, text string) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			value[name] = fill(member, text)
		}
	case []any:
		for i, element := range value {
			value[i] = fill(element, text)
		}
	case string:
		return text
	}
	return value
}
