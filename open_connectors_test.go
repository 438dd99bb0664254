package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce/orgtest"
)

// elements asks the Open Connectors API.
func (w *world) elements(method, path, authorization, body string, headers ...string) (status int, answer []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(within(w.t), method, "http://"+w.addr+"/elements/api-v2"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	rs, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rs.Body.Close() }()
	answer, err = io.ReadAll(rs.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return rs.StatusCode, answer
}

// connector is an instance as the API shows it.
type connector struct {
	ID, Name, Token, Package string
	Element                  struct{ Key string }
	Tags                     []string
	Configuration            map[string]any
	Authorized, Polling      bool
	EventsEnabled, Disabled  bool
}

func (w *world) connector(method, path, authorization, body string) (made connector) {
	w.t.Helper()
	status, answer := w.elements(method, path, authorization, body)
	if err := json.Unmarshal(answer, &made); err != nil || status != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s\n%s", method, path, status, answer, w.log)
	}
	return made
}

// exampleWith is an example with some of its values replaced.
func exampleWith(t *testing.T, example, code string, configuration map[string]any) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(example), &doc); err != nil {
		t.Fatal(err)
	}
	doc["providerData"] = map[string]any{"code": code}
	for key, value := range configuration {
		doc["configuration"].(map[string]any)[key] = value
	}
	body, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// notification is what a callback is told.
type notification struct {
	EventID      string `json:"eventId"`
	InstanceID   string `json:"instance_id"`
	InstanceName string `json:"instanceName"`
	ElementKey   string `json:"elementKey"`
	Events       []struct {
		Date, ElementKey, EventType, ObjectID, ObjectType string
	} `json:"events"`
	Raw map[string]any `json:"raw"`
}

// notified is the next that the endpoint is told, signed by the key.
func (e *endpoint) notified(ctx context.Context, t *testing.T, key string) notification {
	t.Helper()
	got := e.next(ctx, t)
	want := "sha256=" + base64.StdEncoding.EncodeToString(hmacOf(key, string(got.body)))
	if signature := got.header.Get("Elements-Webhook-Signature"); signature != want {
		t.Errorf("signature %q, want %q", signature, want)
	}
	var body struct{ Message notification }
	if err := json.Unmarshal(got.body, &body); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	return body.Message
}

// is wants it to tell of one event.
func (m notification) is(t *testing.T, from connector, eventType, objectType, objectID string) {
	t.Helper()
	if m.EventID == "" || m.InstanceID != from.ID || m.InstanceName != from.Name || m.ElementKey != "sfdc" || len(m.Events) != 1 {
		t.Fatalf("told %+v", m)
	}
	e := m.Events[0]
	if e.EventType != eventType || e.ObjectType != objectType || e.ObjectID != objectID || e.ElementKey != "sfdc" || e.Date == "" {
		t.Errorf("told of %+v, want %s %s %s", e, eventType, objectType, objectID)
	}
}

// connecting is a world whose org knows the document's app, with an API key of the guild.
func connecting(t *testing.T) (w *world, org *orgtest.Org, user string) {
	t.Helper()
	w, org = newOrgWorld(t, orgtest.Options{Callbacks: []string{"https://www.mycoolapp.com/auth"}},
		"DISPATCH_DELIVERY_ALLOW_PRIVATE=true", "DISPATCH_SALESFORCE_POLL_MIN=100ms")
	w.start()
	key := regexp.MustCompile(`dsp_\w+`).FindString(strings.Join(texts(w.run("apikey create", map[string]any{"name": "app"})), " "))
	user = "User " + key + ", Organization 7f3b"
	return w, org, user
}

// code has somebody authorize the app, as the application of the document would.
func (w *world) code(org *orgtest.Org, user string) string {
	w.t.Helper()
	query := url.Values{"apiKey": {orgtest.ClientID}, "apiSecret": {org.ClientSecret()}, "callbackUrl": {"https://www.mycoolapp.com/auth"}, "state": {"mine"}}
	status, answer := w.elements("GET", "/elements/sfdc/oauth/url?"+query.Encode(), user, "")
	var given struct{ Element, OAuthURL string }
	if err := json.Unmarshal(answer, &given); err != nil || status != http.StatusOK || given.Element != "sfdc" || strings.Contains(given.OAuthURL, org.ClientSecret()) {
		w.t.Fatalf("OAuth URL: %d %s", status, answer)
	}
	back, err := url.Parse(w.decide(given.OAuthURL, true))
	if err != nil || back.Query().Get("state") != "mine" {
		w.t.Fatalf("sent back to %s, %v", back, err)
	}
	return back.Query().Get("code")
}

