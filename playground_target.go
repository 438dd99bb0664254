package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"

	"dispatch/salesforce/orgtest"
)

// targetKeyPath is where the local org gives away the key of its app, for /target create. It is good for nothing else, and
// for as long as the playground runs.
const targetKeyPath = "/services/playground/tm-sf.key"

func newTargetKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// giveAway has the org hand out the key, and keep some records to act on.
func giveAway(org *orgtest.Org, key *rsa.PrivateKey) {
	file := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	org.Handle("GET "+targetKeyPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-pem-file")
		w.Header().Set("Content-Disposition", `attachment; filename="tm-sf.key"`)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(file) // who has gone needs none
	})
	records := org.AddRecords(map[string][]string{
		"Account":     {"Name", "AccountNumber", "BillingCity", "Description"},
		"Opportunity": {"Name", "StageName", "CloseDate", "Amount", "AccountId", "Description"},
	})
	records.Put("0014x000005Y9SNAA0", map[string]any{"Name": "Acme", "AccountNumber": "42", "BillingCity": "Berlin"})
}
