package commands

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/fault"
)

// Connector makes sources, gives them secrets, and ends them.
type Connector interface {
	// Connect makes the source with the channel as its destination and fills in what it was given: id,
	// slug, state and time. It fails with fault.Exists when the guild has a source with that name.
	Connect(ctx context.Context, s event.Source, channelID string) (event.Source, error)
	// AddKey makes the secret the one that callouts to the source are signed with from now on. The ones
	// before it expire at oldUntil; the zero time is at once.
	AddKey(ctx context.Context, guildID, sourceID string, secret []byte, oldUntil time.Time) error
	// Disconnect is final. What was accepted before is still delivered.
	Disconnect(ctx context.Context, guildID, sourceID string, at time.Time) error
	// SetOrgID tells which Salesforce org a source belongs to, in 15 or 18 characters.
	SetOrgID(ctx context.Context, guildID, sourceID, orgID string) error
}

// postable are the kinds of channel that take a message as it is. A forum wants a thread for each.
var postable = []discord.ChannelType{
	discord.ChannelTypeGuildText,
	discord.ChannelTypeGuildNews,
	discord.ChannelTypeGuildNewsThread,
	discord.ChannelTypeGuildPublicThread,
	discord.ChannelTypeGuildPrivateThread,
}

type connecting struct {
	connector Connector
	authorize *authorizing
}

func (c *connecting) command(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := wantedSource(by, asked)
	if err != nil {
		return reply{}, err
	}
	to, ok := asked.OptChannel("channel")
	if !ok {
		return reply{}, fault.New(fault.Invalid, "no channel was given")
	}
	if err := mustTakeRoutes(ctx, by, to); err != nil {
		return reply{}, err
	}
	made, err := c.connector.Connect(ctx, source, to.ID.String())
	if fault.KindOf(err) == fault.Exists {
		return reply{}, refuse("salesforce.connect.exists", "name", quoted(source.Name, maxSourceName))
	}
	if err != nil {
		return reply{}, err
	}
	r := connected(made, channel(to.ID.String()))
	if more := c.authorize.offer(made, say("button.authorize")); len(more) > 0 {
		r.lines = append(r.lines, say("salesforce.connect.authorize"))
		r.buttons = append(r.buttons, more...)
	}
	return r, nil
}

func wantedSource(by asker, asked discord.SlashCommandInteractionData) (event.Source, error) {
	source := event.Source{
		GuildID:     by.guild,
		Name:        strings.TrimSpace(asked.String("name")),
		Kind:        event.SourceSalesforce,
		Environment: event.Production,
		Auth:        event.AuthSecret,
	}
	if asked.String("environment") == string(event.Sandbox) {
		source.Environment = event.Sandbox
	}
	if verify, given := asked.OptBool("verify"); given && !verify {
		source.Auth = event.AuthNone
	}
	return source, mustBeName(source.Name)
}

func mustBeName(name string) error { return mustBeNameOf(name, maxSourceName) }

// mustBeNameOf takes names of at most so many characters.
func mustBeNameOf(name string, characters int) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > characters {
		return refuse("reply.name_length", "max", characters)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
		return refuse("reply.name_characters")
	}
	return nil
}

func mustTakePosts(ctx context.Context, by asker, to discord.ResolvedChannel) error {
	if !slices.Contains(postable, to.Type) {
		return refuse("salesforce.connect.not_a_text_channel", "channel", channel(to.ID.String()))
	}
	if missing := lacking(ctx, by, to); len(missing) > 0 {
		return refuse("salesforce.connect.lacking", "channel", channel(to.ID.String()), "permissions", missing)
	}
	return nil
}

func connected(s event.Source, channel string) reply {
	r := tell(say("salesforce.connect.done", "name", quoted(s.Name, maxSourceName), "channel", channel))
	if s.Auth == event.AuthNone {
		r.lines = append(r.lines, say("salesforce.connect.unverified"))
	}
	r.lines = append(r.lines, say("salesforce.connect.next"))
	r.buttons = []button{{
		label: say("button.generate_url"), style: discord.ButtonStylePrimary, id: "/salesforce/generate/" + s.ID,
	}}
	return r
}
