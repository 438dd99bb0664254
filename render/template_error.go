package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// TemplateError says what is wrong with a template, and where.
type TemplateError struct {
	Field   string // such as "fields[1].value"; "" for the template as a whole
	Line    int    // in the JSON as it was written, from 1
	Column  int    // in characters, from 1
	Piece   string // the offending piece; "" when there is none
	Problem string // in plain words
}

// Error is all of it in one line.
func (e *TemplateError) Error() string {
	place := fmt.Sprintf("line %d, column %d", e.Line, e.Column)
	if e.Field != "" {
		place = e.Field + " (" + place + ")"
	}
	if e.Piece != "" {
		place += ", at " + strconv.Quote(e.Piece)
	}
	return place + ": " + e.Problem
}

// maxPiece is how many characters of an offending piece are shown.
const maxPiece = 60

// wrong is an error at an offset of the JSON.
func wrong(source, field string, offset int, piece, problem string) *TemplateError {
	before := source[:offset]
	begins := strings.LastIndexByte(before, '\n') + 1
	return &TemplateError{
		Field: field, Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[begins:]) + 1,
		Piece: clip(piece, maxPiece), Problem: problem,
	}
}

// written is how many bytes of a JSON string's inside the first n bytes of its text take: escapes are longer than
// what they stand for.
func written(inside string, n int) int {
	i := 0
	for n > 0 && i < len(inside) {
		if inside[i] != '\\' {
			i, n = i+1, n-1
			continue
		}
		size, means := escapeLength(inside[i:])
		i, n = i+size, n-means
	}
	return min(i, len(inside))
}

// escapeLength is how long the escape at the beginning is, and how many bytes it stands for.
func escapeLength(text string) (size, means int) {
	if text[1] != 'u' {
		return 2, 1
	}
	r := hexRune(text[2:])
	if !utf16.IsSurrogate(r) {
		return 6, utf8.RuneLen(r)
	}
	if !strings.HasPrefix(text[6:], `\u`) {
		return 6, utf8.RuneLen(utf8.RuneError)
	}
	return 12, utf8.RuneLen(utf16.DecodeRune(r, hexRune(text[8:])))
}

func hexRune(text string) rune {
	n, err := strconv.ParseUint(text[:4], 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// closest is which of the names was probably meant, "" when none is near.
func closest[T any](name string, among map[string]T) string {
	best, least := "", (len(name)+4)/3 // two letters that changed places make a distance of 2
	for known := range among {
		if d := distance(bare(name), bare(known)); d < least || d == least && known < best {
			best, least = known, d
		}
	}
	return best
}

// bare is a name without what is often written otherwise.
func bare(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// maxMeant is how long a name may be that is compared to others, in bytes.
const maxMeant = 40

// distance is how many letters are to be changed, added or taken away to make one name of the other.
func distance(a, b string) int {
	if len(a) > maxMeant {
		return maxMeant
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, corner+cost)
		}
	}
	return row[len(b)]
}
