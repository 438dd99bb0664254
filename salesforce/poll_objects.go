package salesforce

import (
	"fmt"
	"slices"
	"strings"
)

// Problems of an object that is to be polled, beside NotAnAPIName and TooManyObjects.
const (
	NoSuchObject ObjectProblem = "no-such-object" // or nobody lets us see it; the org's answer says which
	NotQueryable ObjectProblem = "not-queryable"
	NoTimestamp  ObjectProblem = "no-timestamp" // it has no SystemModstamp
)

// PollObjectError says which object cannot be polled, and why.
type PollObjectError struct {
	Object  string // as it was written
	Problem ObjectProblem
	Answer  *APIError // nil unless the org has refused to describe it
}

func (e *PollObjectError) Error() string {
	if e.Answer != nil {
		return fmt.Sprintf("poll %q: %s: %v", e.Object, e.Problem, e.Answer)
	}
	return fmt.Sprintf("poll %q: %s", e.Object, e.Problem)
}

// ParsePollObjects reads a list of API names with commas between them; each is returned once, those that are well known in
// Salesforce's spelling. The error is a *PollObjectError, or ErrNothing.
func ParsePollObjects(list string) ([]string, error) {
	var objects []string
	for object := range strings.SplitSeq(list, ",") {
		object = spelt(strings.TrimSpace(object))
		switch {
		case object == "" || slices.ContainsFunc(objects, func(o string) bool { return strings.EqualFold(o, object) }):
		case !isAPIName(object):
			return nil, &PollObjectError{Object: object, Problem: NotAnAPIName}
		case len(objects) == MaxPollObjects:
			return nil, &PollObjectError{Object: object, Problem: TooManyObjects}
		default:
			objects = append(objects, object)
		}
	}
	if len(objects) == 0 {
		return nil, ErrNothing
	}
	return objects, nil
}
