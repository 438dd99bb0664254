package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// invisible stands between two characters to take away what they mean together to Discord.
	invisible = "\u200b"
	// maxRaw is how many bytes of a text are looked at: more characters than any limit of Discord's.
	maxRaw = 16 << 10
)

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Escape is the text as Discord shows it literally: markdown is escaped, mentions, timestamps and emoji lose
// their meaning, and characters that hide or reorder others become U+FFFD. An http address stays a link.
func Escape(text string) string {
	if isPlain(text) {
		return text
	}
	text = newlines.Replace(text)
	var b strings.Builder
	b.Grow(len(text) + len(text)/8 + len(invisible))
	begins := true // only space stands between here and the line's beginning
	for i := 0; i < len(text); {
		if n := addressLength(text[i:]); n > 0 {
			b.WriteString(text[i : i+n])
			i, begins = i+n, false
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		before, after := text[:i], text[i+size:]
		r = visible(r)
		if isMarkup(r, before, after, begins) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if isMention(r, after) {
			b.WriteString(invisible)
		}
		begins = r == '\n' || begins && unicode.IsSpace(r)
		i += size
	}
	return b.String()
}

// block is text of any number of lines, escaped, without space around it.
func block(text string) string { return Escape(strings.TrimSpace(head(text))) }

// line is text that must stay on one line, such as a title's, escaped.
func line(text string) string { return Escape(clean(text)) }

// clean is text on one line, safe to look at but not escaped: for where Discord knows no markdown.
func clean(text string) string {
	text = strings.TrimSpace(head(text))
	if isPlain(text) {
		return text
	}
	return strings.Map(visible, strings.Join(strings.Fields(text), " "))
}

// head is as much of the text as could possibly be shown.
func head(text string) string {
	if len(text) <= maxRaw {
		return text
	}
	end := maxRaw
	for end > maxRaw-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// isPlain says whether the text can be seen at a glance to mean nothing but itself. Most can.
func isPlain(text string) bool {
	for i := range len(text) {
		switch c := text[i]; c {
		case '\\', '*', '_', '~', '`', '|', '[', ']', '<', '>', '@', '#', 0x7f:
			return false
		case '-':
			if strings.TrimLeft(text[:i], " ") == "" {
				return false
			}
		case '.':
			if isNumbering(text[:i]) {
				return false
			}
		default:
			if c < ' ' || c >= utf8.RuneSelf {
				return false
			}
		}
	}
	return true
}

// isMarkup says whether the character between before and after would format the text.
func isMarkup(r rune, before, after string, begins bool) bool {
	switch r {
	case '\\', '*', '_', '~', '`', '|', '[', ']':
		return true
	case '#', '>':
		return begins
	case '-': // a list, or small print
		return begins && (after == "" || after[0] == ' ' || after[0] == '#')
	case '(': // the address of a link
		return strings.HasSuffix(before, "]")
	case '.': // a numbered list
		return strings.HasPrefix(after, " ") && isNumbering(before)
	default:
		return false
	}
}

// isMention says whether the character would begin a mention, a timestamp, an emoji or a bracketed address.
func isMention(r rune, after string) bool {
	switch r {
	case '<':
		return after == "" || strings.IndexByte(" =0123456789", after[0]) < 0 // nobody knows what comes behind the text
	case '@':
		return hasPrefixFold(after, "everyone") || hasPrefixFold(after, "here")
	default:
		return false
	}
}

// visible replaces what is not seen but does something: controls, and marks that reorder the text.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\t':
		return r
	case r == '\u2028', r == '\u2029':
		return '\n'
	case unicode.IsControl(r), '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069', r == '\ufeff':
		return utf8.RuneError
	default:
		return r
	}
}

// addressLength is how many bytes of the text's beginning are an http address of harmless characters.
func addressLength(text string) int {
	if text[0] != 'h' {
		return 0
	}
	rest, ok := strings.CutPrefix(text, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(text, "http://"); !ok {
			return 0
		}
	}
	n := 0
	for n < len(rest) && (isLetter(rest[n]) || isDigit(rest[n]) || strings.IndexByte("-._:/?#&=%+,;!$", rest[n]) >= 0) {
		n++
	}
	if n == 0 {
		return 0
	}
	return len(text) - len(rest) + n
}

// isNumbering says whether nothing but digits stands on the text's last line.
func isNumbering(text string) bool {
	rest := strings.TrimRight(text, "0123456789")
	indent := strings.TrimRight(rest, " \t")
	return len(rest) < len(text) && (indent == "" || strings.HasSuffix(indent, "\n"))
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
