package salesforce

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dispatch/event"
)

// ErrNoAnswer is for an org that cannot be asked: what it said, if anything, is wrapped beside it.
var ErrNoAnswer = errors.New("the org does not answer")

// TargetLook is what there is to see of a target's org.
type TargetLook struct {
	About
	Username string
	Version  string // of the API that is called
	Usage    Usage  // zero when it is not known
}

// Look signs in to a target's org and asks it how it is, which is one call of its API. Where the org is the reason why it fails,
// the error is ErrNoAnswer.
func (t *Targets) Look(ctx context.Context, of event.Target) (TargetLook, error) {
	found, err := t.target(ctx, of)
	if err != nil {
		return TargetLook{}, err
	}
	look, err := found.look(ctx)
	if err != nil {
		return TargetLook{}, fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return look, nil
}

func (t *target) look(ctx context.Context) (look TargetLook, err error) {
	session, err := t.access.Renew(ctx, sessionBy(t.access.granted())) // whatever is good so far: it is the key that is tested
	if err != nil {
		return look, err
	}
	grant := t.access.granted()
	if look.About, err = t.org.About(ctx, grant.OrgID); err != nil {
		return look, err
	}
	if look.Version, err = t.org.version(ctx, session); err != nil {
		return look, err
	}
	look.Username = t.access.target.User
	if who, err := t.access.client.Identity(ctx, grant); err == nil { // not every app may ask
		look.Username = who.Username
	}
	look.Usage, _ = t.org.Usage()
	return look, nil
}

// ParseVersion reads a version of the API as people write it, such as 66, v66.0 or 66.0, and gives it as the latter. It says
// whether it is one.
func ParseVersion(typed string) (string, bool) {
	version := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(typed)), "v")
	if !strings.Contains(version, ".") {
		version += ".0"
	}
	return version, versionShape.MatchString(version)
}
