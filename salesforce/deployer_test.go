package salesforce_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// zipped is an archive with the files.
func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file, err := writer.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const manifest = `<?xml version="1.0" encoding="UTF-8"?><Package xmlns="http://soap.sforce.com/2006/04/metadata">%s</Package>`

const members = `<types><members>Sender</members><members>SenderTest</members><name>ApexClass</name></types>`

// bringing is a package of a class and its test, taking one that takes both away.
func bringing(t *testing.T) []byte {
	return zipped(t, map[string]string{
		"package.xml":        fmt.Sprintf(manifest, members+`<version>64.0</version>`),
		"classes/Sender.cls": "public class Sender { /* new-secret */ }", "classes/Sender.cls-meta.xml": "<ApexClass/>",
		"classes/SenderTest.cls": "@IsTest private class SenderTest {}", "classes/SenderTest.cls-meta.xml": "<ApexClass/>",
	})
}

func taking(t *testing.T) []byte {
	return zipped(t, map[string]string{
		"package.xml":            fmt.Sprintf(manifest, `<version>64.0</version>`),
		"destructiveChanges.xml": fmt.Sprintf(manifest, members),
	})
}

// works is an office in which deployments are gone about.
type works struct {
	*office
	*salesforce.Deployer
	deploys *orgtest.Deploys
	stop    func() // as the end of the program does
}

func openWorks(t *testing.T, opts orgtest.Options) *works {
	t.Helper()
	o := openOffice(t, opts)
	w := &works{office: o, deploys: orgtest.NewDeploys(o.org)}
	o.authorize()
	w.start()
	return w
}

// start begins, as the program does.
func (w *works) start() {
	w.t.Helper()
	log := logrus.New()
	log.SetOutput(w.log)
	w.Deployer = salesforce.NewDeployer(salesforce.DeployerOptions{
		Every: time.Millisecond, Patience: 40 * time.Millisecond, Log: log,
	}, w.Orgs, w.db)
	ctx, cancel := context.WithCancel(w.t.Context())
	ended, running := make(chan error, 1), w.Deployer
	go func() { ended <- running.Run(ctx) }()
	w.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
		w.stop = func() {}
	}
	w.t.Cleanup(func() { w.stop() })
}

// deploy begins a deployment, or a removal.
func (w *works) deploy(removal bool) salesforce.Deployment {
	w.t.Helper()
	wanted := salesforce.Deployment{
		SourceID: w.source.ID, OrgID: orgtest.ID, Objects: []string{"Opportunity", "Case"},
		Cargo: salesforce.Cargo{Archive: bringing(w.t), Secret: []byte("new-secret")},
	}
	if removal {
		wanted.Removal, wanted.Cargo = true, salesforce.Cargo{Archive: taking(w.t)}
	}
	begun, err := w.Start(w.t.Context(), wanted)
	if err != nil {
		w.t.Fatal(err)
	}
	return begun
}

// await waits until the deployment is as it should be.
func (w *works) await(what string, is func(salesforce.Deployment) bool) salesforce.Deployment {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	var now salesforce.Deployment
	for now = range w.Watch(ctx, w.source.ID) {
		if is(now) {
			return now
		}
	}
	w.t.Fatalf("never %s: %+v\n%s", what, now, w.log)
	return now
}

func (w *works) over() salesforce.Deployment {
	w.t.Helper()
	return w.await("over", func(d salesforce.Deployment) bool { return d.Phase.Over() })
}

// keys are the secrets that callouts may be signed with: "∞" those that do not expire.
func (w *works) keys() map[string]string {
	w.t.Helper()
	s, err := w.db.SourceByID(w.t.Context(), guild, w.source.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	keys := map[string]string{}
	for _, k := range s.Keys {
		switch {
		case k.ExpiresAt.IsZero():
			keys[string(k.Secret)] = "∞"
		case time.Until(k.ExpiresAt) > 2*time.Hour:
			keys[string(k.Secret)] = "days"
		default:
			keys[string(k.Secret)] = "an hour"
		}
	}
	return keys
}

func (w *works) has(want ...string) {
	w.t.Helper()
	got := slices.Sorted(maps.Keys(w.deploys.Files()))
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		w.t.Errorf("files in the org (-want +got):\n%s", diff)
	}
}

