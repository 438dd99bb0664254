package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dispatch/playground"
	"dispatch/salesforce/orgtest"
)

// newOrgWorld is a world with a local org, where everybody logs in.
func newOrgWorld(t *testing.T, opts orgtest.Options, env ...string) (*world, *orgtest.Org) {
	t.Helper()
	w := newWorld(t, playground.Options{}, env...)
	opts.Callbacks = append(opts.Callbacks, "http://"+w.addr+callbackPath)
	org := orgtest.New(opts)
	server := httptest.NewServer(org)
	t.Cleanup(server.Close)
	w.env = append(w.env,
		"DISPATCH_SALESFORCE_CLIENT_ID="+orgtest.ClientID, "DISPATCH_SALESFORCE_CLIENT_SECRET="+org.ClientSecret(),
		"DISPATCH_SALESFORCE_LOGIN_URL="+server.URL, "DISPATCH_SALESFORCE_SANDBOX_LOGIN_URL="+server.URL)
	return w, org
}

// pressed presses a button of a reply.
func (w *world) pressed(reply *playground.Reply, label string) *playground.Reply {
	w.t.Helper()
	for _, row := range reply.Message.Components {
		for _, c := range row.Components {
			if c.Label == label {
				got, err := w.discord.Press(within(w.t), playground.Admin, reply.Message, c.CustomID)
				if err != nil {
					w.t.Fatalf("press %s: %v\n%s", label, err, w.log)
				}
				return got
			}
		}
	}
	w.t.Fatalf("no button %q under %q", label, texts(reply))
	return nil
}

// link is where the first button of a reply leads.
func (w *world) link(reply *playground.Reply) string {
	w.t.Helper()
	if len(reply.Message.Components) == 0 || reply.Message.Components[0].Components[0].URL == "" {
		w.t.Fatalf("there is no link: %q", texts(reply))
	}
	return reply.Message.Components[0].Components[0].URL
}

// decide follows the link to the org and gives where its answer leads.
func (w *world) decide(link string, allow bool) string {
	w.t.Helper()
	back, err := orgtest.Visit(within(w.t), link, allow)
	if err != nil {
		w.t.Fatal(err)
	}
	return back
}

// opened opens a page as a browser would, and wants the status and what it says.
func (w *world) opened(address string, status int, want string) string {
	w.t.Helper()
	request, err := http.NewRequestWithContext(within(w.t), http.MethodGet, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "de-AT,de;q=0.8")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if answer.StatusCode != status || !strings.Contains(string(body), "<h1") || !strings.Contains(string(body), want) {
		w.t.Errorf("%d, want %d with %q:\n%s\n%s", answer.StatusCode, status, want, body, w.log)
	}
	return string(body)
}

// orgOf is what status says of the source's org.
func (w *world) orgOf(source string) string {
	w.t.Helper()
	for _, embed := range w.run("salesforce status", map[string]any{"source": source}).Message.Embeds {
		for _, f := range embed.Fields {
			if f.Name == "Salesforce org" {
				return f.Value
			}
		}
	}
	return ""
}

