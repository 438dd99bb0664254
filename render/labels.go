package render

import (
	"slices"
	"strings"
	"unicode"
)

// concealed stands for a value that nobody should read in a channel.
const concealed = "••••••••"

// suffixes mark the API names that are not Salesforce's own.
var suffixes = []string{"__c", "__r", "__e", "__b", "__x", "__mdt", "__pc"}

// label is an API name as people would write it: "Annual_Revenue__c" is "Annual Revenue", "StageName" is
// "Stage Name". It is escaped.
func label(name string) string {
	name = clean(name)
	words := strings.Fields(spaced(local(name)))
	if len(words) == 0 {
		return Escape(name)
	}
	return Escape(strings.Join(words, " "))
}

// local is an API name without what Salesforce adds to it: its namespace and its suffix.
func local(name string) string {
	for _, suffix := range suffixes {
		if bare, ok := strings.CutSuffix(name, suffix); ok {
			if _, inside, ok := strings.Cut(bare, "__"); ok {
				return inside
			}
			return bare
		}
	}
	return name
}

// spaced puts a space where a new word begins, and a capital at the beginning.
func spaced(name string) string {
	runes := []rune(strings.Map(separators, name))
	var b strings.Builder
	b.Grow(len(name) + 8)
	for i, r := range runes {
		switch {
		case i == 0:
			r = unicode.ToUpper(r)
		case !unicode.IsUpper(r):
		case unicode.IsLower(runes[i-1]), i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1]):
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func separators(r rune) rune {
	if r == '_' || r == '.' {
		return ' '
	}
	return r
}

// secrets are what the names of fields contain that hold credentials, in small letters alone.
var secrets = []string{"secret", "password", "passwd", "apikey", "privatekey", "authorization"}

// isSecret says whether a field of the name is likely to hold a credential.
func isSecret(name string) bool {
	bare := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, local(name))
	return strings.HasSuffix(bare, "token") || slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(bare, s) })
}
