package salesforce_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
)

// callout is what a receiver makes of a sample.
type callout struct {
	EventType   string         `json:"event_type"`
	InstanceURL string         `json:"instance_url"`
	Record      map[string]any `json:"record"`
	Old         map[string]any `json:"old"`
}

func read(t *testing.T, s salesforce.Sample) callout {
	t.Helper()
	var c callout
	if err := json.Unmarshal(s.Body, &c); err != nil {
		t.Fatalf("body of %s: %v", s.Name, err)
	}
	if c.EventType != s.Type {
		t.Errorf("body of %s says it is %q, want %q", s.Name, c.EventType, s.Type)
	}
	if id, _ := c.Record["Id"].(string); len(id) != 15 && len(id) != 18 {
		t.Errorf("body of %s has the Id %q", s.Name, id)
	}
	if !strings.HasPrefix(c.InstanceURL, "https://") || strings.ContainsAny(string(s.Body), "\n") {
		t.Errorf("body of %s is not what an org sends: %s", s.Name, s.Body)
	}
	return c
}

func TestSamplesDiffer(t *testing.T) {
	types := map[string]int{}
	names := map[string]bool{}
	for _, s := range salesforce.Samples() {
		read(t, s)
		types[s.Type]++
		if names[s.Name] {
			t.Errorf("two samples are called %q", s.Name)
		}
		names[s.Name] = true
	}
	want := map[string]int{
		"Opportunity.updated": 3, "Opportunity.created": 1, "Case.escalated": 1, "Case.created": 2, "Case.updated": 1,
		"Lead.converted": 1, "Account.created": 1, "Invoice__c.created": 1,
	}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("samples by type (-want +got):\n%s", diff)
	}
}

func TestSamplesAreCopied(t *testing.T) {
	salesforce.Samples()[0] = salesforce.Sample{}
	if salesforce.Samples()[0].Name == "" {
		t.Error("a caller can change the samples")
	}
}

func TestSampleOf(t *testing.T) {
	tests := map[string]struct {
		eventType string
		field     string
		want      any
	}{
		"the first of its type":      {"Opportunity.updated", "StageName", "Closed Won"},
		"in another case":            {"case.ESCALATED", "CaseNumber", "00001026"},
		"one of the records":         {"Account.deleted", "Name", "Acme (duplicate)"},
		"another action":             {"Account.undeleted", "Name", "Stark Fabrication"},
		"an action that shows":       {"Task.completed", "IsClosed", true},
		"the same without its mark":  {"Task.created", "IsClosed", false},
		"a custom object of ours":    {"Invoice__c.updated", "Name", "INV-000471"},
		"a custom object":            {"Shipment__c.created", "Name", "Sample Shipment"},
		"an object with a namespace": {"npsp__Gift__c.updated", "Name", "Sample npsp__Gift"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, ok := salesforce.SampleOf(tc.eventType)
			if !ok || !strings.EqualFold(s.Type, tc.eventType) {
				t.Fatalf("SampleOf(%q) is of type %q, %t", tc.eventType, s.Type, ok)
			}
			if diff := cmp.Diff(tc.want, read(t, s).Record[tc.field]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.field, diff)
			}
		})
	}
}

func TestSampleOfOtherTypes(t *testing.T) {
	for _, eventType := range []string{"", "created", ".created", "Account.", "a.b.c", "1x.created", "Account.created\n", "Ä.created", `A".created`} {
		if s, ok := salesforce.SampleOf(eventType); ok {
			t.Errorf("SampleOf(%q) = %s, want none", eventType, s.Body)
		}
	}
}

func TestCatalogue(t *testing.T) {
	types := salesforce.Catalogue()
	seed := []string{
		"Account.created", "Contact.updated", "Lead.converted", "Opportunity.created", "Opportunity.updated", "Quote.accepted",
		"Order.activated", "Contract.activated", "Product2.created", "PricebookEntry.updated", "Campaign.created",
		"CampaignMember.created", "Case.created", "Case.escalated", "CaseComment.created", "Task.completed", "Event.created",
		"User.created", "Asset.created", "Invoice__c.created", "Invoice__c.updated", "Invoice__c.deleted",
		"OpportunityLineItem.created", "QuoteLineItem.updated", "OrderItem.deleted", "WorkOrder.updated",
		"ServiceAppointment.created", "EmailMessage.created", "Knowledge__kav.updated",
	}
	for _, want := range seed {
		if !slices.Contains(types, want) {
			t.Errorf("the catalogue lacks %s", want)
		}
	}
	records := map[string]string{} // and whose they are
	for i, eventType := range types {
		if slices.Contains(types[:i], eventType) {
			t.Errorf("the catalogue has %s twice", eventType)
		}
		s, ok := salesforce.SampleOf(eventType)
		if !ok {
			t.Errorf("there is no sample of %s", eventType)
			continue
		}
		sample := read(t, s)
		object, action, _ := strings.Cut(eventType, ".")
		if sample.Record["Name"] == "Sample "+strings.TrimSuffix(object, "__c") {
			t.Errorf("the sample of %s is a made-up record", eventType)
		}
		id := sample.Record["Id"].(string)
		if other, ok := records[id]; ok {
			t.Errorf("the samples of %s and %s are the same record", eventType, other)
		}
		records[id] = eventType
		if tells := len(sample.Old) > 0; tells == (action == "created" || action == "deleted") {
			t.Errorf("the sample of %s says of old values: %v", eventType, sample.Old)
		}
	}
}
