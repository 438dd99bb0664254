package bot_test

import (
	"testing"

	"dispatch/bot"
	"dispatch/delivery"
)

// What a guild wants its own way goes into what is shown there.
func TestSendSpeaksAsTheGuildWants(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	const text = `{"title":"{{money .Record.Amount}} {{datetime .Record.At}}"}`
	batch := batchOf(1)
	to := &batch.Destination
	to.Locale, to.Currency, to.Zone = "de", "CHF", "Asia/Tokyo"
	batch.Deliveries[0].Event.Body = []byte(`{"record":{"Amount":5,"At":"2026-03-31T23:30:00Z"}}`)
	l := &looks{of: map[string]delivery.Look{"": lookOf(text, "")}}
	newBot(t, bot.Options{APIURL: url, Looks: l}).Channels().Send(t.Context(), batch)
	const want = "5 CHF 1\\. April 2026, 08:30 JST"
	if got := embedsOf(requests()[0])[0]["title"]; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
}
