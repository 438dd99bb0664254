// Package locales holds every sentence that Dispatch says to a person, one TOML file for each language, and
// how that language writes numbers, money and dates. It imports nothing of ours.
package locales

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"time"
)

// Default is the language of those whose own is not spoken here.
const Default = "en-US"

//go:embed *.toml
var files embed.FS

var (
	languages = mustLoad()
	tags      = slices.Sorted(maps.Keys(languages))
	english   = languages[Default]
)

// mustLoad panics because a file that does not load is a mistake in the build, which the tests would show.
func mustLoad() map[string]*language {
	loaded, err := load(files)
	if err != nil {
		panic(err)
	}
	return loaded
}

// Catalog is what can be said in one language, the currency of amounts that do not name theirs, and the zone in which times
// are told. The zero Catalog speaks the default language. It is small, safe for concurrent use, and passed by value.
type Catalog struct {
	language *language
	currency string         // "" for the default
	zone     *time.Location // nil for UTC
}

// For is the catalog of a language tag such as Discord sends, "de" or "en-GB": its own, else the one of
// another region that speaks the language, else the default.
func For(tag string) Catalog { return Catalog{language: languages[match(tags, tag)]} }

func match(known []string, tag string) string {
	if slices.Contains(known, tag) {
		return tag
	}
	wanted, _, _ := strings.Cut(tag, "-")
	for _, also := range known {
		if spoken, _, _ := strings.Cut(also, "-"); spoken == wanted {
			return also
		}
	}
	return Default
}

// Tags are the languages that are spoken here, in alphabetical order.
func Tags() []string { return slices.Clone(tags) }

// All is the sentence at the key in each language that has it, by tag: what Discord takes as the
// localizations of a command. It is empty when there is no such key.
func All(key string) map[string]string {
	all := make(map[string]string, len(languages))
	for tag, l := range languages {
		if s, ok := l.sentences[key]; ok {
			all[tag] = s.form(other).fill(nil)
		}
	}
	return all
}

// Tag is the language's tag, such as "en-US".
func (c Catalog) Tag() string { return c.speaks().tag }

// Has says whether there is a sentence at the key.
func (c Catalog) Has(key string) bool {
	s, _ := c.find(key)
	return s != nil
}

// T is the sentence at the key. The args are pairs of a name and the value for its {name}. A key that does
// not exist is returned as it is.
func (c Catalog) T(key string, args ...any) string {
	s, _ := c.find(key)
	if s == nil {
		return key
	}
	return s.form(other).fill(args)
}

// N is the sentence at the key in the plural form that the language has for n, which also fills {n}.
func (c Catalog) N(key string, n int, args ...any) string {
	s, l := c.find(key)
	if s == nil {
		return key
	}
	return s.form(l.pluralOf(n)).fill(append([]any{"n", Catalog{language: l}.Int(n)}, args...))
}

// find also tells in which language it found the sentence: one that is not translated yet is English.
func (c Catalog) find(key string) (*sentence, *language) {
	l := c.speaks()
	if s, ok := l.sentences[key]; ok {
		return s, l
	}
	return english.sentences[key], english
}

func (c Catalog) speaks() *language {
	if c.language == nil {
		return english
	}
	return c.language
}
