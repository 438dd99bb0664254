package salesforce_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// echo has the org tell what it was sent.
func (o *office) echo(method, path string) *salesforce.Org {
	o.t.Helper()
	o.org.API(method, path, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		orgtest.Answer(w, http.StatusOK, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Content-Type")+" "+string(body))
	})
	o.authorize()
	return o.Org(o.source.ID)
}

func TestDo(t *testing.T) {
	o := openOffice(t, orgtest.Options{Versions: []string{"9.0", "66.0", "65.0"}})
	org := o.echo("POST", "{rest...}")
	tests := map[string]struct {
		request salesforce.Request
		want    string
	}{
		"without a body": {salesforce.Request{Path: "sobjects"}, "/services/data/v66.0/sobjects  "},
		"JSON":           {salesforce.Request{Path: "sobjects/Account", Body: []byte(`{"a":1}`)}, `/services/data/v66.0/sobjects/Account application/json {"a":1}`},
		"another body": {
			salesforce.Request{Path: "metadata/deployRequest", ContentType: "text/plain", Body: []byte("x")},
			"/services/data/v66.0/metadata/deployRequest text/plain x",
		},
		"query": {
			salesforce.Request{Path: "query", Query: url.Values{"q": {"SELECT Id FROM Account WHERE Name = 'A&B'"}}},
			"/services/data/v66.0/query?q=SELECT+Id+FROM+Account+WHERE+Name+%3D+%27A%26B%27  ",
		},
		"the org's own": {salesforce.Request{Path: "/services/data/v65.0/query/01gRM-2000"}, "/services/data/v65.0/query/01gRM-2000  "},
		"escaped":       {salesforce.Request{Path: "sobjects/A__c/Key__c/" + url.PathEscape("a/b c?")}, "/services/data/v66.0/sobjects/A__c/Key__c/a%2Fb%20c%3F  "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tc.request.Method = http.MethodPost
			answer, err := org.Do(t.Context(), tc.request)
			if err != nil {
				t.Fatal(err)
			}
			want := `"POST ` + strings.NewReplacer(`"`, `\"`, "&", `\u0026`).Replace(tc.want) + "\"\n"
			if diff := cmp.Diff(want, string(answer.Body)); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
	if n := o.count("/services/data", ""); n != 2 { // once to see the org's name, once here
		t.Errorf("versions were asked for %d times", n)
	}
}

func TestVersionThatWasSet(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	c := o.authorize()
	access := fixed{InstanceURL: c.InstanceURL, Token: c.AccessToken}
	asked := o.count("/services/data", "")
	org := salesforce.NewClient(o.opts.Logins).Org(access, salesforce.OrgOptions{Version: "64.0"})
	if _, err := org.About(t.Context(), orgtest.ID); err != nil || o.count("/services/data", "") != asked {
		t.Errorf("got %v", err)
	}
}

// fixed is access that cannot be renewed, but says so only when it is tried.
type fixed salesforce.Session

func (f fixed) Session(context.Context) (salesforce.Session, error) {
	return salesforce.Session(f), nil
}

func (f fixed) Renew(context.Context, salesforce.Session) (salesforce.Session, error) {
	return salesforce.Session{}, salesforce.ErrLost
}

// TestPathsStayInside sends nothing that any server could read as another path.
func TestPathsStayInside(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.authorize()
	org := o.Org(o.source.ID)
	if _, err := org.About(t.Context(), orgtest.ID); err != nil { // knows the version from here on
		t.Fatal(err)
	}
	calls := len(o.org.Calls())
	for _, path := range []string{
		"..", "../../id", "sobjects/../../../oauth2/revoke", "sobjects/..", "./sobjects", "sobjects/%2e%2e/x", "sobjects/%2E%2e%2f%2e%2e",
		"sobjects/..%2f..", "sobjects/..%5c..", `sobjects\..\..`, "sobjects/..;/x", "sobjects/%2e%2e;a=b/x", "sobjects/%252e%252e/x", "sobjects/.;x",
		"/services/oauth2/revoke", "/services/data/../oauth2", "/services/databases", "//evil.example/services/data/", "/", "/services/data",
		"query?q=x", "query#x", "a%", "a%0d%0aX: y", "a\r\nX: y", "a%00",
	} {
		if _, err := org.Do(t.Context(), salesforce.Request{Method: http.MethodGet, Path: path}); !errors.Is(err, salesforce.ErrPath) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if n := len(o.org.Calls()) - calls; n != 0 {
		t.Errorf("the org was sent %d requests", n)
	}
}

func TestErrorsOfTheOrg(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   salesforce.APIError
		later  bool
	}{
		"a list": {
			400, `[{"errorCode":"MALFORMED_QUERY","message":"unexpected token: 'FROM'"},{"errorCode":"B"}]`,
			salesforce.APIError{Status: 400, Code: "MALFORMED_QUERY", Message: "unexpected token: 'FROM'"},
			false,
		},
		"one":        {404, `{"errorCode":"NOT_FOUND","message":"gone"}`, salesforce.APIError{Status: 404, Code: "NOT_FOUND", Message: "gone"}, false},
		"words":      {500, `<html>`, salesforce.APIError{Status: 500}, false},
		"sent on":    {302, ``, salesforce.APIError{Status: 302}, false},
		"limit":      {403, `[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"no"}]`, salesforce.APIError{Status: 403, Code: "REQUEST_LIMIT_EXCEEDED", Message: "no"}, true},
		"forbidden":  {403, `[{"errorCode":"INSUFFICIENT_ACCESS","message":"no"}]`, salesforce.APIError{Status: 403, Code: "INSUFFICIENT_ACCESS", Message: "no"}, false},
		"busy":       {503, `[{"errorCode":"SERVER_UNAVAILABLE","message":"no"}]`, salesforce.APIError{Status: 503, Code: "SERVER_UNAVAILABLE", Message: "no", RetryAfter: 7 * time.Second}, true},
		"for ages":   {503, ``, salesforce.APIError{Status: 503, RetryAfter: time.Hour}, true},
		"too many":   {429, ``, salesforce.APIError{Status: 429}, true},
		"not a list": {400, `[]`, salesforce.APIError{Status: 400}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			o.authorize()
			times := 0
			o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, "sobjects") {
					return false
				}
				times++
				if tc.want.RetryAfter == time.Hour {
					w.Header().Set("Retry-After", "9223372036854775807")
				} else if tc.want.RetryAfter > 0 {
					w.Header().Set("Retry-After", "7")
				}
				w.Header().Set("Location", "https://evil.example")
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
				return true
			})
			err := o.about()
			var got *salesforce.APIError
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			tc.want.Body = []byte(tc.body)
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Error("-want +got:", diff)
			}
			if salesforce.IsLater(err) != tc.later || times != 1 {
				t.Errorf("later: %v, asked %d times", salesforce.IsLater(err), times)
			}
		})
	}
}

