package main

import (
	"github.com/sirupsen/logrus"

	"dispatch/config"
	"dispatch/delivery"
	"dispatch/salesforce"
	"dispatch/storage"
)

func newTargets(cfg config.Salesforce, log *logrus.Logger, db *storage.DB) *salesforce.Targets {
	logins := salesforce.Logins{Production: cfg.LoginURL, Sandbox: cfg.SandboxLoginURL}
	return salesforce.NewTargets(logins, nil, db, log)
}

// newTargetSender sends to the targets of the books; what their orgs reply is accepted like any other event.
func newTargetSender(cfg config.Delivery, log *logrus.Logger, books books) *delivery.TargetSender {
	return delivery.NewTargetSender(delivery.TargetOptions{
		Looks: books, Books: books, Caller: books.targets, Accept: books.Accept, Policy: policyOf(cfg), Log: log,
	})
}
