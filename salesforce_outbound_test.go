package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"dispatch/salesforce/orgtest"
)

// outboundMessage is one as an org sends it: every value is text, and the session id is only there when it was ticked.
const outboundMessage = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>ORG</OrganizationId>
   <ActionId>04k5g0000008VqzAAE</ActionId>
   <SessionId>00D5g00000LocalEAB!hunter2</SessionId>
   <EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/65.0/00D5g00000Local</EnterpriseUrl>
   <PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/65.0/00D5g00000Local</PartnerUrl>
   <Notification>
    <Id>04l5g000008aeAyAAI</Id>
    <sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>0065g000003pmdWAAQ</sf:Id>
     <sf:Amount>120000.0</sf:Amount>
     <sf:CloseDate>2026-04-03</sf:CloseDate>
     <sf:IsClosed>true</sf:IsClosed>
     <sf:IsWon>true</sf:IsWon>
     <sf:Name>Express Logistics SLA</sf:Name>
     <sf:StageName>Closed Won</sf:StageName>
    </sObject>
   </Notification>
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`

// outbound posts the message for the org to the source's URL, and gives the answer.
func (w *world) outbound(to hook, orgID string) (int, string) {
	w.t.Helper()
	message := strings.NewReader(strings.Replace(outboundMessage, "ORG", orgID, 1))
	request, err := http.NewRequestWithContext(within(w.t), http.MethodPost, to.url, message)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	request.Header.Set("SOAPAction", `""`)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// TestOutboundMessageOfAnAuthorizedOrg takes what the org pushes by itself, as soon as it is known which org that is.
func TestOutboundMessageOfAnAuthorizedOrg(t *testing.T) {
	w, _ := newOrgWorld(t, orgtest.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	if status, said := w.outbound(sales, orgtest.ID); status != http.StatusUnauthorized || !strings.Contains(said, "does not know its org") {
		t.Errorf("before it is authorized: %d %s", status, said)
	}
	w.opened(w.decide(w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"})), true), http.StatusOK, "authorized")
	if status, _ := w.outbound(sales, "00D5g00000OtherEAB"); status != http.StatusUnauthorized {
		t.Errorf("another org: %d", status)
	}
	for _, orgID := range []string{orgtest.ID, orgtest.ID[:15]} { // the second has come before
		if status, said := w.outbound(sales, orgID); status != http.StatusOK || !strings.Contains(said, "<Ack>true</Ack>") {
			t.Errorf("%s: %d %s", orgID, status, said)
		}
	}
	embed := w.shown("sales", 1)
	if !strings.Contains(embed.Title, "Express Logistics SLA") || embed.URL != "https://acme.my.salesforce.com/lightning/r/Opportunity/0065g000003pmdWAAQ/view" || embed.Color != 0x57F287 {
		t.Errorf("embed %+v", embed)
	}
	var amount string
	for _, f := range embed.Fields {
		if f.Name == "Amount" {
			amount = f.Value
		}
	}
	if !strings.Contains(amount, "120,000") {
		t.Errorf("amount %q", amount)
	}
	w.stop()
	for place, content := range w.files() {
		if strings.Contains(string(content), "hunter2") {
			t.Errorf("the session id is in %s", place)
		}
	}
}
