package main

import (
	"strings"
	"time"

	"dispatch/config"
	"dispatch/salesforce/orgtest"
)

// newOrg is a Salesforce org on this machine, for who presses Authorize Salesforce or makes a target of it.
func newOrg(base string) (*orgtest.Org, error) {
	key, err := newTargetKey()
	if err != nil {
		return nil, err
	}
	org := orgtest.New(orgtest.Options{Callbacks: []string{base + callbackPath}, Signer: &key.PublicKey})
	orgtest.NewDeploys(org)
	giveAway(org, key)
	return org, nil
}

// quickPolls is how often the org may be polled: nobody who plays waits a minute.
const quickPolls = 6 * time.Second

// authorizeAt has everybody log in at the org, production and sandbox alike.
func authorizeAt(org *orgtest.Org, cfg config.Salesforce, base string) config.Salesforce {
	cfg.ClientID, cfg.ClientSecret = orgtest.ClientID, config.NewSecret(org.ClientSecret())
	cfg.LoginURL, cfg.SandboxLoginURL = base, base
	cfg.PollMin = min(cfg.PollMin, quickPolls)
	return cfg
}

// isOrgs says whether the org answers at the path.
func isOrgs(path string) bool {
	return strings.HasPrefix(path, "/services/") || strings.HasPrefix(path, "/id/")
}
