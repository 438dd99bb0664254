package webhook_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/webhook"
)

const org = "00D000000000001EAA"

// notification is one of an outbound message, as Salesforce's documentation has it.
func notification(id, fields string) string {
	return `<Notification><Id>` + id + `</Id><sObject xsi:type="sf:Contact" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">` +
		`<sf:Id>0030000000000001AAA</sf:Id>` + fields + `</sObject></Notification>`
}

func envelope(org string, notifications ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Header/>
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>` + org + `</OrganizationId>
   <ActionId>04k000000000001AAA</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/65.0/00D000000000001</EnterpriseUrl>
   <PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/65.0/00D000000000001</PartnerUrl>
   ` + strings.Join(notifications, "\n") + `
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`
}

// outboundTo posts an outbound message to the source.
func outboundTo(t *testing.T, in *inbox, slug, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/"+slug, strings.NewReader(body))
	r.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	w := httptest.NewRecorder()
	handler(in, silent()).ServeHTTP(w, r)
	return w
}

// ofOrg is an inbox whose signed source belongs to an org.
func ofOrg() *inbox {
	in := newInbox()
	for _, slug := range []string{"signed", "open"} {
		in.change(slug, func(s *event.Source) { s.Kind = event.SourceSalesforce })
	}
	in.change("signed", func(s *event.Source) { s.OrgID = org })
	return in
}

func TestOutboundMessage(t *testing.T) {
	in := ofOrg()
	got := outboundTo(t, in, "signed", envelope(org[:15],
		notification("04l000000000001AAA", `<sf:Email>a&amp;b@example.com</sf:Email><sf:DoNotCall>true</sf:DoNotCall><sf:Phone xsi:nil="true"/>`),
		notification("04l000000000002AAA", `<sf:LastName>Ünal</sf:LastName>`)))
	if got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "<Ack>true</Ack>") || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/xml") {
		t.Fatalf("got %d %s", got.Code, got.Body)
	}
	var bodies []string
	for _, e := range in.all() {
		bodies = append(bodies, string(e.Body))
		if e.Type != "Contact.updated" || e.SourceID != "source-signed" || !e.ReceivedAt.Equal(noon) {
			t.Errorf("event %+v", e)
		}
	}
	const begins = `{"event_type":"Contact.updated","instance_url":"https://acme.my.salesforce.com","record":{"attributes":{"type":"Contact"},"Id":"0030000000000001AAA",`
	want := []string{
		begins + `"Email":"a\u0026b@example.com","DoNotCall":true,"Phone":null}}`,
		begins + `"LastName":"Ünal"}}`,
	}
	if diff := cmp.Diff(want, bodies); diff != "" {
		t.Error("-want +got:", diff)
	}
}

// An org sends again what was not acknowledged, and may send twice what was.
func TestOutboundMessageAgain(t *testing.T) {
	in := ofOrg()
	one, two := notification("04l1", ""), notification("04l2", "")
	for _, body := range []string{envelope(org, one), envelope(org, one, two, two), envelope(org, two)} {
		if got := outboundTo(t, in, "signed", body); got.Code != http.StatusOK {
			t.Errorf("got %d %s", got.Code, got.Body)
		}
	}
	if n := len(in.all()); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}

func TestOutboundMessageRefused(t *testing.T) {
	good := envelope(org, notification("04l1", ""))
	tests := map[string]struct {
		slug, body string
		want       int
	}{
		"of any org":         {"open", good, 200},
		"another org":        {"signed", envelope("00D000000000002EAA", notification("04l1", "")), 401},
		"an unknown org":     {"keyed", good, 401},
		"empty":              {"signed", " ", 400},
		"no XML":             {"signed", "{}", 400},
		"cut off":            {"signed", good[:len(good)-300], 400},
		"no notification":    {"signed", envelope(org), 400},
		"no org":             {"signed", envelope("", notification("04l1", "")), 400},
		"without an id":      {"signed", envelope(org, notification("", "")), 400},
		"an entity":          {"signed", `<!DOCTYPE x [<!ENTITY y "z">]>` + good, 400},
		"other XML":          {"signed", `<Envelope><Body><other/></Body></Envelope>`, 400},
		"deep":               {"signed", strings.Repeat("<a>", 1000), 400},
		"controls in the id": {"signed", envelope(org, notification("04l&#9;1", "")), 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := ofOrg()
			got := outboundTo(t, in, tc.slug, tc.body)
			if got.Code != tc.want || (len(in.all()) > 0) != (tc.want == 200) {
				t.Errorf("got %d with %d events: %s", got.Code, len(in.all()), got.Body)
			}
		})
	}
	in := ofOrg()
	in.change("signed", func(s *event.Source) { s.OrgID = "" })
	if got := outboundTo(t, in, "signed", good); got.Code != 401 || !strings.Contains(got.Body.String(), "does not know its org") {
		t.Errorf("without an org: got %d %s", got.Code, got.Body)
	}
	in.err = errors.New("disk on fire")
	if got := outboundTo(t, in, "open", good); got.Code != 500 {
		t.Errorf("a broken store: got %d", got.Code)
	}
}

// TestOutboundMessageIsBounded takes as many notifications as Salesforce sends at a time, and no more.
func TestOutboundMessageIsBounded(t *testing.T) {
	for n, want := range map[int]int{100: http.StatusOK, 101: http.StatusBadRequest} {
		in := ofOrg()
		many := make([]string, n)
		for i := range many {
			many[i] = notification(fmt.Sprint("04l", i), "")
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/signed", strings.NewReader(envelope(org, many...)))
		r.Header.Set("Content-Type", "text/xml")
		got := httptest.NewRecorder()
		handler(in, silent(), func(o *webhook.Options) { o.MaxBody = 1 << 20 }).ServeHTTP(got, r)
		if got.Code != want || (len(in.all()) == n) != (want == http.StatusOK) {
			t.Errorf("%d notifications: got %d with %d events: %s", n, got.Code, len(in.all()), got.Body)
		}
	}
}

// FuzzOutbound sends any XML: it is accepted or refused.
func FuzzOutbound(f *testing.F) {
	f.Add(envelope(org, notification("04l1", "<sf:A>1</sf:A>")))
	f.Add(`<Envelope><Body><notifications><Notification><sObject type="X"></sObject></Notification>`)
	f.Fuzz(func(t *testing.T, body string) {
		if got := outboundTo(t, ofOrg(), "open", body); got.Code >= 500 {
			t.Errorf("got %d for %q", got.Code, body)
		}
	})
}
