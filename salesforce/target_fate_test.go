package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/salesforce/orgtest"
)

// refusing has the org answer what asks for records so.
func refusing(status int, code, message string) func(*acted) {
	return func(a *acted) {
		a.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "/sobjects/") {
				return false
			}
			orgtest.Refuse(w, status, code, message)
			return true
		})
	}
}

// lettingIn has the org answer so who wants a token.
func lettingIn(status int, body string) func(*acted) {
	return func(a *acted) {
		a.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/services/oauth2/token" {
				return false
			}
			http.Error(w, body, status)
			return true
		})
	}
}

// breakingOff has the connection of what asks for the path break off.
func breakingOff(path string) func(*acted) {
	return func(a *acted) {
		a.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, path) {
				panic(http.ErrAbortHandler)
			}
			return false
		})
	}
}

// What may be made again, when, and what must not be.
func TestTargetTellsTheFateOfCalls(t *testing.T) {
	const getAccount = `{"action":"GET","resource":"sobjects","object":"Account","record":"` + accountID + `"}`
	const limit = "REQUEST_LIMIT_EXCEEDED"
	tests := map[string]struct {
		arrange func(*acted)
		call    string
		want    event.Fate
		status  int
		after   time.Duration
		err     string // begins or ends so
	}{
		"done":             {nil, postAccount, event.CallDone, 201, 0, ""},
		"read":             {nil, getAccount, event.CallDone, 200, 0, ""},
		"not readable":     {nil, `{`, event.CallRefused, 0, 0, "request-parsing: "},
		"refused":          {refusing(400, "REQUIRED_FIELD_MISSING", "Name"), postAccount, event.CallRefused, 400, 0, `the org answered 400 REQUIRED_FIELD_MISSING: "Name"`},
		"not allowed":      {refusing(403, "INSUFFICIENT_ACCESS", "no"), postAccount, event.CallRefused, 403, 0, `the org answered 403 INSUFFICIENT_ACCESS: "no"`},
		"not found":        {refusing(404, "NOT_FOUND", "no"), getAccount, event.CallRefused, 404, 0, `the org answered 404 NOT_FOUND: "no"`},
		"calls of the day": {refusing(403, limit, "TotalRequests Limit exceeded."), postAccount, event.CallLater, 403, time.Hour, ""},
		"calls at once":    {refusing(403, limit, "ConcurrentPerOrgLongTxn Limit exceeded."), postAccount, event.CallLater, 403, time.Minute, ""},
		"slow down":        {refusing(429, "", ""), postAccount, event.CallLater, 429, time.Minute, ""},
		"busy":             {refusing(503, "SERVER_UNAVAILABLE", ""), postAccount, event.CallLater, 503, time.Minute, ""},
		"locked":           {refusing(400, "UNABLE_TO_LOCK_ROW", ""), postAccount, event.CallLater, 400, 0, ""},
		"torn":             {refusing(502, "", ""), postAccount, event.CallLost, 502, 0, ""},
		"torn reading":     {refusing(502, "", ""), getAccount, event.CallLater, 502, 0, ""},
		"lost":             {breakingOff("/sobjects/"), postAccount, event.CallLost, 0, 0, ": EOF"},
		"lost reading":     {breakingOff("/sobjects/"), getAccount, event.CallLater, 0, 0, ": EOF"},
		"lost before":      {breakingOff("/services/oauth2/token"), postAccount, event.CallLater, 0, 0, ": EOF"},
		"lost discovering": {breakingOff("/services/data"), postAccount, event.CallLater, 0, 0, ": EOF"},
		"token refused":    {refusing(401, "INVALID_SESSION_ID", "no"), postAccount, event.CallShut, 401, 0, ""},
		"API is off":       {refusing(403, "API_DISABLED_FOR_ORG", "no"), postAccount, event.CallShut, 403, 0, ""},
		"user refused":     {lettingIn(400, `{"error":"invalid_grant"}`), postAccount, event.CallShut, 0, 0, ""},
		"sign-in is busy":  {lettingIn(503, `{"error":"server_error"}`), postAccount, event.CallLater, 0, time.Minute, ""},
		"another's answer": {
			func(a *acted) {
				a.org.SetAnswer(func(answer map[string]any) { answer["instance_url"] = "https://evil.example" })
			}, postAccount, event.CallShut, 0, 0, "",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{})
			if tc.arrange != nil {
				tc.arrange(a)
			}
			got := a.execute(t, tc.call)
			if got.Fate != tc.want || got.Status != tc.status || got.RetryAfter != tc.after {
				t.Errorf("%s with status %d, again after %s: %s", got.Fate, got.Status, got.RetryAfter, got.Data)
			}
			if (got.Err == nil) != (tc.want == event.CallDone) || (got.Category == event.CategorySuccess) != (tc.want == event.CallDone) {
				t.Errorf("%s, error %v", got.Category, got.Err)
			}
			if err := fmt.Sprint(got.Err); tc.err != "" && !strings.HasPrefix(err, tc.err) && !strings.HasSuffix(err, tc.err) {
				t.Errorf("error %q, want %q", err, tc.err)
			}
		})
	}
}
