package commands

import (
	"context"
	"regexp"

	"dispatch/salesforce"
)

// result says how a deployment ended, and what can be done next.
func (d *deploying) result(ctx context.Context, at site) reply {
	last := at.deployed.Last
	if now, ok, err := d.survey(ctx, at.Source); err == nil && ok {
		at = now // what is in the org is not what it was
	}
	at.deployed.Last = last
	r := reply{card: &card{colour: colourTrouble, more: func(n int) text { return sayCount("salesforce.deploy.more_problems", n) }}, buttons: at.buttons()}
	r.card.title, r.card.lines = at.verdict(), at.findings()
	r.card.hidden = last.Report.Hidden
	switch last.Phase {
	case salesforce.DeploySucceeded:
		r.card.colour = colourFine
	case salesforce.DeployCancelled:
		r.card.colour = colourOff
	}
	return r
}

// verdict is the one sentence on how the last deployment ended.
func (s site) verdict() text {
	last := s.deployed.Last
	key := "salesforce.deploy.verdict." + string(last.Phase)
	switch {
	case last.Phase == salesforce.DeploySucceeded && last.Removal:
		key = "salesforce.deploy.verdict.removed"
	case last.Report.Partial():
		key = "salesforce.deploy.verdict.partial"
	}
	return say(key, "org", s.orgName())
}

// findings are what is to be known about the last deployment, the problems last: there may be many.
func (s site) findings() []text {
	last := s.deployed.Last
	switch {
	case last.Phase == salesforce.DeploySucceeded && last.Removal:
		return []text{say("salesforce.deploy.after_removal")}
	case last.Phase == salesforce.DeploySucceeded:
		lines := []text{say("salesforce.deploy.listens", "objects", objectNames(last.Objects)), say("salesforce.deploy.next")}
		if hasSecret(s.Source, last.StartedAt) {
			lines = append(lines, say("salesforce.deploy.old_until", "time", date(last.EndedAt.Add(salesforce.OldSecretsLive))))
		}
		return lines
	case last.Phase == salesforce.DeployCancelled:
		return nil
	}
	var lines []text
	if last.Trouble.Kind != salesforce.NoTrouble {
		lines = append(lines, troubled(last.Trouble))
	}
	if last.Phase == salesforce.DeployUnknown {
		lines = append(lines, say("salesforce.deploy.look_there"))
	}
	if last.Report.Error != "" {
		lines = append(lines, say("salesforce.deploy.org_says", "code", quoted(last.Report.ErrorCode, maxReason), "text", quoted(last.Report.Error, maxReason)))
	}
	lines = append(lines, advice(last)...)
	for _, p := range last.Report.Problems {
		lines = append(lines, problem(p))
	}
	return lines
}

// problem is one of them in words.
func problem(p salesforce.DeployProblem) text {
	said := quoted(p.Text, maxReason)
	if p.Trace != "" {
		said += " – " + quoted(p.Trace, maxReason)
	}
	switch {
	case p.Kind == salesforce.TestProblem:
		return say("salesforce.deploy.problem.test", "name", quoted(p.Name, maxReason), "text", said)
	case p.Kind == salesforce.CoverageProblem && p.Name == "":
		return say("salesforce.deploy.problem.coverage", "text", said)
	case p.Kind == salesforce.CoverageProblem:
		return say("salesforce.deploy.problem.coverage_of", "name", quoted(p.Name, maxReason), "text", said)
	case p.Line > 0:
		return say("salesforce.deploy.problem.line", "file", quoted(p.File, maxReason), "line", p.Line, "text", said)
	}
	return say("salesforce.deploy.problem.file", "file", quoted(p.File, maxReason), "text", said)
}

// What an org says when it is not the package that is wrong.
var (
	noApexRight = regexp.MustCompile(`(?i)author apex|insufficient (access|privileges)|INSUFFICIENT_ACCESS`)
	noApexHere  = regexp.MustCompile(`(?i)not available for deploy|apex is not enabled`)
)

// advice says what to do about problems, each thing once.
func advice(d salesforce.Deployment) []text {
	var right, edition, tests, coverage bool
	for _, p := range d.Report.Problems {
		right = right || noApexRight.MatchString(p.Text)
		edition = edition || noApexHere.MatchString(p.Text)
		tests = tests || p.Kind == salesforce.TestProblem
		coverage = coverage || p.Kind == salesforce.CoverageProblem
	}
	var lines []text
	for _, a := range []struct {
		given bool
		key   string
	}{
		{right, "salesforce.deploy.advice.author_apex"},
		{edition, "salesforce.deploy.advice.edition"},
		{(tests || coverage) && d.Removal, "salesforce.deploy.advice.own_tests"},
		{(tests || coverage) && !d.Removal, "salesforce.deploy.advice.our_tests"},
	} {
		if a.given {
			lines = append(lines, say(a.key))
		}
	}
	return lines
}
