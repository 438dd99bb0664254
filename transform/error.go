package transform

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/itchyny/gojq"
)

// Error says where a program is wrong, or why it failed on a body.
type Error struct {
	Line    int    // 1 for the first; 0 when it is about no place
	Column  int    // in characters, 1 for the first; 0 when it is about no place
	Piece   string // what stands there; "" at the end
	Problem string // in English, with a hint for the usual mistakes
}

func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Problem
	case e.Piece == "":
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
	}
	return fmt.Sprintf("line %d, column %d, at %s: %s", e.Line, e.Column, e.Piece, e.Problem)
}

// at is a problem with the place of a piece that ends before a byte of the program.
func at(program string, end int, piece, problem string) *Error {
	before := program[:max(end-len(piece), 0)]
	return &Error{
		Line:    1 + strings.Count(before, "\n"),
		Column:  1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]),
		Piece:   piece,
		Problem: problem,
	}
}

// about is a problem with a word of the program, whose place nobody kept: the first that looks like it.
func about(program, word, problem string) *Error {
	found := regexp.MustCompile(`(?:^|[^\w.$])(` + regexp.QuoteMeta(word) + `)(?:\W|$)`).FindStringSubmatchIndex(program)
	if found == nil {
		return &Error{Problem: word + ": " + problem}
	}
	return at(program, found[3], word, problem)
}

// hints are for what people write who know another language.
var hints = map[string]string{
	"&": "for and, write and",
	"|": "for or, write or",
	"!": "for not, write | not",
	"'": `texts stand in double quotes: "`,
	"=": "to compare, write ==",
	"$": "a variable is made before: .Name as $name | …",
}

// misread is the error of the parser in words for people.
func misread(program string, err error) *Error {
	var wrong *gojq.ParseError
	if !errors.As(err, &wrong) {
		return &Error{Problem: err.Error()}
	}
	problem := "this is not expected here"
	switch hint, known := hints[wrong.Token]; {
	case strings.HasSuffix(err.Error(), "EOF"):
		problem = "the program ends too early"
	case !strings.HasPrefix(err.Error(), "unexpected token"):
		problem = err.Error()
	case known:
		problem += ": " + hint
	}
	return at(program, wrong.Offset, wrong.Token, problem)
}

// undefined matches what the compiler says of a name that it does not know.
var undefined = regexp.MustCompile(`^(function|variable|label) not defined: (\$?[\w:]+)(?:/(\d+))?$`)

// uncompiled is the error of the compiler in words for people.
func uncompiled(program string, err error) *Error {
	if strings.HasPrefix(err.Error(), "missing query") {
		return at(program, 0, "", "the program is empty: . gives the whole body")
	}
	named := undefined.FindStringSubmatch(err.Error())
	if named == nil {
		return &Error{Problem: err.Error()}
	}
	return about(program, named[2], "there is no such "+named[1])
}
