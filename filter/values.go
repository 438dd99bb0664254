package filter

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/vm/runtime"
)

// The values of an expression are those of JSON: nil, bool, int, float64, string, []any and map[string]any.

// kindOfValue is what a value is, in words.
func kindOfValue(v any) string {
	switch v.(type) {
	case nil:
		return "missing"
	case bool:
		return truths
	case int, float64:
		return "a number"
	case string:
		return "a text"
	case []any:
		return "a list"
	}
	return "an object"
}

// truth is a value as a condition. What is missing is false.
func truth(v any) (bool, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	}
	return false, fmt.Errorf("this is %s here, not true or false: compare it with something", kindOfValue(v))
}

// operators are what is to be done to two values. Where one is missing, comparisons are false and results missing.
var operators = map[string]func(a, b any) (any, error){
	"<":          comparison(func(order int) bool { return order < 0 }),
	"<=":         comparison(func(order int) bool { return order <= 0 }),
	">":          comparison(func(order int) bool { return order > 0 }),
	">=":         comparison(func(order int) bool { return order >= 0 }),
	"contains":   onTexts(strings.Contains),
	"startsWith": onTexts(strings.HasPrefix),
	"endsWith":   onTexts(strings.HasSuffix),
	"+":          plus,
	"-":          onNumbers(runtime.Subtract),
	"*":          onNumbers(runtime.Multiply),
	"/":          onNumbers(func(a, b any) any { return runtime.Divide(a, b) }),
	"%":          onNumbers(func(a, b any) any { return runtime.Modulo(a, b) }),
	"**":         onNumbers(func(a, b any) any { return runtime.Exponent(a, b) }),
	"^":          onNumbers(func(a, b any) any { return runtime.Exponent(a, b) }),
}

func comparison(holds func(order int) bool) func(a, b any) (any, error) {
	return func(a, b any) (any, error) {
		if a == nil || b == nil {
			return false, nil
		}
		if isNumber(a) && isNumber(b) {
			return holds(compareNumbers(a, b)), nil
		}
		left, leftIs := a.(string)
		right, rightIs := b.(string)
		if leftIs && rightIs {
			return holds(strings.Compare(left, right)), nil
		}
		if (leftIs || rightIs) && (isNumber(a) || isNumber(b)) {
			return nil, errors.New("this compares a text with a number: float(record.Amount) reads a text as a number")
		}
		return nil, fmt.Errorf("this compares %s with %s", kindOfValue(a), kindOfValue(b))
	}
}

func compareNumbers(a, b any) int {
	left, leftIs := a.(int)
	right, rightIs := b.(int)
	if leftIs && rightIs {
		return cmp.Compare(left, right)
	}
	return cmp.Compare(runtime.ToFloat64(a), runtime.ToFloat64(b))
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, float64:
		return true
	}
	return false
}

func onTexts(holds func(text, part string) bool) func(a, b any) (any, error) {
	return func(a, b any) (any, error) {
		if a == nil || b == nil {
			return false, nil
		}
		text, ok := a.(string)
		part, is := b.(string)
		if !ok || !is {
			return nil, fmt.Errorf(`this needs two texts, not %s and %s; a list is searched by "x" in list`, kindOfValue(a), kindOfValue(b))
		}
		return holds(text, part), nil
	}
}

func onNumbers(do func(a, b any) any) func(a, b any) (any, error) {
	return func(a, b any) (any, error) {
		if a == nil || b == nil {
			return nil, nil
		}
		if !isNumber(a) || !isNumber(b) {
			return nil, fmt.Errorf("this needs two numbers, not %s and %s", kindOfValue(a), kindOfValue(b))
		}
		return do(a, b), nil
	}
}

func plus(a, b any) (any, error) {
	if left, ok := a.(string); ok {
		if right, ok := b.(string); ok {
			return left + right, nil
		}
	}
	return onNumbers(runtime.Add)(a, b)
}

// functions are what is to be done to one value.
var functions = map[string]func(v any) (any, error){
	"len":   length,
	"lower": onText(strings.ToLower),
	"upper": onText(strings.ToUpper),
	"trim":  onText(strings.TrimSpace),
	"abs":   onNumber(math.Abs),
	"round": onNumber(math.Round),
	"floor": onNumber(math.Floor),
	"ceil":  onNumber(math.Ceil),
	"float": number,
	"int": func(v any) (any, error) {
		read, err := number(v)
		if err != nil || read == nil {
			return nil, err
		}
		return onNumber(math.Trunc)(read)
	},
}

func length(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case string:
		return utf8.RuneCountInString(v), nil
	case []any:
		return len(v), nil
	case map[string]any:
		return len(v), nil
	}
	return nil, fmt.Errorf("%s has no length", kindOfValue(v))
}

func onText(do func(string) string) func(v any) (any, error) {
	return func(v any) (any, error) {
		switch v := v.(type) {
		case nil:
			return nil, nil
		case string:
			return do(v), nil
		}
		return nil, fmt.Errorf("this needs a text, not %s", kindOfValue(v))
	}
}

func onNumber(do func(float64) float64) func(v any) (any, error) {
	return func(v any) (any, error) {
		switch v := v.(type) {
		case nil:
			return nil, nil
		case int:
			return int(do(float64(v))), nil
		case float64:
			return do(v), nil
		}
		return nil, fmt.Errorf("this needs a number, not %s", kindOfValue(v))
	}
}

// number reads texts, too: some senders put amounts in quotes.
func number(v any) (any, error) {
	switch v := v.(type) {
	case nil, int, float64:
		return v, nil
	case string:
		read, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil, errors.New("this text is no number")
		}
		return read, nil
	}
	return nil, fmt.Errorf("this needs a number, not %s", kindOfValue(v))
}
