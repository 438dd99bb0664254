package orgtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// approval is somebody's word that the app may come in.
type approval struct{ scope string }

// oauthFault is a refusal of the token endpoint.
type oauthFault struct{ code, description string }

var (
	badGrant  = &oauthFault{"invalid_grant", "expired access/refresh token"}
	badCode   = &oauthFault{"invalid_grant", "invalid authorization code"}
	usedCode  = &oauthFault{"invalid_grant", "authentication failure"}
	badProof  = &oauthFault{"invalid_grant", "invalid code verifier"}
	badSender = &oauthFault{"invalid_client", "invalid client credentials"}
	badWay    = &oauthFault{"unsupported_grant_type", "grant type not supported"}
	badPlace  = &oauthFault{"redirect_uri_mismatch", "redirect_uri must match configuration"}
)

func (f *oauthFault) write(w http.ResponseWriter) {
	writeJSON(w, http.StatusBadRequest, map[string]string{"error": f.code, "error_description": f.description})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who has gone needs no answer
}

// giveTokens is the token endpoint. Secrets in an address are refused: they would end up in logs.
func (o *Org) giveTokens(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.URL.RawQuery != "" || r.ParseForm() != nil {
		(&oauthFault{"invalid_request", "the request must be a form"}).write(w)
		return
	}
	form := r.PostForm
	o.mu.Lock()
	defer o.mu.Unlock()
	var (
		a     *approval
		again bool // it gets a refresh token
		fault *oauthFault
	)
	switch form.Get("grant_type") {
	case "authorization_code":
		a, fault = o.exchange(form)
		again = true
	case "refresh_token":
		a, fault = o.renew(form)
		again = o.opts.Rotate
	case assertionGrant:
		a, fault = o.assert(form, baseOf(r))
	default:
		fault = badWay
	}
	if fault != nil {
		fault.write(w)
		return
	}
	answer := o.grant(baseOf(r), a, again)
	if o.answered != nil {
		o.answered(answer)
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, answer)
}

// knows says whether the app has shown that it is the one.
func (o *Org) knows(form url.Values) bool {
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	return same(form.Get("client_id"), o.opts.ClientID) && same(form.Get("client_secret"), o.opts.ClientSecret)
}

// exchange takes a code, once. Who comes with it again has stolen it, or was robbed: all that was given for it dies.
func (o *Org) exchange(form url.Values) (*approval, *oauthFault) {
	c := o.codes[form.Get("code")]
	switch {
	case !o.knows(form):
		return nil, badSender
	case c == nil:
		return nil, badCode
	case c.approval != nil:
		o.drop(c.approval)
		return nil, usedCode
	case !o.opts.Now().Before(c.until):
		return nil, badCode
	case form.Get("redirect_uri") != c.callback:
		return nil, badPlace
	}
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	if c.challenge != "" && base64.RawURLEncoding.EncodeToString(sum[:]) != c.challenge || c.challenge == "" && form.Has("code_verifier") {
		return nil, badProof
	}
	c.approval = &approval{scope: c.scope}
	return c.approval, nil
}

// renew takes a refresh token.
func (o *Org) renew(form url.Values) (*approval, *oauthFault) {
	token := form.Get("refresh_token")
	a := o.refresh[token]
	switch {
	case !o.knows(form):
		return nil, badSender
	case a == nil:
		return nil, badGrant
	}
	if o.opts.Rotate {
		delete(o.refresh, token)
	}
	return a, nil
}

// grant makes tokens, and the answer that brings them.
func (o *Org) grant(base string, a *approval, again bool) map[string]any {
	token := random(o.opts.ID[:15]+"!AQ", 48)
	o.access[token] = a
	o.issued = append(o.issued, token)
	id := base + "/id/" + o.opts.ID + "/" + UserID
	issued := strconv.FormatInt(o.opts.Now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(o.opts.ClientSecret))
	mac.Write([]byte(id + issued))
	answer := map[string]any{
		"access_token": token, "instance_url": base, "id": id, "token_type": "Bearer", "issued_at": issued,
		"signature": base64.StdEncoding.EncodeToString(mac.Sum(nil)), "scope": a.scope,
	}
	if again && strings.Contains(" "+a.scope+" ", " refresh_token ") {
		refresh := random("5Aep861", 48)
		o.refresh[refresh] = a
		o.issued = append(o.issued, refresh)
		answer["refresh_token"] = refresh
	}
	return answer
}

// drop ends all that was given for an approval.
func (o *Org) drop(a *approval) {
	for token, of := range o.access {
		if of == a {
			delete(o.access, token)
		}
	}
	for token, of := range o.refresh {
		if of == a {
			delete(o.refresh, token)
		}
	}
}

// revokeToken takes a token of either kind. A refresh token takes all with it.
func (o *Org) revokeToken(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		(&oauthFault{"invalid_request", "the form cannot be read"}).write(w)
		return
	}
	token := r.PostForm.Get("token")
	o.mu.Lock()
	defer o.mu.Unlock()
	a, lasting := o.refresh[token]
	_, known := o.access[token]
	switch {
	case lasting:
		o.drop(a)
	case known:
		delete(o.access, token)
	default:
		(&oauthFault{"invalid_token", "invalid token"}).write(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// baseOf is where the org was reached.
func baseOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
