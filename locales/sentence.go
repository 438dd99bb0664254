package locales

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

const other = plural.Other

// sentence is one entry of a file: a phrase for each plural form, or just the one for other.
type sentence struct {
	phrases map[plural.Form]phrase
	general phrase // the one for other
}

// form is the phrase for a plural form; a sentence without that form has its general one.
func (s *sentence) form(f plural.Form) phrase {
	if p, ok := s.phrases[f]; ok {
		return p
	}
	return s.general
}

// phrase is a text with gaps. A phrase without any is its text.
type phrase struct {
	text string
	gaps []gap
}

// gap is a placeholder and the text that stands before it.
type gap struct{ before, name string }

// parsePhrase reads a text whose {name} are gaps; {{ and }} stand for a brace. In the result, text is what
// follows the last gap.
func parsePhrase(source string) (phrase, error) {
	var (
		p    phrase
		text strings.Builder
	)
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c != '{' && c != '}':
			text.WriteByte(c)
		case i+1 < len(source) && source[i+1] == c:
			text.WriteByte(c)
			i++
		case c == '}':
			return phrase{}, fmt.Errorf("parse %q: a } that closes nothing", source)
		default:
			name, _, closed := strings.Cut(source[i+1:], "}")
			if !closed || !isName(name) {
				return phrase{}, fmt.Errorf("parse %q: a placeholder is {name}, in lower case letters, digits and _", source)
			}
			p.gaps = append(p.gaps, gap{before: text.String(), name: name})
			text.Reset()
			i += len(name) + 1
		}
	}
	p.text = text.String()
	return p, nil
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}

// fill puts the values of the name/value pairs into the gaps. A gap without a value stays visible.
func (p phrase) fill(args []any) string {
	if len(p.gaps) == 0 {
		return p.text
	}
	var b strings.Builder
	b.Grow(len(p.text) + 32*len(p.gaps)) // most values are short
	for _, g := range p.gaps {
		b.WriteString(g.before)
		b.WriteString(valueOf(g.name, args))
	}
	b.WriteString(p.text)
	return b.String()
}

func valueOf(name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		switch v := args[i+1].(type) {
		case string:
			return v
		case int:
			return strconv.Itoa(v)
		default:
			return fmt.Sprint(v)
		}
	}
	return "{" + name + "}"
}
