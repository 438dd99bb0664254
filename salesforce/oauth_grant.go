package salesforce

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// App is what Salesforce knows us by.
type App struct {
	ClientID     string
	ClientSecret Token
	CallbackURL  string // where it sends people back to
}

// Grant is what Salesforce gives when it lets us in.
type Grant struct {
	AccessToken  Token
	RefreshToken Token     // empty when none was granted, or the one before stays good
	InstanceURL  string    // where the org's REST API is
	IdentityURL  string    // who let us in
	OrgID        string    // 18 characters
	Scope        string    // what was granted, separated by spaces
	IssuedAt     time.Time // zero when it was not told
}

// Exchange makes a grant of the code that the login has sent somebody back with. The verifier is that of PKCE, "" when
// the code was asked for without.
func (c *Client) Exchange(ctx context.Context, app App, login, code, verifier string) (Grant, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {app.CallbackURL}}
	if verifier != "" {
		form.Set("code_verifier", verifier)
	}
	return c.grant(ctx, app, login, form)
}

// Refresh makes a grant of a refresh token.
func (c *Client) Refresh(ctx context.Context, app App, login string, refresh Token) (Grant, error) {
	return c.grant(ctx, app, login, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh.Reveal()}})
}

// Revoke has a token forgotten at Salesforce; with a refresh token, all that was granted by it.
func (c *Client) Revoke(ctx context.Context, login string, token Token) error {
	answer, err := c.post(ctx, login+"/services/oauth2/revoke", url.Values{"token": {token.Reveal()}})
	if err == nil && answer.Status != http.StatusOK {
		err = oauthErrorOf(answer)
	}
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return nil
}

// grant asks the login for tokens. The form says on what grounds.
func (c *Client) grant(ctx context.Context, app App, login string, form url.Values) (Grant, error) {
	if app.ClientID != "" {
		form.Set("client_id", app.ClientID)
	}
	if app.ClientSecret != "" {
		form.Set("client_secret", app.ClientSecret.Reveal())
	}
	answer, err := c.post(ctx, login+"/services/oauth2/token", form)
	if err == nil && answer.Status != http.StatusOK {
		err = oauthErrorOf(answer)
	}
	if err != nil {
		return Grant{}, fmt.Errorf("ask for tokens: %w", err)
	}
	return c.readGrant(app, answer.Body)
}

// identityPath is that of the URL that tells org and user apart.
var identityPath = regexp.MustCompile(`^/id/(00D[0-9A-Za-z]{12}|00D[0-9A-Za-z]{15})/005[0-9A-Za-z]+$`)

// readGrant reads what the token endpoint answered. Where it leads is not taken on trust.
func (c *Client) readGrant(app App, body []byte) (Grant, error) {
	var read struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		InstanceURL  string `json:"instance_url"`
		ID           string `json:"id"`
		IssuedAt     string `json:"issued_at"` // milliseconds
		Signature    string `json:"signature"`
		Scope        string `json:"scope"`
	}
	if err := json.Unmarshal(body, &read); err != nil || read.AccessToken == "" {
		return Grant{}, fmt.Errorf("ask for tokens: %w", errNotGranted)
	}
	instance, trusted := c.logins.origin(read.InstanceURL)
	if _, also := c.logins.origin(read.ID); !trusted || !also {
		return Grant{}, fmt.Errorf("ask for tokens: %w", ErrUntrusted)
	}
	identity, _ := url.Parse(read.ID) // origin has parsed it
	found := identityPath.FindStringSubmatch(identity.Path)
	if found == nil || !signedBy(app.ClientSecret, read.ID+read.IssuedAt, read.Signature) {
		return Grant{}, fmt.Errorf("ask for tokens: %w", ErrUntrusted)
	}
	var issued time.Time
	if ms, err := strconv.ParseInt(read.IssuedAt, 10, 64); err == nil {
		issued = time.UnixMilli(ms).UTC()
	}
	org, _ := ParseOrgID(found[1])
	return Grant{
		AccessToken: Token(read.AccessToken), RefreshToken: Token(read.RefreshToken),
		InstanceURL: instance, IdentityURL: read.ID, OrgID: org, Scope: read.Scope, IssuedAt: issued,
	}, nil
}

// signedBy says whether the signature is by the app's secret. Not every kind of grant has one.
func signedBy(secret Token, text, signature string) bool {
	if secret == "" || signature == "" {
		return true
	}
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(text))
	return hmac.Equal([]byte(signature), []byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))))
}
