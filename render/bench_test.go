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

// A typical template may cost three times what an embed does; allocations tell without a clock.
func TestTemplateIsCheap(t *testing.T) {
	say, template := locales.For(locales.Default), parse(t, exampleTemplate)
	all := events(t)
	var embeds, templates float64
	for _, e := range all {
		embeds += testing.AllocsPerRun(10, func() { render.Embed(e, "Acme production", say) })
		templates += testing.AllocsPerRun(10, func() {
			if _, _, err := template.Message(e, "Acme production", say); err != nil {
				t.Fatal(err)
			}
		})
	}
	if templates > 3*embeds {
		t.Errorf("templates take %.0f allocations, the embeds %.0f", templates, embeds)
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

// exampleTemplate is the one that the issue gives as an example, with all that it leaves open.
const exampleTemplate = `{"title":"{{.Meta.EventType}}","url":"{{.Meta.RecordURL}}","description":"Deal with {{.Record.Account.Name}}",
 "color":5763719,"fields":[{"name":"Amount","value":"{{money .Record.Amount}}","inline":true}],"author":"{{.Record.Owner.Name}}",
 "footer":"Dispatch","thumbnail":"https://a.example/{{.Record.Id}}.png","image":"https://a.example/b.png","timestamp":true,
 "content":"{{.Record.Name}}"}`

// BenchmarkTemplate renders the same events by a typical template. It may cost three times what an embed does.
func BenchmarkTemplate(b *testing.B) {
	all, say := events(b), locales.For(locales.Default)
	template := parse(b, exampleTemplate)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, _, err := template.Message(all[i%len(all)], "Acme production", say); err != nil {
			b.Fatal(err)
		}
	}
}
