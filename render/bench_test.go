package render_test

import (
	"testing"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// maxAllocs is what rendering any event of the catalogue may cost; the usual one needs a third of it.
const maxAllocs = 150

// events are the catalogue's as they come in.
func events(tb testing.TB) []event.Event {
	tb.Helper()
	var all []event.Event
	for _, e := range catalogue(tb) {
		all = append(all, event.Event{Type: e.Type, ReceivedAt: received, Body: e.body(tb)})
	}
	return all
}

func TestEmbedIsCheap(t *testing.T) {
	say := locales.For(locales.Default)
	for _, e := range events(t) {
		n := testing.AllocsPerRun(10, func() { render.Embed(e, "Acme production", say) })
		if n > maxAllocs {
			t.Errorf("an embed of %s takes %v allocations, want at most %d", e.Type, n, maxAllocs)
		}
	}
}

// BenchmarkEmbed renders the catalogue's events in turn.
func BenchmarkEmbed(b *testing.B) {
	all, say := events(b), locales.For(locales.Default)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		render.Embed(all[i%len(all)], "Acme production", say)
	}
}
