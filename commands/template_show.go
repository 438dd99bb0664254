package commands

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/salesforce"
)

const (
	maxTemplateShown = 2800 // characters of a template in its card: of Discord's 6000, what the rest leaves
	maxUsesShown     = 15   // links that a template is shown with
	maxTypesShown    = 120  // characters of a link's event types
)

func (t *templating) show(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	uses, err := t.usesOf(ctx, template)
	if err != nil {
		return reply{}, err
	}
	r := reply{buttons: append(templateButtons(template), button{
		label: say("button.preview"), style: discord.ButtonStyleSecondary, id: "/template/preview/" + template.ID,
	})}
	block := inBlock(string(template.Text))
	shown := asWritten("```json\n" + block + "\n```")
	if utf8.RuneCountInString(block) > maxTemplateShown {
		shown, r.files = say("template.show.attached"), []salesforce.File{fileFrom(template)}
	}
	r.card = &card{
		title:  asWritten(quoted(template.Name, maxTemplateName)),
		colour: colourFine,
		lines: []text{
			say("template.show.version", "version", template.Version, "time", ago(template.UpdatedAt)),
			shown,
		},
		fields: []field{usesField(uses)},
	}
	if f := template.Failing; f != nil {
		r.card.colour = colourTrouble
		r.card.fields = append(r.card.fields, field{name: say("template.show.failing"), lines: []text{
			say("template.show.failed", "time", ago(f.At), "id", short(f.EventID), "error", inSpan(f.Error, maxFault)),
			say("template.show.fallback"),
		}})
	}
	return r, nil
}

func usesField(uses []delivery.LinkInfo) field {
	f := field{name: say("template.show.uses"), more: func(n int) text { return sayCount("template.more_uses", n) }}
	for _, l := range uses {
		f.lines = append(f.lines, useOf(l))
	}
	if len(uses) == 0 {
		f.lines = []text{say("template.show.unused")}
	}
	return f
}

// useOf is where a link leads from and to, and with what.
func useOf(l delivery.LinkInfo) text {
	source, to := quoted(l.SourceName, maxShownName), nameOf(l.Destination)
	if len(l.Events) == 0 {
		return say("template.use", "source", source, "destination", to)
	}
	return say("template.use_of", "source", source, "destination", to, "events", inSpan(strings.Join(l.Events, ", "), maxTypesShown))
}

func (t *templating) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	all, err := t.store.Templates(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(all) == 0 {
		return tell(say("template.none")), nil
	}
	links, err := t.store.GuildLinks(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	uses := make(map[string]int)
	for _, l := range links {
		uses[l.TemplateID]++
	}
	c := card{title: say("template.list.title"), colour: colourFine, more: func(n int) text { return sayCount("template.list.more", n) }}
	for _, one := range all {
		c.lines = append(c.lines, lineOf(one, uses[one.ID]))
		if one.Failing != nil {
			c.colour = colourTrouble
		}
	}
	return reply{card: &c}, nil
}

// usedBy counts links.
func usedBy(links int) text {
	if links == 0 {
		return say("template.unused")
	}
	return sayCount("template.uses", links)
}

func lineOf(t delivery.Template, uses int) text {
	args := []any{"name", quoted(t.Name, maxTemplateName), "version", t.Version, "uses", usedBy(uses)}
	if t.Failing == nil {
		return say("template.list.line", args...)
	}
	return say("template.list.line_failing", append(args, "time", ago(t.Failing.At))...)
}
