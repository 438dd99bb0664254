package render

import (
	"github.com/disgoorg/disgo/discord"
)

// embed draws one of the template's embeds, if there is anything in it.
func (d *drawing) embed(p *embedPlan) error {
	if wanted, err := d.wanted(p.when, p.field); err != nil || !wanted {
		return err
	}
	d.Embeds = append(d.Embeds, discord.Embed{Color: p.fixed})
	e := &d.Embeds[len(d.Embeds)-1]
	for _, draw := range []func(*discord.Embed, *embedPlan) error{d.top, d.author, d.fields, d.footer, d.pictures, d.colour, d.time} {
		if err := draw(e, p); err != nil {
			return err
		}
	}
	if isBare(e) {
		d.Embeds = d.Embeds[:len(d.Embeds)-1]
		if p.field != "" {
			d.note(p.field, Empty)
		}
	}
	return nil
}

// isBare says whether Discord would refuse the embed for having nothing in it.
func isBare(e *discord.Embed) bool {
	return e.Title == "" && e.Description == "" && e.Author == nil && e.Footer == nil && len(e.Fields) == 0 &&
		e.Thumbnail == nil && e.Image == nil
}

func (d *drawing) top(e *discord.Embed, p *embedPlan) error {
	if err := d.showTo(&e.Title, p.title); err != nil {
		return err
	}
	if err := d.showTo(&e.Description, p.description); err != nil {
		return err
	}
	var err error
	e.URL, err = d.address(p.url)
	return err
}

func (d *drawing) author(e *discord.Embed, p *embedPlan) error {
	author := &discord.EmbedAuthor{}
	if err := d.showTo(&author.Name, p.author); err != nil || author.Name == "" {
		return err
	}
	e.Author = author
	var err error
	if author.URL, err = d.address(p.authorURL); err != nil {
		return err
	}
	author.IconURL, err = d.address(p.authorIcon)
	return err
}

func (d *drawing) footer(e *discord.Embed, p *embedPlan) error {
	footer := &discord.EmbedFooter{}
	if err := d.showTo(&footer.Text, p.footer); err != nil || footer.Text == "" {
		return err
	}
	e.Footer = footer
	var err error
	footer.IconURL, err = d.address(p.footerIcon)
	return err
}

func (d *drawing) pictures(e *discord.Embed, p *embedPlan) error {
	url, err := d.address(p.thumbnail)
	if url != "" {
		e.Thumbnail = &discord.EmbedResource{URL: url}
	}
	if err != nil {
		return err
	}
	if url, err = d.address(p.image); url != "" {
		e.Image = &discord.EmbedResource{URL: url}
	}
	return err
}

// fields are those that have a value, as many as Discord shows.
func (d *drawing) fields(e *discord.Embed, p *embedPlan) error {
	e.Fields = make([]discord.EmbedField, 0, min(len(p.fields), maxFields)) // texts are pointed at
	for i := range p.fields {
		f := &p.fields[i]
		if len(e.Fields) == maxFields {
			d.note(f.field, LeftOut)
			continue
		}
		wanted, err := d.wanted(f.when, f.field)
		if err != nil {
			return err
		}
		if !wanted {
			continue
		}
		if err := d.field(e, f); err != nil {
			return err
		}
	}
	return nil
}

func (d *drawing) field(e *discord.Embed, f *fieldPlan) error {
	e.Fields = append(e.Fields, discord.EmbedField{Name: nameless, Inline: new(f.inline)})
	drawn := &e.Fields[len(e.Fields)-1]
	if err := d.showTo(&drawn.Value, f.value); err != nil {
		return err
	}
	if f.value == nil {
		d.note(f.field+".value", Empty)
	}
	if drawn.Value == "" {
		e.Fields = e.Fields[:len(e.Fields)-1]
		return nil
	}
	if err := d.showTo(&drawn.Name, f.name); err != nil || drawn.Name != nameless {
		return err
	}
	d.texts = append(d.texts, drawnText{f.field, &drawn.Name}) // counts, too
	return nil
}

func (d *drawing) colour(e *discord.Embed, p *embedPlan) error {
	if p.colour == nil {
		return nil
	}
	written, err := d.show(p.colour)
	if err != nil || written == "" {
		return err
	}
	colour, ok := colourOf(written)
	if !ok {
		d.note(p.colour.field, LeftOut)
		return nil
	}
	e.Color = colour
	return nil
}

func (d *drawing) time(e *discord.Embed, p *embedPlan) error {
	if p.received {
		e.Timestamp = timestamp(d.event.ReceivedAt)
	}
	if p.time == nil {
		return nil
	}
	written, err := d.show(p.time)
	if err != nil || written == "" {
		return err
	}
	at, _, ok := instant(textValue(written))
	if !ok {
		d.note(p.time.field, LeftOut)
		return nil
	}
	e.Timestamp = &at
	return nil
}
