package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/locales"
)

// currency is that of amounts that do not name theirs.
var currency = wordKind{
	option: "currency",
	title:  "settings.currency.title",
	in:     func(s *delivery.Settings) *string { return &s.Currency },
	read: func(typed string) (string, error) {
		code := strings.ToUpper(typed)
		if !slices.Contains(locales.Currencies(), code) {
			return "", refuse("settings.currency.unknown", "currency", quoted(typed, maxPiece))
		}
		return code, nil
	},
	shown: func(_ asker, stored string) text {
		return say("settings.currency.value", "currency", cmp.Or(stored, locales.DefaultCurrency))
	},
}

// common are the currencies that most people look for.
var common = []string{"USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "BRL", "MXN", "INR", "CNY", "SEK", "NOK", "DKK", "PLN"}

// suggestCurrencies offers currencies with an amount as it would be shown.
func suggestCurrencies(_ context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	speak := by.say()
	var offers []offer
	for _, code := range distinct(slices.Concat(common, locales.Currencies())) {
		offers = append(offers, offer{code + " · " + speak.Money("1234.5", code), code})
	}
	return matching(offers, asked.String("currency")), nil
}
