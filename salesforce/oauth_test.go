package salesforce_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

func TestAuthorize(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	begun, err := o.Begin(t.Context(), salesforce.Asking{UserID: admin, Source: o.source, Locale: "pt-BR"})
	if err != nil {
		t.Fatal(err)
	}
	if want := o.now.Add(15 * time.Minute); !begun.Until.Equal(want) {
		t.Errorf("good until %v, want %v", begun.Until, want)
	}
	asked := queryOf(t, begun.URL)
	if !strings.HasPrefix(begun.URL, o.login+"/services/oauth2/authorize?") || asked.Get("code_challenge_method") != "S256" || len(asked.Get("state")) != 32 {
		t.Errorf("sent to %s", begun.URL)
	}
	got := o.Finish(t.Context(), o.visit(begun.URL, true))
	if want := (salesforce.Ended{Outcome: salesforce.Authorized, SourceID: o.source.ID, Locale: "pt-BR"}); got != want {
		t.Fatalf("ended: %+v, want %+v\n%s", got, want, o.log)
	}
	want := salesforce.Connection{
		SourceID: o.source.ID, OrgID: orgtest.ID, OrgName: "Acme (local)", Username: orgtest.Username,
		InstanceURL: o.login, LoginURL: o.login, Scope: "api id refresh_token",
	}
	c := o.connection()
	if diff := cmp.Diff(want, c, cmpopts.IgnoreFields(c, "AccessToken", "RefreshToken", "IssuedAt", "Version")); diff != "" {
		t.Error("-want +got:", diff)
	}
	if secrets := o.org.Secrets(); !slices.Contains(secrets, c.AccessToken.Reveal()) || !slices.Contains(secrets, c.RefreshToken.Reveal()) {
		t.Error("the tokens are not those of the org")
	}
	if c.IssuedAt.Before(o.now.Add(-time.Minute)) || c.IssuedAt.Location() != time.UTC {
		t.Errorf("issued at %v", c.IssuedAt)
	}
	if s, err := o.db.SourceBySlug(t.Context(), o.source.Slug); err != nil || s.OrgID != orgtest.ID {
		t.Errorf("the source is of the org %q, %v", s.OrgID, err)
	}
}

func TestEachAuthorizationIsItsOwn(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	first, second := queryOf(t, o.begin()), queryOf(t, o.begin())
	for _, name := range []string{"state", "code_challenge"} {
		if first.Get(name) == second.Get(name) {
			t.Errorf("%s is the same twice", name)
		}
	}
}

