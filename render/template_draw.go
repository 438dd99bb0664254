package render

import (
	"errors"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
)

// More of Discord's limits.
const (
	maxDescription = 4096
	maxContent     = 2000
	maxFields      = 25
	maxEmbeds      = 10
	maxButtons     = 5 // in a row
	maxButtonLabel = 80
	maxButtonURL   = 512
	maxURL         = 2048
)

// nameless stands for the name of a field that has none: Discord wants one.
const nameless = "\u200b"

var errNothing = errors.New("nothing is left to show: all that the template would show is empty for this event")

// drawing is a message as a template draws it.
type drawing struct {
	*run
	Message
	notes []Note
	texts []drawnText // of the embeds
}

// drawnText is a text of an embed, and where the template has it.
type drawnText struct {
	field string
	text  *string
}

func (d *drawing) note(field string, kind NoteKind) {
	d.notes = append(d.notes, Note{Field: field, Kind: kind})
}

func (d *drawing) message(t *Template) error {
	content, err := d.show(t.content)
	if err != nil {
		return err
	}
	d.Embeds = make([]discord.Embed, 0, len(t.embeds)) // texts are pointed at
	for i := range t.embeds {
		if err := d.embed(&t.embeds[i]); err != nil {
			return err
		}
	}
	d.fitAll()
	if content == "" && len(d.Embeds) == 0 {
		return errNothing
	}
	for _, role := range slices.Backward(t.first) {
		content = mentionOf(role) + " " + content
	}
	d.Content = clipBlock(strings.TrimSpace(content), maxContent)
	d.Roles = mentioned(d.Content, t.roles)
	for i := range t.buttons {
		if err := d.button(&t.buttons[i]); err != nil {
			return err
		}
	}
	return nil
}

// show is what the script writes, within Discord's limit for it; "" without a script.
func (d *drawing) show(s *script) (string, error) {
	if s == nil {
		return "", nil
	}
	written, err := d.text(s)
	if err != nil {
		return "", err
	}
	written = strings.TrimSpace(written)
	if written == "" {
		d.note(s.field, Empty)
		return "", nil
	}
	fits := clipBlock(written, s.limit)
	if fits != written {
		d.note(s.field, Cut)
	}
	return fits, nil
}

// showTo puts what the script writes into a text of an embed.
func (d *drawing) showTo(text *string, s *script) error {
	shown, err := d.show(s)
	if shown != "" {
		*text = shown
		d.texts = append(d.texts, drawnText{s.field, text})
	}
	return err
}

// address is where the script leads, "" when that is nowhere.
func (d *drawing) address(s *script) (string, error) {
	if s == nil {
		return "", nil
	}
	written, err := d.text(s)
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(written) == "" {
		d.note(s.field, Empty)
		return "", nil
	}
	address, ok := safeAddress(written)
	if !ok || len(address) > s.limit {
		d.note(s.field, LeftOut)
		return "", nil
	}
	return address, nil
}

func (d *drawing) button(b *buttonPlan) error {
	if wanted, err := d.wanted(b.when, b.field); err != nil || !wanted {
		return err
	}
	label, err := d.show(b.label)
	if err != nil {
		return err
	}
	url, err := d.address(b.url)
	if err != nil || label == "" || url == "" {
		return err
	}
	d.Buttons = append(d.Buttons, discord.NewLinkButton(label, url))
	return nil
}

// fitAll cuts the longest texts of all embeds, to the same length, until their sum is within Discord's limit.
func (d *drawing) fitAll() {
	total := 0
	lengths := make([]int, len(d.texts))
	for i, t := range d.texts {
		lengths[i] = unitsOf(*t.text)
		total += lengths[i]
	}
	if total <= maxTotal {
		return
	}
	limit := level(lengths)
	for _, t := range d.texts {
		if fits := clipBlock(*t.text, limit); fits != *t.text {
			*t.text = fits
			if cut := (Note{t.field, Cut}); !slices.Contains(d.notes, cut) {
				d.notes = append(d.notes, cut)
			}
		}
	}
}

// clipBlock cuts like clip, and closes a block of code that is cut.
func clipBlock(text string, limit int) string {
	const closing = "\n```"
	cut := clip(text, limit)
	if cut == text || strings.Count(cut, "```")%2 == 0 {
		return cut
	}
	if cut = clip(text, limit-len(closing)); strings.Count(cut, "```")%2 == 0 {
		return cut
	}
	return cut + closing
}
