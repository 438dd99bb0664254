package salesforce_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// signerKey is the key of all targets here: to make one takes long.
var signerKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func pkcs1(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

// oneTarget is a store of one.
type oneTarget struct {
	target event.Target
	key    []byte
	err    error
}

func (s oneTarget) TargetBySlug(context.Context, string) (event.Target, error) {
	return s.target, s.err
}

func (s oneTarget) TargetKey(context.Context, string) (salesforce.Token, error) {
	return salesforce.Token(s.key), s.err
}

func (s oneTarget) DeleteTarget(context.Context, string, string) error { return s.err }

// acted is a target of a local org.
type acted struct {
	*salesforce.Targets
	org     *orgtest.Org
	records *orgtest.Records
	target  event.Target
	logged  *bytes.Buffer
}

const accountID = "0014x000005Y9SNAA0"

func act(t *testing.T, opts orgtest.Options) *acted {
	t.Helper()
	key := signerKey()
	opts.Signer = &key.PublicKey
	org := orgtest.New(opts)
	records := org.AddRecords(map[string][]string{"Account": {"Name", "AccountNumber", "BillingCity"}})
	records.Put(accountID, map[string]any{"Name": "Acme", "AccountNumber": "42", "BillingCity": "Berlin"})
	server := httptest.NewServer(org)
	t.Cleanup(server.Close)
	a := &acted{org: org, records: records, logged: new(bytes.Buffer)}
	a.target = event.Target{ID: "1", ClientID: orgtest.ClientID, User: orgtest.Username, Server: server.URL}
	log := logrus.New()
	log.SetOutput(a.logged)
	a.Targets = salesforce.NewTargets(salesforce.Logins{Production: server.URL}, nil, oneTarget{target: a.target, key: pkcs1(key)}, log)
	return a
}

func (a *acted) execute(t *testing.T, call string) event.Reply {
	t.Helper()
	return a.Execute(t.Context(), a.target, event.APICall, []byte(call))
}

// told is an error as a reply has it.
type told struct {
	Code, Description string
	Details           map[string]string
}

func errorOf(t *testing.T, reply event.Reply) told {
	t.Helper()
	var read told
	if reply.Category != event.CategoryError {
		t.Fatalf("the reply is %s: %s", reply.Category, reply.Data)
	}
	if err := json.Unmarshal(reply.Data, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// count is how many of the org's calls so far are of that kind.
func (a *acted) count(match func(orgtest.Call) bool) (n int) {
	for _, call := range a.org.Calls() {
		if match(call) {
			n++
		}
	}
	return n
}

func (a *acted) signIns() int {
	return a.count(func(c orgtest.Call) bool { return c.Path == "/services/oauth2/token" })
}

func (a *acted) posts() int {
	return a.count(func(c orgtest.Call) bool { return strings.Contains(c.Path, "/sobjects/") })
}

// The four examples of the document, as they are printed there, in order.
func TestTargetDoesWhatTheDocumentShows(t *testing.T) {
	a := act(t, orgtest.Options{})
	reply := a.execute(t, `  "action": "POST",
  "resource": "sobjects",
  "object": "account",
  "payload": { "Name": "Jane Doe" }
`)
	var created struct {
		ID      string `json:"id"`
		Success bool   `json:"success"`
	}
	if err := json.Unmarshal(reply.Data, &created); err != nil || reply.Category != event.CategorySuccess || !created.Success {
		t.Fatalf("create: %s %s, %v", reply.Category, reply.Data, err)
	}
	if diff := cmp.Diff(map[string]any{"Id": created.ID, "Name": "Jane Doe"}, a.records.Get(created.ID)); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}

	reply = a.execute(t, `  "action": "PATCH",
  "resource": "sobjects",
  "object": "account",
  "record": "0014x000005Y9SNAA0",
  "payload": { "Name": "Janet Does", "BillingCity" : "San Francisco" }
`)
	if diff := cmp.Diff(event.Reply{Category: event.CategorySuccess, Data: []byte{}, Fate: event.CallDone, Status: 204}, reply); diff != "" {
		t.Errorf("reply to update (-want +got):\n%s", diff)
	}
	updated := map[string]any{"Id": accountID, "Name": "Janet Does", "AccountNumber": "42", "BillingCity": "San Francisco"}
	if diff := cmp.Diff(updated, a.records.Get(accountID)); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}

	reply = a.execute(t, `  "action": "GET",
  "resource": "sobjects",
  "object": "account",
  "record": "0014x000005Y9SNAA0",
  "query": { "fields": "AccountNumber,BillingCity" }
`)
	var shown map[string]any
	if err := json.Unmarshal(reply.Data, &shown); err != nil || reply.Category != event.CategorySuccess {
		t.Fatalf("retrieve: %s %s, %v", reply.Category, reply.Data, err)
	}
	delete(shown, "attributes")
	if diff := cmp.Diff(map[string]any{"Id": accountID, "AccountNumber": "42", "BillingCity": "San Francisco"}, shown); diff != "" {
		t.Errorf("retrieved (-want +got):\n%s", diff)
	}

	reply = a.execute(t, `  "action": "DELETE",
  "resource": "sobjects",
  "object": "account",
  "record": "0014x000005Y9SNAA0"`)
	if reply.Category != event.CategorySuccess || a.records.Get(accountID) != nil {
		t.Errorf("delete: %s %s; the record is %v", reply.Category, reply.Data, a.records.Get(accountID))
	}
	if n := a.signIns(); n != 1 {
		t.Errorf("signed in %d times for four calls", n)
	}
	if n := a.count(func(c orgtest.Call) bool { return strings.HasPrefix(c.Path, "/services/data/v66.0/sobjects/account") }); n != 4 {
		t.Errorf("%d of four calls are of the highest version", n)
	}
}

func TestTargetRefusesWhatItCannotAsk(t *testing.T) {
	a := act(t, orgtest.Options{})
	tests := map[string]struct{ call, code string }{
		"nothing":              {``, "request-parsing"},
		"no JSON":              {`action=GET`, "request-parsing"},
		"cut off":              {`{"action":"GET"`, "request-parsing"},
		"no object":            {`["GET"]`, "request-parsing"},
		"two":                  {`{"action":"GET","resource":"limits"}{}`, "request-parsing"},
		"unknown property":     {`{"action":"GET","resource":"limits","verb":"GET"}`, "request-parsing"},
		"query not of strings": {`{"action":"GET","resource":"query","query":{"q":1}}`, "request-parsing"},
		"bad UTF-8":            {"{\"action\":\"GET\",\"resource\":\"\xff\"}", "request-parsing"},
		"no action":            {`{"resource":"sobjects"}`, "request-validation"},
		"no resource":          {`{"action":"GET"}`, "request-validation"},
		"unknown action":       {`{"action":"CONNECT","resource":"sobjects"}`, "request-validation"},
		"dots":                 {`{"action":"GET","resource":"..","object":"apexrest"}`, "request-validation"},
		"dots in object":       {`{"action":"GET","resource":"sobjects","object":".."}`, "request-validation"},
		"escaped dots":         {`{"action":"GET","resource":"sobjects","record":"%2e%2E"}`, "request-validation"},
		"twice escaped dots":   {`{"action":"GET","resource":"sobjects","record":"%252e%252e"}`, "request-validation"},
		"dots with parameters": {`{"action":"GET","resource":"..;a=b"}`, "request-validation"},
		"dots behind a slash":  {`{"action":"GET","resource":"sobjects/../../apexrest"}`, "request-validation"},
		"slash in front":       {`{"action":"GET","resource":"/services/apexrest"}`, "request-validation"},
		"slash at the end":     {`{"action":"GET","resource":"sobjects","object":"Account/"}`, "request-validation"},
		"two slashes":          {`{"action":"GET","resource":"sobjects","record":"a//b"}`, "request-validation"},
		"escaped slash":        {`{"action":"GET","resource":"a%2F..%2f..%2fapexrest"}`, "request-validation"},
		"backslash":            {`{"action":"GET","resource":"..\\apexrest"}`, "request-validation"},
		"control character":    {`{"action":"GET","resource":"sobjects\r\nHost: x"}`, "request-validation"},
		"escaped control":      {`{"action":"GET","resource":"sobjects%0d%0a"}`, "request-validation"},
		"long":                 {`{"action":"GET","resource":"` + strings.Repeat("a", 256) + `"}`, "request-validation"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := errorOf(t, a.execute(t, tc.call))
			if got.Code != tc.code || got.Description == "" || got.Details != nil {
				t.Errorf("told %+v, want code %s", got, tc.code)
			}
		})
	}
	got := errorOf(t, a.Execute(t.Context(), a.target, "com.example.other", []byte(`{"action":"GET","resource":"limits"}`)))
	if diff := cmp.Diff(told{Code: "event-context", Description: `event type "com.example.other" is not supported`}, got); diff != "" {
		t.Errorf("another type (-want +got):\n%s", diff)
	}
	got = errorOf(t, a.execute(t, `{"action":"GET","resource":"query","query":{"q":1}}`))
	if got.Description != "query must not be a number" {
		t.Errorf("told %q", got.Description)
	}
	if calls := a.org.Calls(); len(calls) > 0 {
		t.Errorf("the org was called: %v", calls)
	}
}

