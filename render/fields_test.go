package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// lines are the embed's fields, one a line.
func lines(embed discord.Embed) []string {
	var all []string
	for _, field := range embed.Fields {
		all = append(all, field.Name+": "+field.Value)
	}
	return all
}

// What changed comes first, listed or not; the rest keeps the order of the table.
func TestChanges(t *testing.T) {
	tests := map[string]struct {
		eventType, record, old string
		want                   []string
	}{
		"nothing is told": {
			"Account.updated", `"Type":"Customer","Industry":"Retail"`, ``,
			[]string{"Type: Customer", "Industry: Retail"},
		},
		"one": {
			"Account.updated", `"Type":"Customer","Industry":"Retail"`, `"Industry":"Energy"`,
			[]string{"Industry: Energy → Retail", "Type: Customer"},
		},
		"written in another way": {
			"Account.updated", `"Type":"Customer","AnnualRevenue":5.0`, `"AnnualRevenue":5`,
			[]string{"Type: Customer", "Annual revenue: $5"},
		},
		"cleared": {
			"Account.updated", `"Type":"Customer","Industry":null`, `"Industry":"Energy"`,
			[]string{"Industry: Energy → —", "Type: Customer"},
		},
		"left out is not cleared": {
			"Account.updated", `"Type":"Customer"`, `"Industry":"Energy"`,
			[]string{"Type: Customer"},
		},
		"filled": {
			"Account.updated", `"Type":"Customer","Industry":"Energy"`, `"Industry":null`,
			[]string{"Industry: Energy", "Type: Customer"},
		},
		"not listed": {
			"Account.updated", `"Type":"Customer","Phone":"2","Tier__c":"Gold","IsPartner":true,"MasterRecordId":"2"`,
			`"Phone":"1","Tier__c":null,"IsPartner":false,"MasterRecordId":"1","SystemModstamp":"x"`,
			[]string{"Phone: 1 → 2", "Tier: Gold", "Type: Customer"},
		},
		"not listed and secret": {
			"Account.updated", `"Api_Token__c":"b"`, `"Api_Token__c":"a"`,
			[]string{"Api Token: ••••••••"},
		},
		"renamed": {
			"Account.updated", `"Name":"Acme Corp"`, `"Name":"Acme"`,
			[]string{"Name: Acme → Acme Corp"},
		},
		"many": {
			"Account.updated", `"A":1,"B":1,"C":1,"D":1,"E":1,"F":1,"G":1`, `"A":2,"B":2,"C":2,"D":2,"E":2,"F":2,"G":2`,
			[]string{"A: 2 → 1", "B: 2 → 1", "C: 2 → 1", "D: 2 → 1", "E: 2 → 1", "F: 2 → 1"},
		},
		"owner by name": {
			"Account.updated", `"OwnerId":"2","Owner":{"Name":"Priya"}`, `"OwnerId":"1","Owner":{"Name":"Tomás"}`,
			[]string{"Owner: Tomás → Priya"},
		},
		"owner whose predecessor has no name": {
			"Account.updated", `"Type":"Customer","OwnerId":"2","Owner":{"Name":"Priya"}`, `"OwnerId":"1"`,
			[]string{"Owner: Priya", "Type: Customer"},
		},
		"owner by id": {
			"Account.updated", `"OwnerId":"2"`, `"OwnerId":"1"`,
			[]string{"Owner: 1 → 2"},
		},
		"relation cleared": {
			"Contact.updated", `"AccountId":null,"Account":null`, `"AccountId":"1","Account":{"Name":"Acme"}`,
			[]string{"Account: Acme → —"},
		},
		"relation of a person": {
			"Task.created", `"Who":{"FirstName":"Mara","LastName":"Lindqvist"}`, ``,
			[]string{"With: Mara Lindqvist"},
		},
		"relation of a record with a number": {
			"WorkOrder.created", `"Case":{"Subject":"Help","CaseNumber":"7"},"Asset":{"Id":"02i"},"AssetId":"02i"`, ``,
			[]string{"Asset: 02i", "Case: 7"},
		},
		"amount in another currency": {
			"Opportunity.updated", `"Amount":10,"CurrencyIsoCode":"EUR"`, `"Amount":11,"CurrencyIsoCode":"USD"`,
			[]string{"Amount: $11 → €10", "Currency Iso Code: USD → EUR"},
		},
		"amount goes with the stage": {
			"Opportunity.updated", `"StageName":"B","Amount":10,"Probability":20,"CloseDate":"2026-01-01"`, `"StageName":"A","Probability":10`,
			[]string{"Stage: A → B", "Amount: $10", "Probability: 10% → 20%", "Close date: January 1, 2026"},
		},
		"amount without a change of stage": {
			"Opportunity.updated", `"StageName":"B","Amount":10,"Probability":20`, `"Probability":10`,
			[]string{"Probability: 10% → 20%", "Stage: B", "Amount: $10"},
		},
		"consequences": {
			"Opportunity.updated", `"StageName":"B","ForecastCategory":"B","Fiscal":"B"`, `"StageName":"A","ForecastCategory":"A","Fiscal":"A"`,
			[]string{"Stage: A → B"},
		},
		"long text is not repeated": {
			"Case.updated", `"Status":"Working","Description":"<p>Long</p>"`, `"Status":"New"`,
			[]string{"Status: New → Working"},
		},
		"long text is not compared": {
			"Case.updated", `"Status":"Working","Description":"<p>Longer</p>"`, `"Description":"<p>Long</p>"`,
			[]string{"Description: Longer", "Status: Working"},
		},
		"long text is cleared": {
			"Case.updated", `"Description":null`, `"Description":"<p>Long</p>"`,
			[]string{"Description: Long → —"},
		},
		"substitute": {
			"Contact.created", `"Phone":null,"MobilePhone":"+1"`, ``,
			[]string{"Phone: +1"},
		},
		"substitute for what was cleared": {
			"Contact.updated", `"Phone":null,"MobilePhone":"+1"`, `"Phone":"+2"`,
			[]string{"Phone: +2 → —"},
		},
		"custom": {
			"Thing__c.updated", `"A__c":1,"B__c":"<b>new</b>","C__c":null,"D__r":{"Name":"x"}`, `"B__c":"old","C__c":7,"D__r":{"Name":"y"},"D__c":"1"`,
			[]string{"B: old → new", "C: 7 → —", "D: y → x", "A: 1"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw(tc.eventType, fmt.Sprintf(`{"record":{%s},"old":{%s}}`, tc.record, tc.old))
			checkMarkup(t, embed)
			if diff := cmp.Diff(tc.want, lines(embed)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// A change must be seen even when it is the last of more fields than an embed has.
func TestChangeOfACustomObjectIsNeverCut(t *testing.T) {
	var record strings.Builder
	for i := range 40 {
		fmt.Fprintf(&record, `"F%d__c":%d,`, i, i)
	}
	embed := draw("Thing__c.updated", `{"record":{`+record.String()+`"Last__c":2},"old":{"Last__c":1}}`)
	check(t, embed)
	if got := lines(embed); len(got) != 24 || got[0] != "Last: 1 → 2" || got[1] != "F0: 0" {
		t.Errorf("%d fields: %q", len(got), got)
	}
}

func TestFormats(t *testing.T) {
	tests := map[string]struct{ eventType, field, want string }{
		"money":              {"Account.created", `"AnnualRevenue":1234567.5,"CurrencyIsoCode":"JPY"`, "Annual revenue: ¥1,234,567.5"},
		"money of the guild": {"Account.created", `"AnnualRevenue":1234567`, "Annual revenue: CHF\u00a01,234,567"},
		"number":             {"Account.created", `"NumberOfEmployees":12000`, "Employees: 12,000"},
		"address":            {"Account.created", `"Website":"www.acme.example/"`, "Website: https://www.acme.example"},
		"whole address":      {"Account.created", `"Website":"http://acme.example/a_b"`, "Website: http://acme.example/a_b"},
		"no address":         {"Account.created", `"Website":"ask me. *soon*"`, `Website: ask me. \*soon\*`},
		"one month":          {"Contract.created", `"ContractTerm":1`, "Term: 1 month"},
		"months":             {"Contract.created", `"ContractTerm":36`, "Term: 36 months"},
		"no months":          {"Contract.created", `"ContractTerm":"open"`, "Term: open"},
		"percent":            {"Quote.created", `"Discount":7.50`, "Discount: 7.5%"},
		"flag":               {"Product2.created", `"IsActive":false`, "Active: No"},
		"flag for a date":    {"CampaignMember.created", `"HasResponded":true`, "Responded: Yes"},
		"moment":             {"Event.created", `"StartDateTime":"2026-04-02T13:00:00.000+0000"`, "Start: <t:1775134800:f>"},
		"all day":            {"Event.created", `"StartDateTime":"2026-04-02T00:00:00.000+0000","IsAllDayEvent":true`, "Start: April 2, 2026"},
		"rich text":          {"Case.created", `"Description":"<p>a *b*</p><ul><li>c</li></ul>"`, "Description: a \\*b\\*\n• c"},
		"plain text":         {"Case.created", `"Description":"a\nb <limit> &lt;c&gt;"`, "Description: a\nb <\u200blimit> <\u200bc>"},
		"mail in two forms":  {"EmailMessage.created", `"TextBody":"text","HtmlBody":"<p>html</p>"`, "Message: text"},
		"mail in HTML":       {"EmailMessage.created", `"HtmlBody":"<p>html</p>"`, "Message: html"},
	}
	say := locales.For(locales.Default).WithCurrency("CHF")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := event.Event{Type: tc.eventType, ReceivedAt: received, Body: []byte(`{"record":{` + tc.field + `}}`)}
			embed := render.Embed(e, "s", say)
			check(t, embed)
			if diff := cmp.Diff([]string{tc.want}, lines(embed)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// Columns are for what is short.
func TestColumns(t *testing.T) {
	embed := draw("Case.created", fmt.Sprintf(`{"record":{"Status":"New","Origin":%q,"Description":"short"}}`, strings.Repeat("x", 65)))
	var beside []bool
	for _, field := range embed.Fields {
		beside = append(beside, *field.Inline)
	}
	if diff := cmp.Diff([]bool{true, false, false}, beside); diff != "" {
		t.Errorf("fields beside others (-want +got):\n%s", diff)
	}
}
