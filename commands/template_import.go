package commands

import (
	"context"
	"path"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/fault"
	"dispatch/render"
	"dispatch/salesforce"
)

// importFile makes a template of a file, or gives one another text after it has asked.
func (t *templating) importFile(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	file, ok := asked.OptAttachment("file")
	if !ok {
		return reply{}, fault.New(fault.Invalid, "no file was given")
	}
	body, err := t.files.fetch(ctx, file, render.MaxTemplate)
	if err != nil {
		return reply{}, err
	}
	wanted := delivery.Template{GuildID: by.guild, Name: strings.TrimSpace(asked.String("name")), Text: body}
	if wanted.Name == "" {
		wanted.Name = clip(strings.TrimSuffix(file.Filename, path.Ext(file.Filename)), maxTemplateName)
	}
	parsed, err := checked(ctx, by, wanted)
	if err != nil {
		return reply{}, err
	}
	now, err := t.store.Template(ctx, by.guild, wanted.Name)
	if fault.KindOf(err) == fault.NotFound {
		return t.keep(ctx, by, wanted, parsed)
	}
	if err != nil {
		return reply{}, err
	}
	wanted.ID, wanted.Name = now.ID, now.Name
	uses, err := t.usesOf(ctx, now)
	if err != nil {
		return reply{}, err
	}
	question := tell(say("template.import.ask", "name", quoted(now.Name, maxTemplateName), "uses", usedBy(len(uses))))
	question.files = []salesforce.File{versionFrom(now)}
	return t.asked.ask(by, question, say("button.replace"), func(ctx context.Context) (reply, error) {
		return t.keep(ctx, by, wanted, parsed)
	}), nil
}

func (t *templating) export(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	r := tell(say("template.export.done", "name", quoted(template.Name, maxTemplateName)))
	r.files = []salesforce.File{fileFrom(template)}
	return r, nil
}
