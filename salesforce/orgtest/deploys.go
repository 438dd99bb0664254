package orgtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Deploys is what an org knows of the Metadata API: it takes packages and removes what is in them. Each question about a
// request takes it one step further: it waits, is worked on, and is over.
type Deploys struct {
	org *Org

	mu       sync.Mutex
	requests []*deployRequest
	files    map[string]string // what was deployed, by path
	outcome  *DeployOutcome    // of the next request; nil: by what is in it
	held     bool
}

// DeployOptions are how a request wants to be gone about, as in the API.
type DeployOptions struct {
	AllowMissingFiles bool     `json:"allowMissingFiles"`
	AutoUpdatePackage bool     `json:"autoUpdatePackage"`
	CheckOnly         bool     `json:"checkOnly"`
	IgnoreWarnings    bool     `json:"ignoreWarnings"`
	PerformRetrieve   bool     `json:"performRetrieve"`
	PurgeOnDelete     bool     `json:"purgeOnDelete"`
	RollbackOnError   bool     `json:"rollbackOnError"`
	RunTests          []string `json:"runTests"`
	SinglePackage     bool     `json:"singlePackage"`
	TestLevel         string   `json:"testLevel"`
}

// DeployRequest is a request that the org has taken.
type DeployRequest struct {
	ID      string
	Options DeployOptions
	Checked string // id of the check whose package is taken without another; "" when the request brought its own
	State   string
}

// DeployOutcome is how a request is to end, whatever is in it. The lists are as the API has them.
type DeployOutcome struct {
	State                         string
	ErrorStatusCode, ErrorMessage string
	ComponentFailures             []map[string]any
	TestFailures                  []map[string]any
	CoverageWarnings              []map[string]any
}

// deployRequest is one with what is not for everybody.
type deployRequest struct {
	DeployRequest
	pack    bundle
	outcome DeployOutcome
	steps   int // questions so far
}

// NewDeploys teaches the org to take deployments.
func NewDeploys(o *Org) *Deploys {
	d := &Deploys{org: o, files: make(map[string]string)}
	o.API(http.MethodPost, "metadata/deployRequest", d.take)
	o.API(http.MethodGet, "metadata/deployRequest/{id}", d.show)
	o.API(http.MethodPatch, "metadata/deployRequest/{id}", d.cancel)
	return d
}

// Requests are all that the org has taken, the oldest first.
func (d *Deploys) Requests() []DeployRequest {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]DeployRequest, len(d.requests))
	for i, r := range d.requests {
		all[i] = r.DeployRequest
	}
	return all
}

// Files are what packages have left in the org, by their paths.
func (d *Deploys) Files() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.files)
}

// End sets how the next request ends.
func (d *Deploys) End(outcome DeployOutcome) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.outcome = &outcome
}

// Hold keeps requests from being over until it is called again with false.
func (d *Deploys) Hold(held bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = held
}

// begin keeps a request. The caller holds the lock.
func (d *Deploys) begin(options DeployOptions, pack bundle, checked string) *deployRequest {
	r := &deployRequest{pack: pack, DeployRequest: DeployRequest{
		ID: fmt.Sprintf("0Af5g00000%05dEAA", len(d.requests)+1), Options: options, Checked: checked, State: "Pending",
	}}
	r.outcome = pack.judge(options, d.files)
	if d.outcome != nil {
		r.outcome, d.outcome = *d.outcome, nil
	}
	d.requests = append(d.requests, r)
	return r
}

// find gives the request of a call. The caller holds the lock.
func (d *Deploys) find(w http.ResponseWriter, r *http.Request) *deployRequest {
	i := slices.IndexFunc(d.requests, func(known *deployRequest) bool { return known.ID == r.PathValue("id") })
	if i < 0 {
		Refuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		return nil
	}
	return d.requests[i]
}

// show tells how far a request is, and takes it further.
func (d *Deploys) show(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := d.find(w, r)
	if found == nil {
		return
	}
	d.further(found)
	Answer(w, http.StatusOK, found.answer(r.URL.Query().Get("includeDetails") == "true"))
}

func (d *Deploys) further(r *deployRequest) {
	r.steps++
	switch {
	case r.State == "Pending" && r.steps > 1:
		r.State = "InProgress"
	case r.State == "Canceling":
		r.State = "Canceled"
	case r.State == "InProgress" && !d.held:
		r.State = r.outcome.State
		if r.State == "Succeeded" && !r.Options.CheckOnly {
			r.pack.apply(d.files)
		}
	}
}

// cancel has a request end without an effect.
func (d *Deploys) cancel(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var wanted struct {
		DeployResult struct {
			Status string `json:"status"`
		} `json:"deployResult"`
	}
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil || wanted.DeployResult.Status != "Canceling" {
		Refuse(w, http.StatusBadRequest, "JSON_PARSER_ERROR", "status must be Canceling")
		return
	}
	found := d.find(w, r)
	switch {
	case found == nil:
	case found.State != "Pending" && found.State != "InProgress":
		Refuse(w, http.StatusBadRequest, "INVALID_OPERATION", "deployment is not in progress: "+strings.ToLower(found.State))
	default:
		found.State = "Canceling"
		Answer(w, http.StatusAccepted, found.answer(false))
	}
}
