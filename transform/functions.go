package transform

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/itchyny/gojq"
)

// options are the functions that the prelude calls. Most give what they were given, or the reason why not.
func options(m *meter) []gojq.CompilerOption {
	patterns := make(patterns)
	return []gojq.CompilerOption{
		check("__walk", 0, func(v any, _ []any) error { return m.walk(v, maxValues) }),
		check("__ordered", 0, func(v any, _ []any) error { return m.walk(v, maxOrder) }),
		check("__wide", 0, func(v any, _ []any) error { return m.list(width(v)) }),
		check("__index", 0, func(v any, _ []any) error { return m.index(v) }),
		check("__short", 0, func(v any, _ []any) error { return checkShort(v) }),
		check("__sum", 2, func(_ any, args []any) error { return m.sum(args[0], args[1]) }),
		check("__product", 2, func(_ any, args []any) error { return m.product(args[0], args[1]) }),
		check("__pairs", 2, func(_ any, args []any) error { return m.pairs(args[0], args[1]) }),
		check("__parts", 2, func(_ any, args []any) error { return m.parts(args[0], args[1]) }),
		check("__joined", 1, func(v any, args []any) error { return m.joined(v, args[0]) }),
		check("__grid", 0, func(v any, _ []any) error { return m.grid(v) }),
		gojq.WithFunction("__path", 1, 1, func(_ any, args []any) any { return orValue(m.path(args[0]), args[0]) }),
		gojq.WithFunction("__fromjson", 0, 0, func(v any, _ []any) any { return m.fromJSON(v) }),
		gojq.WithFunction("__match", 2, 2, func(v any, args []any) any { return m.match(patterns, v, args[0], args[1]) }),
		gojq.WithFunction("__test", 2, 2, func(v any, args []any) any { return m.test(patterns, v, args[0], args[1]) }),
		gojq.WithFunction("__pieces", 2, 2, func(v any, args []any) any { return m.pieces(patterns, v, args[0], args[1]) }),
		gojq.WithFunction("__positions", 1, 1, func(v any, args []any) any { return m.positions(v, args[0]) }),
		comparison("__equal", func(order int) bool { return order == 0 }),
		comparison("__unequal", func(order int) bool { return order != 0 }),
		comparison("__less", func(order int) bool { return order < 0 }),
		comparison("__atmost", func(order int) bool { return order <= 0 }),
		comparison("__more", func(order int) bool { return order > 0 }),
		comparison("__atleast", func(order int) bool { return order >= 0 }),
	}
}

// check is a function that gives what it was given when that is allowed.
func check(name string, arguments int, allowed func(v any, args []any) error) gojq.CompilerOption {
	return gojq.WithFunction(name, arguments, arguments, func(v any, args []any) any { return orValue(allowed(v, args), v) })
}

func orValue(err error, v any) any {
	if err != nil {
		return err
	}
	return v
}

// comparison goes through values only as far as they are the same, but that may be all of them.
func comparison(name string, holds func(order int) bool) gojq.CompilerOption {
	return gojq.WithFunction(name, 2, 2, func(_ any, args []any) any {
		for _, v := range args {
			if _, _, err := walk(v, maxValues); err != nil {
				return err
			}
		}
		return holds(gojq.Compare(args[0], args[1]))
	})
}

// walk goes through a value and pays for another of its size.
func (m *meter) walk(v any, limit int) error {
	_, bytes, err := walk(v, limit)
	return cmp.Or(err, m.pay(bytes))
}

// list pays for a list of so many elements.
func (m *meter) list(elements int) error {
	if err := checkList(elements); err != nil {
		return err
	}
	return m.pay(16 * elements)
}

// text pays for a text.
func (m *meter) text(bytes int) error {
	if err := checkText(bytes); err != nil {
		return err
	}
	return m.pay(bytes)
}

