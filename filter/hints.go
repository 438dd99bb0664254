package filter

import (
	"regexp"
	"strings"

	"github.com/expr-lang/expr/file"
)

// hints are for what people write who know another language.
var hints = map[string]string{
	"=":     "to compare, write ==",
	"&":     "for and, write &&",
	"AND":   "for and, write &&",
	"OR":    "for or, write ||",
	"NOT":   "for not, write !",
	"IS":    "to compare, write ==; what is missing is nil",
	"LIKE":  "for a part of a text, write contains, startsWith, endsWith or matches",
	"IN":    `write in, as in record.Priority in ["High", "Critical"]`,
	"NULL":  "what is missing is nil",
	"NONE":  "what is missing is nil",
	"TRUE":  "write true",
	"FALSE": "write false",
}

var (
	loneBar     = regexp.MustCompile(`(^|[^|])\|([^|]|$)`)
	curlyQuotes = "“”„‟‘’‚‛«»"
)

// misread is the error of the parser in words for people.
func (s source) misread(err error) *Error {
	problem := s.failed(err)
	switch unexpected := strings.HasPrefix(problem.Problem, "unexpected token"); {
	case strings.TrimSpace(string(s)) == "":
		problem.Problem = "the expression is empty"
	case strings.HasSuffix(problem.Problem, "token EOF"):
		problem.Problem, problem.Piece = "the expression ends too early", ""
	case strings.ContainsAny(problem.Piece, curlyQuotes):
		problem.Problem = `quotes are straight: "`
	case problem.Problem == "literal not terminated":
		problem.Problem = "a text has no closing quote"
	case unexpected:
		problem.Problem = s.unexpected(problem)
	}
	return problem
}

// unexpected says what is wrong with a piece that does not fit in where it stands.
func (s source) unexpected(at *Error) string {
	hint, known := hints[strings.ToUpper(at.Piece)]
	switch written := string(s); {
	case at.Piece == "=" && strings.Contains(written, "=>"):
		hint = "for at least, write >="
	case at.Piece == "=" && strings.Contains(written, "=<"):
		hint = "for at most, write <="
	case at.Piece == ">" && strings.Contains(written, "<>"):
		hint = "for not equal, write !="
	case known:
	case loneBar.MatchString(written):
		hint = "for or, write ||"
	case isName(at.Piece):
		hint = `a text needs quotes, and conditions are joined by && or ||`
	default:
		return "this is not expected here"
	}
	return "this is not expected here: " + hint
}

// unknown says what is wrong with a name.
func unknown(name string) string {
	lower := strings.ToLower(name)
	if _, ok := roots[lower]; ok {
		return "names are in lower case: " + lower
	}
	if hint, ok := hints[strings.ToUpper(name)]; ok {
		return "there is no such name: " + hint
	}
	return "there is no such name: a field is record." + name + `, a text is "` + name + `"`
}

func isName(piece string) bool { return nameOnly.MatchString(piece) }

var nameOnly = regexp.MustCompile(`^[\pL_$][\pL\d_$]*$`)

// span is the place of a run of characters.
func span(from, to int) file.Location { return file.Location{From: from, To: to} }
