// Package orgtest is a Salesforce org to test against, and to try things in where there is no Salesforce. It is strict: what
// Salesforce refuses, it refuses. It knows OAuth (a page that asks for consent, tokens, revocation, identity), the versions of
// the REST API, its objects, and itself; Handle and API teach it more.
package orgtest

import (
	"cmp"
	"crypto/rsa"
	"net/http"
	"sync"
	"time"
)

// What an org is when nobody says otherwise.
const (
	ID       = "00D5g00000LocalEAB"
	UserID   = "0055g00000ABCDEAA5"
	Username = "admin@acme.example"
	ClientID = "3MVG9.stand-in.for.an.external.client.app"
	APILimit = 15000
)

const codeLife = 10 * time.Minute

// Options are what an org can be.
type Options struct {
	ID           string         // 18 characters; "": ID
	Name         string         // "": Acme (local)
	Username     string         // of the one who logs in; "": Username
	Sandbox      bool           // what it says it is
	ClientID     string         // of the app it knows; "": ClientID
	ClientSecret string         // "": a random one
	Callbacks    []string       // where it may send people back; none: nowhere
	Signer       *rsa.PublicKey // whose assertions it takes (JWT bearer); nil: nobody's
	Rotate       bool           // refresh tokens are good for one use
	Versions     []string       // of its API; none: three
	APILimit     int            // calls it takes; 0: APILimit
	Now          func() time.Time
}

// Org is a local org. It is an http.Handler for everything below /services and /id.
type Org struct {
	opts Options
	mux  *http.ServeMux

	mu       sync.Mutex
	asked    map[string]question  // consent pages that wait, by id
	codes    map[string]*code     // by themselves
	refresh  map[string]*approval // by refresh token
	access   map[string]*approval // by access token
	issued   []string             // every secret it has ever given out
	calls    []Call
	used     int // API calls
	trouble  func(http.ResponseWriter, *http.Request) bool
	answered func(map[string]any)
}

// New makes an org.
func New(opts Options) *Org {
	opts.ID = cmp.Or(opts.ID, ID)
	opts.Name = cmp.Or(opts.Name, "Acme (local)")
	opts.Username = cmp.Or(opts.Username, Username)
	opts.ClientID = cmp.Or(opts.ClientID, ClientID)
	opts.ClientSecret = cmp.Or(opts.ClientSecret, random("", 32))
	opts.APILimit = cmp.Or(opts.APILimit, APILimit)
	if len(opts.Versions) == 0 {
		opts.Versions = []string{"64.0", "66.0", "65.0"}
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	o := &Org{
		opts: opts, mux: http.NewServeMux(), asked: make(map[string]question), codes: make(map[string]*code),
		refresh: make(map[string]*approval), access: make(map[string]*approval),
	}
	o.Handle("GET /services/oauth2/authorize", o.showConsent)
	o.Handle("POST /services/oauth2/authorize", o.takeConsent)
	o.Handle("POST /services/oauth2/token", o.giveTokens)
	o.Handle("POST /services/oauth2/revoke", o.revokeToken)
	o.Handle("GET /id/{org}/{user}", o.showIdentity)
	o.Handle("GET /services/data", o.listVersions)
	o.Handle("GET /services/data/{$}", o.listVersions)
	o.API("GET", "sobjects", o.listObjects)
	o.API("GET", "sobjects/Organization/"+opts.ID, o.showOrganization)
	return o
}

// ClientSecret is the secret of the app that the org knows.
func (o *Org) ClientSecret() string { return o.opts.ClientSecret }

// Call is a request that the org was sent.
type Call struct {
	Method, Path string
	Grant        string // of a token request
	Status       int
}

// ServeHTTP implements http.Handler.
func (o *Org) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := &recorder{ResponseWriter: w, status: http.StatusOK}
	o.mu.Lock()
	trouble := o.trouble
	o.mu.Unlock()
	if trouble == nil || !trouble(seen, r) {
		o.mux.ServeHTTP(seen, r)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, Call{Method: r.Method, Path: r.URL.Path, Grant: r.PostForm.Get("grant_type"), Status: seen.status})
}

// recorder remembers the status.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Handle teaches the org to answer what nobody has to be let in for. The pattern is http.ServeMux's.
func (o *Org) Handle(pattern string, answer http.HandlerFunc) { o.mux.HandleFunc(pattern, answer) }

// Calls are all requests so far.
func (o *Org) Calls() []Call {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Call(nil), o.calls...)
}

// Secrets are all codes and tokens that the org has given out so far, and the secret of the app.
func (o *Org) Secrets() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{o.opts.ClientSecret}, o.issued...)
}

// SetTrouble has each request be shown to the function first. Where it says yes, it has answered.
func (o *Org) SetTrouble(trouble func(http.ResponseWriter, *http.Request) bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trouble = trouble
}

// SetAnswer has the function change what the token endpoint answers, as somebody in between would.
func (o *Org) SetAnswer(change func(map[string]any)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answered = change
}

// ExpireAccess has all access tokens expire, as they do after some hours.
func (o *Org) ExpireAccess() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.access)
}

// RemoveApprovals does what an admin of the org can do in Setup: whoever was let in is out.
func (o *Org) RemoveApprovals() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.access)
	clear(o.refresh)
}

// Refreshable is how many refresh tokens are good.
func (o *Org) Refreshable() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.refresh)
}
