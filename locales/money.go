package locales

import (
	"cmp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"
)

// DefaultCurrency is the currency of amounts that do not name theirs, where nobody has chosen another.
const DefaultCurrency = "USD"

// WithCurrency is the catalog for those whose amounts are in the currency of the ISO 4217 code unless they say
// otherwise; "" means the default.
func (c Catalog) WithCurrency(code string) Catalog {
	c.currency = code
	return c
}

// Money is an amount, a decimal number as JSON has it, in the currency of the ISO 4217 code, "" for the
// catalog's own. A whole amount is written without a fraction. Text that is no number is returned as it is.
func (c Catalog) Money(amount, code string) string {
	d, ok := parseDecimal(amount)
	if !ok {
		return amount
	}
	code = cmp.Or(code, c.currency, DefaultCurrency)
	l, symbol := c.speaks(), code
	if unit, err := currency.ParseISO(code); err == nil {
		if known, ok := l.symbols()[unit]; ok {
			symbol = known
		}
		scale, _ := currency.Standard.Rounding(unit)
		d = d.withCents(scale)
	}
	pattern := "format.money"
	if last, _ := utf8.DecodeLastRuneInString(symbol); unicode.IsLetter(last) {
		pattern = "format.money_code"
	}
	sign, written := l.numerals.write(d)
	return sign + c.T(pattern, "symbol", symbol, "amount", written)
}

// symbolsOf makes the table of what a language calls the currencies in use, when it is first asked for.
func symbolsOf(tag xlanguage.Tag) func() map[currency.Unit]string {
	return sync.OnceValue(func() map[currency.Unit]string {
		symbols := make(map[currency.Unit]string)
		p := message.NewPrinter(tag)
		for each := currency.Query(); each.Next(); {
			symbols[each.Unit()] = p.Sprint(currency.Symbol(each.Unit()))
		}
		return symbols
	})
}

// withCents fills a fraction up to the digits that the currency has; a whole amount stays whole.
func (d decimal) withCents(scale int) decimal {
	if missing := scale - len(d.fraction); d.fraction != "" && missing > 0 {
		d.fraction += strings.Repeat("0", missing)
	}
	return d
}
