package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// ParseTemplate reads a template, a JSON object in the format of docs/templates.md. The error is a *TemplateError.
func ParseTemplate(text []byte) (*Template, error) {
	source := string(bytes.TrimPrefix(text, []byte("\ufeff"))) // some editors begin a file with it
	if len(source) > MaxTemplate {
		return nil, wrong(source, "", 0, "", fmt.Sprintf("a template can have %d KB, and this one has more", MaxTemplate>>10))
	}
	if err := checkJSON(source); err != nil {
		return nil, err
	}
	d := &draft{source: source, template: &Template{}}
	if err := d.read(gjson.Parse(source)); err != nil {
		return nil, err
	}
	return d.template, nil
}

// checkJSON tells in plain words where the text is no JSON.
func checkJSON(source string) error {
	if !utf8.ValidString(source) {
		valid := strings.ToValidUTF8(source, "\xff")
		return wrong(source, "", strings.IndexByte(valid, '\xff'), "", "this is no text in UTF-8")
	}
	var whole json.RawMessage
	err := json.Unmarshal([]byte(source), &whole)
	var syntax *json.SyntaxError
	if err == nil || !errors.As(err, &syntax) {
		return err
	}
	at := min(max(int(syntax.Offset)-1, 0), len(source))
	if strings.HasPrefix(err.Error(), "unexpected end") {
		return wrong(source, "", len(source), "", `the end is missing: a quote, a } or a ] is not closed`)
	}
	_, size := utf8.DecodeRuneInString(source[at:])
	piece := source[at : at+size]
	return wrong(source, "", at, piece, jsonProblem(source[:at], piece, err.Error()))
}

// jsonProblem is what is wrong with a piece behind what was read without a problem.
func jsonProblem(before, piece, message string) string {
	begins := strings.LastIndexByte(before, '\n') + 1
	inBraces := strings.LastIndex(before[begins:], leftBraces) > strings.LastIndex(before[begins:], rightBraces)
	said := func(part string) bool { return strings.Contains(message, part) }
	switch {
	case said("in string literal") && strings.ContainsAny(piece, "\r\n"):
		return `a text cannot go on in the next line: write \n where a line ends`
	case said("in string literal"):
		return `this character is written as an escape, such as \t`
	case said("in string escape"):
		return `a backslash is written \\`
	case inBraces:
		return "a quote ends the text here: within {{ and }} write \\\" or a backquote for it"
	case strings.ContainsAny(piece, "}]") && strings.HasSuffix(strings.TrimRight(before, " \t\r\n"), ","):
		return "there is a comma too many before this"
	case said("after object key:value") || said("after array element"):
		return "a comma is missing before this, or a quote stands where none belongs"
	case said("after object key"):
		return "a colon is missing before this"
	case said("beginning of object key"):
		return "a name in double quotes is missing here"
	case said("beginning of value"):
		return "a value is missing here: a text in double quotes, a number, true, false, a list or an object"
	case said("after top-level value"):
		return "there is something behind the end"
	default:
		return message
	}
}
