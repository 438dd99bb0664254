package render

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	maxWidth     = 200 // characters that a value is padded to
	maxPrecision = 100
)

// verb is what a format does with one value, and the text before it.
type verb struct {
	before string
	flags  string // with width and precision, such as "%-10.2"; "" at the end of the format
	as     byte
}

// parseFormat reads a format of Go's. It refuses what could not be bounded, or would show more than the value.
func parseFormat(format string) ([]verb, error) {
	var verbs []verb
	var before strings.Builder
	for {
		text, rest, found := strings.Cut(format, "%")
		before.WriteString(text)
		if !found {
			return append(verbs, verb{before: before.String()}), nil
		}
		if strings.HasPrefix(rest, "%") {
			before.WriteByte('%')
			format = rest[1:]
			continue
		}
		end := len(rest) - len(strings.TrimLeft(rest, "+-# 0123456789."))
		if end == len(rest) {
			return nil, errors.New("the format ends within a %")
		}
		v := verb{before: before.String(), flags: "%" + rest[:end], as: rest[end]}
		if err := v.check(); err != nil {
			return nil, err
		}
		verbs, format = append(verbs, v), rest[end+1:]
		before.Reset()
	}
}

func (v verb) check() error {
	if strings.IndexByte("sdvqtfFeEgGxX", v.as) < 0 {
		return fmt.Errorf("a format can have %%s, %%d, %%f, %%e, %%g, %%x, %%q, %%t and %%v, not %s%c", v.flags, v.as)
	}
	width, precision, _ := strings.Cut(strings.TrimLeft(v.flags, "%+-# 0"), ".")
	for _, each := range []struct {
		digits string
		most   int
	}{{width, maxWidth}, {precision, maxPrecision}} {
		if n, err := strconv.Atoi(each.digits); each.digits != "" && (err != nil || n < 0 || n > each.most) {
			return fmt.Errorf("%s%c is too wide: %d is the most", v.flags, v.as, each.most)
		}
	}
	return nil
}

func formatted(r *run, args []value) (value, error) {
	verbs, err := parseFormat(args[0].text)
	if err != nil {
		return none, err
	}
	own := args[0].own
	args = args[1:]
	parts := make([]value, 0, 2*len(verbs))
	for i, v := range verbs {
		parts = append(parts, value{kind: kindText, text: v.before, own: own})
		if v.as == 0 || i >= len(args) {
			continue
		}
		part, err := r.format(v, args[i])
		if err != nil {
			return none, err
		}
		parts = append(parts, part)
	}
	return r.compose(parts...)
}

// format is a value as the verb has it. One that is not of the verb's kind is shown as it is.
func (r *run) format(v verb, arg value) (value, error) {
	if (v.as == 's' || v.as == 'v') && v.flags == "%" {
		return arg, nil
	}
	text, err := r.take(arg)
	if err != nil {
		return none, err
	}
	var shown string
	f, isNumber := arg.float()
	switch strings.IndexByte("dfFeEgGxX", v.as) {
	case -1:
		if v.as != 'q' {
			v.as = 's'
		}
		shown = fmt.Sprintf(v.flags+string(v.as), text)
	case 0:
		shown = v.integer(f, text, isNumber)
	case 7, 8:
		if n, ok := arg.whole(); ok {
			shown = fmt.Sprintf(v.flags+string(v.as), n)
		} else {
			shown = fmt.Sprintf(v.flags+string(v.as), text)
		}
	default:
		shown = text
		if isNumber {
			shown = fmt.Sprintf(v.flags+string(v.as), f)
		}
	}
	return r.made(shown, arg.own)
}

// integer is a number without a fraction, every digit of it if it had none.
func (v verb) integer(f float64, text string, isNumber bool) string {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil:
	case isNumber && math.Abs(f) < 1<<53:
		n = int64(math.Round(f))
	default:
		return text
	}
	return fmt.Sprintf(v.flags+"d", n)
}

// printed puts values side by side, with a space between two that are no texts, as Go does.
func printed(r *run, args []value) (value, error) {
	var parts []value
	for i, arg := range args {
		if i > 0 && arg.kind != kindText && args[i-1].kind != kindText {
			parts = append(parts, ownText(" "))
		}
		parts = append(parts, arg)
	}
	return r.compose(parts...)
}

func printedLine(r *run, args []value) (value, error) {
	var parts []value
	for i, arg := range args {
		if i > 0 {
			parts = append(parts, ownText(" "))
		}
		parts = append(parts, arg)
	}
	return r.compose(append(parts, ownText("\n"))...)
}
