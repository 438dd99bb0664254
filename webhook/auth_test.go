package webhook_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/webhook"
)

func TestAuthentication(t *testing.T) {
	const body = `{"a": "ä"}`
	good := sign(secret, body)
	tests := map[string]struct {
		slug   string
		header http.Header
		later  time.Duration // the clock shows noon and that
		want   int
	}{
		"salesforce":            {"signed", http.Header{"X-Salesforce-Signature": {"sha256=" + good}}, 0, 202},
		"hub":                   {"signed", http.Header{"X-Hub-Signature-256": {"sha256=" + good}}, 0, 202},
		"dispatch":              {"signed", http.Header{"X-Dispatch-Signature": {"sha256=" + good}}, 0, 202},
		"bare":                  {"signed", http.Header{"X-Dispatch-Signature": {good}}, 0, 202},
		"upper case":            {"signed", http.Header{"X-Dispatch-Signature": {"SHA256=" + strings.ToUpper(good)}}, 0, 202},
		"too short":             {"signed", http.Header{"X-Dispatch-Signature": {good[:62]}}, 0, 401},
		"too long":              {"signed", http.Header{"X-Dispatch-Signature": {good + "00"}}, 0, 401},
		"no hex":                {"signed", http.Header{"X-Dispatch-Signature": {"g" + good[1:]}}, 0, 401},
		"prefix only":           {"signed", http.Header{"X-Dispatch-Signature": {"sha256="}}, 0, 401},
		"other prefix":          {"signed", http.Header{"X-Dispatch-Signature": {"sha1=" + good}}, 0, 401},
		"prefix twice":          {"signed", http.Header{"X-Dispatch-Signature": {"sha256=sha256=" + good}}, 0, 401},
		"empty header":          {"signed", http.Header{"X-Dispatch-Signature": {""}}, 0, 401},
		"twice":                 {"signed", http.Header{"X-Dispatch-Signature": {good, good}}, 0, 401},
		"of other bytes":        {"signed", http.Header{"X-Dispatch-Signature": {sign(secret, `{"a":"ä"}`)}}, 0, 401},
		"one bit off":           {"signed", http.Header{"X-Dispatch-Signature": {flip(good)}}, 0, 401},
		"first present counts":  {"signed", http.Header{"X-Salesforce-Signature": {flip(good)}, "X-Dispatch-Signature": {good}}, 0, 401},
		"second is not asked":   {"signed", http.Header{"X-Salesforce-Signature": {good}, "X-Dispatch-Signature": {"?"}}, 0, 202},
		"wrong beats key":       {"signed", http.Header{"X-Hub-Signature-256": {"?"}, "Authorization": {"Bearer " + apiKey}}, 0, 401},
		"old secret":            {"signed", http.Header{"X-Dispatch-Signature": {sign(oldSecret, body)}}, 0, 202},
		"old secret at the end": {"signed", http.Header{"X-Dispatch-Signature": {sign(oldSecret, body)}}, time.Hour - 1, 202},
		"old secret expired":    {"signed", http.Header{"X-Dispatch-Signature": {sign(oldSecret, body)}}, time.Hour, 401},
		"key instead":           {"signed", http.Header{"Authorization": {"Bearer " + apiKey}}, 0, 202},
		"nothing":               {"signed", http.Header{}, 0, 401},
		"no secret yet":         {"new", http.Header{"X-Dispatch-Signature": {sign("", body)}}, 0, 401},
		"no secret, key":        {"new", http.Header{"Authorization": {"Bearer " + apiKey}}, 0, 202},
		"empty secret":          {"hollow", http.Header{"X-Dispatch-Signature": {sign("", body)}}, 0, 401},
		"key":                   {"keyed", http.Header{"Authorization": {"Bearer " + apiKey}}, 0, 202},
		"key, lower case":       {"keyed", http.Header{"Authorization": {"bearer   " + apiKey + " "}}, 0, 202},
		"key of another guild":  {"keyed", http.Header{"Authorization": {"Bearer " + strange}}, 0, 401},
		"unknown key":           {"keyed", http.Header{"Authorization": {"Bearer dsp_x"}}, 0, 401},
		"no key of ours":        {"keyed", http.Header{"Authorization": {"Bearer " + apiKey[4:]}}, 0, 401},
		"two keys":              {"keyed", http.Header{"Authorization": {"Bearer " + apiKey, "Bearer " + apiKey}}, 0, 401},
		"basic":                 {"keyed", http.Header{"Authorization": {"Basic " + apiKey}}, 0, 401},
		"key without scheme":    {"keyed", http.Header{"Authorization": {apiKey}}, 0, 401},
		"signature for a key":   {"keyed", http.Header{"X-Dispatch-Signature": {good}}, 0, 401},
		"key, odd signature":    {"keyed", http.Header{"X-Dispatch-Signature": {"?"}, "Authorization": {"Bearer " + apiKey}}, 0, 202},
		"open":                  {"open", http.Header{}, 0, 202},
		"open to nonsense":      {"open", http.Header{"X-Dispatch-Signature": {"?"}, "Authorization": {"?"}}, 0, 202},
		"unheard of":            {"odd", http.Header{"X-Dispatch-Signature": {good}, "Authorization": {"Bearer " + apiKey}}, 0, 401},
	}
	in := newInbox()
	in.change("new", func(s *event.Source) { *s = in.sources["signed"]; s.Keys = nil })
	in.change("hollow", func(s *event.Source) { *s = in.sources["signed"]; s.Keys = []event.SigningKey{{}} })
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			handler := handler(in, silent(), func(o *webhook.Options) {
				o.Now = func() time.Time { return noon.Add(tc.later) }
			})
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/"+tc.slug, strings.NewReader(body))
			r.Header = tc.header
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("answered %d %s, want %d", w.Code, w.Body, tc.want)
			}
		})
	}
}

// flip is the signature with one bit changed.
func flip(signature string) string {
	last := signature[len(signature)-1]
	if last == '0' {
		return signature[:len(signature)-1] + "1"
	}
	return signature[:len(signature)-1] + "0"
}

// failing are sources that cannot be asked.
type failing struct{ *inbox }

func (failing) SourceBySlug(context.Context, string) (event.Source, error) {
	return event.Source{}, errors.New("no such table")
}

func TestSourcesThatCannotBeLookedUp(t *testing.T) {
	tests := map[string]struct {
		slug string
		want int
	}{
		"store is odd":            {"a-Z_09", 500},
		"no slug, not looked for": {"a.b", 404},
		"too long":                {strings.Repeat("a", 129), 404},
		"unprintable":             {"%00", 404},
		"no ASCII":                {"%C3%A9", 404},
		"with a slash":            {"a%2Fb", 404},
	}
	in := newInbox()
	handler := webhook.New(webhook.Options{MaxBody: maxBody}, failing{in}, in, in, in, silent())
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := (call{path: "/hooks/" + tc.slug}).serve(t, handler); got.status != tc.want {
				t.Errorf("answered %d %s, want %d", got.status, got.body, tc.want)
			}
		})
	}
}

func TestKeysThatCannotBeLookedUp(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want int
	}{
		"store is down": {fault.New(fault.Unavailable, "locked"), 503},
		"store is odd":  {errors.New("no such table"), 500},
	} {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			in.err = tc.err
			c := call{path: "/hooks/keyed", header: map[string]string{"Authorization": "Bearer " + apiKey}}
			if got := c.serve(t, handler(in, silent())); got.status != tc.want {
				t.Errorf("answered %d %s, want %d", got.status, got.body, tc.want)
			}
		})
	}
}