// "instance JSON with polling events enabled", "Instance JSON with webhooks events enabled": both work as they stand.
func TestOpenConnectorsExamplesAsTheyStand(t *testing.T) {
	w, _, user := connecting(t)
	var made []connector
	for name, example := range []string{pollingExample, webhooksExample} {
		one := w.connector("POST", "/instances", user, example)
		if one.Name != "mySFDCInstance" || one.Element.Key != "sfdc" || !slices.Equal(one.Tags, []string{"forDocs"}) || one.Authorized || one.Polling {
			t.Errorf("%d: made %+v", name, one)
		}
		if got := one.Configuration["event.notification.signature.key"]; got != "********" {
			t.Errorf("%d: the signature key is shown as %v", name, got)
		}
		if shown := w.connector("GET", "/instances/"+one.ID, "Element "+one.Token, ""); shown.ID != one.ID || shown.Token != "" {
			t.Errorf("%d: shown %+v", name, shown)
		}
		made = append(made, one)
	}
	if made[0].Package != "" || made[1].Package == "" || made[1].Configuration["event.objects"] != "Contact,Account" {
		t.Errorf("packages %q and %q", made[0].Package, made[1].Package)
	}
	w.tells(w.run("salesforce list", nil), "mySFDCInstance", "mySFDCInstance-2")
	for _, one := range made {
		if status, answer := w.elements("DELETE", "/instances/"+one.ID, "Element "+one.Token, ""); status != http.StatusOK {
			t.Errorf("delete: %d %s", status, answer)
		}
		if status, answer := w.elements("GET", "/instances/"+one.ID, user, ""); status != http.StatusNotFound || !strings.Contains(string(answer), `"requestId":"`) {
			t.Errorf("after that: %d %s", status, answer)
		}
	}
	w.stop()
}

// TestOpenConnectorsPolling follows "You can configure polling through the UI or in the JSON body of the /instances API call".
func TestOpenConnectorsPolling(t *testing.T) {
	w, org, user := connecting(t)
	tables := org.AddTables(orgtest.Table{Name: "Account", Fields: []orgtest.Field{{Name: "Name"}, {Name: "Fax"}}})
	app := newEndpoint(t) // "The URL where your app can receive events."
	const key = "a user-defined key for added security"
	made := w.connector("POST", "/instances", user, exampleWith(t, pollingExample, w.code(org, user), map[string]any{
		"oauth.api.key": orgtest.ClientID, "oauth.api.secret": org.ClientSecret(), "event.notification.callback.url": app.URL,
		"event.notification.signature.key": key, "event.poller.refresh_interval": "0.005",
	}))
	if !made.Authorized || !made.Polling || !made.EventsEnabled {
		t.Fatalf("made %+v\n%s", made, w.log)
	}
	w.run("route add", map[string]any{"source": "mySFDCInstance", "channel": "sales"})

	ctx := within(t)
	account := tables.Insert("Account", map[string]any{"Name": "Acme", "Fax": nil})
	created := app.notified(ctx, t, key)
	created.is(t, made, "CREATED", "Account", account)
	if fax, there := created.Raw["Fax"]; there || created.Raw["Name"] != "Acme" { // "filter.response.nulls … Default: true"
		t.Errorf("raw %v, %v", created.Raw, fax)
	}
	if shown := w.shown("sales", 1); !strings.Contains(shown.Title, "Acme") {
		t.Errorf("shown %+v", shown)
	}
	w.connector("PATCH", "/instances/"+made.ID, user, `{"configuration":{"filter.response.nulls":"false"}}`)
	tables.Update(account, map[string]any{"Name": "Acme Corp"})
	updated := app.notified(ctx, t, key)
	updated.is(t, made, "UPDATED", "Account", account)
	if _, there := updated.Raw["Fax"]; !there || updated.EventID == created.EventID {
		t.Errorf("raw %v", updated.Raw)
	}
	tables.Delete(account)
	deleted := app.notified(ctx, t, key)
	deleted.is(t, made, "DELETED", "Account", account)

	// Disabled, nobody is told.
	off := w.connector("PATCH", "/instances/"+made.ID, user, `{"configuration":{"event.notification.enabled":false}}`)
	if off.Polling || off.EventsEnabled {
		t.Errorf("disabled: %+v", off)
	}
	if status, answer := w.elements("PATCH", "/instances/"+made.ID, user, `{"configuration":{"event.vendor.type":"polling","event.notification.enabled":true,"event.objects":"Nope__c"}}`); status != http.StatusBadRequest || !strings.Contains(string(answer), "Nope__c") {
		t.Errorf("an object that is not there: %d %s", status, answer)
	}
	if status, _ := w.elements("DELETE", "/instances/"+made.ID, user, ""); status != http.StatusOK {
		t.Errorf("delete: %d", status)
	}
	w.until(func() bool { return org.Refreshable() == 0 })
	w.stop()
	places := w.files()
	places["log"] = []byte(w.log.String())
	for place, content := range places {
		for _, secret := range append(org.Secrets(), key, made.Token) {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("a secret is in %s", place)
			}
		}
	}
}

