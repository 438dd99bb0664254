package salesforce_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
)

func TestParseObjects(t *testing.T) {
	many := make([]string, salesforce.MaxPackageObjects+1)
	for i := range many {
		many[i] = "Object" + strconv.Itoa(i) + "__c"
	}
	tests := map[string]struct {
		list    string
		want    []string
		problem salesforce.ObjectProblem
	}{
		"none":              {"", nil, ""},
		"only commas":       {" , ,", nil, ""},
		"one":               {"Opportunity", []string{"Opportunity"}, ""},
		"several":           {"Opportunity, Case,Invoice__c ", []string{"Opportunity", "Case", "Invoice__c"}, ""},
		"twice":             {"Case,case", []string{"Case"}, ""},
		"namespace":         {"acme__Deal__c", []string{"acme__Deal__c"}, ""},
		"a label":           {"Won Deal", nil, salesforce.NotAnAPIName},
		"Apex":              {"Case (after insert) {}", nil, salesforce.NotAnAPIName},
		"three underscores": {"a___c", nil, salesforce.NotAnAPIName},
		"too long":          {strings.Repeat("a", 81), nil, salesforce.NotAnAPIName},
		"a digit first":     {"1Case", nil, salesforce.NotAnAPIName},
		"prices":            {"Case,pricebookentry", nil, salesforce.NoPriceTriggers},
		"metadata type":     {"Plan__mdt", nil, salesforce.NoTriggers},
		"platform event":    {"Shipped__e", nil, salesforce.NoTriggers},
		"the most":          {strings.Join(many[1:], ","), many[1:], ""},
		"too many":          {strings.Join(many, ","), nil, salesforce.TooManyObjects},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := salesforce.ParseObjects(tc.list)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("ParseObjects (-want +got):\n%s", diff)
			}
			var bad *salesforce.ObjectError
			if errors.As(err, &bad); (bad == nil) != (tc.problem == "") || bad != nil && bad.Problem != tc.problem {
				t.Errorf("ParseObjects: %v, want problem %q", err, tc.problem)
			}
		})
	}
}
