package webhook_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
	"dispatch/webhook"
)

// allowed does at Salesforce what it notes, and fails as it is told.
type allowed struct {
	db        *storage.DB
	codes     []string
	kept      []string
	dropped   int
	polled    []bool
	refused   error // of Exchange
	unpolled  error // of Poll
	unwritten error // of Remove
}

func (o *allowed) CodeURL(s event.InstanceSettings, state string) (string, error) {
	return "https://login.salesforce.com/services/oauth2/authorize?client_id=" + s.AppKey + "&redirect_uri=" + s.CallbackURL + "&state=" + state, nil
}

func (o *allowed) Exchange(_ context.Context, _ event.InstanceSettings, code string) (webhook.Granted, error) {
	o.codes = append(o.codes, code)
	return granted{o}, o.refused
}

func (o *allowed) Poll(_ context.Context, i event.Instance) error {
	o.polled = append(o.polled, i.Settings.Polls())
	return o.unpolled
}

func (o *allowed) Remove(ctx context.Context, i event.Instance) error {
	if o.unwritten != nil {
		return o.unwritten
	}
	return o.db.Disconnect(ctx, i.GuildID, i.SourceID, noon)
}

type granted struct{ *allowed }

func (g granted) Keep(_ context.Context, sourceID string) error {
	g.kept = append(g.kept, sourceID)
	return nil
}

func (g granted) Drop() { g.dropped++ }

// packages are those of instances.
type packages struct{ err error }

func (p packages) Package(context.Context, event.Instance) (string, []byte, error) {
	return "dispatch-it.zip", []byte("PK"), p.err
}

func (p packages) Deploy(context.Context, event.Instance) (webhook.InstanceDeployment, error) {
	return webhook.InstanceDeployment{ID: "1", Status: "checking", Objects: []string{"Account"}, Problems: []string{}}, p.err
}

func (p packages) Deployed(context.Context, event.Instance) (webhook.InstanceDeployment, error) {
	return webhook.InstanceDeployment{ID: "1", Status: "succeeded", Objects: []string{"Account"}, Problems: []string{}}, p.err
}

// api is the Open Connectors API on a store of its own.
type api struct {
	t       *testing.T
	db      *storage.DB
	orgs    *allowed
	in      *inbox
	log     *logtest.Hook
	handler http.Handler
}

func newAPI(t *testing.T, made webhook.InstancePackages, also ...func(*webhook.Options)) *api {
	t.Helper()
	db, err := storage.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "dispatch.db"), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	a := &api{t: t, db: db, orgs: &allowed{db: db}, in: newInbox(), log: hook}
	also = append(also, func(o *webhook.Options) {
		o.Connectors = webhook.Connectors{Instances: db, Orgs: a.orgs, Packages: made, CheckURL: noPrivate, PollMin: time.Minute}
	})
	a.handler = handler(a.in, log, also...)
	return a
}

