package filter

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
)

// maxPattern is how many instructions a pattern may have. A usual one has twenty; x{1000} has a thousand.
const maxPattern = 500

// pattern is a regular expression with what it costs.
type pattern struct {
	*regexp.Regexp
	size int // instructions
}

func compilePattern(text string) (*pattern, error) {
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
	return &pattern{compiled, len(program.Inst)}, err
}

// matches says whether the text has the pattern in it.
func (s *Scope) matches(v any, p *pattern) (bool, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case string:
		// At worst, every character is held against every instruction.
		if err := s.pay(size(v) * (1 + p.size/2)); err != nil {
			return false, err
		}
		return p.MatchString(v), nil
	}
	return false, fmt.Errorf("this needs a text, not %s", kindOfValue(v))
}