func TestTargetEscapesPathAndQuery(t *testing.T) {
	a := act(t, orgtest.Options{})
	var seen, agent string
	a.org.API("GET", "{rest...}", func(w http.ResponseWriter, r *http.Request) {
		seen, agent = r.RequestURI, r.UserAgent()
		orgtest.Answer(w, http.StatusOK, map[string]any{})
	})
	tests := map[string]struct{ call, want string }{
		"plain":           {`{"action":"get","resource":"limits"}`, "limits"},
		"no object":       {`{"action":"GET","resource":"query","record":"01g5"}`, "query/01g5"},
		"slashes":         {`{"action":"GET","resource":"tooling/sobjects","object":"Account","record":"Ext__c/4 2/Contacts"}`, "tooling/sobjects/Account/Ext__c/4%202/Contacts"},
		"question":        {`{"action":"GET","resource":"a?b#c","object":"d e"}`, "a%3Fb%23c/d%20e"},
		"percent":         {`{"action":"GET","resource":"100%"}`, "100%25"},
		"query":           {`{"action":"GET","resource":"query","query":{"q":"SELECT Id FROM A WHERE N='&x=1'"}}`, "query?q=SELECT+Id+FROM+A+WHERE+N%3D%27%26x%3D1%27"},
		"not only ASCII":  {`{"action":"GET","resource":"Größe"}`, "Gr%C3%B6%C3%9Fe"},
		"payload is null": {`{"action":"GET","resource":"limits","payload":null}`, "limits"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if reply := a.execute(t, tc.call); reply.Category != event.CategorySuccess {
				t.Fatalf("reply: %s", reply.Data)
			}
			if want := "/services/data/v66.0/" + tc.want; seen != want {
				t.Errorf("asked for %s, want %s", seen, want)
			}
			if agent != "Dispatch" {
				t.Errorf("asked by %s", agent)
			}
		})
	}
}

