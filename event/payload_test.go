package event_test

import (
	"testing"

	"dispatch/event"
)

func TestObjectAndAction(t *testing.T) {
	tests := map[string]struct{ typ, body, object, action string }{
		"named by the type":        {"Opportunity.updated", `{}`, "Opportunity", "updated"},
		"named by the record":      {"Opportunity.updated", `{"record":{"attributes":{"type":"Deal__c"}}}`, "Deal__c", "updated"},
		"no dot":                   {"push", `{}`, "", "push"},
		"several dots":             {"issues.comment.created", `{}`, "issues.comment", "created"},
		"attributes are no object": {"Lead.created", `{"record":{"attributes":"Deal__c"}}`, "Lead", "created"},
		"record is no object":      {"Lead.created", `{"record":[1]}`, "Lead", "created"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := event.Event{Type: tc.typ, Body: []byte(tc.body)}
			if e.Object() != tc.object || e.Action() != tc.action {
				t.Errorf("got %q, %q, want %q, %q", e.Object(), e.Action(), tc.object, tc.action)
			}
		})
	}
}

func TestPayload(t *testing.T) {
	p := event.Event{Body: []byte(`{
		"instance_url": "https://acme.my.salesforce.com",
		"record": {"Name": "Caf\u00e9", "Amount": 135000.10, "IsWon": true, "Account": {"Name": "Acme"}, "Empty": null, "List": [1]},
		"old": {"StageName": "Prospecting"}
	}`)}.Payload()
	got := map[string]string{
		"instance":      p.InstanceURL,
		"text":          p.Record.Text("Name"),
		"number":        p.Record.Text("Amount"),
		"boolean":       p.Record.Text("IsWon"),
		"null":          p.Record.Text("Empty"),
		"no scalar":     p.Record.Text("List"),
		"absent":        p.Record.Text("Missing"),
		"related":       p.Record.Related("Account"),
		"not related":   p.Record.Related("Name"),
		"old":           p.Old.Text("StageName"),
		"first in line": p.Record[0].Name,
	}
	want := map[string]string{
		"instance": "https://acme.my.salesforce.com", "text": "Café", "number": "135000.10", "boolean": "true", "null": "",
		"no scalar": "", "absent": "", "related": "Acme", "not related": "", "old": "Prospecting", "first in line": "Name",
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: got %q, want %q", name, got[name], want[name])
		}
	}
}

func FuzzPayload(f *testing.F) {
	f.Add([]byte(`{"record":{"attributes":{"type":"A"}},"old":{}}`))
	f.Add([]byte(`{"record":`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		p := event.Event{Body: body}.Payload() // must not panic, whatever the bytes
		for _, field := range p.Record {
			p.Record.Related(field.Name)
			p.Record.Text(field.Name)
		}
	})
}
