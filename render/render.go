// Package render turns an event into what Discord shows: event + template + locale → message. It is pure: the
// same event gives the same message, and nothing that an event holds can ping anybody, break Discord's limits, or lead
// anywhere but to where the event says it came from: an org of Salesforce's, or an address of GitHub's by https.
package render

import (
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/locales"
)

// Embed is the event as an embed in the catalog's language. sourceName is what the guild calls its source.
func Embed(e event.Event, sourceName string, say locales.Catalog) discord.Embed {
	embed, drawn := preferences(e, say)
	if !drawn {
		embed, drawn = reply(e, say)
	}
	if !drawn {
		embed = newView(e, say).embed()
	}
	embed.Timestamp = timestamp(e.ReceivedAt)
	embed.Footer = &discord.EmbedFooter{Text: clip(footer(e, sourceName, say), maxFooter)}
	fit(&embed)
	return embed
}

// embed is the event without what all embeds have.
func (v *view) embed() discord.Embed {
	if g := v.github(); g != nil {
		return g.embed()
	}
	return discord.Embed{
		Author: v.author(), Title: clip(v.title(), maxTitle), URL: v.url(), Color: v.colour(), Fields: v.fields(),
	}
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