// ask makes a request below the path of the API. The authorization may be "".
func (a *api) ask(method, path, authorization, body string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequestWithContext(a.t.Context(), method, "/elements/api-v2"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	return w
}

const (
	bearerOfCI = "Bearer " + apiKey
	webhooksOf = `{"element":{"key":"sfdc"},"providerData":{"code":""},"name":"mySFDCInstance","tags":["forDocs"],"configuration":{
		"oauth.callback.url":"https://www.mycoolapp.com/auth","oauth.api.key":"","oauth.api.secret":"hush-app","event.notification.enabled":true,
		"event.vendor.type":"webhooks","event.notification.callback.url":"https://mycoolapp.com","event.notification.signature.key":"hush-12345",
		"event.objects":"Contact,Account"}}`
)

type shownInstance struct {
	ID, Name, Token string
	Tags            []string
	Configuration   map[string]any
	Disabled        bool
	Package         string
}

func (a *api) create(body string) shownInstance {
	a.t.Helper()
	w := a.ask("POST", "/instances", bearerOfCI, body)
	if w.Code != 200 {
		a.t.Fatalf("create: %d %s", w.Code, w.Body)
	}
	return a.read(w)
}

func (a *api) read(w *httptest.ResponseRecorder) (shown shownInstance) {
	a.t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &shown); err != nil {
		a.t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return shown
}

func TestInstanceLives(t *testing.T) {
	a := newAPI(t, packages{})
	made := a.create(webhooksOf)
	if len(made.ID) != 32 || len(made.Token) != 64 || made.Package != "/elements/api-v2/instances/"+made.ID+"/package" {
		t.Errorf("made %+v", made)
	}
	want := map[string]any{
		"oauth.api.key": "", "oauth.api.secret": "********", "oauth.callback.url": "https://www.mycoolapp.com/auth", "dispatch.environment": "production",
		"event.notification.enabled": true, "event.vendor.type": "webhooks", "event.notification.callback.url": "https://mycoolapp.com",
		"event.notification.signature.key": "********", "event.objects": "Contact,Account", "event.poller.configuration": "",
		"event.poller.refresh_interval": "5", "filter.response.nulls": true,
	}
	if diff := cmp.Diff(want, made.Configuration); diff != "" {
		t.Error("configuration, -want +got:", diff)
	}
	shown := a.ask("GET", "/instances/"+made.ID, "User "+apiKey+", Organization anything", "")
	token := made.Token
	made.Token = ""
	if diff := cmp.Diff(made, a.read(shown)); diff != "" || shown.Header().Get("Cache-Control") != "no-store" {
		t.Error("shown, -want +got:", diff)
	}
	patch := `{"name":"other","tags":[],"configuration":{"event.notification.signature.key":"********","event.objects":"Lead"}}`
	changed := a.read(a.ask("PATCH", "/instances/"+made.ID, bearerOfCI, patch))
	if changed.Name != "other" || len(changed.Tags) != 0 || changed.Configuration["event.objects"] != "Lead" {
		t.Errorf("changed %+v", changed)
	}
	if tagged := a.read(a.ask("PATCH", "/instances/"+made.ID, bearerOfCI, `{"tags":"forDocs"}`)); !slices.Equal(tagged.Tags, []string{"forDocs"}) {
		t.Errorf("one tag: %q", tagged.Tags)
	}
	if stored, err := a.db.Instance(t.Context(), made.ID); err != nil || stored.Settings.SignatureKey != "hush-12345" || stored.Settings.AppSecret != "hush-app" {
		t.Errorf("stored %q, %v", stored.Settings.SignatureKey, err)
	}
	if w := a.ask("GET", "/instances", bearerOfCI, ""); !strings.HasPrefix(w.Body.String(), `[{"id":"`+made.ID) {
		t.Errorf("list: %d %s", w.Code, w.Body)
	}
	if w := a.ask("GET", "/instances", "Bearer "+strange, ""); w.Body.String() != "[]" {
		t.Errorf("the list of others: %d %s", w.Code, w.Body)
	}
	if w := a.ask("DELETE", "/instances/"+made.ID, "Element "+token, ""); w.Code != 200 || w.Body.String() != "{}" {
		t.Errorf("delete: %d %s", w.Code, w.Body)
	}
	for _, who := range []string{bearerOfCI, "Element " + token} {
		for _, method := range []string{"GET", "DELETE"} {
			if w := a.ask(method, "/instances/"+made.ID, who, ""); w.Code != 404 {
				t.Errorf("%s of what is gone: %d %s", method, w.Code, w.Body)
			}
		}
	}
	a.noSecret(token, "hush")
}

// noSecret wants none in our log.
func (a *api) noSecret(secrets ...string) {
	a.t.Helper()
	for _, entry := range a.log.AllEntries() {
		line, err := entry.String()
		if err != nil {
			a.t.Fatal(err)
		}
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				a.t.Errorf("%q is logged: %s", secret, line)
			}
		}
	}
}

