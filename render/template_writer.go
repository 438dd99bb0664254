package render

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// writer puts a text together. What the template brings along is written as it is, and values so that they cannot be
// taken for anything else.
type writer struct {
	out     []byte
	place   place
	limit   int  // characters that are shown
	written int  // characters, over all texts
	ticks   int  // backquotes that opened the code which the text is in, 0 outside
	literal bool // backquotes mean nothing: one of them is never closed
}

func (w *writer) begin(s *script, literal bool) {
	w.out, w.place, w.limit, w.literal, w.ticks = w.out[:0], s.place, s.limit, literal, 0
}

// own writes what the template brings along.
func (w *writer) own(text string) error {
	w.out = append(w.out, text...)
	if w.place == inBlock && !w.literal {
		w.follow(text)
	}
	return w.count(text)
}

func (w *writer) count(text string) error {
	if w.written += utf8.RuneCountInString(text); w.written > maxWritten {
		return fmt.Errorf("the template writes more than %d characters", maxWritten)
	}
	return nil
}

// value writes a scalar.
func (w *writer) value(v value) error {
	if v.ansi && w.place == inBlock && w.ticks == 0 {
		return w.block(v)
	}
	if len(v.parts) > 0 && !v.own {
		for _, part := range v.parts {
			if err := w.value(part); err != nil {
				return err
			}
		}
		return nil
	}
	if v.own {
		return w.own(v.text)
	}
	text := w.safe(shown(v.text, w.limit))
	w.out = append(w.out, text...)
	return w.count(text)
}

// block gives colours the block of code without which nobody sees them.
func (w *writer) block(v value) error {
	literal := w.literal
	w.literal = false
	for _, part := range []value{ownText("```ansi\n"), v, ownText("\n```")} {
		if err := w.value(part); err != nil {
			return err
		}
	}
	w.literal = literal
	return nil
}

// shown is as much of the text as could be shown, and a little more, so that it is seen to be cut.
func shown(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	units := 0
	for i, r := range text {
		if units > limit {
			return text[:i]
		}
		units++
		if r > 0xffff {
			units++
		}
	}
	return text
}

// safe is a value's text as it can stand where it is written.
func (w *writer) safe(text string) string {
	switch w.place {
	case inPlain:
		return clean(text)
	case inAddress:
		return w.address(text)
	case inValue:
		return text
	case inLine:
		return w.apart(line(text))
	}
	if w.ticks > 0 {
		return strings.Map(inCode, text)
	}
	return w.apart(Escape(text))
}

// apart is escaped text that what stands before it does not change: a bracket would make a link of it, a backslash
// take away its first escape.
func (w *writer) apart(text string) string {
	if text == "" || len(w.out) == 0 {
		return text
	}
	switch last := w.out[len(w.out)-1]; {
	case last == ']' && text[0] == '(':
		return `\` + text
	case last == '\\' && text[0] == '\\':
		return invisible + text
	default:
		return text
	}
}

// inCode replaces what would end the code.
func inCode(r rune) rune {
	if r == '`' {
		return 'ˋ' // looks the same
	}
	return visible(r)
}

// address is a value as a part of a link: what begins one is left as it is, what comes behind a question mark cannot
// end what it is a part of.
func (w *writer) address(text string) string {
	if bytes.IndexByte(w.out, '?') >= 0 {
		return url.QueryEscape(text)
	}
	return text
}

// fence is how many backquotes open and close a block of code.
const fence = 3

// follow keeps track of the code that the text opens and closes.
func (w *writer) follow(text string) {
	for {
		i := strings.IndexByte(text, '`')
		if i < 0 {
			return
		}
		escaped := w.ticks == 0 && i > 0 && text[i-1] == '\\'
		rest := strings.TrimLeft(text[i:], "`")
		n := len(text) - i - len(rest)
		switch {
		case escaped && n == 1:
		case w.ticks == 0:
			w.ticks = n
		case n == w.ticks, n >= fence && w.ticks >= fence:
			w.ticks = 0
		}
		text = rest
	}
}
