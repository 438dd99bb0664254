package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
)

var (
	// Files are the languages as they are embedded.
	Files = files
	// Match is the choice of For among other languages.
	Match = match
)

// Keys are those of the default language.
func Keys() []string { return slices.Sorted(maps.Keys(english.sentences)) }

// Check reports every mistake in the languages of the file system: what does not load, and where one differs
// from the default.
func Check(files fs.FS) error {
	loaded, err := load(files)
	if err != nil {
		return err
	}
	base, ok := loaded[Default]
	if !ok {
		return errors.New("the default language is missing")
	}
	var errs []error
	for _, l := range loaded {
		errs = append(errs, l.compare(base), l.checkForms())
	}
	return errors.Join(errs...)
}

// compare reports the keys and placeholders that one language has and the other has not.
func (l *language) compare(base *language) error {
	var errs []error
	for key, want := range base.sentences {
		got, ok := l.sentences[key]
		if !ok {
			errs = append(errs, fmt.Errorf("%s: %s is missing", l.tag, key))
			continue
		}
		if (got.phrases == nil) != (want.phrases == nil) {
			errs = append(errs, fmt.Errorf("%s: %s has plural forms in one language only", l.tag, key))
		}
		for form, p := range got.forms() {
			if has, wants := p.names(), want.general.names(); has != wants {
				errs = append(errs, fmt.Errorf("%s: %s (form %d) has the placeholders [%s], not [%s]", l.tag, key, form, has, wants))
			}
		}
	}
	for key := range l.sentences {
		if _, ok := base.sentences[key]; !ok {
			errs = append(errs, fmt.Errorf("%s: %s is not in %s", l.tag, key, base.tag))
		}
	}
	return errors.Join(errs...)
}

// checkForms reports the plural forms that the language distinguishes and a sentence does not have.
func (l *language) checkForms() error {
	needed := map[plural.Form]bool{l.pluralOf(1_000_000): true}
	for n := range 200 {
		needed[l.pluralOf(n)] = true
	}
	var errs []error
	for key, s := range l.sentences {
		for form := range needed {
			if _, ok := s.phrases[form]; s.phrases != nil && !ok {
				errs = append(errs, fmt.Errorf("%s: %s lacks the plural form %d", l.tag, key, form))
			}
		}
	}
	return errors.Join(errs...)
}

func (s *sentence) forms() map[plural.Form]phrase {
	if s.phrases != nil {
		return s.phrases
	}
	return map[plural.Form]phrase{other: s.general}
}

// names are the phrase's placeholders in alphabetical order, but for the number, which "one event" can do
// without.
func (p phrase) names() string {
	var names []string
	for _, g := range p.gaps {
		if g.name != "n" && !slices.Contains(names, g.name) {
			names = append(names, g.name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// Speak is the catalog of one of the file system's languages.
func Speak(tb testing.TB, files fs.FS, tag string) Catalog {
	tb.Helper()
	loaded, err := load(files)
	if err != nil {
		tb.Fatal(err)
	}
	return Catalog{language: loaded[tag]}
}
