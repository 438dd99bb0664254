package orgtest

import "slices"

// answer is what the API tells of a request.
func (r *deployRequest) answer(details bool) map[string]any {
	over := slices.Contains([]string{"Succeeded", "SucceededPartial", "Failed", "Canceled"}, r.State)
	total, done, tests, tested := r.components(), 0, len(r.tests()), 0
	switch {
	case over && r.State != "Canceled":
		done, tested = total, tests
	case r.State == "InProgress":
		done, tested = total/2, tests/2
	}
	told := map[string]any{
		"id": r.ID, "status": r.State, "done": over, "success": r.State == "Succeeded", "checkOnly": r.Options.CheckOnly,
		"ignoreWarnings": r.Options.IgnoreWarnings, "rollbackOnError": r.Options.RollbackOnError, "runTestsEnabled": tests > 0,
		"numberComponentsTotal": total, "numberComponentsDeployed": done, "numberComponentErrors": 0,
		"numberTestsTotal": tests, "numberTestsCompleted": tested, "numberTestErrors": 0,
		"stateDetail": nil, "errorStatusCode": nil, "errorMessage": nil, "createdByName": "Ada Admin",
	}
	failures := map[string]any{"componentFailures": []any{}, "componentSuccesses": []any{}, "retrieveResult": nil}
	if over {
		told["numberComponentErrors"], told["numberTestErrors"] = len(r.outcome.ComponentFailures), len(r.outcome.TestFailures)
		told["errorStatusCode"], told["errorMessage"] = orNull(r.outcome.ErrorStatusCode), orNull(r.outcome.ErrorMessage)
		failures["componentFailures"] = orNone(r.outcome.ComponentFailures)
		failures["runTestResult"] = map[string]any{
			"numFailures": len(r.outcome.TestFailures), "numTestsRun": tested, "failures": orNone(r.outcome.TestFailures),
			"codeCoverageWarnings": orNone(r.outcome.CoverageWarnings), "successes": []any{}, "totalTime": 42.0,
		}
	}
	if details {
		told["details"] = failures
	}
	return map[string]any{"id": r.ID, "url": "/services/data/metadata/deployRequest/" + r.ID, "deployResult": told, "deployOptions": r.Options}
}

// components is how many there are to take or to remove.
func (r *deployRequest) components() int {
	n := len(r.pack.goes())
	for _, t := range r.pack.wanted.Types {
		n += len(t.Members)
	}
	return n
}

// tests are those that run: the ones that were asked for; of an org's own, there is one. A check that was passed is not tested
// again.
func (r *deployRequest) tests() []string {
	switch {
	case r.Checked != "":
		return nil
	case r.Options.TestLevel == "RunLocalTests":
		return []string{"LocalTest"}
	}
	return r.Options.RunTests
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func orNone(all []map[string]any) []map[string]any {
	if all == nil {
		return []map[string]any{}
	}
	return all
}
