package webhook_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/webhook"
)

// pollerOfSeed is the poller configuration of the document, with its unbalanced quote.
const pollerOfSeed = "{\n  \"accounts\": {\n    \"url\": \"/hubs/crm/accounts?where=LastModifiedDate>${gmtDate:yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}'\",\n" +
	"    \"idField\": \"Id\", \n    \"datesConfiguration\": {\n      \"updatedAtField\": \"LastModifiedDate\", \n" +
	"      \"updatedAtFormat\": \"yyyy-MM-dd'T'HH:mm:ss.SSSSZ\", \n      \"createdAtField\": \"CreatedDate\", \n" +
	"      \"createdAtFormat\": \"yyyy-MM-dd-'T'HH:mm:ss.SSSSZ\", \n      \"updatedAtTimezone\": \"GMT\", \n      \"createdAtTimezone\": \"GMT\"\n    }\n  }\n}"

func jsonText(t testing.TB, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}

func noPrivate(url string) error {
	if strings.Contains(url, "private") {
		return webhook.InstanceError("This address is private.")
	}
	return nil
}

func TestInstanceSettings(t *testing.T) {
	usual := event.InstanceSettings{Environment: event.Production, Every: 5 * time.Minute}
	settings := func(change func(*event.InstanceSettings)) event.InstanceSettings {
		s := usual
		change(&s)
		return s
	}
	tests := map[string]struct {
		configuration string
		want          event.InstanceSettings
	}{
		"nothing": {`{}`, usual},
		"empty, as the document has it": {
			`{"event.notification.enabled":true,"event.vendor.type":"polling","event.notification.callback.url":"",
			"event.notification.signature.key":"","event.poller.configuration":"","event.poller.refresh_interval":"","event.objects":""}`,
			settings(func(s *event.InstanceSettings) { s.Enabled, s.Vendor = true, event.VendorPolling }),
		},
		"null is empty": {`{"event.notification.enabled":null,"event.vendor.type":null,"event.poller.configuration":null,"filter.response.nulls":null,
			"event.poller.refresh_interval":null,"event.objects":null}`, usual},
		"booleans as texts": {
			`{"event.notification.enabled":"True","filter.response.nulls":"false"}`,
			settings(func(s *event.InstanceSettings) { s.Enabled, s.KeepNulls = true, true }),
		},
		"yes and no": {
			`{"event.notification.enabled":"yes","filter.response.nulls":"No"}`,
			settings(func(s *event.InstanceSettings) { s.Enabled, s.KeepNulls = true, true }),
		},
		"webhook":  {`{"event.vendor.type":"webhook"}`, settings(func(s *event.InstanceSettings) { s.Vendor = event.VendorWebhooks })},
		"webhooks": {`{"event.vendor.type":"webhooks"}`, settings(func(s *event.InstanceSettings) { s.Vendor = event.VendorWebhooks })},
		"a number as a key": {
			`{"event.notification.signature.key":12345}`,
			settings(func(s *event.InstanceSettings) { s.SignatureKey = "12345" }),
		},
		"a mask keeps": {`{"event.notification.signature.key":"********","oauth.api.secret":"********"}`, usual},
		"objects": {
			`{"event.objects":" Contact, Account ,Contact,,invoices__c,cases"}`,
			settings(func(s *event.InstanceSettings) { s.Objects = []string{"Contact", "Account", "invoices__c", "Case"} }),
		},
		"objects as a list": {
			`{"event.objects":["Contact","Account"]}`,
			settings(func(s *event.InstanceSettings) { s.Objects = []string{"Contact", "Account"} }),
		},
		"minutes as a number":   {`{"event.poller.refresh_interval":15}`, settings(func(s *event.InstanceSettings) { s.Every = 15 * time.Minute })},
		"minutes as a text":     {`{"event.poller.refresh_interval":" 1.5 "}`, settings(func(s *event.InstanceSettings) { s.Every = 90 * time.Second })},
		"another key":           {`{"document.tagging":false}`, usual},
		"sandbox":               {`{"dispatch.environment":"Sandbox"}`, settings(func(s *event.InstanceSettings) { s.Environment = event.Sandbox })},
		"the document's poller": {`{"event.poller.configuration":` + jsonText(t, pollerOfSeed) + `}`, settings(func(s *event.InstanceSettings) { s.Poller, s.Polled = pollerOfSeed, []string{"Account"} })},
		"a poller as an object": {
			`{"event.poller.configuration":{"opportunities":{"datesConfiguration":{"updatedDateField":"LastModifiedDate"}},"Invoice__c":{}}}`,
			settings(func(s *event.InstanceSettings) {
				s.Poller = `{"opportunities":{"datesConfiguration":{"updatedDateField":"LastModifiedDate"}},"Invoice__c":{}}`
				s.Polled = []string{"Opportunity", "Invoice__c"}
			}),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := webhook.ReadSettings(tc.configuration, noPrivate)
			if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
				t.Errorf("%v, -want +got:\n%s", err, diff)
			}
		})
	}
}

