package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// mistakes gathers what is wrong, one mistake a key: what follows from the first is noise.
type mistakes struct {
	errs []error
	of   map[string]bool
	env  map[string]string // key → the variable that set it
}

func (m *mistakes) add(key, format string, args ...any) {
	if m.of[key] {
		return
	}
	m.of[key] = true
	text := fmt.Sprintf(format, args...)
	if variable := m.env[key]; variable != "" {
		text += " (set by " + variable + ")"
	}
	m.errs = append(m.errs, fmt.Errorf("%s: %s", strings.Map(printable, key), text))
}

// printable keeps a mistake on its line.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}

// unless adds the mistake when the condition does not hold.
func (m *mistakes) unless(holds bool, key, format string, args ...any) {
	if !holds {
		m.add(key, format, args...)
	}
}

// hint proposes the known name that was probably meant, as the end of a sentence.
func hint(name string, known []string) string {
	best := slices.MinFunc(known, func(a, b string) int { return distance(name, a) - distance(name, b) })
	if distance(name, best) > len(name)/3+1 {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
