// Package render turns an event into what Discord shows: event + locale → embed. It is pure: the same event
// gives the same embed, and nothing that a record holds can ping anybody, break Discord's limits, or lead
// anywhere but to the org the event came from.
package render

import (
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/locales"
)

// Embed is the event as an embed in the catalog's language. sourceName is what the guild calls its source.
func Embed(e event.Event, sourceName string, say locales.Catalog) discord.Embed {
	v := newView(e, say)
	embed := discord.Embed{
		Author:    v.author(),
		Title:     clip(v.title(), maxTitle),
		URL:       v.url(),
		Timestamp: timestamp(e.ReceivedAt),
		Color:     v.colour(),
		Footer:    &discord.EmbedFooter{Text: clip(footer(e, sourceName, say), maxFooter)},
		Fields:    v.fields(),
	}
	fit(&embed)
	return embed
}

func timestamp(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// footer is not escaped: Discord shows the text of a footer as it is.
func footer(e event.Event, sourceName string, say locales.Catalog) string {
	return say.T("embed.footer", "source", clip(clean(sourceName), maxSource), "type", clean(e.Type))
}
