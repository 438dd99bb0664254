package render_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestTitleLink(t *testing.T) {
	const (
		org  = "https://example.my.salesforce.com"
		id   = "0061x00000D4eF5AAD"
		page = "/lightning/r/Opportunity/" + id + "/view"
	)
	tests := map[string]struct{ instance, object, id, want string }{
		"org":                  {org, "Opportunity", id, org + page},
		"slash at the end":     {org + "/", "Opportunity", id, org + page},
		"capitals":             {"HTTPS://Example.My.Salesforce.com", "Opportunity", id, org + page},
		"short id":             {org, "Opportunity", id[:15], org + "/lightning/r/Opportunity/" + id[:15] + "/view"},
		"lightning":            {"https://example.lightning.force.com", "Opportunity", id, "https://example.lightning.force.com" + page},
		"government":           {"https://example.my.salesforce.mil", "Opportunity", id, "https://example.my.salesforce.mil" + page},
		"china":                {"https://example.my.sfcrmproducts.cn", "Opportunity", id, "https://example.my.sfcrmproducts.cn" + page},
		"custom object":        {org, "npsp__Gift__c", id, org + "/lightning/r/npsp__Gift__c/" + id + "/view"},
		"object in small":      {org, "opportunity", id, org + page},
		"not encrypted":        {"http://example.my.salesforce.com", "Opportunity", id, ""},
		"no scheme":            {"example.my.salesforce.com", "Opportunity", id, ""},
		"none":                 {"", "Opportunity", id, ""},
		"another host":         {"https://example.com", "Opportunity", id, ""},
		"alike":                {"https://evilsalesforce.com", "Opportunity", id, ""},
		"as a label":           {"https://salesforce.com.evil.example", "Opportunity", id, ""},
		"the domain itself":    {"https://salesforce.com", "Opportunity", id, ""},
		"no label":             {"https://.salesforce.com", "Opportunity", id, ""},
		"empty label":          {"https://a..salesforce.com", "Opportunity", id, ""},
		"hyphen first":         {"https://-a.salesforce.com", "Opportunity", id, ""},
		"dot at the end":       {org + ".", "Opportunity", id, ""},
		"user":                 {"https://example.my.salesforce.com@evil.example", "Opportunity", id, ""},
		"user before":          {"https://evil.example@example.my.salesforce.com", "Opportunity", id, ""},
		"port":                 {org + ":8443", "Opportunity", id, ""},
		"path":                 {"https://evil.example/.salesforce.com", "Opportunity", id, ""},
		"path behind":          {org + "/login", "Opportunity", id, ""},
		"two slashes":          {org + "//", "Opportunity", id, ""},
		"query":                {"https://evil.example?.salesforce.com", "Opportunity", id, ""},
		"fragment":             {"https://evil.example#.salesforce.com", "Opportunity", id, ""},
		"backslash":            {`https://evil.example\.salesforce.com`, "Opportunity", id, ""},
		"space":                {"https://evil.example .salesforce.com", "Opportunity", id, ""},
		"letters alike":        {"https://example.my.sаlesforce.com", "Opportunity", id, ""}, // a Cyrillic one
		"long host":            {"https://" + strings.Repeat("a.", 127) + "salesforce.com", "Opportunity", id, ""},
		"id of another length": {org, "Opportunity", "006", org + "/lightning/r/Opportunity/006/view"},
		"long id":              {org, "Opportunity", id + "0", ""},
		"id with a slash":      {org, "Opportunity", "006/x", ""},
		"id with a path":       {org, "Opportunity", "../../../login/001", ""},
		"no id":                {org, "Opportunity", "", ""},
		"object with a path":   {org, "Opp/../x", id, ""},
		"object with a digit":  {org, "1pportunity", id, ""},
		"long object":          {org, strings.Repeat("a", 81), id, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			body := fmt.Sprintf(`{"instance_url":%q,"record":{"Id":%q,"attributes":{"type":%q}}}`, tc.instance, tc.id, tc.object)
			embed := draw("x.updated", body)
			check(t, embed)
			if embed.URL != tc.want {
				t.Errorf("%s: link %q, want %q", body, embed.URL, tc.want)
			}
		})
	}
}

func TestForeignBodyHasNoLink(t *testing.T) {
	if embed := draw("Opportunity.updated", `{"instance_url":"https://a.my.salesforce.com","Id":"0061x00000D4eF5AAD"}`); embed.URL != "" {
		t.Errorf("a body without a record is linked to %s", embed.URL)
	}
}
