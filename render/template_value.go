package render

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// kind is what a value of a template is.
type kind int

const (
	kindNone kind = iota // missing, or null
	kindBool
	kindNumber // digit by digit
	kindText
	kindList
	kindObject
	kindData // what a template begins with: .Meta, .Record and so on
	kindMeta
	kindRecord
	kindOld
	kindHeaders
)

// value is what a template works with: plain data, without methods.
type value struct {
	kind  kind
	text  string  // a text, a number's digits, "true" or "false", the JSON of a list or an object
	parts []value // of a list that is no JSON, and of a text that was put together
	own   bool    // a text of the template's own, which is not escaped
	ansi  bool    // a text with colours, which show in a code block only
}

// The values that are nothing but themselves.
var (
	none = value{}
	yes  = value{kind: kindBool, text: "true"}
	no   = value{kind: kindBool, text: "false"}
)

func truthValue(is bool) value {
	if is {
		return yes
	}
	return no
}

func textValue(text string) value { return value{kind: kindText, text: text} }

// ownText is a text that the template brings along.
func ownText(text string) value { return value{kind: kindText, text: text, own: true} }

func intValue(n int) value { return value{kind: kindNumber, text: strconv.Itoa(n)} }

func listValue(items []value) value { return value{kind: kindList, parts: items} }

func jsonValue(found gjson.Result) value {
	switch {
	case found.Type == gjson.String:
		return textValue(found.Str)
	case found.Type == gjson.Number:
		return value{kind: kindNumber, text: found.Raw}
	case found.IsBool():
		return truthValue(found.Bool())
	case found.IsObject():
		return value{kind: kindObject, text: found.Raw}
	case found.IsArray():
		return value{kind: kindList, text: found.Raw}
	default:
		return none
	}
}

// isScalar says whether the value's text is the value.
func (v value) isScalar() bool { return v.kind <= kindText }

// maxDigits is how long a number may be that is reckoned with.
const maxDigits = 400

// float is the value as a number, and whether it is one. A text that reads as a number is one.
func (v value) float() (float64, bool) {
	isDigit := v.text != "" && len(v.text) <= maxDigits && strings.IndexByte("-.0123456789", v.text[0]) >= 0
	if v.kind != kindNumber && v.kind != kindText || !isDigit { // "Infinity" is a word
		return 0, false
	}
	f, err := strconv.ParseFloat(v.text, 64)
	return f, err == nil || f != 0 // out of range is infinite
}

// whole is the value as a whole number, cut off behind the point, and whether it is a number.
func (v value) whole() (int, bool) {
	if n, err := strconv.Atoi(v.text); err == nil && v.kind == kindNumber {
		return n, true
	}
	f, ok := v.float()
	const most = 1 << 52
	if !ok || v.kind != kindNumber {
		return 0, false
	}
	return int(max(min(f, most), -most)), true
}

// order compares two values: -1, 0 or 1, and whether they can be compared. Numbers are compared by what they mean, texts
// by their letters, a text and a number as numbers when the text reads as one.
func order(a, b value) (int, bool) {
	if a.kind == kindText && b.kind == kindText {
		return strings.Compare(a.text, b.text), true
	}
	if a.kind == kindNumber && b.kind == kindNumber {
		x, err := strconv.ParseInt(a.text, 10, 64)
		y, other := strconv.ParseInt(b.text, 10, 64)
		if err == nil && other == nil {
			return sign(x, y), true // a float would lose digits
		}
	}
	x, ok := a.float()
	y, other := b.float()
	return sign(x, y), ok && other
}

func sign[T int64 | float64](x, y T) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	default:
		return 0
	}
}

// equal says whether two values are the same. What is missing equals the empty text.
func equal(a, b value) bool {
	if c, ok := order(a, b); ok {
		return c == 0
	}
	if a.isScalar() != b.isScalar() {
		return false
	}
	return a.text == b.text
}
