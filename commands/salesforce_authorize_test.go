package commands_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
	"dispatch/storage"
)

const callbackURL = publicURL + "/oauth/salesforce/callback"

// authorized is a bench where sources can be authorized at a local org.
type authorized struct {
	*bench
	db   *storage.DB
	org  *orgtest.Org
	orgs *salesforce.Orgs
}

func openAuthorized(t *testing.T, callback string) *authorized {
	t.Helper()
	a := &authorized{db: database(t), org: orgtest.New(orgtest.Options{Name: "Acme *Inc*", Callbacks: []string{callback}})}
	server := httptest.NewServer(a.org)
	t.Cleanup(server.Close)
	a.bench = sit(t, a.db, nil)
	log := logrus.New()
	log.SetOutput(a.log)
	now := func() time.Time { return a.now }
	a.orgs = salesforce.NewOrgs(salesforce.OrgsOptions{
		App:      salesforce.App{ClientID: orgtest.ClientID, ClientSecret: salesforce.Token(a.org.ClientSecret()), CallbackURL: callback},
		Logins:   salesforce.Logins{Production: server.URL, Sandbox: "https://test.salesforce.com"},
		StateTTL: 15 * time.Minute, Now: now, Log: log,
	}, a.db, a.db)
	a.mux = commands.New(commands.Options{PublicURL: publicURL, Now: now, Log: log, Orgs: a.orgs}, a.db, nil, nil)
	return a
}

// asAuthorize makes it the subcommand.
func asAuthorize(i map[string]any) { subcommand(i)["name"] = "authorize" }

// link is where the reply leads, "" when it leads nowhere.
func (a answer) link() string {
	for _, r := range a.Body.Components {
		for _, c := range r.Components {
			if c.URL != "" && c.Style == 5 && c.CustomID == "" {
				return c.URL
			}
		}
	}
	return ""
}

// visit follows the link, says yes, and comes back.
func (a *authorized) visit(link string) salesforce.Ended {
	a.t.Helper()
	back, err := orgtest.Visit(a.t.Context(), link, true)
	if err != nil {
		a.t.Fatal(err)
	}
	came, err := url.Parse(back)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.orgs.Finish(a.t.Context(), came.Query())
}

func TestAuthorizeFromConnect(t *testing.T) {
	a := openAuthorized(t, callbackURL)
	connected := a.answered("connect")
	if want := "**Authorize Salesforce** lets me see your org's objects and install what it needs. Without it, you copy that over yourself."; !strings.HasSuffix(connected.Body.Content, want) {
		t.Errorf("content = %q, want …%q", connected.Body.Content, want)
	}
	if connected.button("Generate URL") == "" {
		t.Error("there is no button for the URL any more")
	}
	reply := a.press(connected.button("Authorize Salesforce"), field("locale", "fr"))
	if !strings.Contains(reply.Body.Content, "**Acme Production**") || reply.Body.Components[0].Components[0].Label != "Ouvrir Salesforce" {
		t.Errorf("reply: %+v", reply.Body)
	}
	source := sourceOf(t, a.db, "Acme Production")
	if got, want := a.visit(reply.link()), (salesforce.Ended{Outcome: salesforce.Authorized, SourceID: source.ID, Locale: "fr"}); got != want {
		t.Fatalf("ended: %+v, want %+v\n%s", got, want, a.log)
	}
	if c, err := a.db.Connection(t.Context(), source.ID); err != nil || c.OrgID != orgtest.ID {
		t.Errorf("connection: %+v, %v", c, err)
	}
}

