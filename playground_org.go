package main

import (
	"strings"

	"dispatch/config"
	"dispatch/salesforce/orgtest"
)

// newOrg is a Salesforce org on this machine, for who presses Authorize Salesforce.
func newOrg(base string) *orgtest.Org {
	org := orgtest.New(orgtest.Options{Callbacks: []string{base + callbackPath}})
	orgtest.NewDeploys(org)
	return org
}

// authorizeAt has everybody log in at the org, production and sandbox alike.
func authorizeAt(org *orgtest.Org, cfg config.Salesforce, base string) config.Salesforce {
	cfg.ClientID, cfg.ClientSecret = orgtest.ClientID, config.NewSecret(org.ClientSecret())
	cfg.LoginURL, cfg.SandboxLoginURL = base, base
	return cfg
}

// isOrgs says whether the org answers at the path.
func isOrgs(path string) bool {
	return strings.HasPrefix(path, "/services/") || strings.HasPrefix(path, "/id/")
}
