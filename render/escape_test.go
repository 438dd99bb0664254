package render_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"dispatch/render"
)

func TestEscape(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"plain":               {"Acme - Enterprise Renewal (EMEA), 2.5 %", "Acme - Enterprise Renewal (EMEA), 2.5 %"},
		"emphasis":            {"*a* _b_ ~~c~~ `d` ||e||", "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\|"},
		"backslash":           {`C:\*`, `C:\\\*`},
		"link":                {"[Acme](https://evil.example)", `\[Acme\]\(https://evil.example)`},
		"parentheses":         {"Acme (West)", "Acme (West)"},
		"heading":             {"# a\n## b c#", "\\# a\n\\## b c#"},
		"indented heading":    {"  # a", "  \\# a"},
		"quote":               {"> a > b", "\\> a > b"},
		"list":                {"- a\n- b - c", "\\- a\n\\- b - c"},
		"small print":         {"-# a", "\\-# a"},
		"negative number":     {"-12.50", "-12.50"},
		"numbered list":       {"1. a\n  22. b 3. c", "1\\. a\n  22\\. b 3. c"},
		"number":              {"1.5 2.", "1.5 2."},
		"everyone":            {"@everyone @HERE", "@\u200beveryone @\u200bHERE"},
		"address":             {"jane@example.com", "jane@example.com"},
		"user":                {"<@1> <@!2> <@&3> <#4>", "<\u200b@1> <\u200b@!2> <\u200b@&3> <\u200b#4>"},
		"emoji":               {"<:a:1> <a:b:2>", "<\u200b:a:1> <\u200ba:b:2>"},
		"timestamp":           {"<t:0:R>", "<\u200bt:0:R>"},
		"command":             {"</a:1> <id:guide>", "<\u200b/a:1> <\u200bid:guide>"},
		"comparison":          {"1 < 2 <3 <= 4", "1 < 2 <3 <= 4"},
		"open end":            {"1 <", "1 <\u200b"},
		"link stays":          {"see https://a.example/x_y?q=_z_#top.", "see https://a.example/x_y?q=_z_#top."},
		"link ends":           {"http://a.example/*b*_c_", "http://a.example/\\*b\\*\\_c\\_"},
		"no link":             {"https:// http://* _https_", "https:// http://\\* \\_https\\_"},
		"everyone in a link":  {"https://a.example/@everyone", "https://a.example/@\u200beveryone"},
		"controls":            {"a\x00b\x1bc\x7f\u0085", "a\ufffdb\ufffdc\ufffd\ufffd"},
		"overrides":           {"a\u202eb\u2066c\ufeff", "a\ufffdb\ufffdc\ufffd"},
		"joined emoji":        {"👩\u200d🚀 שלום", "👩\u200d🚀 שלום"},
		"lines":               {"a\r\nb\rc\u2028d\te", "a\nb\nc\nd\te"},
		"broken":              {"a\xffb", "a\ufffdb"},
		"heading after lines": {"a\u2028# b\r# c", "a\n\\# b\n\\# c"},
		"empty":               {"", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := render.Escape(tc.text)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("Escape(%q) (-want +got):\n%s", tc.text, diff)
			}
			if markup := live(got); markup != "" {
				t.Errorf("Escape(%q) has live markup: %q", tc.text, markup)
			}
		})
	}
}

// FuzzEscape looks for text that means something to Discord, or that reads differently once it is shown.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"a_b*c", "[a](b)", "\\@everyone", "1. a\n- b", "<@1>", "http://a_b[c](http://d_e_)", "\\\\*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		escaped := render.Escape(text)
		if markup := live(escaped); markup != "" {
			t.Errorf("Escape(%q) = %q has live markup: %q", text, escaped, markup)
		}
		if diff := cmp.Diff(seen(text), shown(escaped)); diff != "" {
			t.Errorf("Escape(%q) reads differently (-want +got):\n%s", text, diff)
		}
	})
}

var (
	addresses = regexp.MustCompile(`https?://[A-Za-z0-9\-._:/?#&=%+,;!$]+`)
	escapes   = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	markups   = regexp.MustCompile("[*_~`|\\[\\]\\\\]|" + `<[@#:/a-zA-Z]|@(?i:everyone|here)|(?m:^[ \t]*([#>]|-( |$|#)|\d+\. ))`)
)

// live is the first markup in escaped text that Discord would not show as it stands, "" when there is none.
func live(escaped string) string {
	return markups.FindString(escapes.ReplaceAllString(addresses.ReplaceAllString(escaped, "x"), "x"))
}

// shown is what a reader sees of escaped text.
func shown(escaped string) string {
	return escapes.ReplaceAllString(strings.ReplaceAll(escaped, "\u200b", ""), "$1")
}

// seen is what a reader would see of text that was not escaped.
func seen(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u200b", "").Replace(text)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || strings.ContainsRune("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff", r) {
			return '\ufffd'
		}
		return r
	}, text)
}
