package main

import (
	"github.com/sirupsen/logrus"

	"dispatch/config"
	"dispatch/salesforce"
)

// newPoller polls the orgs of the books; what it finds is accepted like callouts.
func newPoller(cfg config.Salesforce, log *logrus.Logger, books books) *salesforce.Poller {
	return salesforce.NewPoller(salesforce.PollerOptions{Shortest: cfg.PollMin, Log: log}, books.orgs, books.targets, books.DB, books.Accept)
}