func TestTargetTellsWhatTheOrgRefused(t *testing.T) {
	a := act(t, orgtest.Options{})
	reply := a.execute(t, `{"action":"GET","resource":"sobjects","object":"account","record":"none"}`)
	want := told{
		Code: "adapter-process", Description: "received HTTP code 404",
		Details: map[string]string{"body": `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]` + "\n"},
	}
	if diff := cmp.Diff(want, errorOf(t, reply)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if !bytes.HasPrefix(reply.Data, []byte(`{"Code":"adapter-process","Description":"received HTTP code 404","Details":{"body":"`)) {
		t.Errorf("the error is written %s", reply.Data)
	}
	if reply.RetryAfter != 0 {
		t.Errorf("it may succeed after %s", reply.RetryAfter)
	}
}

const postAccount = `{"action":"POST","resource":"sobjects","object":"Account","payload":{"Name":"Once"}}`

func TestTargetSignsInOnceMoreWhenItsTokenIsRefused(t *testing.T) {
	refuse := func(status int, code string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) { orgtest.Refuse(w, status, code, "no") }
	}
	tests := map[string]struct {
		refuse  func(w http.ResponseWriter)
		times   int // how often the org refuses
		signIns int // besides the first
		calls   int
		success bool
		later   bool
	}{
		"401 once":      {refuse(401, "INVALID_SESSION_ID"), 1, 1, 2, true, false},
		"401 always":    {refuse(401, "INVALID_SESSION_ID"), 9, 1, 2, false, false},
		"403 once":      {refuse(403, "FORBIDDEN"), 1, 1, 2, true, false},
		"403 always":    {refuse(403, "FORBIDDEN"), 9, 1, 2, false, false},
		"limit":         {refuse(403, "REQUEST_LIMIT_EXCEEDED"), 9, 0, 1, false, true},
		"not available": {refuse(503, "SERVER_UNAVAILABLE"), 9, 0, 1, false, true},
		"own fault":     {refuse(500, "UNKNOWN_EXCEPTION"), 9, 0, 1, false, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{})
			left := tc.times
			a.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, "/sobjects/") || left == 0 {
					return false
				}
				left--
				tc.refuse(w)
				return true
			})
			reply := a.execute(t, postAccount)
			if got := reply.Category == event.CategorySuccess; got != tc.success || (reply.RetryAfter > 0) != tc.later {
				t.Errorf("reply: %s %s, later after %s", reply.Category, reply.Data, reply.RetryAfter)
			}
			if signIns, calls := a.signIns()-1, a.posts(); signIns != tc.signIns || calls != tc.calls {
				t.Errorf("signed in %d times more and called %d times, want %d and %d", signIns, calls, tc.signIns, tc.calls)
			}
		})
	}
}

