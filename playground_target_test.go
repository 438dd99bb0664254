package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// oneKey is the store of one target, as far as calls need it.
type oneKey struct {
	salesforce.TargetStore
	key salesforce.Token
}

func (o oneKey) TargetKey(context.Context, string) (salesforce.Token, error) { return o.key, nil }

// The key that the playground's org gives away is the one that it lets in.
func TestThePlaygroundsOrgCanBeActedOn(t *testing.T) {
	org, err := newOrg("http://127.0.0.1:8090")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(besides(http.NotFoundHandler(), http.NotFoundHandler(), org))
	defer server.Close()
	answer, err := http.Get(server.URL + targetKeyPath)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	key, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("got %d, %v", answer.StatusCode, err)
	}
	log := logrus.New()
	log.SetOutput(t.Output())
	targets := salesforce.NewTargets(salesforce.Logins{Production: server.URL}, nil, oneKey{key: salesforce.Token(key)}, log)
	of := event.Target{ID: "1", ClientID: orgtest.ClientID, User: orgtest.Username, Server: server.URL}
	reply := targets.Execute(t.Context(), of, event.APICall,
		[]byte(`{"action":"GET","resource":"sobjects","object":"account","record":"0014x000005Y9SNAA0"}`))
	if reply.Category != event.CategorySuccess || !strings.Contains(string(reply.Data), "Acme") {
		t.Errorf("%s: %s", reply.Category, reply.Data)
	}
}
