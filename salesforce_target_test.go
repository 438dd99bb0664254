package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"
	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
	"dispatch/storage"
	"dispatch/transform"
	"dispatch/webhook"
)

// acting is Dispatch between a sender of CloudEvents and a strict local org.
type acting struct {
	url     string // of the target
	records *orgtest.Records
}

const targetsAPIKey = "dsp_of-the-bridge"

func act(t *testing.T, policy event.ReplyPolicy) acting {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048) // "openssl req -x509 … -newkey rsa:2048 -keyout tm-sf.key -out tm-sf.crt"
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	org := orgtest.New(orgtest.Options{Signer: &key.PublicKey})
	records := org.AddRecords(map[string][]string{"account": {"Name", "AccountNumber", "BillingCity"}})
	records.Put("0014x000005Y9SNAA0", map[string]any{"Name": "Acme", "AccountNumber": "42"})
	login := httptest.NewServer(org)
	t.Cleanup(login.Close)
	db, err := storage.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "dispatch.db"), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.CreateAPIKey(t.Context(), "1", "bridge", sha256.Sum256([]byte(targetsAPIKey))); err != nil {
		t.Fatal(err)
	}
	target, err := db.CreateTarget(t.Context(), event.Target{
		GuildID: "1", Name: "Acme", ClientID: orgtest.ClientID, User: orgtest.Username, Server: login.URL, ReplyPolicy: policy,
	}, salesforce.Token(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})))
	if err != nil {
		t.Fatal(err)
	}
	log := logrus.New()
	log.SetOutput(t.Output())
	targets := salesforce.NewTargets(salesforce.Logins{Production: login.URL}, nil, db, log)
	intake := httptest.NewServer(webhook.New(webhook.Options{MaxBody: 1 << 20, Targets: targets}, db, nil, nil, nil, log))
	t.Cleanup(intake.Close)
	return acting{intake.URL + "/cloudevents/" + target.Slug, records}
}

// send sends a call in the binary mode, as curl would, and gives the category and data of the reply.
func (a acting) send(t *testing.T, data string) (status int, category, reply string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url, strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "Authorization": "Bearer " + targetsAPIKey,
		"Ce-Specversion": "1.0", "Ce-Id": "1", "Ce-Source": "/bridge", "Ce-Type": "io.triggermesh.salesforce.apicall",
	} {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if typ := answer.Header.Get("Ce-Type"); answer.StatusCode == http.StatusOK && typ != "io.triggermesh.salesforce.apicall.response" {
		t.Errorf("the reply is of type %q", typ)
	}
	return answer.StatusCode, answer.Header.Get("Ce-Category"), string(body)
}

// The examples are the document's, as it prints them and in its order.
func TestEventTargetForSalesforce(t *testing.T) {
	a := act(t, event.ReplyAlways)
	status, category, reply := a.send(t, `  "action": "POST",
  "resource": "sobjects",
  "object": "account",
  "payload": { "Name": "Jane Doe" }`)
	var created struct{ ID string }
	if err := json.Unmarshal([]byte(reply), &created); err != nil || status != 200 || category != "success" {
		t.Fatalf("create: %d %s %s", status, category, reply)
	}
	if got := a.records.Get(created.ID)["Name"]; got != "Jane Doe" {
		t.Errorf("created %v", got)
	}

	status, category, reply = a.send(t, `  "action": "PATCH",
  "resource": "sobjects",
  "object": "account",
  "record": "0014x000005Y9SNAA0",
  "payload": { "Name": "Janet Does", "BillingCity" : "San Francisco" }`)
	if got := a.records.Get("0014x000005Y9SNAA0"); status != 200 || category != "success" || reply != "" || got["Name"] != "Janet Does" {
		t.Errorf("update: %d %s %s; the account is %v", status, category, reply, got)
	}

	status, category, reply = a.send(t, `  "action": "GET",
  "resource": "sobjects",
  "object": "account",
  "record": "0014x000005Y9SNAA0",
  "query": { "fields": "AccountNumber,BillingCity" }`)
	if status != 200 || category != "success" || !strings.Contains(reply, `"AccountNumber":"42"`) || strings.Contains(reply, "Janet") {
		t.Errorf("retrieve: %d %s %s", status, category, reply)
	}

	const remove = `  "action": "DELETE",
  "resource": "sobjects",
  "object": "account",
  "record": "0014x000005Y9SNAA0"`
	if status, category, reply = a.send(t, remove); status != 200 || category != "success" || a.records.Get("0014x000005Y9SNAA0") != nil {
		t.Errorf("delete: %d %s %s", status, category, reply)
	}
	const gone = `{"Code":"adapter-process","Description":"received HTTP code 404","Details":{"body":"[{\"errorCode\":\"NOT_FOUND\"`
	if status, category, reply = a.send(t, remove); status != 200 || category != "error" || !strings.HasPrefix(reply, gone) {
		t.Errorf("delete again: %d %s %s", status, category, reply)
	}
}

