package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/fault"
	"dispatch/render"
	"dispatch/salesforce"
)

// save takes the form in which a template was written.
func (t *templating) save(ctx context.Context, by asker, id string, in filled) (reply, error) {
	wanted := delivery.Template{GuildID: by.guild, Name: strings.TrimSpace(in.text(nameInput)), Text: []byte(in.text(textInput))}
	parsed, err := checked(ctx, by, wanted)
	if err != nil {
		return reply{}, err
	}
	if id == "" {
		return t.keep(ctx, by, wanted, parsed)
	}
	templateID, version, err := stateAt(id)
	if err != nil {
		return reply{}, err
	}
	now, err := templatesOf(t.store).byID(ctx, by, templateID)
	if fault.KindOf(err) == fault.NotFound { // deleted meanwhile: what was typed is worth a new one
		return t.keep(ctx, by, wanted, parsed)
	}
	if err != nil {
		return reply{}, err
	}
	wanted.ID = now.ID
	if now.Version == version {
		return t.keep(ctx, by, wanted, parsed)
	}
	question := tell(say("template.save.changed", "name", quoted(now.Name, maxTemplateName), "time", ago(now.UpdatedAt)))
	question.files = []salesforce.File{fileFrom(wanted), versionFrom(now)} // neither is lost, whatever the answer
	return t.asked.ask(by, question, say("button.save_over"), func(ctx context.Context) (reply, error) {
		return t.keep(ctx, by, wanted, parsed)
	}), nil
}

// keep stores the template and shows at once what it makes of an event.
func (t *templating) keep(ctx context.Context, by asker, wanted delivery.Template, parsed *render.Template) (reply, error) {
	change := t.store.UpdateTemplate
	if wanted.ID == "" {
		change = t.store.CreateTemplate
	}
	kept, err := change(ctx, wanted)
	if fault.KindOf(err) == fault.Exists {
		return reply{}, templateExists(wanted.Name)
	}
	if err != nil {
		return reply{}, err
	}
	said := []text{say("template.save.done", "name", quoted(kept.Name, maxTemplateName), "version", kept.Version)}
	uses, err := t.usesOf(ctx, kept)
	switch {
	case err != nil: // no reason to say that it was not saved
		t.log.WithFields(logrus.Fields{keyGuild: by.guild, keyErr: err}).Warn("uses of a saved template were not read")
	case len(uses) == 0:
		said = append(said, say("template.save.unused"))
	}
	shown := t.look(ctx, by, kept, parsed, t.fitting(ctx, by, uses, parsed))
	shown.lines = append(said, shown.lines...)
	return shown, nil
}

// checked reads what somebody wants to be a template, and tells in words what is wrong with it.
func checked(ctx context.Context, by asker, wanted delivery.Template) (*render.Template, error) {
	if err := mustBeNameOf(wanted.Name, maxTemplateName); err != nil {
		return nil, err
	}
	parsed, err := render.ParseTemplate(wanted.Text)
	var bad *render.TemplateError
	if errors.As(err, &bad) {
		return nil, refuse("template.invalid", "mistake", mistakeOf(bad.Field, bad.Line, bad.Column, bad.Piece, bad.Problem))
	}
	if err != nil {
		return nil, err
	}
	return parsed, mustMention(ctx, by, parsed.Mentions())
}

// mustMention takes only roles that the asker may mention, too: a template is no way around it.
func mustMention(ctx context.Context, by asker, roles []string) error {
	if len(roles) == 0 {
		return nil
	}
	held := by.interaction.Member().Permissions
	anybody := held.Has(discord.PermissionMentionEveryone) || held.Has(discord.PermissionAdministrator)
	ctx, cancel := context.WithTimeout(ctx, longestLookup)
	defer cancel()
	known, err := by.client.Rest.GetRoles(*by.interaction.GuildID(), rest.WithCtx(ctx))
	for _, written := range roles {
		id, wrong := snowflake.Parse(written)
		i := slices.IndexFunc(known, func(r discord.Role) bool { return r.ID == id })
		switch {
		case id == *by.interaction.GuildID(): // the role of everyone
			return refuse("template.mention.everyone")
		case err != nil && anybody:
		case err != nil:
			return fault.New(fault.Unavailable, "get roles: %w", err)
		case wrong != nil, i < 0:
			return refuse("template.mention.unknown", "role", inSpan(written, maxTemplateName))
		case !anybody && !known[i].Mentionable:
			return refuse("template.mention.forbidden", "role", quoted(known[i].Name, maxTemplateName))
		}
	}
	return nil
}
