package render

import (
	"slices"
	"strings"
)

// look is how events about an object are drawn. All it needs is an object, a category and fields; what else it
// leaves out is done as for any object.
type look struct {
	object   string // its API name, without regard to case; "__kav" stands for all that end so
	category *category
	says     string   // locale keys of what it is called and what happened to it: "embed.lead."
	number   string   // what it goes by: a field, "Parent.CaseNumber" of a related record
	named    []string // fields with its name, or relations to what it is named after, best first; nil: the usual ones
	of       string   // relation to the whole that it is a part of
	turns    []turn
	title    func(v *view) string // for one whose news needs more than turns
	colour   func(v *view) int    // nil: the category's
	fields   []field              // nil: the record's own, in the order of the body
}

// field is one line of a look.
type field struct {
	label string // locale key; the API name as people would write it when it is ""
	name  string // API name
	or    string // another, for records where the first is empty
	show  format // nil: a lookup: the name is the relation's, and the related record's name is shown
	joins bool   // goes with a change of what is listed before it, changed or not
	wide  bool   // has a line of its own
	long  bool   // has lines of its own, and nobody compares two versions of it
	once  bool   // is not repeated with every update
}

// turn is an event that means more than its action says: an update that took a field to a value.
type turn struct {
	field string
	to    string // without regard to case; "" for any
	also  string // another field that changes with it
	or    string // what that one says, should the record leave the first out
	first bool   // it is not an update that turns out so, but a creation
	into  string // the action that it is told as
}

// looks are the objects that we know something about. The first that matches counts.
var looks = slices.Concat(crmLooks, salesLooks, catalogueLooks, marketingLooks, serviceLooks, activityLooks, platformLooks, []look{
	{object: "__c", category: custom},
})

// plainLook is the look of all the others.
var plainLook = look{category: other}

func lookOf(object string) *look {
	for i := range looks {
		if looks[i].covers(object) {
			return &looks[i]
		}
	}
	return &plainLook
}

func (l *look) covers(object string) bool {
	if l.isFamily() {
		return len(object) > len(l.object) && strings.EqualFold(object[len(object)-len(l.object):], l.object)
	}
	return strings.EqualFold(l.object, object)
}

// isFamily says whether the look is that of all objects with the suffix.
func (l *look) isFamily() bool { return strings.HasPrefix(l.object, "__") }

// lists says whether the look has a line for the field.
func (l *look) lists(name string) bool {
	return slices.ContainsFunc(l.fields, func(f field) bool {
		return name == f.name || name == f.or || f.show == nil && name == idOf(f.name)
	})
}

// idOf is the field that holds the id of the record that the relation leads to.
func idOf(relation string) string {
	if bare, ok := strings.CutSuffix(relation, "__r"); ok {
		return bare + "__c"
	}
	return relation + "Id"
}