func TestWhereToLogIn(t *testing.T) {
	tests := map[string]struct {
		environment event.Environment
		domain      string
		want        string // "" is ErrDomain
	}{
		"production":      {event.Production, "", "LOGIN"},
		"sandbox":         {event.Sandbox, "", "https://test.salesforce.com"},
		"my domain":       {event.Production, "acme", "https://acme.my.salesforce.com"},
		"in full":         {event.Production, " https://Acme.my.salesforce.com/ ", "https://acme.my.salesforce.com"},
		"of a sandbox":    {event.Sandbox, "acme--qa.sandbox.my.salesforce.com", "https://acme--qa.sandbox.my.salesforce.com"},
		"from the bar":    {event.Production, "https://acme-dev-ed.develop.lightning.force.com/lightning/page/home?a=b", "https://acme-dev-ed.develop.my.salesforce.com"},
		"from setup":      {event.Production, "acme.my.salesforce-setup.com/lightning/setup/SetupOneHome/home", "https://acme.my.salesforce.com"},
		"the login":       {event.Sandbox, "LOGIN", "LOGIN"},
		"of the other":    {event.Production, "test.salesforce.com", "https://test.salesforce.com"},
		"Salesforce's":    {event.Production, "https://login.salesforce.com/", "https://login.salesforce.com"},
		"elsewhere":       {event.Production, "evil.example", ""},
		"looks like it":   {event.Production, "acme.my.salesforce.com.evil.example", ""},
		"as a user":       {event.Production, "https://acme.my.salesforce.com@evil.example", ""},
		"as a path":       {event.Production, "evil.example/acme.my.salesforce.com", ""},
		"as a query":      {event.Production, "evil.example?.my.salesforce.com", ""},
		"as a fragment":   {event.Production, "evil.example#.my.salesforce.com", ""},
		"backslash":       {event.Production, `evil.example\.my.salesforce.com`, ""},
		"port":            {event.Production, "acme.my.salesforce.com:8443", ""},
		"unencrypted":     {event.Production, "http://acme.my.salesforce.com", ""},
		"script":          {event.Production, "javascript://acme.my.salesforce.com", ""},
		"dots":            {event.Production, "a.b.c.my.salesforce.com", ""},
		"underscore":      {event.Production, "ac_me", ""},
		"nothing of it":   {event.Production, ".my.salesforce.com", ""},
		"login look-like": {event.Production, "LOGIN.evil.example", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			o.source.Environment = tc.environment
			begun, err := o.Begin(t.Context(), salesforce.Asking{
				Source: o.source, Domain: strings.ReplaceAll(tc.domain, "LOGIN", o.login),
			})
			if tc.want == "" {
				if !errors.Is(err, salesforce.ErrDomain) {
					t.Errorf("sent to %s, %v", begun.URL, err)
				}
				return
			}
			want := strings.ReplaceAll(tc.want, "LOGIN", o.login) + "/services/oauth2/authorize?"
			if err != nil || !strings.HasPrefix(begun.URL, want) {
				t.Errorf("sent to %s, %v, want %s", begun.URL, err, want)
			}
		})
	}
}

// TestAuthorizeAgain goes where it went before, and what was granted then is revoked.
func TestAuthorizeAgain(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	before := o.authorize()
	o.source.Environment = event.Sandbox // not asked for: it is known where the org is
	after := o.authorize()
	if before.RefreshToken == after.RefreshToken || before.Version == after.Version {
		t.Error("it is the same as before")
	}
	o.revoked()
	if n := o.org.Refreshable(); n != 1 {
		t.Errorf("%d refresh tokens are good", n)
	}
	if _, err := o.Org(o.source.ID).About(t.Context(), orgtest.ID); err != nil {
		t.Error(err)
	}
}

// revoked waits until the org has heard of a revocation.
func (o *office) revoked() {
	o.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for o.count("/services/oauth2/revoke", "") == 0 {
		select {
		case <-tick.C:
		case <-time.After(10 * time.Second):
			o.t.Fatalf("nothing was revoked\n%s", o.log)
		}
	}
}

func TestBeginNeedsASource(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	others := o.source
	others.GuildID = "2"
	if _, err := o.Begin(t.Context(), salesforce.Asking{Source: others}); !errors.Is(err, salesforce.ErrGone) {
		t.Errorf("another guild's: %v", err)
	}
	if err := o.db.Disconnect(t.Context(), guild, o.source.ID, o.now); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Begin(t.Context(), salesforce.Asking{Source: o.source}); !errors.Is(err, salesforce.ErrGone) {
		t.Errorf("disconnected: %v", err)
	}
}

