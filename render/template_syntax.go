package render

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// action is where a pair of braces begins and ends in a text.
type action struct{ begin, end int }

const (
	leftBraces  = "{{"
	rightBraces = "}}"
)

// actionsOf finds the actions of a text, the last one unclosed perhaps.
func actionsOf(text string) []action {
	var found []action
	for from := 0; ; {
		begin := strings.Index(text[from:], leftBraces)
		if begin < 0 {
			return found
		}
		begin += from
		from = begin + actionLength(text[begin:])
		found = append(found, action{begin, from})
	}
}

// actionLength is the length of the action that the text begins with.
func actionLength(text string) int {
	inside := strings.TrimLeft(text[len(leftBraces):], "- \t\r\n")
	if strings.HasPrefix(inside, "/*") {
		if end := strings.Index(text, "*/"); end >= 0 {
			inside = text[end:]
		}
	}
	for i := len(text) - len(inside); i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '`' || c == '\'':
			i += quotedLength(text[i:]) - 1
		case strings.HasPrefix(text[i:], rightBraces):
			return i + len(rightBraces)
		}
	}
	return len(text)
}

// quotedLength is the length of the quoted text that the text begins with; one is enough when it has no end.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == text[0]:
			return i + 1
		case text[i] == '\\' && text[0] != '`':
			i++
		}
	}
	return 1
}

// unfinished is how the parser says that something was not ended, as every beginning of a text may be.
const unfinished = "unexpected EOF"

// syntaxError finds the place of a parser's error, which tells the line only: it is in the first action up to which
// the text cannot be parsed.
func (s *script) syntaxError(err error) *TemplateError {
	actions := actionsOf(s.text)
	i := sort.Search(len(actions), func(i int) bool {
		_, _, err := parseText(s.text[:actions[i].end])
		return err != nil && !strings.HasSuffix(err.Error(), unfinished)
	})
	if i == len(actions) {
		return s.unclosed(actions)
	}
	at, piece := actions[i].begin, s.text[actions[i].begin:actions[i].end]
	message := parserPrefix.ReplaceAllString(err.Error(), "")
	if name := named(message); name != "" {
		if from := strings.Index(piece[len(leftBraces):], name); from >= 0 {
			at, piece = at+len(leftBraces)+from, name
		}
	}
	return s.wrong(at, piece, plainly(message, piece))
}

var (
	parserPrefix = regexp.MustCompile(`^template: \x00:\d+: (?:template: )?`)
	quotedPiece  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	otherPiece   = regexp.MustCompile(`<([^>]+)>|U\+[0-9A-F]+ '(.)'|character constant: ('.*')`)
	firstWord    = regexp.MustCompile(`^\{\{-?\s*(\w+)`)
)

// named is the piece that the parser's message names, "" when it names none.
func named(message string) string {
	if quoted := quotedPiece.FindString(message); quoted != "" {
		name, err := strconv.Unquote(quoted)
		if err != nil {
			return ""
		}
		return name
	}
	if found := otherPiece.FindStringSubmatch(message); found != nil {
		return found[1] + found[2] + found[3]
	}
	return ""
}

// unclosed is the error of a text whose {{if}} or the like has no {{end}}: it points at the last of them.
func (s *script) unclosed(actions []action) *TemplateError {
	open := []action{{}}
	for _, a := range actions {
		word := firstWord.FindStringSubmatch(s.text[a.begin:a.end])
		if word == nil {
			continue
		}
		switch word[1] {
		case "if", "with", "range", "define", "block":
			open = append(open, a)
		case "end":
			open = open[:max(len(open)-1, 1)]
		}
	}
	last := open[len(open)-1]
	return s.wrong(last.begin, s.text[last.begin:last.end], "this has no {{end}}")
}

// saidPlainly is what the parser says, by how that begins, in plain words.
var saidPlainly = []struct{ parser, words string }{
	{"unexpected {{end}}", "this {{end}} ends nothing: no {{if}}, {{with}} or {{range}} is open before it"},
	{"unexpected {{else}}", "this {{else}} belongs to nothing: no {{if}}, {{with}} or {{range}} is open before it"},
	{"expected end; found {{else}}", "there is an {{else}} before this one already"},
	{"missing value for", "there is nothing in it"},
	{"unclosed action", "this {{ has no }}"},
	{"unclosed left paren", "this ( has no )"},
	{"unexpected right paren", "this ) has no ( before it"},
	{"unterminated quoted string", "a quote has no end"},
	{"unterminated raw quoted string", "a backquote has no end"},
	{"unterminated character constant", "a text stands in double quotes or backquotes, not in single ones"},
	{"malformed character constant", "a text stands in double quotes or backquotes, not in single ones"},
	{"unclosed comment", "this comment has no */}}"},
	{"comment ends before", "a comment ends in */}}, and nothing else can stand in its braces"},
	{"undefined variable", "there is no such variable here"},
	{"non executable command", "only a function can stand behind |"},
	{"{{break}} outside", "{{break}} can stand in a {{range}} only"},
	{"{{continue}} outside", "{{continue}} can stand in a {{range}} only"},
	{"bad number syntax", "this is no number"},
}

// hints are what was probably meant by a character that means nothing here.
var hints = map[string]string{
	"=": operators, "!": operators, "&": operators, "<": operators, ">": operators, "+": operators, "?": operators,
	",": "what a function is given is separated by spaces",
	"[": `write {{index .List 0}} for what stands in a list`,
	"-": `a name with a - in it is written {{index .Body "the-name"}}`,
	"'": "a text stands in double quotes or backquotes, not in single ones",
}

const operators = "there are no operators: write eq, ne, lt, le, gt, ge, and, or, not, as in {{if gt .Record.Amount 1000}}"

func plainly(message, piece string) string {
	for _, said := range saidPlainly {
		if strings.HasPrefix(message, said.parser) {
			return said.words
		}
	}
	if hint := hints[piece]; hint != "" {
		return hint
	}
	return message
}
