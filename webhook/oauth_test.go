package webhook_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/webhook"
)

// desk is somebody who takes in those who come back, and remembers with what.
type desk struct {
	page      webhook.Page
	came      []url.Values
	languages []string
	left      error // of the request's context
}

func (d *desk) Finish(ctx context.Context, came url.Values, languages string) webhook.Page {
	d.came, d.languages, d.left = append(d.came, came), append(d.languages, languages), ctx.Err()
	return d.page
}

// comeBack is a browser's request. Its person has left already.
func comeBack(t *testing.T, d webhook.Authorizations, method, query string) *httptest.ResponseRecorder {
	t.Helper()
	handler := handler(newInbox(), silent(), func(o *webhook.Options) { o.Authorizations = d })
	ctx, leave := context.WithCancel(t.Context())
	request := httptest.NewRequestWithContext(ctx, method, "/oauth/salesforce/callback"+query, nil)
	request.Header.Set("Accept-Language", "fr-CH, fr;q=0.9")
	leave()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestCallbackPage(t *testing.T) {
	d := &desk{page: webhook.Page{
		Status: http.StatusBadRequest, Language: "fr", Title: "Non & <non>", Lines: []string{"Un.", "<script>alert(1)</script>"},
	}}
	got := comeBack(t, d, http.MethodGet, "?state=s&code=a%2Bb&state=t")
	if got.Code != http.StatusBadRequest || got.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("answered %d %s", got.Code, got.Header().Get("Content-Type"))
	}
	if diff := cmp.Diff([]url.Values{{"state": {"s", "t"}, "code": {"a+b"}}}, d.came); diff != "" {
		t.Error("came with (-want +got):", diff)
	}
	if diff := cmp.Diff([]string{"fr-CH, fr;q=0.9"}, d.languages); diff != "" || d.left != nil {
		t.Errorf("languages (-want +got): %s, and %v", diff, d.left)
	}
	body := got.Body.String()
	for _, want := range []string{`<html lang="fr">`, "<h1>Non &amp; &lt;non&gt;</h1>", "<p>Un.</p>", "<p>&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s:\n%s", want, body)
		}
	}
	for _, never := range []string{"<script", "a+b", "state"} {
		if strings.Contains(body, never) {
			t.Errorf("the page has %s:\n%s", never, body)
		}
	}
	d.page.Good = true
	if good := comeBack(t, d, http.MethodGet, "").Body.String(); !strings.Contains(good, `<h1 class="good">`) {
		t.Errorf("the page does not look good:\n%s", good)
	}
}

func TestCallbackPageKeepsToItself(t *testing.T) {
	got := comeBack(t, &desk{page: webhook.Page{Status: http.StatusOK}}, http.MethodGet, "?code=c")
	_, rest, _ := strings.Cut(got.Body.String(), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Cross-Origin-Opener-Policy": "same-origin", "Location": "",
		"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
	for name, value := range want {
		if got := got.Header().Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

// Nobody but a browser that comes back spends what is good for once.
func TestCallbackTakesOnlyGET(t *testing.T) {
	for _, method := range []string{http.MethodHead, http.MethodPost, http.MethodOptions} {
		d := &desk{}
		if got := comeBack(t, d, method, "?state=s&code=c"); got.Code != http.StatusMethodNotAllowed || len(d.came) != 0 {
			t.Errorf("%s: answered %d, came: %v", method, got.Code, d.came)
		}
	}
	if got := comeBack(t, nil, http.MethodGet, "?state=s"); got.Code != http.StatusNotFound {
		t.Errorf("where nobody is sent from: answered %d", got.Code)
	}
}
