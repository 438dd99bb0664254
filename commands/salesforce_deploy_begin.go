package commands

import (
	"context"
	"errors"

	"dispatch/salesforce"
)

// begin makes the package, or what takes it out again, sends it on its way, and shows how far it is. The secret is known to
// nobody but the package and us.
func (d *deploying) begin(ctx context.Context, by asker, id string, removal bool) (reply, error) {
	at, err := d.site(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	wanted := salesforce.Deployment{SourceID: at.ID, OrgID: at.org.OrgID, Removal: removal}
	pack := salesforce.PackageOptions{Endpoint: d.publicURL + "/hooks/" + at.Slug, Source: at.Name}
	if removal {
		wanted.Objects = at.deployed.Objects
		pack.Objects = wanted.Objects
		wanted.Cargo.Archive, err = salesforce.DestructivePackage(pack)
	} else {
		if wanted.Objects, err = d.objectsFor(ctx, at); err != nil {
			return reply{}, err
		}
		pack.Objects, pack.Secret = wanted.Objects, newSecret()
		wanted.Cargo.Secret = []byte(pack.Secret)
		wanted.Cargo.Archive, err = salesforce.DeployPackage(pack)
	}
	if err != nil {
		return reply{}, err
	}
	at.deployed.Last, err = d.deployer.Start(ctx, wanted)
	if errors.Is(err, salesforce.ErrDeploying) {
		return reply{}, underWay(at)
	}
	if err != nil {
		return reply{}, err
	}
	r := at.progress()
	r.live = d.follow(at)
	return r, nil
}

// follow shows each step of a deployment, and at the end says how it went in a message of its own: an edited one calls
// nobody back.
func (d *deploying) follow(at site) live {
	return func(ctx context.Context, edit, add func(reply)) {
		shown := visible(at.deployed.Last)
		for now := range d.deployer.Watch(ctx, at.ID) {
			at.deployed.Last = now
			if v := visible(now); v != shown && !now.Phase.Over() {
				shown = v
				edit(at.progress())
			}
		}
		if at.under() {
			left := at.progress()
			left.card.lines = append(left.card.lines, say("salesforce.deploy.goes_on"))
			edit(left)
			return
		}
		edit(at.progress())
		add(d.result(ctx, at))
	}
}

// visible is what of a deployment its progress shows.
func visible(d salesforce.Deployment) [8]any {
	return [8]any{
		d.Phase, d.RequestID != "", d.Report.State, d.Report.Components, d.Report.ComponentsTotal, d.Report.Tests, d.Trouble.Kind, d.Cancelled,
	}
}