func TestTargetLimitIsWatched(t *testing.T) {
	a := act(t, orgtest.Options{APILimit: 1})
	get := `{"action":"GET","resource":"sobjects","object":"Account","record":"` + accountID + `"}`
	if reply := a.execute(t, get); reply.Category != event.CategorySuccess {
		t.Fatalf("reply: %s", reply.Data)
	}
	org, err := a.Org(t.Context(), a.target)
	if err != nil {
		t.Fatal(err)
	}
	if usage, known := org.Usage(); !known || usage != (salesforce.Usage{Used: 1, Max: 1}) {
		t.Errorf("usage %+v, known %v", usage, known)
	}
	reply := a.execute(t, get)
	if got := errorOf(t, reply); got.Description != "received HTTP code 403" || reply.RetryAfter <= 0 {
		t.Errorf("told %+v, later after %s", got, reply.RetryAfter)
	}
}

func TestTargetSharesItsToken(t *testing.T) {
	a := act(t, orgtest.Options{})
	all := func() {
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if reply := a.execute(t, postAccount); reply.Category != event.CategorySuccess {
					t.Errorf("reply: %s", reply.Data)
				}
			})
		}
		group.Wait()
	}
	all()
	if n := a.signIns(); n != 1 {
		t.Errorf("signed in %d times", n)
	}
	a.org.ExpireAccess()
	all()
	if n := a.signIns(); n != 2 {
		t.Errorf("signed in %d times after the token has expired", n)
	}
	if n := a.records.Len(); n != 41 {
		t.Errorf("there are %d accounts, want 41", n)
	}
}

func TestTargetRepeatsNoCallButReadingOnes(t *testing.T) {
	tests := map[string]struct {
		call  string
		calls int
		lost  bool
	}{
		"GET":    {`{"action":"GET","resource":"sobjects","object":"Account","record":"` + accountID + `"}`, 2, false},
		"POST":   {postAccount, 1, true},
		"PATCH":  {`{"action":"PATCH","resource":"sobjects","object":"Account","record":"` + accountID + `","payload":{"Name":"x"}}`, 1, true},
		"DELETE": {`{"action":"DELETE","resource":"sobjects","object":"Account","record":"` + accountID + `"}`, 1, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{})
			a.execute(t, `{"action":"GET","resource":"sobjects","object":"Account","record":"none"}`) // signs in
			var seen atomic.Int32
			a.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
				seen.Add(1)
				_, _ = io.Copy(io.Discard, r.Body)
				panic(http.ErrAbortHandler)
			})
			_, err := a.Call(t.Context(), a.target, event.APICall, []byte(tc.call))
			if err == nil || err.Code != salesforce.CodeAdapterProcess || err.Lost != tc.lost || err.RetryAfter() != 0 {
				t.Fatalf("the call failed with %+v", err)
			}
			// net/http may have made a reading call a second time itself, as the connection was used before.
			if n := int(seen.Load()); n < tc.calls || tc.lost && n != tc.calls {
				t.Errorf("the org saw %d calls, want %d", n, tc.calls)
			}
		})
	}
}

