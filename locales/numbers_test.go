package locales_test

import (
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"dispatch/locales"
)

// german stands for the languages that write numbers in another way than English.
const german = `
[format]
money = "{amount}\u00A0{symbol}"
money_code = "{amount}\u00A0{symbol}"
date = "{day}. {month} {year}"
[format.month]
3 = "März"
`

func TestNumber(t *testing.T) {
	tests := map[string]struct{ decimal, english, german string }{
		"whole":           {"135000", "135,000", "135.000"},
		"small":           {"7", "7", "7"},
		"three":           {"999", "999", "999"},
		"four":            {"1000", "1,000", "1.000"},
		"fraction":        {"0.1", "0.1", "0,1"},
		"many digits":     {"12345678901234567.89", "12,345,678,901,234,567.89", "12.345.678.901.234.567,89"},
		"trailing zeros":  {"1500.00", "1,500", "1.500"},
		"leading zeros":   {"0007", "7", "7"},
		"negative":        {"-1234.5", "-1,234.5", "-1.234,5"},
		"nothing less":    {"-0.0", "0", "0"},
		"exponent":        {"1e21", "1,000,000,000,000,000,000,000", "1.000.000.000.000.000.000.000"},
		"signed exponent": {"1.25E+3", "1,250", "1.250"},
		"small exponent":  {"25e-4", "0.0025", "0,0025"},
		"shifted into":    {"12345e-2", "123.45", "123,45"},
		"huge":            {"1e400", "1e400", "1e400"},
		"absurd":          {"1e99999999999999999999", "1e99999999999999999999", "1e99999999999999999999"},
		"too long":        {"12345678901234567890123456789012345678901", "12345678901234567890123456789012345678901", "12345678901234567890123456789012345678901"},
		"text":            {"N/A", "N/A", "N/A"},
		"empty":           {"", "", ""},
		"no digits":       {".", ".", "."},
		"two points":      {"1.2.3", "1.2.3", "1.2.3"},
		"two signs":       {"--1", "--1", "--1"},
		"no exponent":     {"1e", "1e", "1e"},
	}
	de := locales.Speak(t, fstest.MapFS{"de.toml": {Data: []byte(german)}}, "de")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := locales.For("en-US").Number(tc.decimal); got != tc.english {
				t.Errorf("en-US: Number(%q) = %q, want %q", tc.decimal, got, tc.english)
			}
			if got := de.Number(tc.decimal); got != tc.german {
				t.Errorf("de: Number(%q) = %q, want %q", tc.decimal, got, tc.german)
			}
		})
	}
}

// A language that groups in another way than by threes, or with other digits, needs more than numerals.
func TestNumberAgreesWithCLDR(t *testing.T) {
	for _, tag := range locales.Tags() {
		want := message.NewPrinter(language.MustParse(tag)).Sprint(number.Decimal(-1234567.25))
		if got := locales.For(tag).Number("-1234567.25"); got != want {
			t.Errorf("%s: Number = %q, want %q", tag, got, want)
		}
	}
}

func TestSpanishLeavesFourDigitsTogether(t *testing.T) {
	es := locales.Speak(t, fstest.MapFS{"es-ES.toml": {Data: []byte(german)}}, "es-ES")
	for decimal, want := range map[string]string{"999": "999", "-1234.5": "-1234,5", "12345": "12.345", "1234567": "1.234.567"} {
		if got := es.Number(decimal); got != want {
			t.Errorf("Number(%q) = %q, want %q", decimal, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for decimal, want := range map[string]string{"60": "60%", "12.50": "12.5%", "0": "0%", "": "", "high": "high"} {
		if got := locales.For("en-US").Percent(decimal); got != want {
			t.Errorf("Percent(%q) = %q, want %q", decimal, got, want)
		}
	}
}

func TestMoney(t *testing.T) {
	tests := map[string]struct{ amount, code, english, german string }{
		"whole":            {"135000", "USD", "$135,000", "135.000\u00a0$"},
		"cents":            {"135000.5", "USD", "$135,000.50", "135.000,50\u00a0$"},
		"no cents":         {"135000.00", "USD", "$135,000", "135.000\u00a0$"},
		"more than cents":  {"0.125", "USD", "$0.125", "0,125\u00a0$"},
		"default":          {"10", "", "$10", "10\u00a0$"},
		"euro":             {"48250.5", "EUR", "€48,250.50", "48.250,50\u00a0€"},
		"yen has no cents": {"1000.5", "JPY", "¥1,000.5", "1.000,5\u00a0¥"},
		"letters":          {"5", "CHF", "CHF\u00a05", "5\u00a0CHF"},
		"letters and sign": {"5", "CAD", "CA$5", "5\u00a0CA$"},
		"small letters":    {"5", "eur", "€5", "5\u00a0€"},
		"out of use":       {"5", "DEM", "DEM\u00a05", "5\u00a0DEM"},
		"unknown":          {"5", "credits", "credits\u00a05", "5\u00a0credits"},
		"negative":         {"-1234.5", "USD", "-$1,234.50", "-1.234,50\u00a0$"},
		"no number":        {"tbd", "USD", "tbd", "tbd"},
	}
	de := locales.Speak(t, fstest.MapFS{"de.toml": {Data: []byte(german)}}, "de")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := locales.For("en-US").Money(tc.amount, tc.code); got != tc.english {
				t.Errorf("en-US: Money = %q, want %q", got, tc.english)
			}
			if got := de.Money(tc.amount, tc.code); got != tc.german {
				t.Errorf("de: Money = %q, want %q", got, tc.german)
			}
		})
	}
}

func TestMoneyInTheCurrencyOfTheGuild(t *testing.T) {
	say := locales.For("en-US").WithCurrency("EUR")
	for code, want := range map[string]string{"": "€10", "JPY": "¥10"} {
		if got := say.Money("10", code); got != want {
			t.Errorf("Money in %q = %q, want %q", code, got, want)
		}
	}
	if got := say.WithCurrency("").Money("10", ""); got != "$10" {
		t.Errorf("Money in no currency = %q, want dollars", got)
	}
}

func TestLocal(t *testing.T) {
	at := time.Date(2026, time.March, 31, 23, 59, 0, 0, time.UTC)
	say := locales.For("en-US")
	for zone, want := range map[string]string{
		"": "March 31 23:59 UTC", "Europe/Berlin": "April 1 01:59 CEST", "America/New_York": "March 31 19:59 EDT", "Mars/Olympus": "March 31 23:59 UTC",
	} {
		for range 2 { // loaded, then remembered
			if got := say.WithZone(zone).Local(at).Format("January 2 15:04 MST"); got != want {
				t.Errorf("in %q it is %q, want %q", zone, got, want)
			}
		}
	}
	if got := say.WithZone("Asia/Tokyo").WithZone("").Local(at.In(time.FixedZone("", 3600))); got.Location() != time.UTC {
		t.Errorf("without a zone it is %v", got)
	}
	if got := (locales.Catalog{}).Local(at); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("the zero catalog says %v", got)
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, time.March, 31, 23, 59, 0, 0, time.UTC)
	if got, want := locales.For("en-US").Date(at), "March 31, 2026"; got != want {
		t.Errorf("en-US: Date = %q, want %q", got, want)
	}
	de := locales.Speak(t, fstest.MapFS{"de.toml": {Data: []byte(german)}}, "de")
	if got, want := de.Date(at), "31. März 2026"; got != want {
		t.Errorf("de: Date = %q, want %q", got, want)
	}
}
