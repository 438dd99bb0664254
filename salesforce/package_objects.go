package salesforce

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MaxPackageObjects is how many objects one package has triggers on.
const MaxPackageObjects = 25

// ObjectProblem is why an object can have no trigger of ours.
type ObjectProblem string

// The problems of an object.
const (
	NotAnAPIName    ObjectProblem = "not-an-api-name"
	NoPriceTriggers ObjectProblem = "no-price-triggers" // PricebookEntry: Salesforce runs no triggers on prices
	NoTriggers      ObjectProblem = "no-triggers"       // a kind of object that has none
	TooManyObjects  ObjectProblem = "too-many-objects"  // more than MaxPackageObjects
)

// ObjectError says which object of a list is no good, and why.
type ObjectError struct {
	Object  string // as it was written
	Problem ObjectProblem
}

func (e *ObjectError) Error() string { return fmt.Sprintf("object %q: %s", e.Object, e.Problem) }

var (
	apiName      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(_{1,2}[A-Za-z0-9]+)*$`)
	noTriggersOn = []string{"__mdt", "__e", "__x", "__b", "__history", "__share", "__feed", "__tag", "__changeevent"}
)

const maxAPIName = 80

// ParseObjects reads a list of API names with commas between them; each is returned once. An empty list
// gives none. The error is an *ObjectError.
func ParseObjects(list string) ([]string, error) {
	var objects []string
	for object := range strings.SplitSeq(list, ",") {
		object = strings.TrimSpace(object)
		if object == "" || slices.ContainsFunc(objects, func(o string) bool { return strings.EqualFold(o, object) }) {
			continue
		}
		if problem := problemOf(object); problem != "" {
			return nil, &ObjectError{Object: object, Problem: problem}
		}
		if objects = append(objects, object); len(objects) > MaxPackageObjects {
			return nil, &ObjectError{Object: object, Problem: TooManyObjects}
		}
	}
	return objects, nil
}

func problemOf(object string) ObjectProblem {
	lower := strings.ToLower(object)
	endsIn := func(suffix string) bool { return strings.HasSuffix(lower, suffix) }
	switch {
	case len(object) > maxAPIName || !apiName.MatchString(object):
		return NotAnAPIName
	case lower == "pricebookentry":
		return NoPriceTriggers
	case slices.ContainsFunc(noTriggersOn, endsIn):
		return NoTriggers
	}
	return ""
}