// An admin can authorize what a client has made without a code; polling begins then.
func TestOpenConnectorsAuthorizedByAnAdmin(t *testing.T) {
	w, org, user := connecting(t)
	tables := org.AddTables(orgtest.Table{Name: "Account", Fields: []orgtest.Field{{Name: "Name"}}})
	app := newEndpoint(t)
	made := w.connector("POST", "/instances", user, exampleWith(t, pollingExample, "", map[string]any{
		"event.notification.callback.url": app.URL, "event.poller.refresh_interval": "0.005",
	}))
	w.opened(w.decide(w.link(w.run("salesforce authorize", map[string]any{"source": "mySFDCInstance"})), true), http.StatusOK, "authorized")
	if shown := w.connector("GET", "/instances/"+made.ID, user, ""); !shown.Authorized || !shown.Polling {
		t.Errorf("shown %+v\n%s", shown, w.log)
	}
	account := tables.Insert("Account", map[string]any{"Name": "Acme"})
	app.notified(within(t), t, "12345").is(t, made, "CREATED", "Account", account)
	w.stop()
}

// TestOpenConnectorsWebhooks follows "creates APEX classes and triggers in order to send webhooks".
func TestOpenConnectorsWebhooks(t *testing.T) {
	w, org, user := connecting(t)
	deploys := orgtest.NewDeploys(org)
	app := fickle(t)
	made := w.connector("POST", "/instances", user, exampleWith(t, webhooksExample, w.code(org, user), map[string]any{
		"oauth.api.key": orgtest.ClientID, "oauth.api.secret": org.ClientSecret(), "event.notification.callback.url": app.URL,
	}))
	ctx := within(t)

	// Apex → connector. The callback fails once, and is told again after four seconds: the same.
	const record = `{"objects":[{"attributes":{"type":"Contact"},"Id":"0034x00001ABCDEAA0","LastName":"Doe"}],"action":"update"}`
	if status, answer := w.elements("POST", "/events/sfdc", "", record, "Element-Instances", made.ID); status != http.StatusOK {
		t.Fatalf("event: %d %s", status, answer)
	}
	first, again := app.notified(ctx, t, "12345"), app.notified(ctx, t, "12345")
	again.is(t, made, "UPDATED", "Contact", "0034x00001ABCDEAA0")
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("told again: %s", diff)
	}

	// Deactivated, it is told nothing until somebody enables it.
	w.run("destination pause", map[string]any{"name": "mySFDCInstance"})
	if status, answer := w.elements("POST", "/events/sfdc", "", strings.Replace(record, "update", "delete", 1), "Element-Instances", made.ID); status != http.StatusOK {
		t.Fatalf("event: %d %s", status, answer)
	}
	if stopped := w.connector("GET", "/instances/"+made.ID, user, ""); !stopped.Disabled || stopped.EventsEnabled {
		t.Errorf("paused: %+v", stopped)
	}
	if on := w.connector("PATCH", "/instances/"+made.ID, user, `{"configuration":{"event.notification.enabled":"true"}}`); on.Disabled || !on.EventsEnabled {
		t.Errorf("enabled: %+v", on)
	}
	app.notified(ctx, t, "12345").is(t, made, "DELETED", "Contact", "0034x00001ABCDEAA0")

	status, archive := w.elements("GET", "/instances/"+made.ID+"/package", user, "")
	triggers, secret := unpacked(t, archive)
	if status != http.StatusOK || !slices.Equal(triggers, []string{"Account", "Contact"}) || secret == "" {
		t.Fatalf("package: %d, triggers on %v", status, triggers)
	}
	if status, answer := w.elements("POST", "/instances/"+made.ID+"/package/deploy", user, ""); status != http.StatusOK {
		t.Fatalf("deploy: %d %s", status, answer)
	}
	w.until(func() bool {
		_, answer := w.elements("GET", "/instances/"+made.ID+"/package/deploy", user, "")
		return strings.Contains(string(answer), `"status":"succeeded"`)
	})
	var deployed string
	for _, text := range deploys.Files() {
		if found := secretIn.FindStringSubmatch(text); found != nil {
			deployed = found[1]
		}
	}
	if deployed == "" || deployed == secret {
		t.Error("what was deployed has no secret of its own")
	}
	w.stop()
}

// unpacked is what a package has triggers on, and its secret.
func unpacked(t *testing.T, archive []byte) (triggers []string, secret string) {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	on := map[string]bool{}
	for _, f := range files.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if found := secretIn.FindSubmatch(text); found != nil {
			secret = string(found[1])
		}
		if _, rest, is := strings.Cut(string(text), " on "); is && strings.HasSuffix(f.Name, ".trigger") {
			object, _, _ := strings.Cut(rest, " ")
			on[object] = true
		}
	}
	for object := range on {
		triggers = append(triggers, object)
	}
	slices.Sort(triggers)
	return triggers, secret
}

func TestDocumentedCallbackSignatureIsRight(t *testing.T) {
	doc, err := os.ReadFile("docs/instances.md")
	if err != nil {
		t.Fatal(err)
	}
	find := func(pattern string) string {
		found := regexp.MustCompile(pattern).FindStringSubmatch(string(doc))
		if found == nil {
			t.Fatalf("docs/instances.md has no %s", pattern)
		}
		return found[1]
	}
	want := base64.StdEncoding.EncodeToString(hmacOf(find(`(?m)^KEY='(.+)'$`), find(`(?m)^BODY='(.+)'$`)))
	if got := find("Elements-Webhook-Signature: sha256=([^`]+)`"); got != want {
		t.Errorf("docs/instances.md says %s, want %s", got, want)
	}
}
