package render

import (
	"cmp"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

func (g *github) issue() {
	issue := g.in("issue")
	number, action := numberOf(issue.Get("number")), g.action
	g.called = g.say.T("embed.github.issue.numbered", "number", number)
	switch action {
	case "opened":
		g.colour, g.text = green, prose(issue.Get("body"))
	case "reopened":
		g.colour = green
	case "closed":
		g.colour = purple
		if reason := scalar(issue.Get("state_reason")); reason == "not_planned" || reason == "duplicate" {
			action, g.colour = reason, grey
		}
	case "deleted", "transferred":
		g.colour = grey
	}
	g.what, g.name = g.did("embed.github.issue.", action, number), line(scalar(issue.Get("title")))
	g.url = secure(issue.Get("html_url"))
	g.addPlace()
	g.addTriage(issue)
	g.addAuthor(issue)
}

// addTriage says what was sorted just now, and how the issue or pull request is sorted.
func (g *github) addTriage(of event.Fields) {
	switch g.action {
	case "labeled", "unlabeled":
		g.add("embed.github.field.label", line(scalar(g.body.Get("label").Get("name"))))
	case "assigned", "unassigned":
		g.add("embed.github.field.assignee", g.login(g.body.Get("assignee")))
	}
	g.add("embed.github.field.labels", listed(of.Get("labels"), "name"))
	g.add("embed.github.field.assignees", listed(of.Get("assignees"), "login"))
	g.add("embed.github.field.milestone", line(scalar(of.Get("milestone").Get("title"))))
}

func (g *github) pullRequest() {
	pull := g.in("pull_request")
	number, action := numberOf(pull.Get("number")), g.action
	g.called = g.say.T("embed.github.pull_request.numbered", "number", number)
	switch action {
	case "opened":
		g.colour, g.text = green, prose(pull.Get("body"))
		if pull.Get("draft").Bool() {
			action, g.colour = "draft", grey
		}
	case "reopened", "ready_for_review":
		g.colour = green
	case "closed":
		g.colour = red
		if pull.Get("merged").Bool() {
			action, g.colour = "merged", purple
		}
	case "converted_to_draft":
		g.colour = grey
	}
	g.what, g.name = g.did("embed.github.pull_request.", action, number), line(scalar(pull.Get("title")))
	g.url = secure(pull.Get("html_url"))
	g.addPlace()
	g.addBranches(pull)
	g.addChanges(pull)
	if g.action == "review_requested" || g.action == "review_request_removed" {
		g.add("embed.github.field.reviewers", cmp.Or(
			g.login(g.body.Get("requested_reviewer")), line(scalar(g.body.Get("requested_team").Get("name"))),
		))
	}
	g.addTriage(pull)
	g.addAuthor(pull)
}

// addBranches says where the changes come from, with the owner when it is another repository, and where they go.
func (g *github) addBranches(pull event.Fields) {
	head, base := pull.Get("head"), pull.Get("base")
	from := head.Get("ref")
	if head.Get("repo").Get("full_name").Str != base.Get("repo").Get("full_name").Str {
		from = head.Get("label")
	}
	if from, to := line(scalar(from)), line(scalar(base.Get("ref"))); from != "" && to != "" {
		g.add("embed.github.field.branch", from+arrow+to)
	}
}

func (g *github) addChanges(pull event.Fields) {
	files := pull.Get("changed_files")
	if files.Type != gjson.Number {
		return
	}
	g.add("embed.github.field.changes", g.say.T("embed.github.changes",
		"added", block(g.say.Number(scalar(pull.Get("additions")))),
		"removed", block(g.say.Number(scalar(pull.Get("deletions")))),
		"files", g.say.N("embed.github.files", int(files.Int()))))
}

func (g *github) comment() {
	issue, comment := g.in("issue"), g.in("comment")
	number, action := numberOf(issue.Get("number")), g.action
	if g.called = g.say.T("embed.github.comment_issue", "number", number); issue.Get("pull_request").IsObject() {
		g.called = g.say.T("embed.github.comment_pull_request", "number", number)
	}
	if action == "edited" {
		action = "updated"
	}
	g.what, g.name = g.did("embed.comment.", action, number), line(scalar(issue.Get("title")))
	g.url, g.text = secure(comment.Get("html_url")), prose(comment.Get("body"))
	if action == "deleted" {
		g.url, g.text, g.colour = secure(issue.Get("html_url")), "", grey
	}
	g.addPlace()
}

func (g *github) review() {
	pull, review := g.in("pull_request"), g.in("review")
	number, action := numberOf(pull.Get("number")), g.action
	g.called = g.say.T("embed.github.pull_request.numbered", "number", number)
	if action == "submitted" {
		action = scalar(review.Get("state"))
	}
	switch action {
	case "approved":
		g.colour = green
	case "changes_requested":
		g.colour = red
	case "dismissed":
		g.colour = grey
	}
	g.what, g.name = g.did("embed.github.review.", action, number), line(scalar(pull.Get("title")))
	g.url, g.text = secure(review.Get("html_url")), prose(review.Get("body"))
	g.addPlace()
	g.addBranches(pull)
	g.addAuthor(pull)
}
