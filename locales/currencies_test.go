package locales_test

import (
	"slices"
	"testing"

	"dispatch/locales"
)

func TestCurrencies(t *testing.T) {
	all := locales.Currencies()
	if !slices.IsSorted(all) || len(all) < 100 || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("%d currencies: %v", len(all), all)
	}
	for code, want := range map[string]bool{"EUR": true, "JPY": true, "BRL": true, "DEM": false, "XXX": false} {
		if slices.Contains(all, code) != want {
			t.Errorf("%s is in use: %v, want %v", code, !want, want)
		}
	}
	all[0] = "changed"
	if locales.Currencies()[0] == "changed" {
		t.Error("callers share the list")
	}
}