func TestTargetKeepsItsTokenFromOthers(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("a stranger was asked for %s", r.URL)
		w.WriteHeader(http.StatusOK)
	}))
	defer stranger.Close()
	tests := map[string]func(a *acted){
		"instance elsewhere": func(a *acted) {
			a.org.SetAnswer(func(answer map[string]any) { answer["instance_url"] = stranger.URL })
		},
		"redirect": func(a *acted) {
			a.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if strings.Contains(r.URL.Path, "/sobjects/") {
					http.Redirect(w, r, stranger.URL, http.StatusTemporaryRedirect)
					return true
				}
				return false
			})
		},
	}
	for name, arrange := range tests {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{})
			arrange(a)
			reply := a.execute(t, postAccount)
			got := errorOf(t, reply)
			if got.Code != "adapter-process" {
				t.Errorf("told %+v", got)
			}
			for _, secret := range a.org.Secrets() {
				if bytes.Contains(reply.Data, []byte(secret)) || strings.Contains(a.logged.String(), secret) {
					t.Errorf("a secret is told: %s, logged: %s", reply.Data, a.logged)
				}
			}
		})
	}
}

func TestTargetCannotSignIn(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	errStore := errors.New("disk 0815 is full")
	tests := map[string]struct {
		change func(*event.Target)
		key    []byte
		err    error
		want   string
		logged string
	}{
		"another key":    {key: pkcs1(other), want: "invalid_grant"},
		"unknown user":   {change: func(t *event.Target) { t.User = "eve@acme.example" }, want: "user hasn't approved this consumer"},
		"unknown client": {change: func(t *event.Target) { t.ClientID = "3MVG9.other" }, want: "invalid_client_id"},
		"wrong server":   {change: func(t *event.Target) { t.Server = "https://127.0.0.1:1" }, want: "leads elsewhere"},
		"no key":         {key: []byte("none"), want: "the target cannot be used now", logged: "not a private RSA key"},
		"no store":       {err: errStore, want: "the target cannot be used now", logged: errStore.Error()},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{})
			if tc.change != nil {
				tc.change(&a.target)
			}
			store := oneTarget{target: a.target, key: tc.key, err: tc.err}
			if tc.key == nil {
				store.key = pkcs1(signerKey())
			}
			log := logrus.New()
			log.SetOutput(a.logged)
			server, _ := a.Server("")
			a.Targets = salesforce.NewTargets(salesforce.Logins{Production: server}, nil, store, log)
			got := errorOf(t, a.execute(t, postAccount))
			if got.Code != "adapter-process" || !strings.Contains(got.Description, tc.want) || strings.Contains(got.Description, "0815") {
				t.Errorf("told %+v, want %q", got, tc.want)
			}
			if !strings.Contains(a.logged.String(), tc.logged) {
				t.Errorf("logged %s, want %q", a.logged, tc.logged)
			}
		})
	}
}

func TestTargetAssertionIsGoodForThreeMinutes(t *testing.T) {
	now := time.Now()
	for name, tc := range map[string]struct {
		ahead time.Duration // of the target's clock
		want  event.ReplyCategory
	}{
		"same clock":  {0, event.CategorySuccess},
		"behind":      {-2 * time.Minute, event.CategorySuccess},
		"far behind":  {-4 * time.Minute, event.CategoryError},
		"far ahead":   {time.Minute, event.CategoryError},
		"just in end": {-179 * time.Second, event.CategorySuccess},
	} {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{Now: func() time.Time { return now }})
			server, _ := a.Server("")
			a.Targets = salesforce.NewTargets(salesforce.Logins{Production: server}, func() time.Time { return now.Add(tc.ahead) },
				oneTarget{key: pkcs1(signerKey())}, logrus.New())
			if reply := a.execute(t, postAccount); reply.Category != tc.want {
				t.Errorf("reply: %s %s", reply.Category, reply.Data)
			}
		})
	}
}