// TestForbiddenMayMeanTheToken is for access where a 403 may be one, too.
func TestForbiddenMayMeanTheToken(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	c := o.authorize()
	code := "Bad_OAuth_Token"
	o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "sobjects") {
			orgtest.Refuse(w, http.StatusForbidden, code, "")
			return true
		}
		return false
	})
	access := fixed{InstanceURL: c.InstanceURL, Token: c.AccessToken}
	org := salesforce.NewClient(o.opts.Logins).Org(access, salesforce.OrgOptions{RenewOnForbidden: true})
	if _, err := org.About(t.Context(), orgtest.ID); !errors.Is(err, salesforce.ErrLost) {
		t.Errorf("got %v, want that it tried to renew", err)
	}
	code = "REQUEST_LIMIT_EXCEEDED"
	if _, err := org.About(t.Context(), orgtest.ID); !salesforce.IsLater(err) {
		t.Errorf("got %v, want a limit", err)
	}
}

func TestRefusedTwice(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.authorize()
	times := 0
	o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "sobjects") {
			times++
			orgtest.Refuse(w, http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
			return true
		}
		return false
	})
	var got *salesforce.APIError
	if err := o.about(); !errors.As(err, &got) || got.Status != http.StatusUnauthorized || times != 2 {
		t.Errorf("asked %d times, got %v", times, err)
	}
}

// TestLimit has the org's calls used up.
func TestLimit(t *testing.T) {
	o := openOffice(t, orgtest.Options{APILimit: 2})
	o.authorize()
	o.wantAbout(nil)
	if usage, known := o.Org(o.source.ID).Usage(); !known || usage != (salesforce.Usage{Used: 2, Max: 2}) {
		t.Errorf("usage: %v, %v", usage, known)
	}
	if err := o.about(); !salesforce.IsLater(err) {
		t.Errorf("got %v", err)
	}
}

func TestNothingGoesElsewhere(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	org := salesforce.NewClient(o.opts.Logins).Org(fixed{InstanceURL: "https://evil.example", Token: "secret"}, salesforce.OrgOptions{Version: "66.0"})
	if _, err := org.About(t.Context(), orgtest.ID); !errors.Is(err, salesforce.ErrUntrusted) {
		t.Errorf("got %v", err)
	}
}

func TestNoErrorTellsAnAddress(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	c := o.authorize()
	o.org.SetTrouble(func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) })
	access := fixed{InstanceURL: c.InstanceURL, Token: c.AccessToken}
	org := salesforce.NewClient(o.opts.Logins).Org(access, salesforce.OrgOptions{Version: "66.0"})
	_, err := org.Do(t.Context(), salesforce.Request{Method: http.MethodGet, Path: "query", Query: url.Values{"q": {"hunter2"}}})
	if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), c.AccessToken.Reveal()) {
		t.Errorf("got %v", err)
	}
}

func TestNoVersion(t *testing.T) {
	for name, body := range map[string]any{"none": []any{}, "no list": "x", "odd": []any{map[string]string{"version": "../66"}}} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, orgtest.Options{})
			o.authorize()
			o.org.SetTrouble(func(w http.ResponseWriter, _ *http.Request) bool {
				orgtest.Answer(w, http.StatusOK, body)
				return true
			})
			if err := o.about(); err == nil || !strings.Contains(err.Error(), "names no version") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestParseOrgID(t *testing.T) {
	tests := map[string]string{ // what was typed, with or without room around it, and the id in 18 characters
		"00D5g00000Local":    "00D5g00000LocalEAB",
		"00D5g00000LocalEAB": "00D5g00000LocalEAB",
		"00D5g00000Localeab": "00D5g00000LocalEAB",
		"00Dxx0000001gPL":    "00Dxx0000001gPLEAY",
		"00D5g00000LocalEAC": "",
		"00d5g00000LocalEAB": "",
		"00D5g00000LocalEA":  "",
		"0065g00000LocalEAB": "",
		"00D5g00000Loc-l":    "",
		"":                   "",
	}
	for typed, want := range tests {
		got, ok := salesforce.ParseOrgID(" " + typed + "\n")
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v, want %q", typed, got, ok, want)
		}
	}
}
