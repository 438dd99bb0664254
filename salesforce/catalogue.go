package salesforce

import "slices"

// objects are the standard objects whose events people ask for, by category, each with the actions that it
// has beside the common ones.
var objects = []struct {
	name    string
	derived []string
}{
	{"Account", nil},
	{"Contact", nil},
	{"Lead", []string{"converted"}},

	{"Opportunity", nil},
	{"OpportunityLineItem", nil},
	{"Quote", []string{"accepted"}},
	{"QuoteLineItem", nil},
	{"Order", []string{"activated"}},
	{"OrderItem", nil},
	{"Contract", []string{"activated"}},

	{"Product2", nil},
	{"PricebookEntry", nil},

	{"Campaign", nil},
	{"CampaignMember", nil},

	{"Case", []string{"escalated"}},
	{"CaseComment", nil},
	{"EmailMessage", nil},
	{"WorkOrder", nil},
	{"ServiceAppointment", nil},
	{"Knowledge__kav", nil},

	{"Task", []string{"completed"}},
	{"Event", nil},

	{"User", nil},
	{"Asset", nil},

	{"Invoice__c", nil}, // stands for any custom object
}

// Catalogue is the event types to suggest: every object's in turn. Others are as good; any
// <SObject>.<action> is.
func Catalogue() []string {
	var types []string
	for _, object := range objects {
		for _, action := range slices.Concat([]string{"created", "updated", "deleted"}, object.derived) {
			types = append(types, object.name+"."+action)
		}
	}
	return types
}
