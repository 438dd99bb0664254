package commands

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
)

// Deployer takes packages into the orgs of sources, and out of them.
type Deployer interface {
	Deployments
	Packages
}

// Deployments are packages on their way.
type Deployments interface {
	// Start begins one and fills in what it does not decide. It fails with salesforce.ErrDeploying while the source has
	// one that is not over.
	Start(ctx context.Context, d salesforce.Deployment) (salesforce.Deployment, error)
	// Watch gives how far a source's is, now and whenever that has changed, until it is over, ctx ends or we are stopped.
	Watch(ctx context.Context, sourceID string) iter.Seq[salesforce.Deployment]
	// Cancel has a source's end, if it still can be ended, and says whether there is one under way.
	Cancel(sourceID string) bool
	// Deployed tells of a source's deployments into an org.
	Deployed(ctx context.Context, sourceID, orgID string) (salesforce.Deployed, error)
}

// Packages are what is known of a source's org and of the package for it.
type Packages interface {
	// Connection is the source's access to its org. It fails with fault.NotFound when it was not authorized.
	Connection(ctx context.Context, sourceID string) (salesforce.Connection, error)
	// PackageObjects are those that the last package was made for; none: there was none, or it had the default.
	PackageObjects(ctx context.Context, guildID, sourceID string) ([]string, error)
	SetPackageObjects(ctx context.Context, guildID, sourceID string, objects []string) error
}

// deploying puts packages into orgs.
type deploying struct {
	publicURL string
	now       func() time.Time
	sources   Sources
	deployer  Deployer // nil: nothing can be deployed
	asked     *questions
}

// site is a source, the org behind it, and what we have done there.
type site struct {
	event.Source
	org      salesforce.Connection
	deployed salesforce.Deployed
}

// orgName is what people know the org by.
func (s site) orgName() string {
	if s.org.OrgName != "" {
		return quoted(s.org.OrgName, maxSourceName)
	}
	return quoted(s.org.Username, maxSourceName)
}

// under says whether a deployment is under way.
func (s site) under() bool { return s.deployed.Last.ID != "" && !s.deployed.Last.Phase.Over() }

// survey looks at the site of a source, and says whether there is any: an org that lets us in.
func (d *deploying) survey(ctx context.Context, s event.Source) (site, bool, error) {
	if d.deployer == nil || s.State == event.Disconnected {
		return site{}, false, nil
	}
	org, err := d.deployer.Connection(ctx, s.ID)
	if fault.KindOf(err) == fault.NotFound {
		return site{}, false, nil
	}
	if err != nil {
		return site{}, false, err
	}
	deployed, err := d.deployer.Deployed(ctx, s.ID, org.OrgID)
	return site{Source: s, org: org, deployed: deployed}, err == nil, err
}

// removal is the button that takes the package out of the org.
func (s site) removal() button {
	return button{label: say("button.remove_from_org"), style: discord.ButtonStyleSecondary, id: "/salesforce/remove/" + s.ID}
}

// buttons are what can be done at a site now.
func (s site) buttons() []button {
	deploy := button{label: say("button.deploy"), style: discord.ButtonStylePrimary, id: "/salesforce/deploy/" + s.ID}
	switch {
	case s.under():
		return []button{{
			label: say("button.cancel_deployment"), style: discord.ButtonStyleSecondary, id: "/salesforce/halt/" + s.ID,
			disabled: s.deployed.Last.Cancelled,
		}}
	case s.org.Lost():
		return nil
	case len(s.deployed.Objects) > 0:
		deploy.style = discord.ButtonStyleSecondary
		return []button{deploy, s.removal()}
	}
	return []button{deploy}
}

