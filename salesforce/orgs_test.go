package salesforce_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
	"dispatch/storage"
)

const tokenPath = "/services/oauth2/token"

// about calls the org's API.
func (o *office) about() error {
	_, err := o.Org(o.source.ID).About(o.t.Context(), orgtest.ID)
	return err
}

func (o *office) wantAbout(want error) {
	o.t.Helper()
	if err := o.about(); !errors.Is(err, want) {
		o.t.Errorf("got %v, want %v\n%s", err, want, o.log)
	}
}

// TestOneRefresh has many find out at a time that the token has expired.
func TestOneRefresh(t *testing.T) {
	for name, rotate := range map[string]bool{"lasting": false, "rotating": true} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{Rotate: rotate})
			before := o.authorize()
			for range 3 { // with rotation, each refresh needs what the one before it has stored
				o.org.ExpireAccess()
				var all sync.WaitGroup
				for range 30 {
					all.Go(func() {
						if err := o.about(); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
			}
			if n := o.count(tokenPath, "refresh_token"); n != 3 {
				t.Errorf("%d refreshes, want 3", n)
			}
			after := o.connection()
			if before.AccessToken == after.AccessToken || rotate == (before.RefreshToken == after.RefreshToken) {
				t.Errorf("what is stored: the access token is new: %v, the refresh token: %v",
					before.AccessToken != after.AccessToken, before.RefreshToken != after.RefreshToken)
			}
			if n := o.org.Refreshable(); n != 1 {
				t.Errorf("%d refresh tokens are good", n)
			}
		})
	}
}

// TestRefreshOutlivesWhoWaits gives up while the tokens are on their way. They are stored all the same.
func TestRefreshOutlivesWhoWaits(t *testing.T) {
	o := openOffice(t, orgtest.Options{Rotate: true})
	before := o.authorize()
	o.org.ExpireAccess()
	asked, answer := make(chan struct{}), make(chan struct{})
	o.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == tokenPath {
			close(asked)
			<-answer
		}
		return false
	})
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := o.Org(o.source.ID).About(ctx, orgtest.ID)
		ended <- err
	}()
	<-asked
	giveUp()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(answer)
	o.wantAbout(nil) // waits for the same refresh, or finds it stored
	if n := o.count(tokenPath, "refresh_token"); n != 1 || o.connection().RefreshToken == before.RefreshToken {
		t.Errorf("%d refreshes", n)
	}
}

func TestLost(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.authorize()
	o.org.RemoveApprovals()
	o.wantAbout(salesforce.ErrLost)
	c := o.connection()
	if !c.Lost() || c.AccessToken != "" || c.RefreshToken != "" || c.OrgID != orgtest.ID {
		t.Errorf("what is left: %+v", c)
	}
	calls := len(o.org.Calls())
	o.wantAbout(salesforce.ErrLost)
	if n := len(o.org.Calls()) - calls; n != 0 {
		t.Errorf("the org was asked %d times more", n)
	}
	if look, err := o.Look(t.Context(), o.source.ID); err != nil || !look.Lost() || look.Err != nil {
		t.Errorf("look: %+v, %v", look, err)
	}
	if again := o.authorize(); again.Lost() {
		t.Error("it is lost still")
	}
	o.wantAbout(nil)
}

func TestNoRefreshToken(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.org.SetAnswer(func(answer map[string]any) { delete(answer, "refresh_token") })
	o.authorize()
	o.wantAbout(nil)
	o.org.ExpireAccess()
	o.wantAbout(salesforce.ErrLost)
}

// TestTroubleIsNoLoss keeps what it has while the login is down, or does not know our app.
func TestTroubleIsNoLoss(t *testing.T) {
	for name, status := range map[string]int{"down": 503, "another secret": 400} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			o.authorize()
			o.org.ExpireAccess()
			o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == tokenPath {
					orgtest.Answer(w, status, map[string]string{"error": "invalid_client"})
				}
				return r.URL.Path == tokenPath
			})
			err := o.about()
			if err == nil || errors.Is(err, salesforce.ErrLost) || o.connection().Lost() {
				t.Errorf("got %v", err)
			}
			if later := salesforce.IsLater(err); later != (status == 503) {
				t.Errorf("later: %v", later)
			}
			o.org.SetTrouble(nil)
			o.wantAbout(nil)
		})
	}
}

// TestRefreshElsewhere has the login answer a refresh with another host, or for another org.
func TestRefreshElsewhere(t *testing.T) {
	tests := map[string]func(answer map[string]any){
		"host": func(answer map[string]any) { answer["instance_url"] = "https://evil.example" },
		"org": func(answer map[string]any) {
			delete(answer, "signature")
			answer["id"] = strings.Replace(answer["id"].(string), orgtest.ID, "00D000000000001AAA", 1)
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			before := o.authorize()
			o.org.ExpireAccess()
			o.org.SetAnswer(change)
			o.wantAbout(salesforce.ErrUntrusted)
			if after := o.connection(); after != before {
				t.Errorf("stored: %+v", after)
			}
		})
	}
}

