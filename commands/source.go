package commands

import (
	"context"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/event"
	"dispatch/fault"
)

// SourceChanges makes sources, and changes what they take.
type SourceChanges interface {
	Connector
	SourceStates
}

// SourceStates has sources take callouts, or none for a while. Both fail with fault.NotFound when the guild has no such
// source, or it is disconnected.
type SourceStates interface {
	PauseSource(ctx context.Context, guildID, sourceID string) error
	ResumeSource(ctx context.Context, guildID, sourceID string) error
}

// sourcing makes and changes sources for any service that can send webhooks.
type sourcing struct {
	publicURL  string
	now        func() time.Time
	sources    Sources
	changes    SourceChanges
	routes     Routes
	activities Activities
	asked      *questions

	// turn has room for one, from looking for a secret to making one. See generating.
	turn chan struct{}
}

func sourceRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	s := &sourcing{
		publicURL: opts.PublicURL, now: opts.Now, sources: store, changes: store, routes: store, activities: store,
		asked: desk.asked, turn: make(chan struct{}, 1),
	}
	return func(r handler.Router) {
		r.SlashCommand("/create", desk.command(s.create))
		r.SlashCommand("/list", desk.command(s.list))
		r.SlashCommand("/pause", desk.command(s.pause))
		r.SlashCommand("/resume", desk.command(s.resume))
		r.SlashCommand("/delete", desk.command(s.delete))
		r.SlashCommand("/rotate", desk.command(s.rotate))
		r.Autocomplete("/create", desk.suggest(byOption(map[string]suggest{"event_type_path": suggestPaths})))
		r.Autocomplete("/pause", desk.suggest(suggestSourcesIn(store, event.Active)))
		r.Autocomplete("/resume", desk.suggest(suggestSourcesIn(store, event.Paused)))
		r.Autocomplete("/{command}", desk.suggest(suggestNamed(store, "name", func(s event.Source) bool {
			return s.Kind == event.SourceWebhook && s.State != event.Disconnected
		})))
	}
}

// suggestSourcesIn offers the sources that are in the state, whatever they are made for.
func suggestSourcesIn(sources Sources, state event.SourceState) suggest {
	return suggestNamed(sources, "name", func(s event.Source) bool { return s.State == state })
}

func sourceDefinition() discord.SlashCommandCreate {
	name := discord.ApplicationCommandOptionString{Name: "name", Required: true, Autocomplete: true, MaxLength: omit.Ptr(maxSourceName)}
	newName := name
	newName.Autocomplete = false
	secret := discord.ApplicationCommandOptionString{Name: "secret", MaxLength: omit.Ptr(maxSecret)}
	auth := discord.ApplicationCommandOptionString{Name: "auth"}
	for _, a := range []event.Auth{event.AuthSecret, event.AuthAPIKey, event.AuthNone} {
		auth.Choices = append(auth.Choices, discord.ApplicationCommandOptionChoiceString{Value: string(a)})
	}
	preset := discord.ApplicationCommandOptionString{Name: "preset"}
	for _, p := range event.Presets() {
		preset.Choices = append(preset.Choices, discord.ApplicationCommandOptionChoiceString{Value: string(p)})
	}
	sub := func(name string, options ...discord.ApplicationCommandOption) discord.ApplicationCommandOption {
		return discord.ApplicationCommandOptionSubCommand{Name: name, Options: options}
	}
	return forAdmins("source",
		sub("create", newName,
			discord.ApplicationCommandOptionChannel{Name: "channel", ChannelTypes: routable()},
			auth,
			discord.ApplicationCommandOptionString{Name: "event_type_path", Autocomplete: true, MaxLength: omit.Ptr(maxPath)},
			preset, secret),
		sub("list"),
		sub("pause", name),
		sub("resume", name),
		sub("delete", name),
		sub("rotate", name, secret,
			discord.ApplicationCommandOptionInt{Name: "keep_old", MinValue: omit.Ptr(0), MaxValue: omit.Ptr(maxKeepOld)}),
	)
}

// named is the source that the asker means, of whatever kind, unless it is gone.
func (s *sourcing) named(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (event.Source, error) {
	name := strings.TrimSpace(asked.String("name"))
	source, err := s.sources.Source(ctx, by.guild, name)
	if fault.KindOf(err) == fault.NotFound || err == nil && source.State == event.Disconnected {
		return event.Source{}, refuse("source.unknown", "name", quoted(name, maxSourceName))
	}
	return source, err
}

// webhook is named, but for those that are made for Salesforce, which have commands of their own, and the one that is
// built in.
func (s *sourcing) webhook(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (event.Source, error) {
	source, err := s.named(ctx, by, asked)
	if err == nil && source.Kind != event.SourceWebhook {
		return event.Source{}, refuse("source.salesforce", "name", quoted(source.Name, maxSourceName))
	}
	if err == nil && source.BuiltIn() {
		return event.Source{}, refuse(builtInKey(source), "name", quoted(source.Name, maxSourceName))
	}
	return source, err
}

func (s *sourcing) urlOf(source event.Source) string { return s.publicURL + "/hooks/" + source.Slug }
