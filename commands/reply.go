package commands

import (
	"bytes"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/locales"
	"dispatch/salesforce"
)

// Discord's limits, in characters.
const (
	maxContent     = 2000
	maxTitle       = 256
	maxDescription = 4096
	maxFieldName   = 256
	maxFieldValue  = 1024
)

// reply is what a handler says: sentences, which is which language's business, and what goes with them.
type reply struct {
	lines   []text
	card    *card
	buttons []button
	files   []salesforce.File
}

// card is shown in a frame of its own. With more, lines that it has no room for are left out from the end,
// and more tells how many.
type card struct {
	title  text
	colour int
	lines  []text
	hidden int // lines that it was not even given
	more   func(n int) text
	fields []field
}

type field struct {
	name   text
	lines  []text
	inline bool
}

type button struct {
	label text
	style discord.ButtonStyle
	id    string // custom id, which is the path of its handler
}

func tell(lines ...text) reply { return reply{lines: lines} }

// message is the reply as a new message that only the asker sees and that mentions nobody.
func (r reply) message(say locales.Catalog) discord.MessageCreate {
	return discord.MessageCreate{
		Content:         r.content(say),
		Embeds:          r.embeds(say),
		Components:      r.components(say),
		Files:           r.attachments(),
		Flags:           discord.MessageFlagEphemeral,
		AllowedMentions: nobody(),
	}
}

// update is the reply in place of everything an earlier message had.
func (r reply) update(say locales.Catalog) discord.MessageUpdate {
	content, embeds, components := r.content(say), r.embeds(say), r.components(say)
	return discord.MessageUpdate{
		Content:         &content,
		Embeds:          &embeds,
		Components:      &components,
		Files:           r.attachments(),
		AllowedMentions: nobody(),
	}
}

// nobody has lists that are empty rather than absent: for Discord, absent ones would mean everybody.
func nobody() *discord.AllowedMentions {
	return &discord.AllowedMentions{Parse: []discord.AllowedMentionType{}, Roles: []snowflake.ID{}, Users: []snowflake.ID{}}
}

func (r reply) content(say locales.Catalog) string {
	return clip(join(r.lines, "\n", say), maxContent)
}

func (r reply) embeds(say locales.Catalog) []discord.Embed {
	if r.card == nil {
		return []discord.Embed{}
	}
	embed := discord.Embed{
		Title:       clip(r.card.title.in(say), maxTitle),
		Description: r.card.description(say),
		Color:       r.card.colour,
	}
	for _, f := range r.card.fields {
		value := join(f.lines, "\n", say)
		if value == "" {
			continue
		}
		embed.Fields = append(embed.Fields, discord.EmbedField{
			Name:   clip(f.name.in(say), maxFieldName),
			Value:  clip(value, maxFieldValue),
			Inline: &f.inline,
		})
	}
	return []discord.Embed{embed}
}

func (c card) description(say locales.Catalog) string {
	if c.more == nil {
		return clip(join(c.lines, "\n", say), maxDescription)
	}
	for shown := len(c.lines); ; shown-- {
		lines := c.lines[:shown:shown]
		if left := c.hidden + len(c.lines) - shown; left > 0 {
			lines = append(lines, c.more(left))
		}
		if s := join(lines, "\n", say); shown == 0 || clip(s, maxDescription) == s {
			return s
		}
	}
}

func (r reply) components(say locales.Catalog) []discord.LayoutComponent {
	if len(r.buttons) == 0 {
		return []discord.LayoutComponent{}
	}
	row := make([]discord.InteractiveComponent, len(r.buttons))
	for i, b := range r.buttons {
		row[i] = discord.ButtonComponent{Style: b.style, Label: b.label.in(say), CustomID: b.id}
	}
	return []discord.LayoutComponent{discord.NewActionRow(row...)}
}

func (r reply) attachments() []*discord.File {
	var files []*discord.File
	for _, f := range r.files {
		files = append(files, discord.NewFile(f.Name, "", bytes.NewReader(f.Content)))
	}
	return files
}