func TestDeployAndRemove(t *testing.T) {
	check := func(level string, tests ...string) orgtest.DeployOptions {
		return orgtest.DeployOptions{CheckOnly: true, RollbackOnError: true, SinglePackage: true, TestLevel: level, RunTests: tests}
	}
	inEarnest := func(o orgtest.DeployOptions) orgtest.DeployOptions { o.CheckOnly = false; return o }
	removing := func(o orgtest.DeployOptions) orgtest.DeployOptions { o.IgnoreWarnings = true; return o }
	tests := map[string]struct {
		sandbox       bool
		bring, remove orgtest.DeployOptions
		built         bool // upon the checks, as tests have run
	}{
		"sandbox":    {true, check("NoTestRun"), removing(check("NoTestRun")), false},
		"production": {false, check("RunSpecifiedTests", "SenderTest"), removing(check("RunLocalTests")), true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorks(t, orgtest.Options{Sandbox: tc.sandbox})
			if err := w.db.AddKey(t.Context(), guild, w.source.ID, []byte("old-secret"), time.Time{}); err != nil {
				t.Fatal(err)
			}
			w.deploy(false)
			if got := w.over(); got.Phase != salesforce.DeploySucceeded || got.EndedAt.IsZero() || got.Trouble != (salesforce.DeployTrouble{}) {
				t.Errorf("%+v\n%s", got, w.log)
			}
			w.has("classes/Sender.cls", "classes/SenderTest.cls")
			if diff := cmp.Diff(map[string]string{"new-secret": "∞", "old-secret": "an hour"}, w.keys()); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			w.deploy(true)
			if got := w.over(); got.Phase != salesforce.DeploySucceeded {
				t.Errorf("%+v\n%s", got, w.log)
			}
			w.has()
			built := func(id string) string {
				if tc.built {
					return id
				}
				return ""
			}
			want := []orgtest.DeployRequest{
				{ID: "0Af5g0000000001EAA", Options: tc.bring, State: "Succeeded"},
				{ID: "0Af5g0000000002EAA", Options: inEarnest(tc.bring), State: "Succeeded", Checked: built("0Af5g0000000001EAA")},
				{ID: "0Af5g0000000003EAA", Options: tc.remove, State: "Succeeded"},
				{ID: "0Af5g0000000004EAA", Options: inEarnest(tc.remove), State: "Succeeded", Checked: built("0Af5g0000000003EAA")},
			}
			if diff := cmp.Diff(want, w.deploys.Requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if strings.Contains(w.log.String(), "secret") {
				t.Errorf("the log tells a secret:\n%s", w.log)
			}
		})
	}
}