// TestAbuse is about what somebody may come back with. None of it lets us in, and none can be tried again.
func TestAbuse(t *testing.T) {
	tests := map[string]struct {
		come func(o *office) url.Values
		want salesforce.Outcome
	}{
		"denied": {func(o *office) url.Values { return o.visit(o.begin(), false) }, salesforce.Denied},
		"no state": {func(o *office) url.Values {
			came := o.visit(o.begin(), true)
			came.Del("state")
			return came
		}, salesforce.Forged},
		"forged state":   {forged(func(state string) []string { return []string{strings.Repeat("A", len(state))} }), salesforce.Forged},
		"one bit off":    {forged(func(state string) []string { return []string{state[:31] + string(state[31]^1)} }), salesforce.Forged},
		"two states":     {forged(func(state string) []string { return []string{state, state} }), salesforce.Forged},
		"endless state":  {forged(func(state string) []string { return []string{state + strings.Repeat("A", 1<<20)} }), salesforce.Forged},
		"denied, forged": {func(*office) url.Values { return url.Values{"error": {"access_denied"}, "state": {"x"}} }, salesforce.Forged},
		"expired": {func(o *office) url.Values {
			came := o.visit(o.begin(), true)
			o.now = o.now.Add(15 * time.Minute)
			return came
		}, salesforce.Expired},
		"replayed after a yes": {again(true, salesforce.Authorized), salesforce.Replayed},
		"replayed after a no":  {again(false, salesforce.Denied), salesforce.Replayed},
		"no code": {func(o *office) url.Values {
			came := o.visit(o.begin(), true)
			came.Del("code")
			return came
		}, salesforce.BadCode},
		"made-up code": {func(o *office) url.Values {
			return url.Values{"state": {queryOf(o.t, o.begin()).Get("state")}, "code": {"aPrxMadeUp"}}
		}, salesforce.BadCode},
		"another's code": {func(o *office) url.Values { // PKCE: the code was given for another verifier
			theirs := o.visit(o.begin(), true)
			return url.Values{"state": {queryOf(o.t, o.begin()).Get("state")}, "code": theirs["code"]}
		}, salesforce.BadCode},
		"stolen code, used before": {func(o *office) url.Values {
			theirs := o.visit(o.begin(), true)
			o.finish(theirs, salesforce.Authorized)
			if err := o.db.DeleteConnection(o.t.Context(), o.source.ID); err != nil {
				o.t.Fatal(err)
			}
			return url.Values{"state": {queryOf(o.t, o.begin()).Get("state")}, "code": theirs["code"]}
		}, salesforce.BadCode},
		"refused by the login": {func(o *office) url.Values {
			return url.Values{"state": {queryOf(o.t, o.begin()).Get("state")}, "error": {"invalid_scope"}, "error_description": {"<b>"}}
		}, salesforce.Refused},
		"disconnected meanwhile": {func(o *office) url.Values {
			came := o.visit(o.begin(), true)
			if err := o.db.Disconnect(o.t.Context(), guild, o.source.ID, o.now); err != nil {
				o.t.Fatal(err)
			}
			return came
		}, salesforce.SourceGone},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			came := tc.come(o)
			if tc.want == salesforce.Replayed && strings.Contains(name, "yes") {
				o.finish(came, tc.want)
				o.connection() // which nobody has taken away
				return
			}
			o.finish(came, tc.want)
			o.unauthorized()
			after := salesforce.Replayed
			if tc.want == salesforce.Forged {
				after = salesforce.Forged
			}
			o.finish(came, after)
			o.unauthorized()
			o.tellsNothing(came)
		})
	}
}

// forged comes back with another state.
func forged(change func(state string) []string) func(*office) url.Values {
	return func(o *office) url.Values {
		came := o.visit(o.begin(), true)
		came["state"] = change(came.Get("state"))
		return came
	}
}

// again comes back a second time.
func again(allow bool, first salesforce.Outcome) func(*office) url.Values {
	return func(o *office) url.Values {
		came := o.visit(o.begin(), allow)
		o.finish(came, first)
		return came
	}
}

