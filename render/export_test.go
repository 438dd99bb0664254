package render

import "testing"

// Clip is clip, whose edges no embed reaches easily.
var Clip = clip

var (
	// Plain is plain, for more of what people paste than records show.
	Plain = plain
	// IsHTML is what plain decides by.
	IsHTML = isHTML
)

// MaxOthers is how many changes a look shows that it does not list.
const MaxOthers = maxOthers

// LookInfo is what a look says of itself.
type LookInfo struct {
	Object, Says string
	IsNumbered   bool
	Actions      []string // what its turns make of an event
	Reads        []string // the fields it reads
}

// Looks are those that there are.
func Looks() []LookInfo {
	var all []LookInfo
	for _, l := range looks {
		info := LookInfo{Object: l.object, Says: l.says, IsNumbered: l.number != ""}
		for _, f := range l.fields {
			info.Reads = append(info.Reads, f.name)
		}
		for _, t := range l.turns {
			info.Actions = append(info.Actions, t.into)
		}
		all = append(all, info)
	}
	return all
}

// IsGeneric says whether the object has no look of its own.
func IsGeneric(object string) bool { return lookOf(object) == &plainLook }

// AddMadeUp adds the entry that docs/embeds.md shows, for as long as the test runs.
func AddMadeUp(t *testing.T) {
	t.Helper()
	before := looks
	t.Cleanup(func() { looks = before })
	looks = append([]look{
		{object: "Spaceship", category: platform, number: "HullNumber", fields: []field{
			{name: "CrewSize", show: number},
			{name: "Captain"},
			{name: "LaunchDate", show: day},
		}},
	}, looks...)
}
