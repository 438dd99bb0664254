package locales

import (
	"slices"
	"sync"

	"golang.org/x/text/currency"
)

// Currencies are the ISO 4217 codes of the currencies that are in use somewhere, in alphabetical order.
func Currencies() []string { return slices.Clone(currencies()) }

var currencies = sync.OnceValue(func() []string {
	var codes []string
	for each := currency.Query(); each.Next(); {
		codes = append(codes, each.Unit().String())
	}
	slices.Sort(codes)
	return slices.Compact(codes)
})
