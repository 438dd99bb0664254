package commands

import (
	"context"
	"slices"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/delivery"
	"dispatch/event"
)

// Transforms are those of a guild.
type Transforms interface {
	// Transforms are in the order of their names.
	Transforms(ctx context.Context, guildID string) ([]delivery.Transform, error)
	// Transform finds by name, in whatever case. It fails with fault.NotFound.
	Transform(ctx context.Context, guildID, name string) (delivery.Transform, error)
}

// TransformChanges makes transforms, gives them another program, and ends them.
type TransformChanges interface {
	// CreateTransform fails with fault.Exists when the guild has one with that name.
	CreateTransform(ctx context.Context, t delivery.Transform) (delivery.Transform, error)
	// UpdateTransform changes name and program. It fails with fault.NotFound, and with fault.Exists when another has that
	// name.
	UpdateTransform(ctx context.Context, t delivery.Transform) (delivery.Transform, error)
	// DeleteTransform leaves its links without one.
	DeleteTransform(ctx context.Context, guildID, id string) error
}

const maxTransformName = 80

// transforming makes and changes transforms, and shows what they make of events.
type transforming struct {
	subjects
	transforms Transforms
	changes    TransformChanges
	links      Linking
	asked      *questions
}

func transformRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	t := &transforming{subjects{opts.Now, store, store}, store, store, store, desk.asked}
	return func(r handler.Router) {
		r.SlashCommand("/create", desk.opening(t.create))
		r.SlashCommand("/edit", desk.opening(t.edit))
		r.SlashCommand("/list", desk.command(t.list))
		r.SlashCommand("/delete", desk.command(t.delete))
		r.SlashCommand("/test", desk.command(t.test))
		r.ButtonComponent("/edit/{id}", desk.opener(t.editButton))
		r.ButtonComponent("/test/{id}", desk.button(t.testButton))
		r.Modal("/save/{id}", desk.submission(programAgain, t.save))
		r.Modal("/save", desk.submission(programAgain, t.save)) // behind it: a path takes all that begins with it
		r.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"name":  transformsOf(store).suggest("name"),
			"event": t.suggestSubjects,
		})))
	}
}

func transformDefinition() discord.SlashCommandCreate {
	name := discord.ApplicationCommandOptionString{Name: "name", Required: true, Autocomplete: true, MaxLength: omit.Ptr(maxTransformName)}
	newName := name
	newName.Autocomplete = false
	sub := func(name string, options ...discord.ApplicationCommandOption) discord.ApplicationCommandOption {
		return discord.ApplicationCommandOptionSubCommand{Name: name, Options: options}
	}
	return forAdmins("transform",
		sub("create", newName),
		sub("edit", name),
		sub("list"),
		sub("delete", name),
		sub("test", name, discord.ApplicationCommandOptionString{Name: "event", Autocomplete: true, MaxLength: omit.Ptr(event.MaxType)}),
	)
}

// transformsOf are the guild's, by name.
func transformsOf(store Transforms) shelf[delivery.Transform] {
	return shelf[delivery.Transform]{
		store.Transforms, func(t delivery.Transform) (id, name string) { return t.ID, t.Name }, maxTransformName, "transform.unknown", "transform.gone",
	}
}

// usesOf are the links that reshape what goes over them by the transform.
func (t *transforming) usesOf(ctx context.Context, by asker, id string) ([]delivery.LinkInfo, error) {
	links, err := t.links.GuildLinks(ctx, by.guild)
	return slices.DeleteFunc(links, func(l delivery.LinkInfo) bool { return l.TransformID != id }), err
}

func (t *transforming) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	all, err := t.transforms.Transforms(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(all) == 0 {
		return tell(say("transform.none")), nil
	}
	links, err := t.links.GuildLinks(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	uses := make(map[string]int)
	for _, l := range links {
		uses[l.TransformID]++
	}
	c := card{title: say("transform.list.title"), colour: colourFine, more: func(n int) text { return sayCount("transform.list.more", n) }}
	for _, one := range all {
		c.lines = append(c.lines, say("transform.list.line", "name", quoted(one.Name, maxTransformName), "version", one.Version,
			"time", ago(one.UpdatedAt), "uses", usedBy(uses[one.ID])))
	}
	return reply{card: &c}, nil
}

// delete tells where the transform is used, and asks.
func (t *transforming) delete(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	transform, err := transformsOf(t.transforms).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	uses, err := t.usesOf(ctx, by, transform.ID)
	if err != nil {
		return reply{}, err
	}
	name := quoted(transform.Name, maxTransformName)
	question := tell(say("transform.delete.ask", "name", name))
	if len(uses) > 0 {
		question = tell(sayCount("transform.delete.ask_used", len(uses), "name", name))
		question.card = &card{colour: colourTrouble, fields: []field{usesField(uses)}}
	}
	return t.asked.ask(by, question, say("button.delete"), func(ctx context.Context) (reply, error) {
		if err := t.changes.DeleteTransform(ctx, by.guild, transform.ID); err != nil {
			return reply{}, err
		}
		done := tell(say("transform.delete.done", "name", name))
		done.files = append(done.files, programFrom(transform))
		return done, nil
	}), nil
}
