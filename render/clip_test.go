package render_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"dispatch/render"
)

func TestClip(t *testing.T) {
	const family = "👩\u200d👩\u200d👧"
	tests := map[string]struct {
		text  string
		limit int
		want  string
	}{
		"fits":               {"abcde", 5, "abcde"},
		"fits in characters": {"äöüßé", 5, "äöüßé"},
		"too long":           {"abcdef", 5, "abcd…"},
		"space at the end":   {"abc def", 5, "abc…"},
		"two units each":     {"😀😀😀", 5, "😀😀…"},
		"half a surrogate":   {"a😀😀😀", 5, "a😀…"},
		"escape":             {`abc\*d`, 5, "abc…"},
		"escaped escape":     {`ab\\cd`, 5, `ab\\…`},
		"mark":               {"abce\u0301fg", 5, "abc…"},
		"joined":             {"ab" + family + "c", 9, "ab…"},
		"joined and fitting": {"ab" + family + "c", 11, "ab" + family + "c"},
		"flag":               {"a🇩🇪🇫🇷", 8, "a🇩🇪…"},
		"half a flag":        {"🇩🇪🇫🇷🇪", 8, "🇩🇪…"},
		"skin":               {"ab👍🏽cd", 6, "ab…"},
		"absurd marks":       {"a" + strings.Repeat("\u0301", 100), 50, "a" + strings.Repeat("\u0301", 32) + "…"},
		"joiner and escape":  {"a\u200d\\*bcd", 4, "a\u200d…"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := render.Clip(tc.text, tc.limit); got != tc.want {
				t.Errorf("clip(%q, %d) = %q, want %q", tc.text, tc.limit, got, tc.want)
			}
		})
	}
}

func FuzzClip(f *testing.F) {
	f.Add("abc*def", uint8(4))
	f.Add("👩\u200d👩\u200d👧🇩🇪\\", uint8(7))
	f.Fuzz(func(t *testing.T, text string, limit uint8) {
		escaped, limit := render.Escape(text), max(limit, 1)
		got := render.Clip(escaped, int(limit))
		if n := len(utf16.Encode([]rune(got))); n > int(limit) {
			t.Errorf("clip(%q, %d) has %d units", escaped, limit, n)
		}
		if !utf8.ValidString(got) {
			t.Errorf("clip(%q, %d) = %q is not UTF-8", escaped, limit, got)
		}
		if got == escaped {
			return
		}
		kept, cut := strings.CutSuffix(got, "…")
		if !cut || !strings.HasPrefix(escaped, kept) {
			t.Errorf("clip(%q, %d) = %q is no beginning of it", escaped, limit, got)
		}
		if slashes := len(kept) - len(strings.TrimRight(kept, `\`)); slashes%2 == 1 {
			t.Errorf("clip(%q, %d) = %q ends inside an escape", escaped, limit, got)
		}
	})
}
