package render

import (
	"cmp"
	"strings"

	"dispatch/event"
)

// standings are the colours of how a workflow stands, a check, or whatever else can succeed.
var standings = map[string]int{
	"success": green, "failure": red, "startup_failure": red, "timed_out": red, "error": red,
	"cancelled": grey, "skipped": grey, "requested": gold, "in_progress": gold, "action_required": gold, "pending": gold,
}

func (g *github) workflowRun() {
	run := g.in("workflow_run")
	number, stands := numberOf(run.Get("run_number")), g.action
	if stands == "completed" {
		stands = cmp.Or(scalar(run.Get("conclusion")), stands)
	}
	if stands == "neutral" || stands == "stale" {
		stands = "completed"
	}
	g.called = g.say.T("embed.github.run.numbered", "number", number)
	g.what = g.did("embed.github.run.", stands, number)
	g.name = line(cmp.Or(scalar(run.Get("name")), scalar(g.body.Get("workflow").Get("name"))))
	g.url, g.colour = secure(run.Get("html_url")), cmp.Or(standings[stands], slate)
	g.addPlace()
	g.add("embed.github.field.branch", line(scalar(run.Get("head_branch"))))
	g.add("embed.github.field.trigger", line(scalar(run.Get("event"))))
	if attempt := run.Get("run_attempt"); attempt.Int() > 1 {
		g.add("embed.github.field.attempt", numberOf(attempt))
	}
	g.addCommit(run)
}

// addCommit says what the workflow ran on.
func (g *github) addCommit(run event.Fields) {
	message, _, _ := strings.Cut(strings.TrimSpace(scalar(run.Get("head_commit").Get("message"))), "\n")
	message = cmp.Or(message, scalar(run.Get("display_title")))
	g.add("embed.github.field.commit", strings.TrimSpace(hashOf(run.Get("head_sha"))+" "+clip(line(message), maxMessage)))
}
