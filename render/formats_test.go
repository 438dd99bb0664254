package render_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A custom object's field is written by what it looks like.
func TestOwnFields(t *testing.T) {
	tests := map[string]struct{ field, name, value string }{
		"text":                    {`"Ship_To__c": "  Rotterdam "`, "Ship To", "Rotterdam"},
		"namespace":               {`"npsp__Gift_Type__c": "Pledge"`, "Gift Type", "Pledge"},
		"words":                   {`"BillingCity": "Rotterdam"`, "Billing City", "Rotterdam"},
		"capitals":                {`"VATNumber__c": "NL1"`, "VAT Number", "NL1"},
		"number in a name":        {`"Line2__c": "b"`, "Line2", "b"},
		"suffix alone":            {`"__c": "b"`, `\_\_c`, "b"},
		"markdown in a name":      {`"a*b": "c"`, `A\*b`, "c"},
		"yes":                     {`"Paid__c": true`, "Paid", "Yes"},
		"no":                      {`"Paid__c": false`, "Paid", "No"},
		"number":                  {`"Amount__c": 1234567.50`, "Amount", "1,234,567.5"},
		"every digit":             {`"Amount__c": 123456789012345678.01`, "Amount", "123,456,789,012,345,678.01"},
		"year":                    {`"Fiscal_Year__c": 2026`, "Fiscal Year", "2026"},
		"negative":                {`"Delta__c": -20260`, "Delta", "-20,260"},
		"date":                    {`"Due__c": "2026-02-28"`, "Due", "February 28, 2026"},
		"no date":                 {`"Due__c": "2026-02-30"`, "Due", "2026-02-30"},
		"moment":                  {`"At__c": "2026-04-01T08:15:00.000+0000"`, "At", "<t:1775031300:f>"},
		"moment in UTC":           {`"At__c": "2026-04-01T08:15:00Z"`, "At", "<t:1775031300:f>"},
		"moment with a colon":     {`"At__c": "2026-04-01T10:15:00+02:00"`, "At", "<t:1775031300:f>"},
		"no moment":               {`"At__c": "2026-04-01T25:15:00Z"`, "At", "2026-04-01T25:15:00Z"},
		"relation":                {`"Warehouse__c": "a01", "Warehouse__r": {"Name": "North"}`, "Warehouse", "North"},
		"standard relation":       {`"OwnerId": "005", "Owner": {"Name": "Priya"}`, "Owner", "Priya"},
		"id without its relation": {`"OwnerId": "005", "Owner": null`, "Owner Id", "005"},
		"password":                {`"Portal_Password__c": "hunter2"`, "Portal Password", "••••••••"},
		"token":                   {`"ApiToken__c": "dsp_1"`, "Api Token", "••••••••"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw("Thing__c.created", fmt.Sprintf(`{"record":{"Id":"a00","Name":"T-1","Nothing__c":null,%s}}`, tc.field))
			check(t, embed)
			if len(embed.Fields) != 1 {
				t.Fatalf("%d fields, want one: %v", len(embed.Fields), embed.Fields)
			}
			got := []string{embed.Fields[0].Name, embed.Fields[0].Value}
			if diff := cmp.Diff([]string{tc.name, tc.value}, got); diff != "" {
				t.Errorf("field (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTitles(t *testing.T) {
	tests := map[string]struct{ eventType, body, title string }{
		"custom object":                {"Invoice__c.created", `{"record":{"Name":"INV-1"}}`, "Invoice created: INV-1"},
		"known by its attributes":      {"saved", `{"record":{"attributes":{"type":"Campaign"},"Name":"Spring"}}`, "Campaign saved: Spring"},
		"another action":               {"Order.shippedPartly", `{"record":{"Name":"42"}}`, "Order shipped partly: 42"},
		"restored":                     {"Opportunity.undeleted", `{"record":{"Name":"Acme","IsWon":true}}`, "Opportunity restored: Acme"},
		"won at once":                  {"Opportunity.created", `{"record":{"Name":"Acme","IsWon":true}}`, "Deal won: Acme"},
		"won, then flags say no":       {"Opportunity.updated", `{"record":{"Name":"Acme","IsWon":false,"StageName":"Closed Won"}}`, "Opportunity updated: Acme"},
		"reopened":                     {"Opportunity.updated", `{"record":{"Name":"Acme","StageName":"Qualify"},"old":{"StageName":"Closed Won"}}`, "Deal moved to Qualify: Acme"},
		"same stage":                   {"Opportunity.updated", `{"record":{"Name":"Acme","StageName":"Qualify"},"old":{"StageName":"Qualify"}}`, "Opportunity updated: Acme"},
		"nothing changed":              {"Opportunity.updated", `{"record":{"Name":"Acme","IsWon":true},"old":{}}`, "Deal won: Acme"},
		"type without an action":       {"Opportunity", `{"record":{"attributes":{"type":"Opportunity"}}}`, "Opportunity changed"},
		"case without a number":        {"Case.escalated", `{"record":{"Subject":"Help"}}`, "Case escalated: Help"},
		"case without a subject":       {"Case.closed", `{"record":{"CaseNumber":"7"}}`, "Case 7 closed"},
		"lines in a subject":           {"Case.created", `{"record":{"CaseNumber":"7","Subject":"a\r\n b"}}`, "Case 7 created: a b"},
		"fields without a record":      {"Opportunity.updated", `{"Name":"Acme","StageName":"Closed Won"}`, "Deal won"},
		"person without a name":        {"Lead.created", `{"record":{"FirstName":"Jane","LastName":"Doe"}}`, "Lead created: Jane Doe"},
		"last name alone":              {"Contact.created", `{"record":{"LastName":"Doe","Title":"CEO"}}`, "Contact created: Doe"},
		"user":                         {"User.created", `{"record":{"FirstName":"Jane","LastName":"Doe","Title":"CEO"}}`, "User created: Jane Doe"},
		"number":                       {"Order.activated", `{"record":{"OrderNumber":"00000102"}}`, "Order 00000102 activated"},
		"number and name":              {"Contract.created", `{"record":{"ContractNumber":"7","Name":"Frame"}}`, "Contract 7 created: Frame"},
		"neither":                      {"Order.created", `{"record":{"Id":"801"}}`, "Order created: 801"},
		"comment on its case":          {"CaseComment.created", `{"record":{"Parent":{"CaseNumber":"7","Subject":"Help"}}}`, "Comment on case 7 added: Help"},
		"comment alone":                {"CaseComment.created", `{"record":{"CommentBody":"a"}}`, "Comment added"},
		"person in a campaign":         {"CampaignMember.created", `{"record":{"Contact":{"FirstName":"Jane","LastName":"Doe"},"Campaign":{"Name":"Fair"}}}`, "Campaign member added: Jane Doe in Fair"},
		"person in no campaign":        {"CampaignMember.created", `{"record":{"Name":"Jane Doe"}}`, "Campaign member added: Jane Doe"},
		"product of an order":          {"OrderItem.created", `{"record":{"Product2":{"Name":"Bolt"},"Order":{"OrderNumber":"102"}}}`, "Order product added: Bolt in 102"},
		"turned by its flag":           {"Case.updated", `{"record":{"CaseNumber":"7","IsClosed":true,"Status":"Solved"},"old":{"Status":"New"}}`, "Case 7 closed"},
		"turned by its status":         {"Task.updated", `{"record":{"Subject":"Call","Status":"completed"},"old":{"Status":"Open"}}`, "Task completed: Call"},
		"turned before":                {"Task.updated", `{"record":{"Subject":"Call","Status":"Completed"},"old":{"Subject":"Cal"}}`, "Task updated: Call"},
		"turned, but the flag says no": {"Case.updated", `{"record":{"CaseNumber":"7","IsClosed":false,"Status":"Closed"},"old":{"Status":"New"}}`, "Case 7 updated"},
		"field without a name":         {"Account.updated", `{"record":{"":"x","Name":"Acme"},"old":{"":"y"}}`, "Account updated: Acme"},
		"turned off":                   {"User.updated", `{"record":{"Name":"Jane","IsActive":false},"old":{"IsActive":true}}`, "User deactivated: Jane"},
		"price":                        {"PricebookEntry.updated", `{"record":{"Name":"Bolt","UnitPrice":2},"old":{"UnitPrice":1}}`, "Price changed: Bolt"},
		"mail came":                    {"EmailMessage.created", `{"record":{"Subject":"Hi","Incoming":true}}`, "Email received: Hi"},
		"mail went":                    {"EmailMessage.created", `{"record":{"Subject":"Hi","Incoming":false,"Status":"3"}}`, "Email sent: Hi"},
		"mail is written":              {"EmailMessage.created", `{"record":{"Subject":"Hi","Incoming":false,"Status":"5"}}`, "Email logged: Hi"},
		"article":                      {"FAQ__kav.updated", `{"record":{"Title":"How","ArticleNumber":"1","PublishStatus":"Online"},"old":{"PublishStatus":"Draft"}}`, "Article 1 published: How"},
		"action of another":            {"Account.escalated", `{"record":{"Name":"Acme"}}`, "Account escalated: Acme"},
		"action like a key":            {"Case.numbered", `{"record":{"CaseNumber":"7"}}`, "Case 7 numbered"},
		"capitals":                     {"ORDER.ACTIVATED", `{"record":{"OrderNumber":"102"}}`, "Order 102 activated"},
		"webhook":                      {"pull_request.opened", `{"title":"Fix it"}`, "Pull request opened: Fix it"},
		"webhook in several parts":     {"a.b.done", `{}`, "A b done"},
		"webhook in one word":          {"deployed", `{}`, "Deployed"},
		"array":                        {"unknown", `[1,2]`, "Event received"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw(tc.eventType, tc.body)
			check(t, embed)
			if embed.Title != tc.title {
				t.Errorf("title %q, want %q", embed.Title, tc.title)
			}
		})
	}
}