// packed adds to the news of a package that there is a button, which from now on deploys one for the same objects. That there
// is none is no reason to keep the secret from its owner.
func (d *deploying) packed(ctx context.Context, s event.Source, objects []string, r reply) reply {
	if d.deployer == nil {
		return r
	}
	if len(objects) == 0 {
		objects = salesforce.DefaultObjects
	}
	err := d.deployer.SetPackageObjects(ctx, s.GuildID, s.ID, objects)
	at, ok, failed := d.survey(ctx, s)
	if err != nil || failed != nil || !ok || at.org.Lost() {
		return r
	}
	r.lines = append(r.lines, say("salesforce.deploy.offer"))
	r.buttons = at.buttons()
	return r
}

// site is the one that a button is about.
func (d *deploying) site(ctx context.Context, by asker, id string) (site, error) {
	source, err := d.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return site{}, err
	}
	if err := mustBeConnected(source); err != nil {
		return site{}, err
	}
	at, ok, err := d.survey(ctx, source)
	switch {
	case err != nil:
		return site{}, err
	case !ok || at.org.Lost():
		return site{}, refuse("salesforce.deploy.not_authorized", "name", quoted(source.Name, maxSourceName))
	case at.under():
		return site{}, underWay(at)
	}
	return at, nil
}

func underWay(at site) error {
	return refuse("salesforce.deploy.under_way", "name", quoted(at.Name, maxSourceName))
}

// deploy asks before it begins: there may be a secret to replace, and it is somebody's org.
func (d *deploying) deploy(ctx context.Context, by asker, id string) (reply, error) {
	at, err := d.site(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	objects, err := d.objectsFor(ctx, at)
	if err != nil {
		return reply{}, err
	}
	question := tell(
		say("salesforce.deploy.question", "org", at.orgName(), "user", quoted(at.org.Username, maxSourceName), "objects", objectNames(objects)),
		say("salesforce.deploy.checked_first"))
	switch {
	case at.Auth == event.AuthNone:
		question.lines = append(question.lines, say("salesforce.deploy.verifies"))
	case hasSecret(at.Source, d.now()):
		question.lines = append(question.lines, say("salesforce.deploy.replaces"))
	}
	return d.asked.ask(by, question, say("button.deploy"), func(ctx context.Context) (reply, error) {
		return d.begin(ctx, by, id, false)
	}), nil
}

// remove asks, too.
func (d *deploying) remove(ctx context.Context, by asker, id string) (reply, error) {
	at, err := d.site(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	if len(at.deployed.Objects) == 0 {
		return reply{}, refuse("salesforce.deploy.nothing_there", "org", at.orgName())
	}
	question := tell(
		say("salesforce.deploy.remove_question", "org", at.orgName(), "objects", objectNames(at.deployed.Objects)),
		say("salesforce.deploy.checked_first"))
	return d.asked.ask(by, question, say("button.remove_from_org"), func(ctx context.Context) (reply, error) {
		return d.begin(ctx, by, id, true)
	}), nil
}

// halt calls a deployment off.
func (d *deploying) halt(ctx context.Context, by asker, id string) (reply, error) {
	source, err := d.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	at, ok, err := d.survey(ctx, source)
	if err != nil {
		return reply{}, err
	}
	if !ok || !d.deployer.Cancel(id) {
		return tell(say("salesforce.deploy.nothing_under_way")), nil
	}
	at.deployed.Last.Cancelled = true
	return at.progress(), nil
}

// objectsFor are what the org is to have triggers on: those of the last package that was made. What is there already stays,
// for all of it is one package.
func (d *deploying) objectsFor(ctx context.Context, at site) ([]string, error) {
	objects, err := d.deployer.PackageObjects(ctx, at.GuildID, at.ID)
	if err != nil {
		return nil, err
	}
	if len(objects) == 0 && len(at.deployed.Objects) == 0 {
		objects = salesforce.DefaultObjects
	}
	objects = slices.Clone(objects)
	for _, object := range at.deployed.Objects {
		if !slices.Contains(objects, object) {
			objects = append(objects, object)
		}
	}
	if len(objects) > salesforce.MaxPackageObjects {
		return nil, refuse("salesforce.deploy.too_many", "org", at.orgName(), "max", salesforce.MaxPackageObjects)
	}
	return objects, nil
}