// meddler does something while a refresh is stored.
type meddler struct {
	*storage.DB
	meanwhile func()
}

func (m *meddler) RenewConnection(ctx context.Context, c salesforce.Connection) (bool, error) {
	if m.meanwhile != nil {
		m.meanwhile()
	}
	return m.DB.RenewConnection(ctx, c)
}

// TestDisconnectedWhileRefreshing does not bring back what was wiped, and revokes what came too late.
func TestDisconnectedWhileRefreshing(t *testing.T) {
	o := openOffice(t, orgtest.Options{Rotate: true})
	o.authorize()
	m := &meddler{DB: o.db, meanwhile: func() {
		if err := o.db.Disconnect(t.Context(), guild, o.source.ID, o.now); err != nil {
			t.Error(err)
		}
	}}
	o.runs(salesforce.NewOrgs(o.opts, o.db, m))
	o.org.ExpireAccess()
	o.wantAbout(sql.ErrNoRows)
	o.unauthorized()
	o.revoked()
	if n := o.org.Refreshable(); n != 0 {
		t.Errorf("%d refresh tokens are good", n)
	}
}

// TestAuthorizedWhileRefreshing goes on with the newer access.
func TestAuthorizedWhileRefreshing(t *testing.T) {
	o := openOffice(t, orgtest.Options{Rotate: true})
	o.authorize()
	m := &meddler{DB: o.db}
	var newer salesforce.Connection
	m.meanwhile = func() {
		m.meanwhile = nil
		newer = o.authorize()
	}
	o.runs(salesforce.NewOrgs(o.opts, o.db, m))
	o.org.ExpireAccess()
	o.wantAbout(nil)
	if after := o.connection(); after != newer {
		t.Errorf("stored: %+v, want %+v", after, newer)
	}
}

func TestLook(t *testing.T) {
	o := openOffice(t, orgtest.Options{Name: "Acme <3"})
	if _, err := o.Look(t.Context(), o.source.ID); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("before it is authorized: %v", err)
	}
	o.authorize()
	look, err := o.Look(t.Context(), o.source.ID)
	if err != nil || look.Err != nil || look.OrgName != "Acme <3" || look.Usage != (salesforce.Usage{Used: 2, Max: orgtest.APILimit}) {
		t.Errorf("look: %+v, %v", look, err)
	}
	o.org.SetTrouble(func(w http.ResponseWriter, _ *http.Request) bool {
		orgtest.Refuse(w, http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", "too busy")
		return true
	})
	look, err = o.Look(t.Context(), o.source.ID)
	if err != nil || !salesforce.IsLater(look.Err) || look.OrgName != "Acme <3" || look.Usage.Max != orgtest.APILimit {
		t.Errorf("look: %+v, %v", look, err)
	}
	o.org.SetTrouble(nil)
	o.org.RemoveApprovals()
	if look, err = o.Look(t.Context(), o.source.ID); err != nil || look.Err != nil || !look.Lost() {
		t.Errorf("look: %+v, %v", look, err)
	}
}

func TestLeave(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.Leave(o.authorize())
	o.revoked()
	if n := o.org.Refreshable(); n != 0 {
		t.Errorf("%d refresh tokens are good", n)
	}
	if strings.Contains(o.log.String(), "not revoked") {
		t.Error(o.log)
	}
	o.Leave(salesforce.Connection{SourceID: "lost", LoginURL: o.login})
	o.Leave(salesforce.Connection{SourceID: "elsewhere", LoginURL: "https://evil.example", RefreshToken: "secret"})
}

// TestLeaveWhenWeStop revokes what waits, and no more than has room.
func TestLeaveWhenWeStop(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	log := logrus.New()
	log.SetOutput(io.Discard)
	opts := o.opts
	opts.Log = log
	orgs := salesforce.NewOrgs(opts, o.db, o.db)
	for range 200 { // more than have room
		orgs.Leave(salesforce.Connection{SourceID: o.source.ID, LoginURL: o.login, AccessToken: "x"})
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := orgs.Run(stopped); err != nil {
		t.Error(err)
	}
	if n := o.count("/services/oauth2/revoke", ""); n != 100 {
		t.Errorf("%d were revoked, want 100", n)
	}
}

func TestTokensOfAnotherSourceAreNotUsed(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.authorize()
	other := o.connect("Other", event.Production)
	if _, err := o.Org(other.ID).About(t.Context(), orgtest.ID); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("got %v", err)
	}
}
