package commands

import (
	"context"
	"strings"
	"unicode"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/fault"
)

// maxPath is how many characters an event type path has at most.
const maxPath = 200

func (s *sourcing) create(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := wantedWebhook(by, asked)
	if err != nil {
		return reply{}, err
	}
	channelID := ""
	if to, given := asked.OptChannel("channel"); given {
		if err := mustTakeRoutes(ctx, by, to); err != nil {
			return reply{}, err
		}
		channelID = to.ID.String()
	}
	secret, ours := strings.TrimSpace(asked.String("secret")), false
	switch {
	case secret != "" && source.Auth != event.AuthSecret:
		return reply{}, refuse("source.create.secret_unused")
	case secret == "" && source.Auth == event.AuthSecret && !theirs(source.Preset):
		secret, ours = newSecretFor(source.Preset), true
	}
	if secret != "" {
		if err := mustBeSecret(source.Preset, secret); err != nil {
			return reply{}, err
		}
		source.Keys = []event.SigningKey{{Secret: []byte(secret)}}
	}
	made, err := s.changes.Connect(ctx, source, channelID)
	if fault.KindOf(err) == fault.Exists {
		return reply{}, refuse("source.create.exists", "name", quoted(source.Name, maxSourceName))
	}
	if err != nil {
		return reply{}, err
	}
	if !ours {
		secret = ""
	}
	return s.created(made, channelID, secret), nil
}

func wantedWebhook(by asker, asked discord.SlashCommandInteractionData) (event.Source, error) {
	source := event.Source{
		GuildID:       by.guild,
		Name:          strings.TrimSpace(asked.String("name")),
		Kind:          event.SourceWebhook,
		Auth:          event.AuthSecret,
		EventTypePath: strings.TrimSpace(asked.String("event_type_path")),
		Preset:        event.Preset(asked.String("preset")),
	}
	if auth, given := asked.OptString("auth"); given {
		source.Auth = event.Auth(auth)
	}
	if err := mustBeName(source.Name); err != nil {
		return event.Source{}, err
	}
	return source, mustBePath(source.EventTypePath)
}

// mustBePath takes names of members with dots between, and none at all.
func mustBePath(path string) error {
	hollow := strings.HasPrefix(path, ".") || strings.HasSuffix(path, ".") || strings.Contains(path, "..")
	if hollow || clip(path, maxPath) != path || strings.ContainsFunc(path, unicode.IsControl) {
		return refuse("source.create.path", "path", inSpan(path, maxPiece))
	}
	return nil
}

// suggestPaths offers where services usually say what happened.
func suggestPaths(_ context.Context, _ asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	usual := plain("action", "event", "event_name", "type", "data.type", "payload.type", "object_kind", "topic")
	return matching(usual, asked.String("event_type_path")), nil
}

// created tells how the source is used. The secret is "" when the asker knows it, or has to fetch it first.
func (s *sourcing) created(source event.Source, channelID, secret string) reply {
	r := tell(say("source.create.done_nowhere", "name", quoted(source.Name, maxSourceName)))
	if channelID != "" {
		r = tell(say("source.create.done", "name", quoted(source.Name, maxSourceName), "channel", channel(channelID)))
	}
	r.lines = append(r.lines, say("salesforce.url.url", "url", s.urlOf(source)))
	if secret != "" {
		r.lines = append(r.lines, say("salesforce.url.secret", "secret", secret), say("source.secret.once"))
	}
	switch source.Auth {
	case event.AuthNone:
		r.lines = append(r.lines, say("salesforce.connect.unverified"))
	case event.AuthAPIKey:
		r.lines = append(r.lines, say("source.create.by_key"))
	}
	r.lines = append(r.lines, setUp(source, secret != "")...)
	if source.Preset == "" {
		r.lines = append(r.lines, say("source.create.try"), asWritten(curlOf(source, s.urlOf(source), secret)))
	}
	return r
}
