package delivery_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

func TestLinkTakes(t *testing.T) {
	tests := map[string]struct {
		events    []string
		eventType string
		want      bool
	}{
		"no pattern takes all":        {nil, "Opportunity.updated", true},
		"exact":                       {[]string{"Opportunity.updated"}, "Opportunity.updated", true},
		"case does not matter":        {[]string{"opportunity.UPDATED"}, "Opportunity.updated", true},
		"another action":              {[]string{"Opportunity.updated"}, "Opportunity.created", false},
		"any of several":              {[]string{"Case.created", "Opportunity.*"}, "Opportunity.created", true},
		"star behind":                 {[]string{"Opportunity.*"}, "OpportunityLineItem.created", false},
		"star before":                 {[]string{"*.deleted"}, "Lead.deleted", true},
		"star before, not the end":    {[]string{"*.deleted"}, "Lead.deleted.twice", false},
		"custom objects":              {[]string{"*__c.*"}, "Invoice__c.created", true},
		"custom objects, standard":    {[]string{"*__c.*"}, "Invoice.created", false},
		"two stars, overlapping":      {[]string{"a*a"}, "a", false},
		"one object":                  {[]string{"Opportunity.*"}, "Opportunity.updated", true},
		"several, none matches":       {[]string{"Case.*", "*.deleted", "Lead.created"}, "Opportunity.updated", false},
		"custom objects, one action":  {[]string{"*__c.created"}, "Invoice__c.created", true},
		"custom objects, another":     {[]string{"*__c.created"}, "Invoice__c.deleted", false},
		"star within":                 {[]string{"Case*.created"}, "CaseComment.created", true},
		"without a dot":               {[]string{"push"}, "push", true},
		"all but the custom":          {[]string{"*", "!*__c.*"}, "Invoice__c.created", false},
		"two are excluded":            {[]string{"!Case.*", "!*.deleted"}, "Lead.deleted", false},
		"excluded before it is taken": {[]string{"!*.deleted", "Case.*"}, "Case.deleted", false},
		"excluded, case":              {[]string{"!CASE.*"}, "case.created", false},
		"excluded":                    {[]string{"!Case.*"}, "Case.created", false},
		"not excluded":                {[]string{"!Case.*"}, "Lead.created", true},
		"taken and excluded":          {[]string{"Case.*", "!Case.deleted"}, "Case.deleted", false},
		"taken, another is excluded":  {[]string{"Case.*", "!Case.deleted"}, "Case.created", true},
		"lone star takes the unknown": {[]string{"*"}, "unknown", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := (delivery.Link{Events: tc.events}).Takes(tc.eventType); got != tc.want {
				t.Errorf("%q takes %q: got %v, want %v", tc.events, tc.eventType, got, tc.want)
			}
		})
	}
}

func TestRoutesGiveOneDeliveryToEachDestination(t *testing.T) {
	links := []delivery.Link{
		{ID: "1", DestinationID: "sales", Events: []string{"Case.*"}},
		{ID: "2", DestinationID: "sales"},
		{ID: "3", DestinationID: "sales", Events: []string{"Opportunity.*"}},
		{ID: "4", DestinationID: "support"},
	}
	want := []delivery.Route{{LinkID: "2", DestinationID: "sales"}, {LinkID: "4", DestinationID: "support"}}
	if diff := cmp.Diff(want, delivery.Routes(links, "Opportunity.created")); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
}
