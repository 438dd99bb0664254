package salesforce

import (
	"errors"
	"net/http"
	"strings"
)

// DeployTrouble is what stands between us and an org.
type DeployTrouble struct {
	Kind TroubleKind
	Code string // the org's word for it; "" when it had none
	Text string // what the org said, in English, for what has no kind of its own
}

// TroubleKind is what somebody can do about it.
type TroubleKind string

// The kinds of trouble.
const (
	NoTrouble   TroubleKind = ""
	LostAccess  TroubleKind = "lost_access"   // authorize it again
	NoAPI       TroubleKind = "no_api"        // the user, or the org's edition, may not use the API
	NoMetadata  TroubleKind = "no_metadata"   // the user may not change metadata
	CallsUsedUp TroubleKind = "calls_used_up" // of the last 24 hours
	OrgBusy     TroubleKind = "org_busy"      // with another change, or overloaded
	OrgSilent   TroubleKind = "org_silent"    // no answer at all
	RequestGone TroubleKind = "request_gone"  // the org knows nothing of what it was asked to do; it forgets after 30 days
	OrgRefused  TroubleKind = "org_refused"   // anything else
)

// lasting says whether it is no use to ask again in a minute.
func (k TroubleKind) lasting() bool { return k != OrgBusy && k != OrgSilent }

// maxTrouble is how many characters are kept of what an org says.
const maxTrouble = 500

// troubleOf tells what an error of a call means.
func troubleOf(err error) DeployTrouble {
	var refused *APIError
	switch {
	case errors.Is(err, ErrLost), errors.Is(err, ErrGone):
		return DeployTrouble{Kind: LostAccess}
	case errors.As(err, &refused):
		return refusedBy(refused)
	case errors.Is(err, ErrUntrusted), errors.Is(err, ErrTooLarge), errors.Is(err, errNoVersion):
		return DeployTrouble{Kind: OrgRefused, Text: err.Error()}
	}
	return DeployTrouble{Kind: OrgSilent}
}

// refusedBy is the trouble that an org has told in words.
func refusedBy(e *APIError) DeployTrouble {
	t := DeployTrouble{Kind: OrgRefused, Code: e.Code, Text: cut(e.Message, maxTrouble)}
	switch {
	case e.Code == requestLimit:
		t.Kind = CallsUsedUp
	case e.Status == http.StatusUnauthorized:
		t.Kind = LostAccess
	case e.Code == "API_CURRENTLY_DISABLED" || e.Code == "API_DISABLED_FOR_ORG":
		t.Kind = NoAPI
	case e.Code == "INSUFFICIENT_ACCESS":
		t.Kind = NoMetadata
	case e.Code == "ALREADY_IN_PROCESS" || e.Code == "UNABLE_TO_LOCK_ROW" || e.Code == "SERVER_UNAVAILABLE":
		t.Kind = OrgBusy
	case e.Status == http.StatusNotFound:
		t.Kind = RequestGone
	case e.Status >= http.StatusInternalServerError || e.Status == http.StatusTooManyRequests:
		t.Kind = OrgBusy
	}
	return t
}

// refusesNoTests says whether an org wants tests run: it is one where people work, whatever it said before.
func refusesNoTests(err error) bool {
	var refused *APIError
	return errors.As(err, &refused) && refused.Code == "INVALID_OPERATION" && strings.Contains(refused.Message, string(NoTestRun))
}
