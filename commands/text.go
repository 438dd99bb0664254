package commands

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"dispatch/locales"
	"dispatch/render"
)

// text is a sentence that nobody has said in a language yet: its key, and name/value pairs for its gaps. A
// value that is itself a text, or several, is said in the same language. The zero text says nothing.
type text struct {
	key     string
	count   *int // picks the plural form and fills {n}
	args    []any
	written string // in place of a sentence: what is the same in every language
	lines   []text // in place of a sentence: several, each on a line of its own
}

func say(key string, args ...any) text { return text{key: key, args: args} }

func sayCount(key string, n int, args ...any) text { return text{key: key, count: &n, args: args} }

// amount is a number as a language writes it.
func amount(n int) text { return text{count: &n} }

// asWritten is what needs no translation: an id, a block of code.
func asWritten(s string) text { return text{written: s} }

// together are lines that are shown together or not at all.
func together(lines ...text) text { return text{lines: lines} }

func (t text) in(say locales.Catalog) string {
	switch {
	case len(t.lines) > 0:
		return join(t.lines, "\n", say)
	case t.key == "" && t.count != nil:
		return say.Int(*t.count)
	case t.key == "":
		return t.written
	}
	args := make([]any, len(t.args))
	for i, arg := range t.args {
		switch arg := arg.(type) {
		case text:
			args[i] = arg.in(say)
		case []text:
			args[i] = join(arg, ", ", say)
		default:
			args[i] = arg
		}
	}
	if t.count != nil {
		return say.N(t.key, *t.count, args...)
	}
	return say.T(t.key, args...)
}

// join says the texts with the separator between them; those that say nothing are left out.
func join(texts []text, separator string, say locales.Catalog) string {
	said := make([]string, 0, len(texts))
	for _, t := range texts {
		if s := t.in(say); s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, separator)
}

// quoted is what a person or a service has written, harmless to show: cut to so many characters, on one
// line, and without the meaning that some of it would have for Discord.
func quoted(written string, characters int) string {
	return render.Escape(clip(strings.Join(strings.Fields(written), " "), characters))
}

// clip cuts to at most so many characters, the last of which is then an ellipsis.
func clip(s string, characters int) string {
	if utf8.RuneCountInString(s) <= characters {
		return s
	}
	return string([]rune(s)[:characters-1]) + "…"
}

// channel is a link to the channel, which Discord shows by its name.
func channel(id string) string { return "<#" + id + ">" }

// ago is the time as Discord shows it relative to now, in the reader's language and ever anew.
func ago(t time.Time) string { return fmt.Sprintf("<t:%d:R>", t.Unix()) }

// date is day and time as Discord shows them in the reader's language and zone.
func date(t time.Time) string { return fmt.Sprintf("<t:%d:f>", t.Unix()) }