// "Never: no response. Error: only errors. Always: external responses or errors." That is what a caller can count on.
func TestEventTargetForSalesforceKeepsItsReplyPolicy(t *testing.T) {
	tests := map[event.ReplyPolicy]struct{ success, failure int }{
		event.ReplyAlways: {200, 200}, event.ReplyError: {202, 200}, event.ReplyNever: {202, 202},
	}
	for policy, want := range tests {
		t.Run(string(policy), func(t *testing.T) {
			a := act(t, policy)
			success, _, _ := a.send(t, `{"action":"POST","resource":"sobjects","object":"account","payload":{"Name":"Jane"}}`)
			failure, _, _ := a.send(t, `{"action":"POST","resource":"sobjects","object":"account","payload":{"Nane":"Jane"}}`)
			if success != want.success || failure != want.failure || a.records.Len() != 2 {
				t.Errorf("answered %d and %d, want %+v; there are %d accounts", success, failure, want, a.records.Len())
			}
		})
	}
}

// A client of the CloudEvents SDK drives the target.
func TestEventTargetForSalesforceTakesAnSDKClient(t *testing.T) {
	a := act(t, event.ReplyAlways)
	client, err := cloudevents.NewClientHTTP(cloudevents.WithTarget(a.url), cehttp.WithHeader("Authorization", "Bearer "+targetsAPIKey))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for name, ctx := range map[string]context.Context{
		"binary": cloudevents.WithEncodingBinary(ctx), "structured": cloudevents.WithEncodingStructured(ctx),
	} {
		e := cloudevents.NewEvent()
		e.SetID(name)
		e.SetSource("/bridge")
		e.SetType("io.triggermesh.salesforce.apicall")
		call := map[string]any{"action": "GET", "resource": "sobjects", "object": "account", "record": "0014x000005Y9SNAA0"}
		if err := e.SetData(cloudevents.ApplicationJSON, call); err != nil {
			t.Fatal(err)
		}
		reply, result := client.Request(ctx, e)
		if !cloudevents.IsACK(result) || reply == nil || reply.Extensions()["category"] != "success" || !bytes.Contains(reply.Data(), []byte("Acme")) {
			t.Errorf("%s: result %v, reply %v", name, result, reply)
		}
	}
}

var block = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

// What the page about targets shows can be copied: its calls are calls, and its transforms make some.
func TestDocumentedCallsAreCalls(t *testing.T) {
	page, err := os.ReadFile("docs/targets.md")
	if err != nil {
		t.Fatal(err)
	}
	const event = `{"ticket":{"number":7,"text":"Broken","account":"001"},"record":{"Name":"Renewal","AccountId":"0014x000005Y9SNAA0"}}`
	calls, programs := 0, 0
	for _, found := range block.FindAllStringSubmatch(string(page), -1) {
		text := []byte(found[2])
		switch {
		case found[1] == "jq":
			program, err := transform.Parse(found[2])
			if err != nil {
				t.Errorf("%s: %v", found[2], err)
				continue
			}
			if text, err = program.Apply(t.Context(), []byte(event)); err != nil {
				t.Errorf("%s: %v", found[2], err)
			}
			programs++
		case found[1] == "json" && strings.Contains(found[2], `"action"`):
			calls++
		default:
			continue
		}
		if call, err := salesforce.ParseCall(text); err != nil || strings.Contains(string(call.Payload), "null") {
			t.Errorf("%s is no call: %v", text, err)
		}
	}
	if calls != 4 || programs != 2 {
		t.Errorf("%d calls and %d programs are found", calls, programs)
	}
}
