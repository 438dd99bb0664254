package orgtest

import (
	"crypto/rand"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// scopes are what an app can ask for, in Salesforce's words.
var scopes = map[string]string{
	"api":           "Manage user data via APIs",
	"id":            "Access the identity URL service",
	"refresh_token": "Perform requests at any time",
	"web":           "Manage user data via Web browsers",
	"full":          "Full access",
}

// question is a consent page that waits for its answer.
type question struct {
	callback, state, challenge, scope string
}

// code is what somebody is sent back with.
type code struct {
	question
	until    time.Time
	approval *approval // once it was exchanged
}

var challengeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// random is a text that nobody guesses.
func random(prefix string, bytes int) string {
	all := make([]byte, bytes)
	_, _ = rand.Read(all) // never fails
	return prefix + base64.RawURLEncoding.EncodeToString(all)
}

// showConsent asks whether the app may come in. Who asks for somebody to be sent elsewhere is told so here: nobody is sent.
func (o *Org) showConsent(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	for name, values := range asked {
		if len(values) != 1 {
			refusePage(w, "invalid_request", "the parameter "+name+" is there more than once")
			return
		}
	}
	q := question{
		callback: asked.Get("redirect_uri"), state: asked.Get("state"), challenge: asked.Get("code_challenge"), scope: asked.Get("scope"),
	}
	switch {
	case asked.Get("client_id") != o.opts.ClientID:
		refusePage(w, "invalid_client_id", "client identifier invalid")
		return
	case !slices.Contains(o.opts.Callbacks, q.callback):
		refusePage(w, "redirect_uri_mismatch", "redirect_uri must match configuration")
		return
	}
	if fault := mistakeIn(asked, q); fault != "" {
		sendBack(w, r, q, url.Values{"error": {fault}, "error_description": {"the request is not as it should be"}})
		return
	}
	id := random("", 16)
	o.mu.Lock()
	o.asked[id] = q
	o.mu.Unlock()
	var wanted []string
	for _, s := range strings.Fields(q.scope) {
		wanted = append(wanted, scopes[s])
	}
	showPage(w, http.StatusOK, page{ID: id, Org: o.opts.Name, User: o.opts.Username, Wanted: wanted})
}

// mistakeIn is OAuth's word for what is wrong with a request, "" when nothing is.
func mistakeIn(asked url.Values, q question) string {
	unknown := func(s string) bool { _, known := scopes[s]; return !known }
	switch {
	case asked.Get("response_type") != "code":
		return "unsupported_response_type"
	case q.challenge != "" && (asked.Get("code_challenge_method") != "S256" || !challengeShape.MatchString(q.challenge)):
		return "invalid_request"
	case slices.ContainsFunc(strings.Fields(q.scope), unknown):
		return "invalid_scope"
	}
	return ""
}

// takeConsent sends the person back with a code, or with their no.
func (o *Org) takeConsent(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refusePage(w, "invalid_request", "the form cannot be read")
		return
	}
	id := r.PostForm.Get("id")
	o.mu.Lock()
	q, waits := o.asked[id]
	delete(o.asked, id)
	o.mu.Unlock()
	switch {
	case !waits:
		refusePage(w, "invalid_request", "this page was answered before")
	case r.PostForm.Get("answer") != "allow":
		sendBack(w, r, q, url.Values{"error": {"access_denied"}, "error_description": {"end-user denied authorization"}})
	default:
		made := random("aPrx", 32)
		o.mu.Lock()
		o.codes[made] = &code{question: q, until: o.opts.Now().Add(codeLife)}
		o.issued = append(o.issued, made)
		o.mu.Unlock()
		sendBack(w, r, q, url.Values{"code": {made}})
	}
}

func sendBack(w http.ResponseWriter, r *http.Request, q question, with url.Values) {
	if q.state != "" {
		with.Set("state", q.state)
	}
	http.Redirect(w, r, q.callback+"?"+with.Encode(), http.StatusFound)
}

// page is what somebody sees.
type page struct {
	ID, Org, User string
	Wanted        []string
	Fault, Why    string // in place of the question
}

func refusePage(w http.ResponseWriter, fault, why string) {
	showPage(w, http.StatusBadRequest, page{Fault: fault, Why: why})
}

func showPage(w http.ResponseWriter, status int, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Frame-Options", "DENY")
	w.WriteHeader(status)
	_ = consentPage.Execute(w, p) // who has gone needs no page
}

var consentPage = template.Must(template.New("consent").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>{{if .Fault}}Error{{else}}Allow access?{{end}} | {{or .Org "Local org"}}</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText }
main { max-width: 26rem; padding: 2rem; border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: .5rem; margin: 1rem }
h1 { font-size: 1.25rem; margin: 0 0 1rem }
button { font: inherit; padding: .5rem 1.25rem; border-radius: .25rem; border: 1px solid #0b5cab; cursor: pointer; margin-inline-end: .5rem }
button[value=allow] { background: #0b5cab; color: #fff }
button[value=deny] { background: none; color: inherit }
small { display: block; margin-top: 1.5rem; opacity: .75 }
</style>
<main>
{{if .Fault}}<h1>error={{.Fault}}</h1><p>{{.Why}}</p>{{else}}
<h1>Allow access?</h1>
<p><strong>Dispatch</strong> asks to reach the org <strong>{{.Org}}</strong> as {{.User}}:</p>
<ul>{{range .Wanted}}<li>{{.}}</li>{{end}}</ul>
<form method="post" action="/services/oauth2/authorize"><input type="hidden" name="id" value="{{.ID}}">
<button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny</button></form>{{end}}
<small>This is a local stand-in for Salesforce. Nothing leaves this machine.</small>
</main></html>
`))