func TestDeployFails(t *testing.T) {
	w := openWorks(t, orgtest.Options{})
	if err := w.db.AddKey(t.Context(), guild, w.source.ID, []byte("old-secret"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	broken := map[string]any{
		"fileName": "classes/Sender.cls", "fullName": "Sender", "lineNumber": "12", "columnNumber": 5, "problem": "Variable does not exist: x",
	}
	w.deploys.End(orgtest.DeployOutcome{
		State: "Failed", ErrorStatusCode: "UNKNOWN_EXCEPTION", ErrorMessage: "it broke",
		ComponentFailures: []map[string]any{broken, broken},
		TestFailures:      []map[string]any{{"name": "SenderTest", "methodName": "sends", "message": "System.AssertException", "stackTrace": "Class.SenderTest.sends: line 3, column 1\nmore"}},
		CoverageWarnings:  []map[string]any{{"name": nil, "message": "Average test coverage is 60%"}},
	})
	w.deploy(false)
	got := w.over()
	want := salesforce.DeployReport{
		State: "Failed", ErrorCode: "UNKNOWN_EXCEPTION", Error: "it broke",
		Components: 2, ComponentsTotal: 2, ComponentErrors: 2, Tests: 1, TestsTotal: 1, TestErrors: 1,
		Problems: []salesforce.DeployProblem{
			{Kind: salesforce.ComponentProblem, Name: "Sender", File: "classes/Sender.cls", Line: 12, Column: 5, Text: "Variable does not exist: x"},
			{Kind: salesforce.TestProblem, Name: "SenderTest.sends", Text: "System.AssertException", Trace: "Class.SenderTest.sends: line 3, column 1"},
			{Kind: salesforce.CoverageProblem, Text: "Average test coverage is 60%"},
		},
	}
	if diff := cmp.Diff(want, got.Report); diff != "" || got.Phase != salesforce.DeployFailed {
		t.Errorf("%s (-want +got):\n%s", got.Phase, diff)
	}
	if n := len(w.deploys.Requests()); n != 1 {
		t.Errorf("%d requests, want the check alone", n)
	}
	if diff := cmp.Diff(map[string]string{"old-secret": "∞"}, w.keys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	w.has()
}

// refuse has the org refuse requests of the method to deploy, after so many that it takes.
func (w *works) refuse(method string, after int, status int, code, message string) {
	w.org.SetTrouble(func(answer http.ResponseWriter, r *http.Request) bool {
		if r.Method != method || !strings.Contains(r.URL.Path, "/metadata/") {
			return false
		}
		if after--; after >= 0 {
			return false
		}
		orgtest.Refuse(answer, status, code, message)
		return true
	})
}

func TestDeployInTrouble(t *testing.T) {
	type refusal struct {
		method        string
		after, status int
		code          string
	}
	tests := map[string]struct {
		refusal
		want  salesforce.TroubleKind
		phase salesforce.DeployPhase
	}{
		"may not change metadata": {refusal{"POST", 0, 403, "INSUFFICIENT_ACCESS"}, salesforce.NoMetadata, salesforce.DeployFailed},
		"user without API":        {refusal{"POST", 0, 403, "API_CURRENTLY_DISABLED"}, salesforce.NoAPI, salesforce.DeployFailed},
		"edition without API":     {refusal{"POST", 0, 403, "API_DISABLED_FOR_ORG"}, salesforce.NoAPI, salesforce.DeployFailed},
		"calls used up":           {refusal{"POST", 0, 403, "REQUEST_LIMIT_EXCEEDED"}, salesforce.CallsUsedUp, salesforce.DeployFailed},
		"something else":          {refusal{"POST", 0, 400, "INVALID_OPERATION"}, salesforce.OrgRefused, salesforce.DeployFailed},
		"busy for too long":       {refusal{"POST", 0, 503, "SERVER_UNAVAILABLE"}, salesforce.OrgBusy, salesforce.DeployFailed},
		"busy then":               {refusal{"POST", 1, 503, "SERVER_UNAVAILABLE"}, salesforce.OrgBusy, salesforce.DeployFailed},
		"check forgotten":         {refusal{"GET", 1, 404, "NOT_FOUND"}, salesforce.RequestGone, salesforce.DeployFailed},
		"check not told of":       {refusal{"GET", 1, 500, "UNKNOWN_EXCEPTION"}, salesforce.OrgBusy, salesforce.DeployFailed},
		"change forgotten":        {refusal{"GET", 4, 404, "NOT_FOUND"}, salesforce.RequestGone, salesforce.DeployUnknown},
		"change not told of":      {refusal{"GET", 4, 403, "REQUEST_LIMIT_EXCEEDED"}, salesforce.CallsUsedUp, salesforce.DeployUnknown},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorks(t, orgtest.Options{})
			w.refuse(tc.method, tc.after, tc.status, tc.code, "no")
			w.deploy(false)
			got := w.over()
			if got.Phase != tc.phase || got.Trouble != (salesforce.DeployTrouble{Kind: tc.want, Code: tc.code, Text: "no"}) {
				t.Errorf("%s with %+v, want %s with %s\n%s", got.Phase, got.Trouble, tc.phase, tc.want, w.log)
			}
			keys := map[string]string{}
			if tc.phase == salesforce.DeployUnknown {
				keys["new-secret"] = "days" // it may be what the org signs with
			}
			if diff := cmp.Diff(keys, w.keys()); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeployWithoutAccess(t *testing.T) {
	w := openWorks(t, orgtest.Options{})
	w.org.RemoveApprovals()
	w.deploy(false)
	if got := w.over(); got.Phase != salesforce.DeployFailed || got.Trouble.Kind != salesforce.LostAccess {
		t.Errorf("%s with %+v", got.Phase, got.Trouble)
	}
}

// An org that is authorized again in the middle, or another one, is told apart.
func TestDeployGoesToTheOrgItWasMeantFor(t *testing.T) {
	w := openWorks(t, orgtest.Options{})
	c := w.connection()
	c.OrgID = "00D000000000002AAA"
	if err := w.db.SaveConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.deploy(false)
	if got := w.over(); got.Phase != salesforce.DeployFailed || got.Trouble.Kind != salesforce.LostAccess || len(w.deploys.Requests()) > 0 {
		t.Errorf("%s with %+v after %d requests", got.Phase, got.Trouble, len(w.deploys.Requests()))
	}
}

func TestDeployOvercomes(t *testing.T) {
	once := func(does func(*http.Request) bool, status int, code, message string) func(http.ResponseWriter, *http.Request) bool {
		done := false
		return func(w http.ResponseWriter, r *http.Request) bool {
			if done || !does(r) {
				return false
			}
			done = true
			orgtest.Refuse(w, status, code, message)
			return true
		}
	}
	posts := func(kind string) func(*http.Request) bool {
		return func(r *http.Request) bool {
			return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), kind)
		}
	}
	tests := map[string]struct {
		sandbox bool
		trouble func(http.ResponseWriter, *http.Request) bool
	}{
		"an org that is busy":        {false, once(posts("multipart/"), 503, "SERVER_UNAVAILABLE", "later")},
		"another change at the time": {false, once(posts("multipart/"), 400, "ALREADY_IN_PROCESS", "locked")},
		"a check that has expired":   {false, once(posts("application/json"), 404, "NOT_FOUND", "no")},
		"a production that hides":    {true, once(posts("multipart/"), 400, "INVALID_OPERATION", "testLevel of NoTestRun cannot be used in production organizations")},
		"an org that tells nothing":  {true, once(func(r *http.Request) bool { return strings.Contains(r.URL.Path, "Organization") }, 403, "INSUFFICIENT_ACCESS", "no")},
		"a question without an answer": {true, once(func(r *http.Request) bool {
			return strings.Contains(r.URL.Path, "/metadata/") && r.Method == http.MethodGet
		}, 502, "", "")},
		"a token that expires meanwhile": {true, once(func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/metadata/") }, 401, "INVALID_SESSION_ID", "expired")},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorks(t, orgtest.Options{Sandbox: tc.sandbox})
			w.org.SetTrouble(tc.trouble)
			w.deploy(false)
			if got := w.over(); got.Phase != salesforce.DeploySucceeded {
				t.Errorf("%+v\n%s", got, w.log)
			}
			w.has("classes/Sender.cls", "classes/SenderTest.cls")
		})
	}
}

func TestDeployOneAtATime(t *testing.T) {
	w := openWorks(t, orgtest.Options{})
	w.deploys.Hold(true)
	w.deploy(false)
	if _, err := w.Start(t.Context(), salesforce.Deployment{SourceID: w.source.ID}); !errors.Is(err, salesforce.ErrDeploying) {
		t.Errorf("a second one: %v", err)
	}
	if _, err := w.Start(t.Context(), salesforce.Deployment{SourceID: "gone"}); err == nil {
		t.Error("one for no source begins")
	}
	w.deploys.Hold(false)
	w.over()
	w.deploy(true)
	w.over()
	w.has()
}

func TestDeployCancelled(t *testing.T) {
	working := func(phase salesforce.DeployPhase) func(salesforce.Deployment) bool {
		return func(d salesforce.Deployment) bool { return d.Phase == phase && d.Report.State == "InProgress" }
	}
	tests := map[string]struct {
		during salesforce.DeployPhase
		late   bool // the org has gone too far already
		want   salesforce.DeployPhase
		n      int // requests
	}{
		"while it is checked":         {salesforce.DeployChecking, false, salesforce.DeployCancelled, 1},
		"when it was checked already": {salesforce.DeployChecking, true, salesforce.DeployCancelled, 1},
		"while it is taken":           {salesforce.DeployChanging, false, salesforce.DeployCancelled, 2},
		"when it was taken already":   {salesforce.DeployChanging, true, salesforce.DeploySucceeded, 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorks(t, orgtest.Options{})
			w.deploys.Hold(tc.during == salesforce.DeployChecking)
			w.org.SetTrouble(func(answer http.ResponseWriter, r *http.Request) bool {
				switch {
				case r.Method == http.MethodPost && r.Header.Get("Content-Type") == "application/json":
					w.deploys.Hold(true)
				case r.Method == http.MethodPatch && tc.late:
					w.deploys.Hold(false)
					orgtest.Refuse(answer, http.StatusBadRequest, "INVALID_OPERATION", "finalizing")
					return true
				}
				return false
			})
			w.deploy(false)
			w.await("worked on", working(tc.during))
			if !w.Cancel(w.source.ID) {
				t.Error("there is nothing to cancel")
			}
			if got := w.over(); got.Phase != tc.want || len(w.deploys.Requests()) != tc.n {
				t.Errorf("%s after %d requests, want %s after %d", got.Phase, len(w.deploys.Requests()), tc.want, tc.n)
			}
			if w.Cancel(w.source.ID) {
				t.Error("what is over was cancelled")
			}
		})
	}
}

// settled waits until the store says that the last deployment is over.
func (w *works) settled() salesforce.Deployment {
	w.t.Helper()
	enough := time.After(20 * time.Second)
	for {
		told, err := w.Deployed(w.t.Context(), w.source.ID, orgtest.ID)
		if err != nil || told.Last.Phase.Over() {
			return told.Last
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-enough:
			w.t.Fatalf("never over: %+v\n%s", told.Last, w.log)
		}
	}
}

// TestDeploySurvivesRestarts stops the program at each step and starts it again: what the org was asked to do is not asked for
// twice, and what was called off stays so.
func TestDeploySurvivesRestarts(t *testing.T) {
	tests := map[string]struct {
		until  func(salesforce.Deployment) bool
		cancel bool
		want   salesforce.DeployPhase
		n      int // requests in all
	}{
		"in the check": {
			func(d salesforce.Deployment) bool { return d.Phase == salesforce.DeployChecking && d.RequestID != "" },
			false, salesforce.DeploySucceeded, 2,
		},
		"in the change": {
			func(d salesforce.Deployment) bool { return d.Phase == salesforce.DeployChanging && d.RequestID != "" },
			false, salesforce.DeploySucceeded, 2,
		},
		"called off": {
			func(d salesforce.Deployment) bool { return d.Phase == salesforce.DeployChecking && d.RequestID != "" },
			true, salesforce.DeployCancelled, 1,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorks(t, orgtest.Options{})
			w.deploy(false)
			first := w.await("there", tc.until)
			w.deploys.Hold(true)
			if tc.cancel {
				w.refuse(http.MethodPatch, 0, http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", "later")
				w.Cancel(w.source.ID)
				w.await("asked to end", func(salesforce.Deployment) bool {
					all, err := w.db.OpenDeployments(t.Context())
					return err == nil && len(all) == 1 && all[0].Cancelled
				})
			}
			w.stop()
			w.org.SetTrouble(nil)
			w.deploys.Hold(false)
			w.start()
			last := w.settled()
			if last.ID != first.ID || last.Phase != tc.want || len(w.deploys.Requests()) != tc.n {
				t.Errorf("%+v after %d requests, want %s after %d", last, len(w.deploys.Requests()), tc.want, tc.n)
			}
		})
	}
}

// TestDeploymentBegunTooLate is by somebody who would wait for ever; it goes on when the program does.
func TestDeploymentBegunTooLate(t *testing.T) {
	w := openWorks(t, orgtest.Options{})
	w.stop()
	begun := make(chan error, 1)
	go func() {
		_, err := w.Start(context.WithoutCancel(t.Context()), salesforce.Deployment{
			SourceID: w.source.ID, OrgID: orgtest.ID, Objects: []string{"Case"}, Cargo: salesforce.Cargo{Archive: bringing(t), Secret: []byte("new-secret")},
		})
		begun <- err
	}()
	select {
	case err := <-begun:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody is there to begin it")
	}
	w.start()
	if last := w.settled(); last.Phase != salesforce.DeploySucceeded {
		t.Errorf("%+v", last)
	}
}

func TestDeployed(t *testing.T) {
	brought := func(phase salesforce.DeployPhase, objects ...string) salesforce.Deployment {
		return salesforce.Deployment{Phase: phase, Objects: objects}
	}
	removed := salesforce.Deployment{Phase: salesforce.DeploySucceeded, Removal: true}
	tests := map[string]struct {
		all  []salesforce.Deployment
		want []string
	}{
		"nothing":           {nil, nil},
		"failed":            {[]salesforce.Deployment{brought(salesforce.DeployFailed, "Case")}, nil},
		"under way":         {[]salesforce.Deployment{brought(salesforce.DeployChanging, "Case")}, nil},
		"one after another": {[]salesforce.Deployment{brought(salesforce.DeploySucceeded, "Case", "Lead"), brought(salesforce.DeploySucceeded, "Lead", "Order")}, []string{"Case", "Lead", "Order"}},
		"not known":         {[]salesforce.Deployment{brought(salesforce.DeployUnknown, "Case")}, []string{"Case"}},
		"removed":           {[]salesforce.Deployment{brought(salesforce.DeploySucceeded, "Case"), removed}, nil},
		"removed before":    {[]salesforce.Deployment{removed, brought(salesforce.DeploySucceeded, "Case")}, []string{"Case"}},
		"removal failed":    {[]salesforce.Deployment{brought(salesforce.DeploySucceeded, "Case"), {Phase: salesforce.DeployFailed, Removal: true}}, []string{"Case"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, salesforce.DeployedBy(tc.all)); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCargoIsNotTold(t *testing.T) {
	d := salesforce.Deployment{Cargo: salesforce.Cargo{Archive: []byte("tell-nobody"), Secret: []byte("tell-nobody")}}
	for _, told := range []string{fmt.Sprintf("%v %+v %#v %s", d, d, d, d.Cargo), fmt.Sprint(event.SigningKey{})} {
		if strings.Contains(told, "tell-nobody") || strings.Contains(told, "116 101 108 108") {
			t.Error(told)
		}
	}
}