func TestWhoMayAskForInstances(t *testing.T) {
	a := newAPI(t, packages{})
	made, other := a.create(webhooksOf), a.create(strings.Replace(webhooksOf, "mySFDCInstance", "other", 1))
	tests := map[string]struct {
		authorization                            string
		list, show, patch, pack, showOther, gone int // gone: of an instance that never was
	}{
		"key":                  {bearerOfCI, 200, 200, 200, 200, 200, 404},
		"in other letters":     {"bearer  " + apiKey, 200, 200, 200, 200, 200, 404},
		"user":                 {"User " + apiKey, 200, 200, 200, 200, 200, 404},
		"user, organization":   {"User " + apiKey + ", Organization 7", 200, 200, 200, 200, 200, 404},
		"all three":            {"User " + apiKey + ",Organization x,Element " + made.Token, 200, 200, 200, 200, 401, 404},
		"element":              {"Element " + made.Token, 401, 200, 401, 401, 401, 401},
		"of another":           {"Element " + other.Token, 401, 401, 401, 401, 200, 401},
		"another guild's key":  {"Bearer " + strange, 200, 404, 404, 404, 404, 404},
		"another guild's both": {"User " + strange + ", Element " + made.Token, 200, 404, 404, 404, 404, 404},
		"unknown key":          {"Bearer dsp_unknown", 401, 401, 401, 401, 401, 401},
		"without dsp_":         {"Bearer " + apiKey[len("dsp_"):], 401, 401, 401, 401, 401, 401},
		"unknown, but element": {"User dsp_unknown, Element " + made.Token, 401, 401, 401, 401, 401, 401},
		"nothing":              {"", 401, 401, 401, 401, 401, 401},
		"no text":              {"Element ", 401, 401, 401, 401, 401, 401},
		"another scheme":       {"Basic " + apiKey + ", User " + apiKey, 401, 401, 401, 401, 401, 401},
		"twice":                {"Bearer " + apiKey + ", User " + apiKey, 401, 401, 401, 401, 401, 401},
		"organization":         {"Organization " + apiKey, 401, 401, 401, 401, 401, 401},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			asked := map[string]struct {
				method, path, body string
				want               int
			}{
				"list":       {"GET", "/instances", "", tc.list},
				"show":       {"GET", "/instances/" + made.ID, "", tc.show},
				"patch":      {"PATCH", "/instances/" + made.ID, "{}", tc.patch},
				"package":    {"GET", "/instances/" + made.ID + "/package", "", tc.pack},
				"show other": {"GET", "/instances/" + other.ID, "", tc.showOther},
				"no such":    {"GET", "/instances/" + strings.Repeat("0", 32), "", tc.gone},
				"no id":      {"DELETE", "/instances/7", "", tc.gone},
				"oauth url":  {"GET", "/elements/sfdc/oauth/url?apiKey=k&apiSecret=s&callbackUrl=https://x.example", "", tc.list},
			}
			for what, one := range asked {
				w := a.ask(one.method, one.path, tc.authorization, one.body)
				if w.Code != one.want {
					t.Errorf("%s: %d %s, want %d", what, w.Code, w.Body, one.want)
				}
				told := strings.HasSuffix(w.Body.String(), `","message":"The Authorization header is missing, malformed or wrong."}`)
				if one.want == 401 && (!told || w.Header().Get("WWW-Authenticate") != "Bearer") {
					t.Errorf("%s: %s %v", what, w.Body, w.Header())
				}
			}
		})
	}
	a.noSecret(made.Token, apiKey)
}

func TestInstanceRefused(t *testing.T) {
	tests := map[string]struct {
		method, path, body, media string
		want                      int
		message                   string
	}{
		"no JSON":     {"POST", "/instances", "{", "application/json", 400, "The body is not valid JSON."},
		"a list":      {"POST", "/instances", "[]", "application/json", 400, "The body is not as it should be: it must be an object."},
		"a type":      {"POST", "/instances", `{"tags":["hush",7]}`, "application/json", 400, `The body is not as it should be: "tags" must not be a number.`},
		"nothing":     {"POST", "/instances", "{}", "application/json", 400, `element.key must be "sfdc"; name must be a text of 1 to 76 characters on one line.`},
		"tags":        {"POST", "/instances", `{"element":{"key":"sfdc"},"name":"n","tags":["a\nb"]}`, "application/json", 400, "tags must each be a text of at most 100 characters on one line."},
		"media":       {"POST", "/instances", webhooksOf, "text/plain", 415, "The Content-Type must be application/json or application/*+json."},
		"large":       {"POST", "/instances", strings.Repeat(" ", maxBody) + "{}", "application/json", 413, ""},
		"method":      {"PUT", "/instances", webhooksOf, "application/json", 405, "This path does not take the method; the Allow header says what it takes."},
		"path":        {"GET", "/hubs/crm/accounts", "", "application/json", 404, "There is nothing at this path."},
		"no callback": {"GET", "/elements/sfdc/oauth/url", "", "application/json", 400, "callbackUrl is needed: it is where Salesforce sends people back to."},
	}
	a := newAPI(t, packages{})
	a.create(webhooksOf)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := a.ask(tc.method, tc.path, bearerOfCI, tc.body, "Content-Type", tc.media)
			var told struct{ RequestID, Message string }
			err := json.Unmarshal(w.Body.Bytes(), &told)
			if w.Code != tc.want || err != nil || tc.message != "" && told.Message != tc.message || len(told.RequestID) != 32 {
				t.Errorf("got %d %s (%v), want %d %s", w.Code, w.Body, err, tc.want, tc.message)
			}
		})
	}
	a.noSecret("hush")
}

