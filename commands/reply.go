package commands

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/locales"
	"dispatch/render"
	"dispatch/salesforce"
)

// Discord's limits, in characters.
const (
	maxContent     = 2000
	maxTitle       = 256
	maxDescription = 4096
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxInRow       = 5 // buttons
	maxButtonURL   = 512
)

// reply is what a handler says: sentences, which is which language's business, and what goes with them.
type reply struct {
	form    *form           // in place of all else
	posted  *render.Message // exactly as it would be posted; the rest follows in a message of its own
	lines   []text
	card    *card
	buttons []button
	files   []salesforce.File
	live    live // goes on with it; nil: all is said
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

// field is a part of a card. With more, it is like a card, in at most max characters (0: as many as Discord takes).
type field struct {
	name   text
	lines  []text
	inline bool
	max    int
	more   func(n int) text
}

type button struct {
	label    text
	style    discord.ButtonStyle
	id       string // custom id, which is the path of its handler
	url      string // in place of it: where a link leads
	disabled bool
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
	if r.posted != nil {
		return r.posted.Content
	}
	return clip(join(r.lines, "\n", say), maxContent)
}

func (r reply) embeds(say locales.Catalog) []discord.Embed {
	if r.posted != nil {
		return append([]discord.Embed{}, r.posted.Embeds...)
	}
	if r.card == nil {
		return []discord.Embed{}
	}
	embed := discord.Embed{
		Title:       clip(r.card.title.in(say), maxTitle),
		Description: fitted(r.card.lines, r.card.hidden, r.card.more, maxDescription, say),
		Color:       r.card.colour,
	}
	for _, f := range r.card.fields {
		value := fitted(f.lines, 0, f.more, min(cmp.Or(f.max, maxFieldValue), maxFieldValue), say)
		if value == "" {
			continue
		}
		embed.Fields = append(embed.Fields, discord.EmbedField{
			Name:   clip(f.name.in(say), maxFieldName),
			Value:  value,
			Inline: &f.inline,
		})
	}
	return []discord.Embed{embed}
}

// fitted are as many of the lines as have room in so many characters.
func fitted(lines []text, hidden int, more func(n int) text, characters int, say locales.Catalog) string {
	if more == nil {
		return clip(join(lines, "\n", say), characters)
	}
	for shown := len(lines); ; shown-- {
		some := lines[:shown:shown]
		if left := hidden + len(lines) - shown; left > 0 {
			some = append(some, more(left))
		}
		if s := join(some, "\n", say); shown == 0 || clip(s, characters) == s {
			return clip(s, characters)
		}
	}
}

func (r reply) components(say locales.Catalog) []discord.LayoutComponent {
	var row []discord.InteractiveComponent
	if r.posted != nil {
		for _, b := range r.posted.Buttons {
			row = append(row, b)
		}
	}
	for _, b := range r.buttons {
		row = append(row, discord.ButtonComponent{Style: b.style, Label: b.label.in(say), CustomID: b.id, URL: b.url, Disabled: b.disabled})
	}
	rows := []discord.LayoutComponent{}
	for some := range slices.Chunk(row, maxInRow) {
		rows = append(rows, discord.NewActionRow(some...))
	}
	return rows
}

func (r reply) attachments() []*discord.File {
	var files []*discord.File
	for _, f := range r.files {
		files = append(files, discord.NewFile(f.Name, "", bytes.NewReader(f.Content)))
	}
	return files
}
