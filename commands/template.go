package commands

import (
	"context"
	"slices"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/render"
)

// TemplateStore is as much of the store as templates need.
type TemplateStore interface {
	Templates
	TemplateChanges
	Assignments
	SentTypes
}

// Templates are those of a guild.
type Templates interface {
	// Templates are in the order of their names.
	Templates(ctx context.Context, guildID string) ([]delivery.Template, error)
	// Template finds by name, in whatever case. It fails with fault.NotFound.
	Template(ctx context.Context, guildID, name string) (delivery.Template, error)
}

// TemplateChanges makes templates, gives them another text, and ends them.
type TemplateChanges interface {
	// CreateTemplate fails with fault.Exists when the guild has one with that name.
	CreateTemplate(ctx context.Context, t delivery.Template) (delivery.Template, error)
	// UpdateTemplate changes name and text. It fails with fault.NotFound, and with fault.Exists when another has that
	// name.
	UpdateTemplate(ctx context.Context, t delivery.Template) (delivery.Template, error)
	// DeleteTemplate leaves its links with the built-in embed, but for those that were made for it.
	DeleteTemplate(ctx context.Context, guildID, id string) error
}

// Assignments are the links that show a template.
type Assignments interface {
	GuildLinks(ctx context.Context, guildID string) ([]delivery.LinkInfo, error)
	// AssignTemplate has the source's links show the template, those to the channel if one is given; for some event
	// types, it makes links of their own. It fails with fault.NotFound when the source has no such link.
	AssignTemplate(ctx context.Context, guildID, templateID, sourceID, channelID string, events []string) (int, error)
	// UnassignTemplate counts the links that showed it. Source and channel may be "", which is all; with event types, only
	// those count that take no others.
	UnassignTemplate(ctx context.Context, guildID, templateID, sourceID, channelID string, events []string) (int, error)
}

const (
	maxTemplateName = 100
	genericStarter  = "generic"
)

// templating makes and changes templates, and shows what they make of events.
type templating struct {
	subjects
	log      *logrus.Entry
	store    TemplateStore
	settings Settings
	asked    *questions
	files    *downloads
}

func templateRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	t := &templating{subjects{opts.Now, store, store}, desk.log, store, store, desk.asked, newDownloads(opts)}
	return func(r handler.Router) {
		r.SlashCommand("/create", desk.opening(t.create))
		r.SlashCommand("/edit", desk.opening(t.edit))
		r.SlashCommand("/show", desk.command(t.show))
		r.SlashCommand("/list", desk.command(t.list))
		r.SlashCommand("/delete", desk.command(t.delete))
		r.SlashCommand("/preview", desk.command(t.preview))
		r.SlashCommand("/assign", desk.command(t.assign))
		r.SlashCommand("/unassign", desk.command(t.unassign))
		r.SlashCommand("/import", desk.command(t.importFile))
		r.SlashCommand("/export", desk.command(t.export))
		r.ButtonComponent("/edit/{id}", desk.opener(t.editButton))
		r.ButtonComponent("/assign/{id}", desk.opener(t.assignButton))
		r.ButtonComponent("/preview/{id}", desk.button(t.previewButton))
		r.Modal("/save/{id}", desk.submission(formAgain, t.save))
		r.Modal("/save", desk.submission(formAgain, t.save)) // behind it: a path takes all that begins with it
		r.Modal("/assign/{id}", desk.submission(t.assignAgain, t.assignFilled))
		r.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"name":   templatesOf(store).suggest("name"),
			"source": suggestNames(store, func(s event.Source) bool { return s.State != event.Disconnected }),
			"event":  t.suggestSubjects,
			"events": t.suggestEvents,
		})))
	}
}

func templateDefinition() discord.SlashCommandCreate {
	name := discord.ApplicationCommandOptionString{Name: "name", Required: true, Autocomplete: true, MaxLength: omit.Ptr(maxTemplateName)}
	newName, otherName := name, name
	newName.Autocomplete, otherName.Required = false, false
	starter := discord.ApplicationCommandOptionString{Name: "starter"}
	for _, s := range render.Starters() {
		starter.Choices = append(starter.Choices, discord.ApplicationCommandOptionChoiceString{Value: s.Name})
	}
	source := discord.ApplicationCommandOptionString{Name: "source", Required: true, Autocomplete: true, MaxLength: omit.Ptr(maxSourceName)}
	anySource := source
	anySource.Required = false
	channel := discord.ApplicationCommandOptionChannel{Name: "channel", ChannelTypes: routable()}
	events := discord.ApplicationCommandOptionString{Name: "events", Autocomplete: true, MaxLength: omit.Ptr(maxTypes)}
	sub := func(name string, options ...discord.ApplicationCommandOption) discord.ApplicationCommandOption {
		return discord.ApplicationCommandOptionSubCommand{Name: name, Options: options}
	}
	return forAdmins("template",
		sub("create", newName, starter),
		sub("edit", name),
		sub("show", name),
		sub("list"),
		sub("delete", name),
		sub("preview", name, discord.ApplicationCommandOptionString{Name: "event", Autocomplete: true, MaxLength: omit.Ptr(event.MaxType)}),
		sub("assign", name, source, channel, events),
		sub("unassign", name, anySource, channel, events),
		sub("import", discord.ApplicationCommandOptionAttachment{Name: "file", Required: true}, otherName),
		sub("export", name),
	)
}

// templatesOf are the guild's, by name.
func templatesOf(store Templates) shelf[delivery.Template] {
	return shelf[delivery.Template]{
		store.Templates, func(t delivery.Template) (id, name string) { return t.ID, t.Name }, maxTemplateName, "template.unknown", "template.gone",
	}
}

// usesOf are the links that show the template.
func (t *templating) usesOf(ctx context.Context, template delivery.Template) ([]delivery.LinkInfo, error) {
	links, err := t.store.GuildLinks(ctx, template.GuildID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(links, func(l delivery.LinkInfo) bool { return l.TemplateID != template.ID }), nil
}
