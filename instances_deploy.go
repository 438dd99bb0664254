package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strconv"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/webhook"
)

// Deploy implements webhook.InstancePackages. What is deployed has a secret of its own, which nobody is shown.
func (i instances) Deploy(ctx context.Context, of event.Instance) (webhook.InstanceDeployment, error) {
	source, objects, err := i.packed(ctx, of)
	if err != nil {
		return webhook.InstanceDeployment{}, err
	}
	org, err := i.Connection(ctx, of.SourceID)
	if err != nil {
		return webhook.InstanceDeployment{}, err
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	secret := hex.EncodeToString(random[:])
	archive, err := salesforce.DeployPackage(salesforce.PackageOptions{
		Endpoint: i.publicURL + "/hooks/" + source.Slug, Secret: secret, Source: source.Name, Objects: objects,
	})
	if err != nil {
		return webhook.InstanceDeployment{}, err
	}
	begun, err := i.deployer.Start(ctx, salesforce.Deployment{
		SourceID: of.SourceID, OrgID: org.OrgID, Objects: objects, Cargo: salesforce.Cargo{Archive: archive, Secret: []byte(secret)},
	})
	if errors.Is(err, salesforce.ErrDeploying) {
		err = fault.New(fault.Exists, "deploy package: %w", err)
	}
	return deploymentOf(begun), err
}

// Deployed implements webhook.InstancePackages.
func (i instances) Deployed(ctx context.Context, of event.Instance) (webhook.InstanceDeployment, error) {
	org, err := i.Connection(ctx, of.SourceID)
	if err != nil {
		return webhook.InstanceDeployment{}, err
	}
	found, err := i.deployer.Deployed(ctx, of.SourceID, org.OrgID)
	if err == nil && found.Last.ID == "" {
		err = fault.New(fault.NotFound, "nothing was deployed")
	}
	return deploymentOf(found.Last), err
}

func deploymentOf(d salesforce.Deployment) webhook.InstanceDeployment {
	told := webhook.InstanceDeployment{ID: d.ID, Status: string(d.Phase), Objects: d.Objects, Problems: []string{}}
	add := func(name, text string) {
		if name != "" {
			text = name + ": " + text
		}
		if text != "" {
			told.Problems = append(told.Problems, text)
		}
	}
	add(string(d.Trouble.Kind), d.Trouble.Text)
	add(d.Report.ErrorCode, d.Report.Error)
	for _, p := range d.Report.Problems {
		name := p.Name
		if p.Line > 0 {
			name += ":" + strconv.Itoa(p.Line)
		}
		add(name, p.Text)
	}
	return told
}