func TestInstanceTooMany(t *testing.T) {
	a := newAPI(t, packages{}, func(o *webhook.Options) { o.RateLimit = 1 })
	var w *httptest.ResponseRecorder
	for range 3 {
		w = a.ask("GET", "/instances", bearerOfCI, "")
	}
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.HasPrefix(w.Body.String(), `{"requestId":"`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestInstanceOrgs(t *testing.T) {
	code := strings.Replace(webhooksOf, `"code":""`, `"code":"hush-code"`, 1)
	boom := fault.New(fault.Unavailable, "hush-cause")
	tests := map[string]struct {
		body    string
		how     func(*allowed)
		status  int
		message string // part of it
		left    int    // instances
		kept    int
		dropped int
	}{
		"no code":               {webhooksOf, func(*allowed) {}, 200, "", 1, 0, 0},
		"code":                  {code, func(*allowed) {}, 200, "", 1, 1, 0},
		"code is refused":       {code, func(o *allowed) { o.refused = webhook.InstanceError("It was used before.") }, 400, "It was used before.", 0, 0, 0},
		"Salesforce is silent":  {code, func(o *allowed) { o.refused = boom }, 503, "This is not possible now; later it may be.", 0, 0, 0},
		"org cannot be polled":  {code, func(o *allowed) { o.unpolled = webhook.InstanceError("No such object.") }, 400, "No such object.", 0, 1, 0},
		"and cannot be undone":  {code, func(o *allowed) { o.unpolled, o.unwritten = webhook.InstanceError("No such object."), boom }, 400, "No such object.", 1, 1, 0},
		"name is taken":         {strings.Replace(code, "mySFDCInstance", "taken", 1), func(*allowed) {}, 200, `"source":"taken-2"`, 1, 1, 0},
		"mistake before a code": {strings.Replace(code, `"webhooks"`, `"push"`, 1), func(*allowed) {}, 400, "event.vendor.type", 0, 0, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t, packages{})
			if _, err := a.db.Connect(t.Context(), event.Source{GuildID: "1", Name: "taken", Kind: event.SourceSalesforce, Auth: event.AuthSecret}, ""); err != nil {
				t.Fatal(err)
			}
			tc.how(a.orgs)
			w := a.ask("POST", "/instances", bearerOfCI, tc.body)
			left, err := a.db.Instances(t.Context(), "1")
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.message) || err != nil || len(left) != tc.left {
				t.Errorf("got %d %s; %d instances, %v", w.Code, w.Body, len(left), err)
			}
			if len(a.orgs.kept) != tc.kept || a.orgs.dropped != tc.dropped {
				t.Errorf("kept %v, dropped %d", a.orgs.kept, a.orgs.dropped)
			}
			if strings.Contains(w.Body.String(), "hush") {
				t.Errorf("a cause is told: %s", w.Body)
			}
		})
	}
}

func TestInstanceIsAuthorizedLater(t *testing.T) {
	a := newAPI(t, packages{})
	made := a.create(webhooksOf)
	a.orgs.refused = webhook.InstanceError("It is too old.")
	if w := a.ask("PATCH", "/instances/"+made.ID, bearerOfCI, `{"name":"other","providerData":{"code":"old"}}`); w.Code != 400 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	a.orgs.refused = nil
	if w := a.ask("PATCH", "/instances/"+made.ID, bearerOfCI, `{"providerData":{"code":"new"}}`); a.read(w).Name != "mySFDCInstance" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if diff := cmp.Diff([]string{"old", "new"}, a.orgs.codes); diff != "" || len(a.orgs.kept) != 1 || a.orgs.dropped != 0 {
		t.Errorf("kept %v, dropped %d %s", a.orgs.kept, a.orgs.dropped, diff)
	}
}

