package salesforce_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// codeFor gets a code as a client of Open Connectors does: it sends its user to Salesforce by itself.
func codeFor(t *testing.T, o *office, app salesforce.App) string {
	t.Helper()
	address, err := o.CodeURL(app, event.Production, "sfdc")
	if err != nil {
		t.Fatal(err)
	}
	if asked := queryOf(t, address); asked.Get("state") != "sfdc" || asked.Has("code_challenge") || asked.Get("client_id") != orgtest.ClientID {
		t.Errorf("sent to %s", address)
	}
	return o.visit(address, true).Get("code")
}

func TestEnterByCode(t *testing.T) {
	for name, own := range map[string]bool{"the configured app": false, "another app": true} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			var app salesforce.App
			if app.CallbackURL = callback; own {
				app.ClientID, app.ClientSecret = orgtest.ClientID, salesforce.Token(o.org.ClientSecret())
				o.opts.App = salesforce.App{ClientID: "the configured one"}
				o.runs(salesforce.NewOrgs(o.opts, o.db, o.db))
			}
			entry, outcome, err := o.Enter(t.Context(), salesforce.Code{Code: codeFor(t, o, app), App: app, Environment: event.Production})
			if err != nil || outcome != salesforce.Authorized {
				t.Fatalf("%s, %v", outcome, err)
			}
			o.unauthorized()
			if err := entry.Keep(t.Context(), o.source.ID); err != nil {
				t.Fatal(err)
			}
			c := o.connection()
			if c.OrgID != orgtest.ID || c.Username != orgtest.Username || (c.ClientID == orgtest.ClientID) != own {
				t.Errorf("connection of %s, %s to %q", c.OrgID, c.Username, c.ClientID)
			}
			o.org.ExpireAccess() // it is renewed with the app that it was granted to
			if about, err := o.Org(o.source.ID).About(t.Context(), orgtest.ID); err != nil {
				t.Errorf("renewed: %+v, %v", about, err)
			}
		})
	}
}

func TestEnterDropped(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	app := salesforce.App{CallbackURL: callback}
	entry, _, err := o.Enter(t.Context(), salesforce.Code{Code: codeFor(t, o, app), App: app})
	if err != nil {
		t.Fatal(err)
	}
	revoked := make(chan struct{})
	o.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/services/oauth2/revoke" {
			close(revoked)
		}
		return false
	})
	entry.Drop()
	select {
	case <-revoked:
	case <-t.Context().Done():
		t.Error("it is not revoked")
	}
	o.unauthorized()
}

func TestEnterRefused(t *testing.T) {
	tests := map[string]struct {
		change func(o *office, c *salesforce.Code)
		want   salesforce.Outcome
		is     error // besides
	}{
		"wrong code":     {func(_ *office, c *salesforce.Code) { c.Code = "aPrx-hush" }, salesforce.BadCode, nil},
		"wrong secret":   {func(_ *office, c *salesforce.Code) { c.App.ClientSecret = "hush" }, salesforce.Refused, nil},
		"wrong app":      {func(_ *office, c *salesforce.Code) { c.App.ClientID = "hush" }, salesforce.Refused, nil},
		"wrong callback": {func(_ *office, c *salesforce.Code) { c.App.CallbackURL = "https://hush.example" }, salesforce.Refused, nil},
		"used before": {func(o *office, c *salesforce.Code) {
			if _, _, err := o.Enter(o.t.Context(), *c); err != nil {
				o.t.Fatal(err)
			}
		}, salesforce.BadCode, nil},
		"no app": {func(o *office, c *salesforce.Code) {
			c.App = salesforce.App{CallbackURL: callback}
			o.opts.App = salesforce.App{}
			o.runs(salesforce.NewOrgs(o.opts, o.db, o.db))
		}, salesforce.Refused, salesforce.ErrNoApp},
		"identity is refused": {func(o *office, _ *salesforce.Code) {
			o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasPrefix(r.URL.Path, "/id/") {
					return false
				}
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			})
		}, salesforce.Unavailable, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			app := salesforce.App{ClientID: orgtest.ClientID, ClientSecret: salesforce.Token(o.org.ClientSecret()), CallbackURL: callback}
			with := salesforce.Code{Code: codeFor(t, o, app), App: app}
			tc.change(o, &with)
			entry, outcome, err := o.Enter(t.Context(), with)
			if entry != nil || outcome != tc.want || err == nil || tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%s, %v; want %s", outcome, err, tc.want)
			}
			if secrets := append(o.org.Secrets(), "hush"); slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(err.Error(), s) }) {
				t.Errorf("a secret is told: %v", err)
			}
		})
	}
	o := openOffice(t, orgtest.Options{})
	o.opts.App = salesforce.App{}
	if _, err := salesforce.NewOrgs(o.opts, o.db, o.db).CodeURL(salesforce.App{}, event.Sandbox, ""); !errors.Is(err, salesforce.ErrNoApp) {
		t.Errorf("no app: %v", err)
	}
}
