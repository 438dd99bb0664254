package render_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

func TestSubject(t *testing.T) {
	tests := map[string]struct{ typ, body, want string }{
		"a number and a name": {"Case.escalated", `{"record":{"CaseNumber":"00001026","Subject":"Checkout is *down*"}}`, "Case 00001026: Checkout is *down*"},
		"a name":              {"Opportunity.updated", `{"record":{"Name":"Acme_Renewal"}}`, "Opportunity: Acme_Renewal"},
		"a custom object":     {"Invoice__c.created", `{"record":{"Name":"INV-1"}}`, "Invoice: INV-1"},
		"nothing at all":      {"ping", `{}`, "Ping"},
		"a long one":          {"Opportunity.updated", `{"record":{"Name":"` + strings.Repeat("é", 200) + `"}}`, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := render.Subject(event.Event{Type: tc.typ, Body: []byte(tc.body)}, locales.For("en-US"))
			if tc.want != "" && got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
			if n := utf8.RuneCountInString(got); n < 1 || n > 100 {
				t.Errorf("%d characters", n)
			}
		})
	}
}