func TestFromAuthorizeToRevoke(t *testing.T) {
	w, org := newOrgWorld(t, orgtest.Options{Name: "Acme Inc", Rotate: true})
	w.start()
	connected := w.run("salesforce connect", map[string]any{"name": "Acme", "channel": "sales"})
	back := w.decide(w.link(w.pressed(connected, "Authorize Salesforce")), true)
	if got := w.orgOf("Acme"); got != "" {
		t.Errorf("before the browser is back: %q", got)
	}
	w.opened(back, http.StatusOK, "<h1 class=\"good\">Salesforce is authorized</h1>")
	if got := w.orgOf("Acme"); !strings.HasPrefix(got, "**Acme Inc** (`"+orgtest.ID+"`)\nas "+orgtest.Username) || !strings.HasSuffix(got, " of 15,000") {
		t.Errorf("status: %q", got)
	}
	w.stop()
	w.start() // what is known is stored
	org.ExpireAccess()
	if got := w.orgOf("Acme"); !strings.HasSuffix(got, " of 15,000") {
		t.Errorf("after the token has expired: %q", got)
	}
	w.disconnect("Acme")
	for ctx := within(t); org.Refreshable() > 0; {
		select {
		case <-ctx.Done():
			t.Fatalf("the access is not revoked\n%s", w.log)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// TestDisconnectDoesNotWaitForSalesforce has the org not answer.
func TestDisconnectDoesNotWaitForSalesforce(t *testing.T) {
	w, org := newOrgWorld(t, orgtest.Options{})
	w.start()
	w.connect("Acme", "sales")
	w.opened(w.decide(w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"})), true), http.StatusOK, "authorized")
	asked := make(chan struct{})
	org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
		_, _ = io.Copy(io.Discard, r.Body) // or the end of the connection goes unnoticed
		close(asked)
		<-r.Context().Done()
		return true
	})
	w.disconnect("Acme")
	<-asked
	w.stop() // within its time, whoever does not answer
	for name, content := range w.files() {
		for _, secret := range org.Secrets() {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("a token is in %s", name)
			}
		}
	}
}

// TestAbuseOfTheCallback comes back with what nobody should, and is told so in words.
func TestAbuseOfTheCallback(t *testing.T) {
	w, org := newOrgWorld(t, orgtest.Options{}, "DISPATCH_SALESFORCE_STATE_TTL=1h")
	w.start()
	w.connect("Acme", "sales")
	authorize := func() string { return w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"})) }
	here := "http://" + w.addr + callbackPath
	denied := w.decide(authorize(), false)
	w.opened(denied, http.StatusOK, "You said no")
	w.opened(denied, http.StatusBadRequest, "used before")
	w.opened(here, http.StatusBadRequest, "Dieser Link ist nicht von uns") // whose language is not known
	hostile := "\"><script>alert(1)</script>"
	page := w.opened(here+"?state=x&code=y&error_description="+url.QueryEscape(hostile), http.StatusBadRequest, "nicht von uns")
	theirs := w.decide(authorize(), true) // a code that was given to another state, and so for another verifier
	mine, err := url.Parse(authorize())
	if err != nil {
		t.Fatal(err)
	}
	code, _, _ := strings.Cut(strings.TrimPrefix(theirs, here+"?code="), "&")
	page += w.opened(here+"?code="+code+"&state="+mine.Query().Get("state"), http.StatusBadRequest, "know this login")
	org.SetAnswer(func(answer map[string]any) { answer["instance_url"] = "https://evil.example" })
	page += w.opened(w.decide(authorize(), true), http.StatusBadGateway, "leads somewhere else")
	for _, never := range []string{"script>", "evil", code} {
		if strings.Contains(page, never) {
			t.Errorf("a page has %q:\n%s", never, page)
		}
	}
	if got := w.orgOf("Acme"); got != "" {
		t.Errorf("status: %q", got)
	}
}

// TestNoTokenIsLeftAnywhere goes through the life of an authorization at debug level, with failures, and looks for every
// secret of the org in all that the process has written, answered and shown.
func TestNoTokenIsLeftAnywhere(t *testing.T) {
	w, org := newOrgWorld(t, orgtest.Options{Rotate: true})
	w.start()
	w.connect("Acme", "sales")
	link := w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"}))
	back := w.decide(link, true)
	pages := w.opened(back, http.StatusOK, "authorized") + w.opened(back, http.StatusBadRequest, "used before")
	org.ExpireAccess()
	shown := w.orgOf("Acme")
	org.SetTrouble(func(rw http.ResponseWriter, r *http.Request) bool { // says what it was sent
		if r.ParseForm() == nil && r.URL.Path == "/services/oauth2/token" {
			orgtest.Answer(rw, http.StatusBadRequest, map[string]string{"error": "invalid_client", "error_description": "no"})
			return true
		}
		return false
	})
	org.ExpireAccess()
	shown += w.orgOf("Acme")
	second := w.link(w.run("salesforce authorize", map[string]any{"source": "Acme"}))
	pages += w.opened(w.decide(second, true), http.StatusBadGateway, "Salesforce refused")
	w.kill() // the WAL is there still

	secrets := org.Secrets() // the app's, two codes, two access and two refresh tokens
	if len(secrets) != 7 {
		t.Fatalf("the org has given out %d secrets", len(secrets))
	}
	for _, address := range []string{link, second} {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, parsed.Query().Get("state"))
	}
	places := w.files()
	places["log"] = []byte(w.log.String())
	places["pages"] = []byte(pages)
	places["status"] = []byte(shown)
	places["page"] = w.page()
	for place, content := range places {
		for i, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("secret %d is in %s", i, place)
			}
		}
	}
	if log := places["log"]; !bytes.Contains(log, []byte("org not authorized")) || !bytes.Contains(log, []byte("outcome=authorized")) {
		t.Errorf("the log does not tell what happened, so there was little to look through:\n%s", log)
	}
}