func TestAuthorizeCommand(t *testing.T) {
	tests := map[string]struct {
		edits []edit
		want  string // how the link begins, or the whole content
	}{
		"production":    {nil, "LOGIN/services/oauth2/authorize?"},
		"my domain":     {[]edit{set("domain", "acme.my.salesforce.com")}, "https://acme.my.salesforce.com/services/oauth2/authorize?"},
		"sandbox":       {[]edit{set("source", "qa")}, "https://test.salesforce.com/services/oauth2/authorize?"},
		"elsewhere":     {[]edit{set("domain", "evil.example/*x*")}, `**evil.example/\*x\*** is not a My Domain. One looks like **acme.my.salesforce.com**; Setup shows yours under **My Domain**.`},
		"unknown":       {[]edit{set("source", "nobody")}, "There is no Salesforce source called **nobody**. Pick one from the suggestions, or see them all with **/salesforce list**."},
		"disconnected":  {[]edit{set("source", "gone")}, "**Gone** is disconnected for good. **/salesforce connect** makes a new source; it may have the same name."},
		"another guild": {[]edit{field("guild_id", "100000000000000009")}, "There is no Salesforce source called **Acme Production**. Pick one from the suggestions, or see them all with **/salesforce list**."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := openAuthorized(t, callbackURL)
			made := connect(t, a.db, "Acme Production", event.AuthSecret)
			gone := connect(t, a.db, "Gone", event.AuthSecret)
			if err := a.db.Disconnect(t.Context(), guildID, gone.ID, a.now); err != nil {
				t.Fatal(err)
			}
			qa := event.Source{GuildID: guildID, Name: "qa", Kind: event.SourceSalesforce, Environment: event.Sandbox, Auth: event.AuthSecret}
			if _, err := a.db.Connect(t.Context(), qa, ""); err != nil {
				t.Fatal(err)
			}
			got := a.answered("generate_url", append([]edit{asAuthorize}, tc.edits...)...)
			link := got.link()
			if link == "" {
				link = got.Body.Content
			}
			begun, err := a.orgs.Begin(t.Context(), salesforce.Asking{Source: made})
			if err != nil {
				t.Fatal(err)
			}
			login, _, _ := strings.Cut(begun.URL, "/services/")
			if want := strings.Replace(tc.want, "LOGIN", login, 1); !strings.HasPrefix(link, want) {
				t.Errorf("leads to %q, want %q", link, want)
			}
		})
	}
}

// Another guild's admin presses a button that they have seen somewhere.
func TestAuthorizeButtonOfAnotherGuild(t *testing.T) {
	a := openAuthorized(t, callbackURL)
	made := connect(t, a.db, "Acme Production", event.AuthSecret)
	got := a.press("/salesforce/authorize/"+made.ID, field("guild_id", "100000000000000009"))
	if got.link() != "" || !strings.HasPrefix(got.Body.Content, "I can't find that") {
		t.Errorf("reply: %+v", got.Body)
	}
}

func TestAuthorizeWithoutAnApp(t *testing.T) {
	b, db := open(t)
	if got := b.answered("connect"); got.button("Authorize Salesforce") != "" || strings.Contains(got.Body.Content, "Authorize") {
		t.Errorf("connect offers it: %+v", got.Body)
	}
	if got := b.answered("status", set("source", nil)); got.button("Authorize Salesforce") != "" {
		t.Errorf("status offers it: %+v", got.Body)
	}
	want := "This bot has no app at Salesforce, so I can't send you there. The people who run it can add one with `salesforce.client_id`. Everything else works without it."
	if got := b.answered("generate_url", asAuthorize); got.Body.Content != want {
		t.Errorf("content = %q", got.Body.Content)
	}
	if got := b.press("/salesforce/authorize/" + sourceOf(t, db, "Acme Production").ID); got.Body.Content != want {
		t.Errorf("content = %q", got.Body.Content)
	}
}

// TestAuthorizeAtALongAddress is where Discord takes no button: its links have 512 characters.
func TestAuthorizeAtALongAddress(t *testing.T) {
	callback := "https://dispatch." + strings.Repeat("a", 60) + ".example/" + strings.Repeat("b/", 60) + "oauth/salesforce/callback"
	a := openAuthorized(t, callback)
	connect(t, a.db, "Acme Production", event.AuthSecret)
	got := a.answered("generate_url", asAuthorize)
	_, link, _ := strings.Cut(got.Body.Content, "[Open Salesforce](")
	if got.link() != "" || a.visit(strings.TrimSuffix(link, ")")).Outcome != salesforce.Authorized {
		t.Errorf("reply: %+v", got.Body)
	}
}

