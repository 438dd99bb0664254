package locales_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"dispatch/locales"
)

func TestEveryLanguageIsComplete(t *testing.T) {
	if err := locales.Check(locales.Files); err != nil {
		t.Error(err)
	}
}

func TestFrenchApostrophes(t *testing.T) {
	text, err := locales.Files.ReadFile("fr.toml")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "'") && !strings.HasPrefix(line, "#") {
			t.Errorf("the apostrophe is ’: %s", line)
		}
	}
}

func TestCheckFindsMistakes(t *testing.T) {
	const english = `
hello = "Hello {name}"
[event.count]
one = "one event of {source}"
other = "{n} events of {source}"
`
	tests := map[string]struct {
		german string
		want   string // in the report; "" when there is nothing to report
	}{
		"complete":              {"hello = 'Hallo {name}'\n[event.count]\none='ein {source}'\nother='{n} {source}'", ""},
		"missing sentence":      {"[event.count]\none='ein {source}'\nother='{n} {source}'", "de: hello is missing"},
		"sentence of its own":   {"bye='Tschüss'\nhello='Hallo {name}'\n[event.count]\none='{source}'\nother='{source}'", "de: bye is not in en-US"},
		"other placeholder":     {"hello='Hallo {nam}'\n[event.count]\none='{source}'\nother='{source}'", "has the placeholders [nam], not [name]"},
		"placeholder in a form": {"hello='Hallo {name}'\n[event.count]\none='ein'\nother='{source}'", "has the placeholders [], not [source]"},
		"missing form":          {"hello='Hallo {name}'\n[event.count]\nother='{source}'\nfew='{source}'", "lacks the plural form"},
		"general form alone":    {"hello='Hallo {name}'\n[event.count]\nother='{n} {source}'", "event.count lacks the plural form"},
		"no forms":              {"hello='Hallo {name}'\n[event]\ncount='{n} {source}'", "event.count has plural forms in one language only"},
		"no general form":       {"hello='Hallo {name}'\n[event.count]\none='{source}'", "the form other is missing"},
		"empty sentence":        {"hello=' '", "hello:   is no sentence"},
		"duplicate sentence":    {"hello='Hallo'\nhello='Hallo'", "parse file"},
		"open placeholder":      {"hello='Hallo {name'", "a placeholder is {name}"},
		"odd placeholder":       {"hello='Hallo {Na me}'", "a placeholder is {name}"},
		"closing brace":         {"hello='Hallo }'", "a } that closes nothing"},
		"number":                {"hello=1", "hello: 1 is no sentence"},
		"broken file":           {"hello", "parse file"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := locales.Check(fstest.MapFS{
				"en-US.toml": {Data: []byte(english)},
				"de.toml":    {Data: []byte(tc.german)},
			})
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("Check: %v, want no mistake", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("Check: %v, want %q", err, tc.want)
			}
		})
	}
}

func TestCheckWantsTheDefault(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"no language": {},
		"no tag":      {"en-US.toml": {Data: []byte("a='b'")}, "?.toml": {Data: []byte("a='b'")}},
	} {
		if err := locales.Check(files); err == nil {
			t.Errorf("%s: Check reports nothing", name)
		}
	}
}

func TestMatch(t *testing.T) {
	known := []string{"de", "en-US", "es-ES", "pt-BR"}
	for tag, want := range map[string]string{
		"de": "de", "de-AT": "de", "es-ES": "es-ES", "es-419": "es-ES", "pt-PT": "pt-BR", "en-GB": "en-US", "e": "en-US",
		"fr": "en-US", "": "en-US",
	} {
		if got := locales.Match(known, tag); got != want {
			t.Errorf("match(%q) = %s, want %s", tag, got, want)
		}
	}
}

func TestForKnowsEveryTag(t *testing.T) {
	for _, tag := range locales.Tags() {
		if got := locales.For(tag).Tag(); got != tag {
			t.Errorf("For(%q) speaks %s", tag, got)
		}
	}
	if got := locales.For("tlh").Tag(); got != locales.Default {
		t.Errorf("For a language that nobody translated to speaks %s", got)
	}
}

func TestZeroCatalogSpeaks(t *testing.T) {
	var zero locales.Catalog
	if diff := cmp.Diff(locales.For(locales.Default).T("fault.internal"), zero.T("fault.internal")); diff != "" {
		t.Errorf("zero catalog (-default +zero):\n%s", diff)
	}
}

func TestUnknownKeyIsItsOwnSentence(t *testing.T) {
	say := locales.For(locales.Default)
	if got := say.T("no.such.key", "name", "x"); got != "no.such.key" {
		t.Errorf("T = %q, want the key", got)
	}
	if got := say.N("no.such.key", 2); got != "no.such.key" {
		t.Errorf("N = %q, want the key", got)
	}
	if got := locales.All("no.such.key"); len(got) != 0 {
		t.Errorf("All = %v, want none", got)
	}
}

func TestHas(t *testing.T) {
	for key, want := range map[string]bool{"fault.internal": true, "fault": false, "fault.internal.x": false, "": false} {
		if got := locales.For(locales.Default).Has(key); got != want {
			t.Errorf("Has(%q) = %t, want %t", key, got, want)
		}
	}
}

func TestAll(t *testing.T) {
	all := locales.All("fault.invalid")
	for _, tag := range locales.Tags() {
		if got, want := all[tag], locales.For(tag).T("fault.invalid"); got != want {
			t.Errorf("All has %q for %s, want %q", got, tag, want)
		}
	}
}

func TestPlainSentencesCostNothing(t *testing.T) {
	say := locales.For(locales.Default)
	if n := testing.AllocsPerRun(100, func() { say.T("fault.internal") }); n != 0 {
		t.Errorf("T allocates %v times", n)
	}
}
