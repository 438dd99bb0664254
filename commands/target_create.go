package commands

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
)

func (t *targeting) create(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	wanted, err := t.wanted(by, asked)
	if err != nil {
		return reply{}, err
	}
	file, ok := asked.OptAttachment("key")
	if !ok {
		return reply{}, fault.New(fault.Invalid, "no key was given")
	}
	key, err := t.files.fetch(ctx, file, maxKeyFile)
	if err != nil {
		return reply{}, err
	}
	if _, err := salesforce.ParseKey(key); err != nil {
		return reply{}, refuse("target.create.key")
	}
	made, err := t.store.CreateTarget(ctx, wanted, salesforce.Token(key))
	if fault.KindOf(err) == fault.Exists {
		return reply{}, refuse("target.create.exists", "name", quoted(wanted.Name, maxSourceName))
	}
	if err != nil {
		return reply{}, err
	}
	r := tell(
		say("target.create.done", "name", quoted(made.Name, maxSourceName)),
		say("target.create.url", "url", t.url+made.Slug))
	if made.ReplyPolicy != event.ReplyNever {
		r.lines = append(r.lines, say("target.create.replies"))
	}
	r.lines = append(r.lines, say("target.create.next"))
	r.buttons = []button{{label: say("button.test"), style: discord.ButtonStylePrimary, id: "/target/test/" + made.ID}}
	return r, nil
}

// wanted is the target as the asker wants it.
func (t *targeting) wanted(by asker, asked discord.SlashCommandInteractionData) (event.Target, error) {
	wanted := event.Target{
		GuildID:  by.guild,
		Name:     strings.TrimSpace(asked.String("name")),
		ClientID: strings.TrimSpace(asked.String("client_id")),
		User:     strings.TrimSpace(asked.String("user")),
	}
	if err := mustBeName(wanted.Name); err != nil {
		return event.Target{}, err
	}
	for option, value := range map[string]string{"client_id": wanted.ClientID, "user": wanted.User} {
		hidden := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
		if value == "" || strings.ContainsFunc(value, hidden) {
			return event.Target{}, refuse("target.create.text", "option", say("command.target.create.option."+option+".name"))
		}
	}
	var err error
	server := strings.TrimSpace(asked.String("server"))
	if wanted.Server, err = t.targets.Server(server); errors.Is(err, salesforce.ErrDomain) {
		return event.Target{}, refuse("target.create.server", "server", inSpan(server, maxPiece))
	} else if err != nil {
		return event.Target{}, err
	}
	if typed := strings.TrimSpace(asked.String("version")); typed != "" {
		var ok bool
		if wanted.Version, ok = salesforce.ParseVersion(typed); !ok {
			return event.Target{}, refuse("target.create.version", "version", inSpan(typed, maxPiece))
		}
	}
	policy, ok := event.ParseReplyPolicy(cmp.Or(asked.String("reply_policy"), string(event.ReplyAlways)))
	if !ok {
		return event.Target{}, fault.New(fault.Invalid, "there is no such reply policy")
	}
	wanted.ReplyPolicy = policy
	return wanted, nil
}
