package render

import (
	"embed"
	"slices"
)

// Starter is a template to begin with.
type Starter struct {
	Name string // such as "won-deal"
	Text []byte // JSON
}

// starterNames are in the order to show them in.
var starterNames = []string{"won-deal", "lost-deal", "hot-lead", "escalated-case", "quote-accepted", "generic"}

//go:embed starters/*.json
var starterFS embed.FS

// Starters are templates to begin with, in the order to show them in.
func Starters() []Starter {
	starters := make([]Starter, len(starterNames))
	for i, name := range starterNames {
		text, err := starterFS.ReadFile("starters/" + name + ".json")
		if err != nil {
			panic(err) // a mistake in the build, which the tests would show
		}
		starters[i] = Starter{Name: name, Text: slices.Clone(text)}
	}
	return starters
}