func TestTargetVersionCanBeSet(t *testing.T) {
	a := act(t, orgtest.Options{})
	a.target.Version = "64.0"
	a.execute(t, postAccount)
	if n := a.count(func(c orgtest.Call) bool { return strings.HasPrefix(c.Path, "/services/data/v64.0/") }); n != 1 {
		t.Errorf("%d calls of version 64.0: %v", n, a.org.Calls())
	}
	if n := a.count(func(c orgtest.Call) bool { return c.Path == "/services/data" }); n != 0 {
		t.Errorf("the versions were asked for %d times", n)
	}
}

func TestTargetAnswerHasToBeReadable(t *testing.T) {
	answers := map[string]func(w http.ResponseWriter){
		"no JSON": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json;charset=UTF-8")
			_, _ = io.WriteString(w, `{"id":`)
		},
		"too large": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.Copy(w, io.LimitReader(endless{}, 17<<20))
		},
		"cut off": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"id":`)
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			a := act(t, orgtest.Options{})
			a.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
				if strings.Contains(r.URL.Path, "/sobjects/") {
					answer(w)
					return true
				}
				return false
			})
			_, err := a.Call(t.Context(), a.target, event.APICall, []byte(postAccount))
			if err == nil || err.Code != salesforce.CodeResponseParsing || !err.Lost {
				t.Errorf("the call failed with %+v", err)
			}
		})
	}
}

// endless is a string that does not end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestParseKey(t *testing.T) {
	key := signerKey()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})
	tests := map[string]struct {
		file []byte
		good bool
	}{
		"PKCS #1":           {pkcs1(key), true},
		"PKCS #8":           {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), true},
		"after certificate": {append(certificate, pkcs1(key)...), true},
		"certificate":       {certificate, false},
		"public":            {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}), false},
		"broken":            {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8[:99]}), false},
		"nothing":           {nil, false},
		"text":              {[]byte("s3cret"), false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := salesforce.ParseKey(tc.file)
			if tc.good && (err != nil || !got.Equal(key)) || !tc.good && !errors.Is(err, salesforce.ErrKey) {
				t.Errorf("key %v, error %v", got != nil, err)
			}
			if err != nil && strings.Contains(fmt.Sprint(err), "s3cret") {
				t.Errorf("the error tells the key: %v", err)
			}
		})
	}
}

func TestTargetLook(t *testing.T) {
	a := act(t, orgtest.Options{Name: "Acme"})
	for range 2 {
		look, err := a.Look(t.Context(), a.target)
		if err != nil {
			t.Fatal(err)
		}
		if look.Name != "Acme" || look.ID != orgtest.ID || look.Username != orgtest.Username || look.Version != "66.0" || look.Usage.Max != orgtest.APILimit {
			t.Errorf("look %+v", look)
		}
	}
	if n := a.signIns(); n != 2 {
		t.Errorf("two looks signed in %d times", n)
	}
	a.org.SetTrouble(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	if _, err := a.Look(t.Context(), a.target); !errors.Is(err, salesforce.ErrNoAnswer) || !salesforce.IsLater(err) {
		t.Errorf("look fails with %v", err)
	}
}

func TestParseVersion(t *testing.T) {
	tests := map[string]string{"66": "66.0", "v66.0\n": "66.0", "V7.0": "7.0", "": "", "x": "", "66.0/..": "", "1234": "", "-1": ""}
	for typed, want := range tests {
		got, ok := salesforce.ParseVersion(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestTargetIsForgotten(t *testing.T) {
	a := act(t, orgtest.Options{})
	a.execute(t, postAccount)
	if err := a.DeleteTarget(t.Context(), "1", a.target.ID); err != nil {
		t.Fatal(err)
	}
	a.execute(t, postAccount)
	if n := a.signIns(); n != 2 {
		t.Errorf("signed in %d times: the token outlives its target", n)
	}
}
