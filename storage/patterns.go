package storage

import (
	"slices"
	"strings"

	"dispatch/delivery"
)

// narrow gives patterns of those events that a link takes and that are asked for; nil when there are none. Where two
// overlap in a way that no pattern says, it gives less, never more: a template must not widen what goes to a channel.
func narrow(link, asked []string) []string {
	taken, refused := split(link)
	wanted, unwanted := split(asked)
	refused = append(refused, unwanted...)
	var some []string
	for _, w := range wanted {
		for _, t := range taken {
			both, ok := overlap(t, w)
			if !ok || slices.Contains(some, both) || slices.ContainsFunc(refused, func(r string) bool { return covers(r, both) }) {
				continue
			}
			some = append(some, both)
		}
	}
	if len(some) == 0 {
		return nil
	}
	if len(refused) > 0 && slices.Equal(some, []string{"*"}) {
		some = some[:0] // it goes without saying
	}
	for _, r := range refused {
		if !slices.Contains(some, "!"+r) {
			some = append(some, "!"+r)
		}
	}
	return some
}

// split tells the patterns that take from those that refuse. Without any, all is taken.
func split(patterns []string) (taken, refused []string) {
	for _, p := range patterns {
		if excluded, ok := strings.CutPrefix(p, "!"); ok {
			refused = append(refused, excluded)
		} else {
			taken = append(taken, p)
		}
	}
	if len(taken) == 0 {
		taken = []string{"*"}
	}
	return taken, refused
}

// overlap is a pattern of what both of the patterns take. It looks at objects and actions apart: "Case.*" and "*.deleted"
// are both about "Case.deleted".
func overlap(a, b string) (string, bool) {
	if narrower, ok := within(a, b); ok {
		return narrower, true
	}
	i, j := strings.LastIndexByte(a, '.'), strings.LastIndexByte(b, '.')
	if i < 0 || j < 0 {
		return "", false
	}
	object, sameObject := within(a[:i], b[:j])
	action, sameAction := within(a[i+1:], b[j+1:])
	return object + "." + action, sameObject && sameAction
}

// within is the narrower of two patterns, if it lies within the other.
func within(a, b string) (string, bool) {
	switch {
	case covers(a, b):
		return b, true
	case covers(b, a):
		return a, true
	}
	return "", false
}

// covers says whether the first pattern takes all that the second does: then it takes the pattern itself, whose stars
// only stars can match.
func covers(pattern, other string) bool {
	return delivery.Link{Events: []string{pattern}}.Takes(other)
}

// takesAny says whether a link takes all that one of the patterns takes.
func takesAny(l delivery.Link, patterns []string) bool {
	taken, _ := split(patterns)
	return slices.ContainsFunc(taken, l.Takes)
}
