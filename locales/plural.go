package locales

import "golang.org/x/text/feature/plural"

var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// isPlural says whether the table is one sentence in several plural forms: no other key is in it.
func isPlural(table map[string]any) bool {
	for name := range table {
		if _, ok := pluralForms[name]; !ok {
			return false
		}
	}
	return len(table) > 0
}

// pluralOf is the form that CLDR prescribes for n things.
func (l *language) pluralOf(n int) plural.Form {
	// MatchPlural asks for large operands modulo ten million.
	return plural.Cardinal.MatchPlural(l.parsed, max(n, -n)%10_000_000, 0, 0, 0, 0)
}
