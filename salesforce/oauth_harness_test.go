package salesforce_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
	"dispatch/storage"
)

const (
	guild    = "100000000000000001"
	admin    = "300000000000000001"
	callback = "https://dispatch.example/oauth/salesforce/callback"
)

// office is a local org, a real store, and what lets the one's sources into the other.
type office struct {
	*salesforce.Orgs
	t      *testing.T
	db     *storage.DB
	org    *orgtest.Org
	login  string
	source event.Source
	opts   salesforce.OrgsOptions
	now    time.Time
	log    *safeBuffer
}

// safeBuffer is a log that many write to.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func openOffice(t *testing.T, opts orgtest.Options) *office {
	t.Helper()
	opts.Callbacks = []string{callback}
	o := &office{t: t, org: orgtest.New(opts), now: time.Now().UTC().Truncate(time.Millisecond), log: &safeBuffer{}}
	server := httptest.NewServer(o.org)
	t.Cleanup(server.Close)
	o.login = server.URL
	db, err := storage.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "dispatch.db"), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	o.db = db
	o.source = o.connect("Acme", event.Production)
	log := logrus.New()
	log.SetOutput(o.log)
	log.SetLevel(logrus.TraceLevel)
	o.opts = salesforce.OrgsOptions{
		App: salesforce.App{
			ClientID: orgtest.ClientID, ClientSecret: salesforce.Token(o.org.ClientSecret()), CallbackURL: callback,
		},
		Logins:   salesforce.Logins{Production: o.login, Sandbox: "https://test.salesforce.com"},
		StateTTL: 15 * time.Minute, Now: func() time.Time { return o.now }, Log: log,
	}
	o.runs(salesforce.NewOrgs(o.opts, db, db))
	return o
}

// runs has these orgs take over.
func (o *office) runs(orgs *salesforce.Orgs) {
	o.Orgs = orgs
	ctx, stop := context.WithCancel(o.t.Context())
	ended := make(chan error)
	go func() { ended <- orgs.Run(ctx) }()
	o.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			o.t.Error(err)
		}
	})
}

func (o *office) connect(name string, environment event.Environment) event.Source {
	o.t.Helper()
	s, err := o.db.Connect(o.t.Context(), event.Source{
		GuildID: guild, Name: name, Kind: event.SourceSalesforce, Environment: environment, Auth: event.AuthSecret,
	}, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// begin begins an authorization of the source.
func (o *office) begin() string {
	o.t.Helper()
	begun, err := o.Begin(o.t.Context(), salesforce.Asking{UserID: admin, Source: o.source, Locale: "de"})
	if err != nil {
		o.t.Fatal(err)
	}
	return begun.URL
}

// visit goes to Salesforce, and comes back with what it says.
func (o *office) visit(address string, allow bool) url.Values {
	o.t.Helper()
	back, err := orgtest.Visit(o.t.Context(), address, allow)
	if err != nil {
		o.t.Fatal(err)
	}
	if !strings.HasPrefix(back, callback+"?") {
		o.t.Fatalf("sent back to %s", back)
	}
	return queryOf(o.t, back)
}

func queryOf(t *testing.T, address string) url.Values {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Query()
}

// authorize does it all, well.
func (o *office) authorize() salesforce.Connection {
	o.t.Helper()
	o.finish(o.visit(o.begin(), true), salesforce.Authorized)
	return o.connection()
}

func (o *office) finish(came url.Values, want salesforce.Outcome) {
	o.t.Helper()
	if got := o.Finish(o.t.Context(), came); got.Outcome != want {
		o.t.Errorf("%s, want %s\n%s", got.Outcome, want, o.log)
	}
}

func (o *office) connection() salesforce.Connection {
	o.t.Helper()
	c, err := o.db.Connection(o.t.Context(), o.source.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// unauthorized wants the source to have no access.
func (o *office) unauthorized() {
	o.t.Helper()
	if c, err := o.db.Connection(o.t.Context(), o.source.ID); err == nil {
		o.t.Errorf("it is connected: %+v", c)
	}
}

// count is how many requests the org was sent to the path, of the grant where one is named.
func (o *office) count(path, grant string) int {
	n := 0
	for _, c := range o.org.Calls() {
		if c.Path == path && c.Grant == grant {
			n++
		}
	}
	return n
}
