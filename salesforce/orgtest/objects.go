package orgtest

import "net/http"

// object is what the list of an org's objects says of one.
type object struct {
	Name        string `json:"name"`
	Label       string `json:"label"`
	Custom      bool   `json:"custom"`
	Setting     bool   `json:"customSetting"`
	Retired     bool   `json:"deprecatedAndHidden"`
	Queryable   bool   `json:"queryable"`
	Triggerable bool   `json:"triggerable"`
}

// listObjects lists some of each kind that an org has, in the order in which orgs do.
func (o *Org) listObjects(w http.ResponseWriter, _ *http.Request) {
	var all []object
	for _, name := range []string{
		"Account", "AIInsightAction", "Asset", "Campaign", "CampaignMember", "Case", "CaseComment", "Contact", "Contract", "Event",
		"Lead", "Opportunity", "OpportunityLineItem", "Order", "OrderItem", "Product2", "Quote", "Task", "User",
	} {
		all = append(all, object{Name: name, Label: name, Queryable: true, Triggerable: true})
	}
	writeJSON(w, http.StatusOK, map[string]any{"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": append(all,
		object{Name: "PricebookEntry", Label: "Price Book Entry", Queryable: true},
		object{Name: "OpportunityHistory", Label: "Opportunity History", Queryable: true},
		object{Name: "Invoice__c", Label: "Invoice", Custom: true, Queryable: true, Triggerable: true},
		object{Name: "Invoice_Line__c", Label: "Invoice Line", Custom: true, Queryable: true, Triggerable: true},
		object{Name: "Invoicing__c", Label: "Invoicing", Custom: true, Setting: true, Queryable: true, Triggerable: true},
		object{Name: "Invoiced__e", Label: "Invoiced", Custom: true, Triggerable: true},
		object{Name: "Retired__c", Label: "Retired", Custom: true, Retired: true, Queryable: true, Triggerable: true},
	)})
}