func TestStatusShowsTheOrg(t *testing.T) {
	a := openAuthorized(t, callbackURL)
	made := connect(t, a.db, "Acme Production", event.AuthSecret)
	status := func() (string, answer) {
		t.Helper()
		got := a.answered("status")
		for _, f := range got.Body.Embeds[0].Fields {
			if f.Name == "Salesforce org" {
				return f.Value, got
			}
		}
		return "", got
	}
	want := func(when, said, button string) {
		t.Helper()
		field, got := status()
		if diff := cmp.Diff(said, field); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		for _, label := range []string{"Authorize Salesforce", "Authorize again"} {
			if offered := got.button(label) != ""; offered != (label == button) {
				t.Errorf("%s: offers %s: %v", when, label, offered)
			}
		}
	}
	want("not authorized", "", "Authorize Salesforce")
	if err := a.db.SetOrgID(t.Context(), guildID, made.ID, "00D5g00000LocalEAB"); err != nil {
		t.Fatal(err)
	}
	want("known", "`00D5g00000LocalEAB`", "Authorize Salesforce")
	a.visit(a.answered("generate_url", asAuthorize).link())
	c, err := a.db.Connection(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	org := `**Acme \*Inc\*** (` + "`00D5g00000LocalEAB`)\nas admin@acme.example\nat `" + strings.TrimPrefix(c.InstanceURL, "http://") + "`"
	want("authorized", org+"\nAPI calls in 24 hours: 2 of 15,000", "")
	a.org.SetTrouble(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	want("down", org+"\nIt doesn't answer right now.", "")
	a.org.SetTrouble(nil)
	a.org.RemoveApprovals()
	want("lost", org+"\n⚠️ It stopped letting me in "+fmt.Sprintf("<t:%d:R>", a.now.Unix())+". Press **Authorize again**.", "Authorize again")
	if err := a.db.Disconnect(t.Context(), guildID, made.ID, a.now); err != nil {
		t.Fatal(err)
	}
	want("disconnected", "", "")
}

// unreadable are orgs whose store fails.
type unreadable struct{ commands.Orgs }

func (unreadable) Look(context.Context, string) (salesforce.Look, error) {
	return salesforce.Look{}, errors.New("disk hunter2")
}

func TestStatusOfAnOrgThatCannotBeRead(t *testing.T) {
	db := database(t)
	connect(t, db, "Acme Production", event.AuthSecret)
	b := sit(t, db, nil)
	log := logrus.New()
	log.SetOutput(&bytes.Buffer{})
	b.mux = commands.New(commands.Options{PublicURL: publicURL, Log: log, Orgs: unreadable{}}, db, nil, nil)
	if got := b.answered("status"); strings.Contains(got.Body.Content, "hunter2") || !strings.HasPrefix(got.Body.Content, "Something went wrong") {
		t.Errorf("reply: %+v", got.Body)
	}
}

func TestOrgForOutboundMessages(t *testing.T) {
	b, db := open(t)
	made := connect(t, db, "Acme Production", event.AuthSecret)
	want := "**00D nonsense** is not the id of an org. One has 15 or 18 characters and begins with 00D; Setup shows yours under **Company Information**."
	if got := b.answered("generate_url", set("org", "00D nonsense")); got.Body.Content != want {
		t.Errorf("content = %q", got.Body.Content)
	}
	if s := sourceOf(t, db, made.Name); s.OrgID != "" || len(s.Keys) != 0 {
		t.Errorf("source = %+v", s)
	}
	want = "Outbound Messages of the org `00D5g00000LocalEAB` are taken at `" + publicURL + "/hooks/" + made.Slug + "`.\n"
	for range 2 { // with a secret, and with the question whether it is to be replaced
		if got := b.answered("generate_url", set("org", "00D5g00000Local")); !strings.HasPrefix(got.Body.Content, want) {
			t.Errorf("content = %q, want %q…", got.Body.Content, want)
		}
	}
	if s := sourceOf(t, db, made.Name); s.OrgID != "00D5g00000LocalEAB" {
		t.Errorf("the org is %q", s.OrgID)
	}
}