// tellsNothing looks into the log for what somebody came with, and for all that the org has given out.
func (o *office) tellsNothing(came url.Values) {
	o.t.Helper()
	log := o.log.String()
	for _, secret := range append(o.org.Secrets(), came.Get("state"), came.Get("code"), came.Get("error_description")) {
		if secret != "" && len(secret) < 1000 && strings.Contains(log, secret) {
			o.t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
}

// TestMixUp has the login answer with what leads elsewhere. No token goes there.
func TestMixUp(t *testing.T) {
	others := map[string]any{
		"another host":     "https://evil.example",
		"looks like it":    "https://login.salesforce.com.evil.example",
		"as a user":        "https://login.salesforce.com@evil.example",
		"sites":            "https://acme.my.salesforce-sites.com",
		"unencrypted":      "http://acme.my.salesforce.com",
		"another port":     "https://acme.my.salesforce.com:8443",
		"a dot at its end": "https://acme.my.salesforce.com.",
		"nothing":          "",
		"a number":         7,
	}
	for name, host := range others {
		for _, field := range []string{"instance_url", "id"} {
			t.Run(field+"/"+name, func(t *testing.T) {
				o := openOffice(t, orgtest.Options{})
				o.org.SetAnswer(func(answer map[string]any) {
					answer[field] = host
					if text, is := host.(string); is && field == "id" {
						answer[field] = text + "/id/" + orgtest.ID + "/" + orgtest.UserID
					}
				})
				want := salesforce.Elsewhere
				if name == "a number" {
					want = salesforce.Unavailable // it is no answer at all
				}
				o.finish(o.visit(o.begin(), true), want)
				o.unauthorized()
				if n := o.count("/id/"+orgtest.ID+"/"+orgtest.UserID, ""); n != 0 {
					t.Error("the token was used")
				}
			})
		}
	}
}

func TestIdentityMustFit(t *testing.T) {
	tests := map[string]func(answer map[string]any){
		"tampered": func(answer map[string]any) { answer["signature"] = "AAAA" },
		"another user's, signed for this one": func(answer map[string]any) {
			answer["id"] = strings.Replace(answer["id"].(string), orgtest.UserID, "0055g00000ABCDFAA5", 1)
		},
		"no org": func(answer map[string]any) {
			delete(answer, "signature")
			answer["id"] = strings.Replace(answer["id"].(string), "/id/", "/services/", 1)
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			o.org.SetAnswer(change)
			o.finish(o.visit(o.begin(), true), salesforce.Elsewhere)
			o.unauthorized()
		})
	}
	t.Run("another org's", func(t *testing.T) {
		o := openOffice(t, orgtest.Options{})
		o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/id/") {
				return false
			}
			orgtest.Answer(w, http.StatusOK, map[string]string{"organization_id": "00D000000000001AAA", "username": "x"})
			return true
		})
		o.finish(o.visit(o.begin(), true), salesforce.Elsewhere)
		o.unauthorized()
		o.revoked()
	})
}

// TestIdentityElsewhere has the login send us on to the org, or to somebody else.
func TestIdentityElsewhere(t *testing.T) {
	for to, want := range map[string]salesforce.Outcome{
		"HERE":                 salesforce.Authorized,
		"https://evil.example": salesforce.Elsewhere,
		"//evil.example":       salesforce.Elsewhere,
		"":                     salesforce.Elsewhere,
	} {
		t.Run(to, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasPrefix(r.URL.Path, "/id/") || r.URL.RawQuery != "" {
					return false
				}
				w.Header()["Location"] = []string{strings.Replace(to, "HERE", o.login, 1) + r.URL.Path + "?at=home"}
				if to == "" {
					w.Header().Del("Location")
				}
				w.WriteHeader(http.StatusFound)
				return true
			})
			o.finish(o.visit(o.begin(), true), want)
		})
	}
}

func TestTroubleAtTheLogin(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   salesforce.Outcome
	}{
		"another secret": {400, `{"error":"invalid_client","error_description":"invalid client credentials"}`, salesforce.Refused},
		"unknown app":    {400, `{"error":"invalid_client_id","error_description":"client identifier invalid"}`, salesforce.Refused},
		"words":          {400, `<html>no</html>`, salesforce.Refused},
		"sent elsewhere": {302, ``, salesforce.Refused},
		"down":           {503, `<html>maintenance</html>`, salesforce.Unavailable},
		"no token":       {200, `{}`, salesforce.Unavailable},
		"too large":      {200, strings.Repeat(" ", 17<<20) + `{}`, salesforce.Unavailable},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			came := o.visit(o.begin(), true)
			o.org.SetTrouble(func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Location", "https://evil.example")
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
				return true
			})
			o.finish(came, tc.want)
			o.unauthorized()
			o.tellsNothing(came)
			if !strings.Contains(o.log.String(), "org not authorized") {
				t.Errorf("the operator is not told:\n%s", o.log)
			}
		})
	}
}
