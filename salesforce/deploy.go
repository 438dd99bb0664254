package salesforce

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// OldSecretsLive is how long a source's other secrets are good after its org has taken a package with a new one: callouts may
// be on their way, or be repeated.
const OldSecretsLive = time.Hour

// ErrDeploying is for a source that has a deployment under way already.
var ErrDeploying = errors.New("a deployment is under way")

// DeployPhase is how far a deployment is.
type DeployPhase string

// The phases of a deployment.
const (
	DeployChecking  DeployPhase = "checking" // the org tries it out and changes nothing
	DeployChanging  DeployPhase = "changing" // the org takes it
	DeploySucceeded DeployPhase = "succeeded"
	DeployFailed    DeployPhase = "failed"
	DeployCancelled DeployPhase = "cancelled"
	DeployUnknown   DeployPhase = "unknown" // the org could not be asked any more, and may have been changed
)

// Over says whether nothing more happens.
func (p DeployPhase) Over() bool { return p != DeployChecking && p != DeployChanging }

// TestLevel is which tests an org runs before it takes a deployment.
type TestLevel string

// The test levels that we ask for.
const (
	NoTestRun         TestLevel = "NoTestRun" // only where nobody works: production refuses it
	RunSpecifiedTests TestLevel = "RunSpecifiedTests"
	RunLocalTests     TestLevel = "RunLocalTests" // all but those of installed packages
)

// Deployment is a package on its way into an org, or out of it.
type Deployment struct {
	ID        string // UUIDv7
	SourceID  string
	OrgID     string   // 18 characters
	Removal   bool     // takes out what was deployed before
	Objects   []string // that its triggers are on
	StartedAt time.Time
	EndedAt   time.Time // zero while it is under way
	Phase     DeployPhase
	RequestID string    // what the org calls the request of this phase; "" while it has none
	Checked   bool      // the check has passed
	CheckedID string    // what the org called it; "" when it may not be built upon
	TestLevel TestLevel // "" while it is not chosen
	Cancelled bool      // somebody wants it to end
	Report    DeployReport
	Trouble   DeployTrouble // why it failed, or what it waits for
	Cargo     Cargo
}

// Cargo is what a deployment brings. Either part tells the secret, so it prints as [redacted] under every verb.
type Cargo struct {
	Archive []byte // as the Metadata API takes it
	Secret  []byte // by which what it brings signs; nil for a removal
}

// Format implements fmt.Formatter, so that no verb shows the secret.
func (Cargo) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }

// MarshalJSON keeps the secret out of JSON, too.
func (Cargo) MarshalJSON() ([]byte, error) { return []byte(`"[redacted]"`), nil }

// Deployed is what there is to say of a source's deployments into an org.
type Deployed struct {
	Last    Deployment // the newest, whatever became of it; its ID is "" when there was none
	Objects []string   // that have triggers of ours in the org now, as far as we know
}

// DeployedBy is what deployments that are over have left in an org. They are in the order in which they began.
func DeployedBy(all []Deployment) []string {
	var objects []string
	for _, d := range all {
		switch {
		case d.Removal && d.Phase == DeploySucceeded:
			objects = nil
		case !d.Removal && (d.Phase == DeploySucceeded || d.Phase == DeployUnknown):
			for _, object := range d.Objects {
				if !slices.Contains(objects, object) {
					objects = append(objects, object)
				}
			}
		}
	}
	return objects
}
