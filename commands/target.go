package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/event"
	"dispatch/salesforce"
)

// Targets are the Salesforce orgs that guilds act on.
type Targets interface {
	// Server is where the people of an org log in, by what was typed: "" for production. It fails with salesforce.ErrDomain.
	Server(typed string) (string, error)
	// Look signs in and asks the org how it is. It fails with salesforce.ErrNoAnswer where the org is the reason.
	Look(ctx context.Context, of event.Target) (salesforce.TargetLook, error)
	// DeleteTarget removes a target for good, with its key. It fails with fault.Exists while destinations lead there.
	DeleteTarget(ctx context.Context, guildID, id string) error
}

// TargetStore keeps targets.
type TargetStore interface {
	// CreateTarget fails with fault.Exists when the guild has one with that name.
	CreateTarget(ctx context.Context, t event.Target, key salesforce.Token) (event.Target, error)
	// Targets are in the order of their names.
	Targets(ctx context.Context, guildID string) ([]event.Target, error)
}

const (
	maxTargetText = 255      // characters of a client id, a user or a server
	maxKeyFile    = 16 << 10 // bytes
)

// targeting manages targets.
type targeting struct {
	url     string // base of their addresses
	store   TargetStore
	targets Targets
	files   *downloads
	asked   *questions

	destinations Destinations
}

func newTargeting(opts Options, desk *desk, store Store) *targeting {
	return &targeting{opts.PublicURL + "/cloudevents/", store, opts.Targets, newDownloads(opts), desk.asked, store}
}

func targetRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	t := newTargeting(opts, desk, store)
	return func(r handler.Router) {
		r.SlashCommand("/create", desk.command(t.create))
		r.SlashCommand("/list", desk.command(t.list))
		r.SlashCommand("/test", desk.command(t.test))
		r.SlashCommand("/delete", desk.command(t.delete))
		r.ButtonComponent("/test/{id}", desk.button(t.testButton))
		r.Autocomplete("/{command}", desk.suggest(targetsOf(store).suggest("name")))
	}
}

func targetDefinition() discord.SlashCommandCreate {
	line := func(name string, required bool) discord.ApplicationCommandOptionString {
		return discord.ApplicationCommandOptionString{Name: name, Required: required, MaxLength: omit.Ptr(maxTargetText)}
	}
	name := line("name", true)
	name.MaxLength = omit.Ptr(maxSourceName)
	known := name
	known.Autocomplete = true
	policy := discord.ApplicationCommandOptionString{Name: "reply_policy"}
	for _, p := range []event.ReplyPolicy{event.ReplyAlways, event.ReplyError, event.ReplyNever} {
		policy.Choices = append(policy.Choices, discord.ApplicationCommandOptionChoiceString{Value: string(p)})
	}
	return forAdmins("target",
		discord.ApplicationCommandOptionSubCommand{Name: "create", Options: []discord.ApplicationCommandOption{
			name, line("client_id", true), line("user", true),
			discord.ApplicationCommandOptionAttachment{Name: "key", Required: true},
			line("server", false), policy, line("version", false),
		}},
		discord.ApplicationCommandOptionSubCommand{Name: "list"},
		discord.ApplicationCommandOptionSubCommand{Name: "test", Options: []discord.ApplicationCommandOption{known}},
		discord.ApplicationCommandOptionSubCommand{Name: "delete", Options: []discord.ApplicationCommandOption{known}},
	)
}

// targetsOf are the guild's, by name.
func targetsOf(store TargetStore) shelf[event.Target] {
	return shelf[event.Target]{
		store.Targets, func(t event.Target) (id, name string) { return t.ID, t.Name }, maxSourceName, "target.unknown", "target.gone",
	}
}

func (t *targeting) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	all, err := t.store.Targets(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(all) == 0 {
		return tell(say("target.none")), nil
	}
	c := card{title: say("target.list.title"), colour: colourFine, more: func(n int) text { return sayCount("target.list.more", n) }}
	for _, one := range all {
		c.lines = append(c.lines, say("target.list.line", "name", quoted(one.Name, maxSourceName), "user", quoted(one.User, maxPiece),
			"server", inSpan(one.Server, maxPiece), "url", t.url+one.Slug,
			"policy", say("command.target.create.option.reply_policy.choice."+string(one.ReplyPolicy))))
	}
	return reply{card: &c}, nil
}

func (t *targeting) delete(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	found, err := targetsOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	if err := t.mustBeUnused(ctx, by, found); err != nil {
		return reply{}, err
	}
	name := quoted(found.Name, maxSourceName)
	return t.asked.ask(by, tell(say("target.delete.ask", "name", name)), say("button.delete"), func(ctx context.Context) (reply, error) {
		if err := t.targets.DeleteTarget(ctx, by.guild, found.ID); err != nil {
			return reply{}, err
		}
		return tell(say("target.delete.done", "name", name)), nil
	}), nil
}

// mustBeUnused names the destinations that would lead nowhere without the target.
func (t *targeting) mustBeUnused(ctx context.Context, by asker, target event.Target) error {
	all, err := t.destinations.GuildDestinations(ctx, by.guild)
	if err != nil {
		return err
	}
	var using []text
	for _, d := range all {
		if d.TargetID == target.ID {
			using = append(using, asWritten(nameOf(d)))
		}
	}
	if len(using) > 0 {
		return refuse("target.delete.used", "name", quoted(target.Name, maxSourceName), "destinations", using)
	}
	return nil
}
