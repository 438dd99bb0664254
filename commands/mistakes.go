package commands

import "strings"

const (
	maxPiece   = 100 // characters of what is wrong, as it was written
	maxProblem = 400 // characters of what is wrong with it
)

// mistakeOf tells where something is that a person has written wrong, and what is wrong with it. The field is "" where
// there is but one, the line is 0 where no place is known, and the piece "" where nothing can be pointed at.
func mistakeOf(field string, line, column int, piece, problem string) text {
	var where []text
	if field != "" {
		where = append(where, say("mistake.field", "field", inSpan(field, maxPiece)))
	}
	if line > 0 {
		where = append(where, say("mistake.place", "line", line, "column", column))
	}
	if piece != "" {
		where = append(where, say("mistake.piece", "piece", inSpan(piece, maxPiece)))
	}
	if len(where) == 0 {
		return asWritten(quoted(problem, maxProblem))
	}
	return say("mistake.what", "where", where, "problem", quoted(problem, maxProblem))
}

// inSpan is what somebody wrote as code in a line of text. Backticks of its own cannot end it.
func inSpan(written string, characters int) string {
	written = clip(strings.Join(strings.Fields(written), " "), characters)
	if !strings.Contains(written, "`") {
		return "`" + written + "`"
	}
	return "`` " + strings.ReplaceAll(written, "``", "`\u200b`") + " ``"
}