// width is how many elements or fields a value has.
func width(v any) int {
	switch v := v.(type) {
	case []any:
		return len(v)
	case map[string]any:
		return len(v)
	}
	return 0
}

// sum pays for l + r.
func (m *meter) sum(l, r any) error {
	switch l := l.(type) {
	case string:
		if r, ok := r.(string); ok {
			return m.text(len(l) + len(r))
		}
	case []any, map[string]any:
		return m.list(width(l) + width(r))
	case *big.Int:
		return checkDigits(l.BitLen() / 3)
	}
	if r, ok := r.(*big.Int); ok {
		return checkDigits(r.BitLen() / 3)
	}
	return nil
}

// product pays for l * r: of numbers, of a text and a number, or of objects, which are merged at every depth.
func (m *meter) product(l, r any) error {
	if _, ok := r.(string); ok {
		l, r = r, l
	}
	if text, ok := l.(string); ok {
		times, _ := gojq.ToFloat64(r)
		return m.text(int(float64(len(text)) * min(max(times, 0), maxText+1)))
	}
	return cmp.Or(m.walk(l, maxValues), m.walk(r, maxValues))
}

// pairs allows that each value of l is compared with each of r. Texts are not compared so.
func (m *meter) pairs(l, r any) error {
	left, _, err := walk(l, maxValues)
	right, _, other := walk(r, maxValues)
	switch {
	case err != nil || other != nil:
		return cmp.Or(err, other)
	case left*right > maxPairs:
		return fmt.Errorf("this would compare more than %d pairs", maxPairs)
	}
	return m.pay(24 * (left + right))
}

// parts pays for the parts of a text between separators.
func (m *meter) parts(v, separator any) error {
	text, ok := v.(string)
	by, is := separator.(string)
	if !ok || !is {
		return nil // numbers, or a mistake
	}
	count := strings.Count(text, by) + 1
	return cmp.Or(m.list(count), m.pay(2*16*count))
}

// joined pays for the elements of v added up, with a separator between them.
func (m *meter) joined(v, separator any) error {
	between, _ := separator.(string)
	elements := 0
	bytes := 0
	each := func(v any) {
		elements += width(v)
		if text, ok := v.(string); ok {
			bytes += len(text)
		}
		bytes += len(between)
	}
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			each(element)
		}
	case map[string]any:
		for _, field := range v {
			each(field)
		}
	}
	return cmp.Or(m.list(elements), m.text(bytes))
}

// grid pays for a list of lists that is turned over: as many values as its rows times its longest.
func (m *meter) grid(v any) error {
	rows, _ := v.([]any)
	longest := 0
	for _, row := range rows {
		longest = max(longest, width(row))
	}
	return m.list(len(rows) * longest)
}

// index pays for a list that may grow up to an index.
func (m *meter) index(v any) error {
	switch v := v.(type) {
	case []any:
		return errors.New("a list is no index: use indices")
	case string, map[string]any:
		return nil
	default:
		if index, ok := gojq.ToFloat64(v); ok && index >= maxFree {
			return m.list(int(min(index, maxList+1)))
		}
		return nil
	}
}

func (m *meter) path(v any) error {
	path, _ := v.([]any)
	if len(path) > maxDepth {
		return fmt.Errorf("a path has more than %d parts", maxDepth)
	}
	for _, key := range path {
		if err := m.index(key); err != nil {
			return err
		}
	}
	return nil
}

func checkShort(v any) error {
	if text, ok := v.(string); ok && len(text) > maxShort {
		return fmt.Errorf("a text of more than %d bytes is neither a number nor a time", maxShort)
	}
	return nil
}

// fromJSON reads a text.
func (m *meter) fromJSON(v any) any {
	text, ok := v.(string)
	if !ok {
		return errors.New("fromjson reads a text")
	}
	decoded, err := decode([]byte(text))
	if err != nil {
		return err
	}
	return orValue(m.walk(decoded, maxValues), decoded)
}
