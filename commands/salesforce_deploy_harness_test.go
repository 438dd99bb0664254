package commands_test

import (
	"context"
	"io"
	"iter"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
	"dispatch/storage"
)

// yard is a bench with a local org that lets us in.
type yard struct {
	*bench
	db       *storage.DB
	orgs     *salesforce.Orgs
	org      *orgtest.Org
	deploys  *orgtest.Deploys
	deployer *salesforce.Deployer
	source   event.Source
}

// deploysOf is what main puts together.
type deploysOf struct {
	commands.Deployments
	commands.Packages
}

func openYard(t *testing.T, opts orgtest.Options) *yard {
	t.Helper()
	const callback = publicURL + "/oauth/salesforce/callback"
	opts.Callbacks = []string{callback}
	y := &yard{db: database(t), org: orgtest.New(opts)}
	y.deploys = orgtest.NewDeploys(y.org)
	server := httptest.NewServer(y.org)
	t.Cleanup(server.Close)
	log := logrus.New()
	log.SetOutput(io.Discard)
	y.orgs = salesforce.NewOrgs(salesforce.OrgsOptions{
		App:      salesforce.App{ClientID: orgtest.ClientID, ClientSecret: salesforce.Token(y.org.ClientSecret()), CallbackURL: callback},
		Logins:   salesforce.Logins{Production: server.URL, Sandbox: server.URL},
		StateTTL: time.Minute, Log: log,
	}, y.db, y.db)
	y.deployer = salesforce.NewDeployer(salesforce.DeployerOptions{Every: time.Millisecond, Patience: time.Second, Log: log}, y.orgs, y.db)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- y.deployer.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	y.bench = sitWith(t, y.db, deploysOf{y.deployer, y.db})
	y.source = connect(t, y.db, "Acme Production", event.AuthSecret)
	return y
}

// sitWith makes a bench where packages can be deployed.
func sitWith(t *testing.T, store commands.Store, deployer commands.Deployer) *bench {
	t.Helper()
	b := sit(t, store, nil)
	log := logrus.New()
	log.SetOutput(b.log)
	b.mux = commands.New(commands.Options{PublicURL: publicURL, Now: func() time.Time { return b.now }, Log: log, Deployer: deployer}, store, nil, nil)
	return b
}

// authorize lets us into the org, as its admin would.
func (y *yard) authorize() {
	y.t.Helper()
	begun, err := y.orgs.Begin(y.t.Context(), salesforce.Asking{UserID: "1", Source: y.source})
	if err != nil {
		y.t.Fatal(err)
	}
	back, err := orgtest.Visit(y.t.Context(), begun.URL, true)
	if err != nil {
		y.t.Fatal(err)
	}
	came, err := url.Parse(back)
	if err != nil {
		y.t.Fatal(err)
	}
	if ended := y.orgs.Finish(y.t.Context(), came.Query()); ended.Outcome != salesforce.Authorized {
		y.t.Fatal(ended.Outcome)
	}
}

// confirmed presses the button of a question, and gives all that Discord was told until there was no more to say.
func (y *yard) confirmed(asked answer, label string) []answer {
	y.t.Helper()
	yes := asked.button(label)
	if !strings.HasPrefix(yes, "/confirm/") {
		y.t.Fatalf("does not ask: %+v", asked.Body)
	}
	all := slices.Clone(y.ask("button", pressing(yes)))
	for _, a := range all {
		checkAnswer(y.t, a)
	}
	return all
}

// deploy deploys and gives the question, and what was told last.
func (y *yard) deploy() (question, last answer) {
	y.t.Helper()
	question = y.press("/salesforce/deploy/" + y.source.ID)
	all := y.confirmed(question, "Deploy to Salesforce")
	return question, all[len(all)-1]
}

// beside is a bench for what is asked while an answer goes on.
func (y *yard) beside() *bench {
	b := *y.bench
	b.discord = &recorder{t: y.t, contract: y.discord.contract}
	return &b
}

// awaitWork waits until the org works on something.
func (y *yard) awaitWork() {
	y.t.Helper()
	enough := time.After(20 * time.Second)
	for {
		d, err := y.deployer.Deployed(y.t.Context(), y.source.ID, orgtest.ID)
		if err == nil && d.Last.Report.State == "InProgress" {
			return
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-enough:
			y.t.Fatalf("the org works on nothing: %+v (%v)", d.Last, err)
		}
	}
}

// secrets are those of the source, and of the org's files those that hold the one that does not expire.
func (y *yard) secrets() (valid map[string]time.Time, holding []string) {
	y.t.Helper()
	valid = secretsOf(sourceOf(y.t, y.db, y.source.Name))
	for name, text := range y.deploys.Files() {
		for secret, until := range valid {
			if until.IsZero() && strings.Contains(text, secret) {
				holding = append(holding, name)
			}
		}
	}
	return valid, holding
}

// canned is a deployer of whom the test says what there is.
type canned struct {
	org  salesforce.Connection
	told salesforce.Deployed
	seen []salesforce.Deployment // what Watch gives
}

func (c *canned) Start(_ context.Context, d salesforce.Deployment) (salesforce.Deployment, error) {
	d.ID, d.Phase = "new", salesforce.DeployChecking
	return d, nil
}

func (c *canned) Watch(context.Context, string) iter.Seq[salesforce.Deployment] {
	return slices.Values(c.seen)
}

func (c *canned) Cancel(string) bool { return false }

func (c *canned) Deployed(context.Context, string, string) (salesforce.Deployed, error) {
	return c.told, nil
}

func (c *canned) Connection(context.Context, string) (salesforce.Connection, error) {
	return c.org, nil
}

func (c *canned) PackageObjects(context.Context, string, string) ([]string, error) { return nil, nil }

func (c *canned) SetPackageObjects(context.Context, string, string, []string) error { return nil }