func TestGrantIsDroppedWhenNothingCanBeStored(t *testing.T) {
	a := newAPI(t, packages{})
	if err := a.db.Close(); err != nil {
		t.Fatal(err)
	}
	w := a.ask("POST", "/instances", bearerOfCI, strings.Replace(webhooksOf, `"code":""`, `"code":"c"`, 1))
	if w.Code != 503 || a.orgs.dropped != 1 || len(a.orgs.kept) != 0 {
		t.Errorf("got %d %s; kept %v, dropped %d", w.Code, w.Body, a.orgs.kept, a.orgs.dropped)
	}
}

func TestInstanceChangeIsUndoneWhenItCannotBePolled(t *testing.T) {
	a := newAPI(t, packages{})
	made := a.create(webhooksOf)
	a.orgs.unpolled = webhook.InstanceError("No such object.")
	w := a.ask("PATCH", "/instances/"+made.ID, bearerOfCI, `{"name":"other","configuration":{"event.vendor.type":"polling"}}`)
	if left, err := a.db.Instance(t.Context(), made.ID); w.Code != 400 || err != nil || left.Name != "mySFDCInstance" || left.Settings.Vendor != event.VendorWebhooks {
		t.Errorf("got %d %s; it is called %s, %v", w.Code, w.Body, left.Name, err)
	}
	if diff := cmp.Diff([]bool{false, true}, a.orgs.polled); diff != "" {
		t.Error("polled, -want +got:", diff)
	}
}