func TestInstanceSettingsRefused(t *testing.T) {
	tests := map[string]struct{ configuration, want string }{
		"enabled":         {`{"event.notification.enabled":"perhaps"}`, "event.notification.enabled must be true or false."},
		"a list":          {`{"event.notification.enabled":[]}`, "event.notification.enabled must be a text, a number or a boolean."},
		"vendor":          {`{"event.vendor.type":"push"}`, "event.vendor.type must be polling or webhooks."},
		"callback":        {`{"event.notification.callback.url":"http://private"}`, "event.notification.callback.url is refused: This address is private."},
		"often":           {`{"event.poller.refresh_interval":"0.5"}`, "event.poller.refresh_interval must be a number of minutes from 1 to 10080."},
		"no number":       {`{"event.poller.refresh_interval":"NaN"}`, "event.poller.refresh_interval must be a number of minutes from 1 to 10080."},
		"seldom":          {`{"event.poller.refresh_interval":1e300}`, "event.poller.refresh_interval must be a number of minutes from 1 to 10080."},
		"object":          {`{"event.objects":"Account; DROP"}`, "event.objects must name objects by their API names, such as Account or Invoice__c."},
		"poller":          {`{"event.poller.configuration":"{"}`, "event.poller.configuration must be a JSON object, or one in a text."},
		"poller's list":   {`{"event.poller.configuration":["accounts"]}`, "event.poller.configuration must be a JSON object, or one in a text."},
		"poller's value":  {`{"event.poller.configuration":{"accounts":1}}`, "event.poller.configuration must have an object at each key."},
		"poller's object": {`{"event.poller.configuration":{"a b":{}}}`, "event.poller.configuration must name objects by their API names, such as Account or Invoice__c."},
		"environment":     {`{"dispatch.environment":"moon"}`, "dispatch.environment must be production or sandbox."},
		"two lines":       {`{"oauth.api.key":"a\nb"}`, "oauth.api.key must be a text of at most 2048 characters on one line."},
		"each": {
			`{"event.vendor.type":1,"filter.response.nulls":2}`,
			"event.vendor.type must be polling or webhooks; filter.response.nulls must be true or false.",
		},
		"too many objects": {
			`{"event.objects":"` + strings.Join(manyObjects(26), ",") + `"}`,
			"event.objects and event.poller.configuration name 26 objects; at most 25 are possible.",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := webhook.ReadSettings(tc.configuration, noPrivate); err == nil || err.Error() != "400: "+tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func manyObjects(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "Custom" + string(rune('A'+i)) + "__c"
	}
	return names
}

func TestObjectNames(t *testing.T) {
	tests := map[string]string{
		"accounts": "Account", "Accounts": "Account", "ACCOUNT": "Account", "opportunities": "Opportunity", "cases": "Case", "leads": "Lead",
		"products": "Product2", "pricebooks": "Pricebook2", "campaignMembers": "CampaignMember", "addresses": "Address", "businesses__c": "businesses__c",
		"OpportunityLineItem": "OpportunityLineItem", "UserLicenses": "UserLicenses", "statuses": "Status", "s": "S",
	}
	for called, want := range tests {
		got, err := webhook.ReadSettings(`{"event.poller.configuration":{"`+called+`":{}}}`, noPrivate)
		if err != nil || len(got.Polled) != 1 || got.Polled[0] != want {
			t.Errorf("%s is %v, %v; want %s", called, got.Polled, err, want)
		}
	}
}

// FuzzPollerConfiguration wants whatever comes to be refused, or to name objects that an org could have; and what was taken
// to be taken again.
func FuzzPollerConfiguration(f *testing.F) {
	for _, seed := range []string{pollerOfSeed, `{"accounts":{}}`, `{"":{}}`, `{"ies":{},"s":{},"ß":{}}`, `{"a":{`, `[]`, "null", `"{}"`, `{"a":{},"a":{}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, poller string) {
		for _, given := range []string{poller, jsonText(t, poller)} {
			got, err := webhook.ReadSettings(`{"event.poller.configuration":`+given+`}`, noPrivate)
			if err != nil {
				continue
			}
			for _, name := range got.Polled {
				if name == "" || len(name) > 80 || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") != "" {
					t.Errorf("%q names the object %q", given, name)
				}
			}
			again, err := webhook.ReadSettings(`{"event.poller.configuration":`+jsonText(t, got.Poller)+`}`, noPrivate)
			if diff := cmp.Diff(got, again); utf8.ValidString(poller) && (err != nil || diff != "") {
				t.Errorf("%q again: %v, %s", given, err, diff)
			}
		}
	})
}
