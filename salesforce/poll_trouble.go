package salesforce

import (
	"errors"
	"fmt"
	"time"
)

// PollTroubleKind is what stands in the way of a poll.
type PollTroubleKind string

// The kinds of trouble.
const (
	PollUnauthorized PollTroubleKind = "unauthorized" // nobody has let us in
	PollLost         PollTroubleKind = "lost"         // somebody has to authorize the org again
	PollLimit        PollTroubleKind = "limit"        // the org's calls are used up
	PollBusy         PollTroubleKind = "busy"
	PollSilent       PollTroubleKind = "silent"  // the org was not reached, or answered nonsense
	PollRefused      PollTroubleKind = "refused" // in the org's words
	PollObject       PollTroubleKind = "object"  // the object cannot be polled any more
	PollOurs         PollTroubleKind = "ours"    // what was found cannot be stored now
)

// errOurs is for what goes wrong on our side.
var errOurs = errors.New("not stored")

// ours says that an error is no org's doing.
func ours(err error) error {
	if err == nil || errors.Is(err, ErrNotPolled) {
		return err
	}
	return fmt.Errorf("%w: %w", errOurs, err)
}

// PollTrouble is why a poll, or one of its objects, does not get on.
type PollTrouble struct {
	Kind     PollTroubleKind
	Told     string // by the org, for people; "" where there is nothing more to say
	Since    time.Time
	Failures int // rounds, one after the other

	retryAfter time.Duration
}

// waits says whether there is no use in asking before somebody does something.
func (t *PollTrouble) waits() bool { return t.Kind == PollUnauthorized || t.Kind == PollLost }

// next is the trouble after a round that ended in err, nil when there is none any more.
func (t *PollTrouble) next(err error, now time.Time) *PollTrouble {
	if err == nil {
		return nil
	}
	kind, told := pollTroubleOf(err)
	after := &PollTrouble{Kind: kind, Told: told, Since: now, Failures: 1}
	if t != nil {
		after.Since, after.Failures = t.Since, t.Failures+1
	}
	var failed *APIError
	if errors.As(err, &failed) {
		after.retryAfter = failed.RetryAfter
	}
	return after
}

// pollTroubleOf is what an error means for a poll, and what the org has said.
func pollTroubleOf(err error) (kind PollTroubleKind, told string) {
	var (
		object  *PollObjectError
		failed  *APIError
		refused *OAuthError
	)
	switch {
	case errors.Is(err, ErrNotAuthorized):
		return PollUnauthorized, ""
	case errors.Is(err, ErrLost):
		return PollLost, ""
	case errors.As(err, &object):
		return PollObject, ""
	case errors.As(err, &failed) && failed.Code == requestLimit:
		return PollLimit, ""
	case IsLater(err):
		return PollBusy, ""
	case errors.As(err, &failed):
		return PollRefused, cut(failed.Code+": "+failed.Message, maxTold)
	case errors.As(err, &refused):
		return PollRefused, refused.Code + ": " + refused.Description
	case errors.Is(err, errOurs):
		return PollOurs, ""
	}
	return PollSilent, ""
}
