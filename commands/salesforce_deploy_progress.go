package commands

import (
	"strings"

	"dispatch/salesforce"
)

// objectNames are objects with commas between them, harmless to show.
func objectNames(objects []string) string {
	all := make([]string, len(objects))
	for i, object := range objects {
		all[i] = quoted(object, maxSourceName)
	}
	return strings.Join(all, ", ")
}

// progress shows how far a deployment is.
func (s site) progress() reply {
	now := s.deployed.Last
	title, colour := "salesforce.deploy.title.deploy", colourWaiting
	if now.Removal {
		title = "salesforce.deploy.title.remove"
	}
	switch now.Phase {
	case salesforce.DeploySucceeded:
		colour = colourFine
	case salesforce.DeployFailed, salesforce.DeployUnknown:
		colour = colourTrouble
	case salesforce.DeployCancelled:
		colour = colourOff
	}
	r := reply{card: &card{
		title: say(title, "name", quoted(s.Name, maxSourceName), "org", s.orgName()), colour: colour,
		lines: []text{checkStep(now), changeStep(now), waitingFor(now)},
	}}
	if s.under() {
		r.buttons = s.buttons()
	}
	return r
}

// checkStep says how the check is going, or how it went.
func checkStep(d salesforce.Deployment) text {
	switch {
	case d.Phase == salesforce.DeployChecking:
		return step(d, "salesforce.deploy.step.checking")
	case !d.Checked && d.Phase == salesforce.DeployCancelled:
		return say("salesforce.deploy.step.cancelled")
	case !d.Checked:
		return say("salesforce.deploy.step.check_failed")
	}
	return say("salesforce.deploy.step.checked")
}

// changing are the sentences for the step that changes the org.
type changing struct{ notYet, going, done, failed string }

var (
	bringing = changing{"salesforce.deploy.step.not_yet", "salesforce.deploy.step.changing", "salesforce.deploy.step.changed", "salesforce.deploy.step.change_failed"}
	taking   = changing{"salesforce.deploy.step.removal_not_yet", "salesforce.deploy.step.removing", "salesforce.deploy.step.removed", "salesforce.deploy.step.removal_failed"}
)

// changeStep says how the change is going, which follows the check.
func changeStep(d salesforce.Deployment) text {
	keys := bringing
	if d.Removal {
		keys = taking
	}
	switch {
	case d.Phase == salesforce.DeployChecking:
		return say(keys.notYet)
	case d.Phase == salesforce.DeployChanging:
		return step(d, keys.going)
	case d.Phase == salesforce.DeploySucceeded:
		return say(keys.done)
	case d.Phase == salesforce.DeployUnknown:
		return say("salesforce.deploy.step.unknown")
	case d.Checked && d.Phase == salesforce.DeployFailed:
		return say(keys.failed)
	case d.Checked && d.Phase == salesforce.DeployCancelled:
		return say("salesforce.deploy.step.cancelled")
	}
	return text{} // it never came to that
}

// step is one that is gone about: what it is, and how far.
func step(d salesforce.Deployment, what string) text {
	how := say("salesforce.deploy.step.queued")
	switch r := d.Report; {
	case d.Cancelled:
		how = say("salesforce.deploy.step.cancelling")
	case d.RequestID == "":
		how = say("salesforce.deploy.step.sending")
	case r.Tests > 0 || r.ComponentsTotal > 0 && r.Components == r.ComponentsTotal && r.TestsTotal > 0:
		how = say("salesforce.deploy.step.tests", "done", r.Tests, "total", r.TestsTotal)
	case r.ComponentsTotal > 0:
		how = say("salesforce.deploy.step.components", "done", r.Components, "total", r.ComponentsTotal)
	}
	return say(what, "how", how)
}

// waitingFor says what keeps a deployment from going on.
func waitingFor(d salesforce.Deployment) text {
	if d.Trouble.Kind == salesforce.NoTrouble || d.Phase.Over() {
		return text{}
	}
	return say("salesforce.deploy.trying_again", "trouble", troubled(d.Trouble))
}

// troubled puts into words what stands between us and the org.
func troubled(t salesforce.DeployTrouble) text {
	return say("salesforce.deploy.trouble."+string(t.Kind), "code", quoted(t.Code, maxReason), "text", quoted(t.Text, maxReason))
}
