package filter

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/file"
)

// Error says where an expression is wrong, or where it failed on an event.
type Error struct {
	Line    int    // 1 for the first
	Column  int    // in characters, 1 for the first
	Piece   string // what stands there; "" at the end
	Problem string // in English, with a hint for the usual mistakes
}

func (e *Error) Error() string {
	if e.Piece == "" {
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
	}
	return fmt.Sprintf("line %d, column %d, at %s: %s", e.Line, e.Column, e.Piece, e.Problem)
}

// source is an expression as it was written.
type source []rune

// at is the problem with its place.
func (s source) at(where file.Location, problem string) *Error {
	from := min(max(where.From, 0), len(s))
	to := min(max(where.To, from), len(s))
	before := string(s[:from])
	return &Error{
		Line:    1 + strings.Count(before, "\n"),
		Column:  1 + len([]rune(before[strings.LastIndexByte(before, '\n')+1:])),
		Piece:   strings.TrimSpace(string(s[from:to])),
		Problem: problem,
	}
}

// failed is what the library complains about, with its place.
func (s source) failed(err error) *Error {
	var located *file.Error
	if !errors.As(err, &located) {
		return s.at(file.Location{}, err.Error())
	}
	return s.at(located.Location, located.Message)
}
