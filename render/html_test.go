package render_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"dispatch/render"
)

func TestPlain(t *testing.T) {
	tests := map[string]struct{ source, want string }{
		"no HTML":             {"a < b\n  c > d & e", "a < b\n  c > d & e"},
		"no element":          {"use <name> and <jane@example.com> <3", "use <name> and <jane@example.com> <3"},
		"unfinished":          {"a <b", "a <b"},
		"entities alone":      {"Fish &amp; Chips &lt;now&gt; &amp;lt;", "Fish & Chips <now> &lt;"},
		"address":             {"https://a.example/?a=1&copy=2", "https://a.example/?a=1&copy=2"},
		"paragraphs":          {"<p>a</p>\n<p>b<br>c</p><p><br></p><div>d</div>", "a\nb\nc\nd"},
		"emphasis":            {"<p>a <b>b</b><i>c</i> d</p>", "a bc d"},
		"space":               {"<p>  a \n b&nbsp;&nbsp;c </p>", "a b c"},
		"space between":       {"<b>a</b> <i>b</i>", "a b"},
		"list":                {"<p>a:</p><ul>\n<li>b</li>\n<li><p>c</p></li></ul>d", "a:\n• b\n• c\nd"},
		"table":               {"<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		"link":                {`<a href="https://a.example/x?y">a</a>`, "a"},
		"entities":            {"<p>1 &lt; 2 &amp;&amp; caf&eacute; &ndash; &#8364;</p>", "1 < 2 && café – €"},
		"style and script":    {"<html><head><title>t</title><style>p { a: b }</style></head><body><script>x<y</script>a</body></html>", "a"},
		"style without end":   {"<p>a</p><style>b", "a"},
		"comment":             {"<p>a<!-- b -->c</p><!doctype html>", "ac"},
		"other elements stay": {"<p>press <Enter> or <o:p>x</o:p></p>", "press <Enter> or <o:p>x</o:p>"},
		"capitals":            {"<P>a</P><BR/>b", "a\nb"},
		"not closed":          {"<p>a <b>b", "a b"},
		"cut inside a tag":    {"<p>a</p><a href='b", "a"},
		"nothing":             {"<p> <br> </p>", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := render.Plain(tc.source); got != tc.want {
				t.Errorf("plain(%q) = %q, want %q", tc.source, got, tc.want)
			}
		})
	}
}

// A mail of megabytes must not cost more than what is shown of it.
func TestPlainReadsNoMoreThanItShows(t *testing.T) {
	got := render.Plain("<p>a</p><style>" + strings.Repeat("x", 40<<10) + "</style>" + strings.Repeat("<p>word word</p>", 1<<20))
	if !strings.HasPrefix(got, "a\nword word\n") || len(got) > 8<<10 {
		t.Errorf("%d bytes of %.20q", len(got), got)
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"<p>a<br>b", "<li>\xff</li>", "<style>", "&lt;b&gt;", "</3><b>", "<p <p>>", "<b>\u00a0x\u00a0</b>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		got := render.Plain(source)
		if utf8.ValidString(source) && !utf8.ValidString(got) {
			t.Errorf("plain(%q) = %q is not UTF-8", source, got)
		}
		if render.IsHTML(source) && got != strings.TrimSpace(got) {
			t.Errorf("plain(%q) = %q has space around it", source, got)
		}
	})
}
