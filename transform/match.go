package transform

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Limits of patterns. A usual one has twenty instructions; x{1000} has a thousand.
const (
	maxPattern  = 1000
	maxPatterns = 100 // that are kept
)

// pattern is a regular expression with how much work it is.
type pattern struct {
	*regexp.Regexp
	size int // instructions
}

// patterns are those that were compiled before.
type patterns map[string]*pattern

func (p patterns) compile(text string, flags any) (*pattern, error) {
	chosen, _ := flags.(string)
	if flags != nil && strings.Trim(chosen, "gim") != "" {
		return nil, errors.New("the flags of patterns are g, i and m")
	}
	if strings.Contains(chosen, "i") {
		text = "(?i)" + text
	}
	if strings.Contains(chosen, "m") {
		text = "(?s)" + text
	}
	if known, ok := p[text]; ok {
		return known, nil
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	if len(program.Inst) > maxPattern {
		return nil, errors.New("this pattern is too large")
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	if len(p) == maxPatterns {
		clear(p)
	}
	p[text] = &pattern{compiled, len(program.Inst)}
	return p[text], nil
}

// find is the pattern and the text that it is to be found in.
func (p patterns) find(v, re, flags any) (*pattern, string, error) {
	text, ok := v.(string)
	source, is := re.(string)
	if !ok || !is {
		return nil, "", errors.New("a pattern is looked for in a text")
	}
	if len(source) > maxShort {
		return nil, "", errors.New("this pattern is too large")
	}
	found, err := p.compile(source, flags)
	if err != nil {
		return nil, "", err
	}
	if len(text)*(4+found.size) > maxWork {
		return nil, "", fmt.Errorf("this pattern is too much work on a text of %d bytes", len(text))
	}
	return found, text, nil
}

// test says whether the pattern is in the text.
func (m *meter) test(known patterns, v, re, flags any) any {
	found, text, err := known.find(v, re, flags)
	if err != nil {
		return err
	}
	return found.MatchString(text)
}

// matches are where the pattern is in the text, as indices of bytes; of one match, unless a flag asks for all.
func (m *meter) matches(known patterns, v, re, flags any) (found *pattern, text string, at [][]int, err error) {
	if found, text, err = known.find(v, re, flags); err != nil {
		return nil, "", nil, err
	}
	count := 1
	if chosen, _ := flags.(string); strings.Contains(chosen, "g") {
		count = maxList
	}
	at = found.FindAllStringSubmatchIndex(text, count)
	groups := 1 + found.NumSubexp()
	return found, text, at, m.list(len(at) * groups * 32)
}

// match gives what match/2 gives, in a list.
func (m *meter) match(known patterns, v, re, flags any) any {
	found, text, all, err := m.matches(known, v, re, flags)
	if err != nil {
		return err
	}
	var (
		names   = found.SubexpNames()
		count   = counter{text: text}
		matches = make([]any, len(all))
	)
	for i, at := range all {
		whole := capture(&count, text, at[:2])
		captures := make([]any, 0, len(names)-1)
		for group := 1; group < len(names); group++ {
			one := capture(&count, text, at[2*group:2*group+2])
			one["name"] = nil
			if names[group] != "" {
				one["name"] = names[group]
			}
			captures = append(captures, one)
		}
		whole["captures"] = captures
		matches[i] = whole
	}
	return matches
}

// pieces gives the text before each match with what was captured, and the rest of the text.
func (m *meter) pieces(known patterns, v, re, flags any) any {
	found, text, all, err := m.matches(known, v, re, flags)
	if err != nil {
		return err
	}
	names, end := found.SubexpNames(), 0
	parts := make([]any, len(all))
	for i, at := range all {
		captures := []any{}
		for group := 1; group < len(names); group++ {
			if names[group] == "" {
				continue
			}
			var captured any
			if at[2*group] >= 0 {
				captured = text[at[2*group]:at[2*group+1]]
			}
			captures = append(captures, map[string]any{"name": names[group], "string": captured})
		}
		parts[i] = map[string]any{"before": text[end:at[0]], "captures": captures}
		end = at[1]
	}
	return map[string]any{"parts": parts, "rest": text[end:]}
}

func capture(count *counter, text string, at []int) map[string]any {
	if at[0] < 0 {
		return map[string]any{"offset": -1, "length": 0, "string": nil}
	}
	piece := text[at[0]:at[1]]
	return map[string]any{"offset": count.before(at[0]), "length": utf8.RuneCountInString(piece), "string": piece}
}

// positions are where a part is in a text, in characters.
func (m *meter) positions(v, of any) any {
	text, _ := v.(string)
	part, _ := of.(string)
	var (
		found = []any{}
		count = counter{text: text}
	)
	if part == "" {
		return found
	}
	for from := 0; ; {
		at := strings.Index(text[from:], part)
		if at < 0 {
			return orValue(m.list(len(found)), found)
		}
		if (len(found)+1)*len(part) > maxWork || len(found) == maxList {
			return errors.New("the text has too much of what is looked for")
		}
		found = append(found, count.before(from+at))
		_, width := utf8.DecodeRuneInString(text[from+at:])
		from += at + width
	}
}

// counter counts the characters before a byte, from where it was asked last.
type counter struct {
	text              string
	bytes, characters int
}

func (c *counter) before(index int) int {
	if index < c.bytes {
		c.characters -= utf8.RuneCountInString(c.text[index:c.bytes])
	} else {
		c.characters += utf8.RuneCountInString(c.text[c.bytes:index])
	}
	c.bytes = index
	return c.characters
}
