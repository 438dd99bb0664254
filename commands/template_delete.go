package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/salesforce"
)

// delete tells where the template is used, and asks.
func (t *templating) delete(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	uses, err := t.usesOf(ctx, template)
	if err != nil {
		return reply{}, err
	}
	name := quoted(template.Name, maxTemplateName)
	question := tell(say("template.delete.ask", "name", name))
	if len(uses) > 0 {
		question = tell(sayCount("template.delete.ask_used", len(uses), "name", name))
		question.card = &card{colour: colourTrouble, fields: []field{usesField(uses)}}
	}
	return t.asked.ask(by, question, say("button.delete"), func(ctx context.Context) (reply, error) {
		if err := t.store.DeleteTemplate(ctx, by.guild, template.ID); err != nil {
			return reply{}, err
		}
		done := tell(say("template.delete.done", "name", name))
		done.files = []salesforce.File{fileFrom(template)}
		return done, nil
	}), nil
}
