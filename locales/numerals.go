package locales

import (
	"strconv"
	"strings"

	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// numerals are the signs that a language writes numbers with.
type numerals struct {
	minus, group, point string
	percent             string // what follows the number
	grouped             int    // digits of the shortest number that is grouped
}

// numeralsOf reads the signs off samples, because x/text does not tell them and formats nothing but
// machine numbers, which would round the decimals of a currency field.
func numeralsOf(tag xlanguage.Tag) numerals {
	p := message.NewPrinter(tag)
	minus, rest, _ := strings.Cut(p.Sprint(number.Decimal(-1234.5)), "1")
	group, rest, _ := strings.Cut(rest, "234")
	point, _, _ := strings.Cut(rest, "5")
	_, percent, _ := strings.Cut(p.Sprint(number.Percent(0.01)), "1")
	grouped := 4
	if base, _ := tag.Base(); base.String() == "es" {
		grouped = 5 // 1234, but 12.345: a rule of CLDR's that x/text does not know
	}
	return numerals{minus: minus, group: group, point: point, percent: percent, grouped: grouped}
}

// Int is a whole number as the language writes it.
func (c Catalog) Int(n int) string { return c.Number(strconv.Itoa(n)) }

// Number is a decimal number, as JSON has it, the way the language writes it, with every digit it has. Text
// that is no number, or has too many digits to read, is returned as it is.
func (c Catalog) Number(decimal string) string {
	d, ok := parseDecimal(decimal)
	if !ok {
		return decimal
	}
	sign, amount := c.speaks().numerals.write(d)
	return sign + amount
}

// Percent is a decimal number of percent, such as 60 for 60 %, as the language writes it.
func (c Catalog) Percent(decimal string) string {
	if _, ok := parseDecimal(decimal); !ok {
		return decimal
	}
	return c.Number(decimal) + c.speaks().numerals.percent
}

// write gives the sign apart, because a currency may come between it and the amount.
func (n numerals) write(d decimal) (sign, amount string) {
	if d.negative {
		sign = n.minus
	}
	var b strings.Builder
	b.Grow(len(d.whole) + len(d.whole)/3*len(n.group) + len(n.point) + len(d.fraction))
	for i := range len(d.whole) {
		if i > 0 && (len(d.whole)-i)%3 == 0 && len(d.whole) >= n.grouped {
			b.WriteString(n.group)
		}
		b.WriteByte(d.whole[i])
	}
	if d.fraction != "" {
		b.WriteString(n.point)
		b.WriteString(d.fraction)
	}
	return sign, b.String()
}
