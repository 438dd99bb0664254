package render_test

import (
	"testing"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// maxAllocs is what rendering a usual opportunity may cost; it needs about half of it.
const maxAllocs = 75

func usual(tb testing.TB) event.Event {
	tb.Helper()
	callout := input(tb, "testdata/opportunity-stage.in.json")
	return event.Event{Type: callout.Type, ReceivedAt: received, Body: callout.Body}
}

func TestEmbedIsCheap(t *testing.T) {
	e, say := usual(t), locales.For(locales.Default)
	if n := testing.AllocsPerRun(100, func() { render.Embed(e, "Acme production", say) }); n > maxAllocs {
		t.Errorf("an embed takes %v allocations, want at most %d", n, maxAllocs)
	}
}

func BenchmarkEmbed(b *testing.B) {
	e, say := usual(b), locales.For(locales.Default)
	b.ReportAllocs()
	for b.Loop() {
		render.Embed(e, "Acme production", say)
	}
}
