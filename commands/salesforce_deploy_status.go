package commands

import (
	"dispatch/salesforce"
)

const maxStatusProblems = 700 // characters of a field

// state is what /salesforce status says of deployments: what is in the org, and what became of the last one.
func (s site) state() field {
	f := field{name: say("salesforce.deploy.status"), max: maxStatusProblems, more: func(n int) text { return sayCount("salesforce.deploy.more_problems", n) }}
	last := s.deployed.Last
	if len(s.deployed.Objects) > 0 {
		f.lines = append(f.lines, say("salesforce.deploy.listens", "objects", objectNames(s.deployed.Objects)))
	}
	switch {
	case last.ID == "":
	case !last.Phase.Over():
		f.lines = append(f.lines, say("salesforce.deploy.since", "time", ago(last.StartedAt)), checkStep(last), changeStep(last), waitingFor(last))
	case last.Phase == salesforce.DeploySucceeded:
		f.lines = append(f.lines, say("salesforce.deploy.ended", "verdict", s.verdict(), "time", ago(last.EndedAt)))
	default:
		f.lines = append(f.lines, say("salesforce.deploy.ended", "verdict", s.verdict(), "time", ago(last.EndedAt)))
		f.lines = append(f.lines, s.findings()...)
	}
	return f
}
