package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"testing"

	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// TestDealsOfTheLocalOrgMove wants all that a poll can tell of: deals that are open, won, and in the bin.
func TestDealsOfTheLocalOrgMove(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	org := orgtest.New(orgtest.Options{Signer: &key.PublicKey})
	m := newMarket(org)
	for range 10 * openDeals {
		m.move()
	}
	server := httptest.NewServer(org)
	defer server.Close()
	log := logrus.New()
	log.SetOutput(t.Output())
	file := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	targets := salesforce.NewTargets(salesforce.Logins{Production: server.URL}, nil, oneKey{key: salesforce.Token(file)}, log)
	of := event.Target{ID: "1", ClientID: orgtest.ClientID, User: orgtest.Username, Server: server.URL}
	reply := targets.Execute(t.Context(), of, event.APICall,
		[]byte(`{"action":"GET","resource":"queryAll","query":{"q":"SELECT IsClosed, IsWon, IsDeleted, Account.Name FROM Opportunity"}}`))
	var told struct {
		Records []struct {
			IsClosed, IsWon, IsDeleted bool
			Account                    struct{ Name string }
		}
	}
	if err := json.Unmarshal(reply.Data, &told); err != nil || reply.Category != event.CategorySuccess {
		t.Fatalf("%s: %s", reply.Category, reply.Data)
	}
	count := make(map[string]int)
	for _, one := range told.Records {
		switch {
		case one.IsDeleted:
			count["deleted"]++
		case one.IsWon:
			count["won"]++
		case !one.IsClosed:
			count["open"]++
		}
		if one.Account.Name == "" {
			t.Error("a deal is nobody's")
		}
	}
	if count["open"] != openDeals || count["won"] == 0 || count["deleted"] == 0 {
		t.Errorf("deals: %v", count)
	}
}
