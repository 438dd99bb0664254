package locales

import (
	"strconv"
	"strings"
)

// maxDigits is how many digits a number may have that is written out; Salesforce has at most 18.
const maxDigits = 40

// decimal is a number by its digits, so that none is lost to a float.
type decimal struct {
	negative bool
	whole    string // without leading zeros; "0" at least
	fraction string // without trailing zeros
}

// parseDecimal reads a JSON number, exponent included. It refuses anything else, and numbers of more than
// maxDigits digits.
func parseDecimal(s string) (decimal, bool) {
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || max(n, -n) > maxDigits {
			return decimal{}, false
		}
		mantissa, exponent = s[:i], n
	}
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, pointed := strings.Cut(mantissa, ".")
	if !isDigits(whole) || (pointed && !isDigits(fraction)) {
		return decimal{}, false
	}
	if exponent != 0 {
		whole, fraction = shift(whole, fraction, exponent)
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(whole)+len(fraction) > maxDigits {
		return decimal{}, false
	}
	if whole == "" {
		whole = "0"
	}
	return decimal{negative && whole+fraction != "0", whole, fraction}, true
}

// shift moves the point by the exponent.
func shift(whole, fraction string, exponent int) (string, string) {
	digits, point := whole+fraction, len(whole)+exponent
	if point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	if missing := point - len(digits); missing > 0 {
		digits += strings.Repeat("0", missing)
	}
	return digits[:point], digits[point:]
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
