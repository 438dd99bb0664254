package salesforce

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// maxProblems is how many problems of a deployment are kept.
const maxProblems = 50

// DeployReport is what an org says of a deployment.
type DeployReport struct {
	State                               string // the org's word, such as Pending or Failed
	Detail                              string // what it works on, in English
	Components, ComponentsTotal         int
	Tests, TestsTotal                   int
	ComponentErrors, TestErrors, Hidden int // Hidden: problems beyond those that are kept
	Problems                            []DeployProblem
	ErrorCode, Error                    string // of the deployment as a whole
}

// ProblemKind is where a problem was found.
type ProblemKind string

// The kinds of problem.
const (
	ComponentProblem ProblemKind = "component"
	TestProblem      ProblemKind = "test"
	CoverageProblem  ProblemKind = "coverage" // too little of the code is tested
)

// DeployProblem is one thing that keeps an org from taking a deployment. What the org calls things is in English.
type DeployProblem struct {
	Kind   ProblemKind
	Name   string // of the component, or the test as Class.method; "" for what is about everything
	File   string // in the archive; "" when it is in none
	Line   int    // 0: nowhere in particular
	Column int
	Text   string
	Trace  string // of a test: where it failed
}

// The states of a deployment in which an org does no more.
const (
	stateSucceeded = "Succeeded"
	statePartial   = "SucceededPartial" // only where that was asked for, which we never do
	stateFailed    = "Failed"
	stateUnsaved   = "FinalizingDeployFailed"
	stateCancelled = "Canceled"
)

// Partial says whether the org took a part of it only.
func (r DeployReport) Partial() bool { return r.State == statePartial }

// over says whether the org has finished.
func (r DeployReport) over() bool {
	return slices.Contains([]string{stateSucceeded, statePartial, stateFailed, stateUnsaved, stateCancelled}, r.State)
}

// loose reads numbers, which Salesforce's documentation shows as strings.
type loose int

// UnmarshalJSON implements json.Unmarshaler.
func (n *loose) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		return nil
	}
	number, err := strconv.Atoi(text)
	*n = loose(number)
	return err
}

// deployAnswer is the answer to every request about a deployment.
type deployAnswer struct {
	ID     string `json:"id"`
	Result struct {
		ID              string        `json:"id"`
		Status          string        `json:"status"`
		StateDetail     string        `json:"stateDetail"`
		ErrorStatusCode string        `json:"errorStatusCode"`
		ErrorMessage    string        `json:"errorMessage"`
		Components      loose         `json:"numberComponentsDeployed"`
		ComponentsTotal loose         `json:"numberComponentsTotal"`
		ComponentErrors loose         `json:"numberComponentErrors"`
		Tests           loose         `json:"numberTestsCompleted"`
		TestsTotal      loose         `json:"numberTestsTotal"`
		TestErrors      loose         `json:"numberTestErrors"`
		Details         deployDetails `json:"details"`
	} `json:"deployResult"`
}

type deployDetails struct {
	ComponentFailures []struct {
		FileName     string `json:"fileName"`
		FullName     string `json:"fullName"`
		LineNumber   loose  `json:"lineNumber"`
		ColumnNumber loose  `json:"columnNumber"`
		Problem      string `json:"problem"`
	} `json:"componentFailures"`
	RunTestResult testDetails `json:"runTestResult"`
}

type testDetails struct {
	Failures []struct {
		Name       string `json:"name"`
		MethodName string `json:"methodName"`
		Message    string `json:"message"`
		StackTrace string `json:"stackTrace"`
	} `json:"failures"`
	CodeCoverageWarnings []struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	} `json:"codeCoverageWarnings"`
}

// readReport reads what an org says of a deployment, and the id that it gave to the request.
func readReport(body []byte) (id string, r DeployReport, err error) {
	var read deployAnswer
	if err := json.Unmarshal(body, &read); err != nil {
		return "", r, err
	}
	told := read.Result
	r = DeployReport{
		State: told.Status, Detail: cut(told.StateDetail, maxTrouble),
		Components: int(told.Components), ComponentsTotal: int(told.ComponentsTotal), ComponentErrors: int(told.ComponentErrors),
		Tests: int(told.Tests), TestsTotal: int(told.TestsTotal), TestErrors: int(told.TestErrors),
		ErrorCode: cut(told.ErrorStatusCode, maxTold), Error: cut(told.ErrorMessage, maxTrouble),
	}
	for _, p := range told.Details.problems() {
		switch {
		case slices.Contains(r.Problems, p):
		case len(r.Problems) == maxProblems:
			r.Hidden++
		default:
			r.Problems = append(r.Problems, p)
		}
	}
	return cmp.Or(read.ID, told.ID), r, nil
}

func (d deployDetails) problems() []DeployProblem {
	var all []DeployProblem
	for _, f := range d.ComponentFailures {
		all = append(all, DeployProblem{
			Kind: ComponentProblem, Name: cut(f.FullName, maxTold), File: cut(f.FileName, maxTold),
			Line: int(f.LineNumber), Column: int(f.ColumnNumber), Text: cut(f.Problem, maxTrouble),
		})
	}
	for _, f := range d.RunTestResult.Failures {
		name := strings.Trim(f.Name+"."+f.MethodName, ".")
		where, _, _ := strings.Cut(f.StackTrace, "\n")
		all = append(all, DeployProblem{
			Kind: TestProblem, Name: cut(name, maxTold), Text: cut(f.Message, maxTrouble), Trace: cut(where, maxTold),
		})
	}
	for _, w := range d.RunTestResult.CodeCoverageWarnings {
		all = append(all, DeployProblem{Kind: CoverageProblem, Name: cut(w.Name, maxTold), Text: cut(w.Message, maxTrouble)})
	}
	return all
}