func TestInstanceOAuthURL(t *testing.T) {
	a := newAPI(t, packages{})
	const query = "/elements/sfdc/oauth/url?apiKey=consumer&apiSecret=hush&callbackUrl=https%3A%2F%2Fwww.mycoolapp.com%2Fauth"
	want := `{"element":"sfdc","oauthUrl":"https://login.salesforce.com/services/oauth2/authorize?client_id=consumer\u0026redirect_uri=https://www.mycoolapp.com/auth\u0026state=`
	for state, query := range map[string]string{"sfdc": query, "mine": query + "&state=mine"} {
		if w := a.ask("GET", query, bearerOfCI, ""); w.Code != 200 || w.Body.String() != want+state+`"}` {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	}
	if w := a.ask("GET", query+"&environment=moon", bearerOfCI, ""); w.Code != 400 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestInstancePackages(t *testing.T) {
	a := newAPI(t, packages{})
	made := a.create(webhooksOf)
	w := a.ask("GET", "/instances/"+made.ID+"/package", bearerOfCI, "")
	if w.Code != 200 || w.Body.String() != "PK" || w.Header().Get("Content-Type") != "application/zip" || w.Header().Get("Content-Disposition") != "attachment; filename=dispatch-it.zip" {
		t.Errorf("package: %d %s %v", w.Code, w.Body, w.Header())
	}
	const done = `{"id":"1","status":"succeeded","objects":["Account"],"problems":[]}`
	if w = a.ask("GET", "/instances/"+made.ID+"/package/deploy", bearerOfCI, ""); w.Code != 200 || w.Body.String() != done {
		t.Errorf("deployed: %d %s", w.Code, w.Body)
	}
	if w = a.ask("POST", "/instances/"+made.ID+"/package/deploy", bearerOfCI, ""); w.Code != 409 || !strings.Contains(w.Body.String(), "not authorized") {
		t.Errorf("deploy without an org: %d %s", w.Code, w.Body)
	}
	a.ask("PATCH", "/instances/"+made.ID, bearerOfCI, `{"configuration":{"event.vendor.type":"polling"}}`)
	for _, path := range []string{"/package", "/package/deploy"} {
		if w = a.ask("GET", "/instances/"+made.ID+path, bearerOfCI, ""); w.Code != 409 {
			t.Errorf("%s of a polled one: %d %s", path, w.Code, w.Body)
		}
	}
	a = newAPI(t, packages{webhook.InstanceError("There can be no trigger.")})
	made = a.create(webhooksOf)
	if w = a.ask("GET", "/instances/"+made.ID+"/package", bearerOfCI, ""); w.Code != 400 || !strings.Contains(w.Body.String(), "There can be no trigger.") {
		t.Errorf("package: %d %s", w.Code, w.Body)
	}
	a = newAPI(t, packages{fault.New(fault.NotFound, "none")})
	made = a.create(webhooksOf)
	if w = a.ask("GET", "/instances/"+made.ID+"/package/deploy", bearerOfCI, ""); w.Code != 404 || !strings.Contains(w.Body.String(), "Nothing was deployed.") {
		t.Errorf("deployed: %d %s", w.Code, w.Body)
	}
}

func TestInstanceEvents(t *testing.T) {
	const record = `{"attributes":{"type":"Account"},"Id":"001","Name":"<Acme>", "Big":12345678901234567890}`
	tests := map[string]struct {
		body   string
		status int
		typ    string
	}{
		"update":         {`{"objects":[` + record + `],"action":"update"}`, 200, "Account.updated"},
		"create":         {`{"objects":[` + record + `,` + record + `],"action":"create"}`, 200, "Account.created"},
		"delete":         {`{"action":"delete","objects":[` + record + `]}`, 200, "Account.deleted"},
		"another action": {`{"objects":[` + record + `],"action":"merge"}`, 400, ""},
		"no action":      {`{"objects":[` + record + `]}`, 400, ""},
		"no objects":     {`{"action":"update"}`, 400, ""},
		"none":           {`{"objects":[],"action":"update"}`, 400, ""},
		"no records":     {`{"objects":["Account"],"action":"update"}`, 400, ""},
		"no type":        {`{"objects":[{"Id":"001"}],"action":"update"}`, 400, ""},
		"an odd type":    {`{"objects":[{"attributes":{"type":"A b"}}],"action":"update"}`, 400, ""},
		"too many":       {`{"objects":[` + strings.Repeat(`{"attributes":{"type":"A"}},`, 200) + `{}],"action":"update"}`, 400, ""},
		"no JSON":        {`{`, 400, ""},
	}
	a := newAPI(t, packages{}, func(o *webhook.Options) { o.MaxBody = 64 << 10 })
	made := a.create(webhooksOf)
	stored, err := a.db.Instance(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(a.in.all())
			w := a.ask("POST", "/events/sfdc", "", tc.body, "Element-Instances", made.ID)
			all := a.in.all()[before:]
			if w.Code != tc.status || (tc.status == 200) != (len(all) > 0) {
				t.Fatalf("got %d %s; %d events", w.Code, w.Body, len(all))
			}
			for _, e := range all {
				want := `{"event_type":"` + tc.typ + `","record":` + record + `}`
				if strings.Contains(string(e.Headers), made.ID) {
					t.Errorf("the id is kept: %s", e.Headers)
				}
				if e.Type != tc.typ || string(e.Body) != want || e.SourceID != stored.SourceID || !e.ReceivedAt.Equal(noon) || e.Object() != "Account" {
					t.Errorf("event %+v\n%s", e, e.Body)
				}
				if !strings.Contains(w.Body.String(), `{"event_ids":["`+nth(before).String()) {
					t.Errorf("answer %s", w.Body)
				}
			}
		})
	}
	body := tests["update"].body
	if err := a.db.PauseSource(t.Context(), "1", stored.SourceID); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"": 400, made.ID: 404, strings.Repeat("f", 32): 404, "../" + made.ID: 404} {
		if w := a.ask("POST", "/events/sfdc", bearerOfCI, body, "Element-Instances", id); w.Code != want {
			t.Errorf("instance %q: %d %s, want %d", id, w.Code, w.Body, want)
		}
	}
	a.in.err = fault.New(fault.Unavailable, "disk full")
	if err := a.db.ResumeSource(t.Context(), "1", stored.SourceID); err != nil {
		t.Fatal(err)
	}
	if w := a.ask("POST", "/events/sfdc", "", body, "Element-Instances", made.ID); w.Code != 503 || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestNoInstancesWithoutAStore(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/elements/api-v2/instances", nil)
	w := httptest.NewRecorder()
	handler(newInbox(), silent()).ServeHTTP(w, r)
	if w.Code != 404 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
