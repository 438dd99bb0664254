package commands

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/rest"

	"dispatch/locales"
)

// asker is who asks, and from where. Admission has seen to it that it is an admin of a guild.
type asker struct {
	guild, user string // Discord snowflakes
	client      *disgobot.Client
	interaction discord.Interaction
}

// call is an interaction that waits for its one answer.
type call struct {
	discord.Interaction
	client   *disgobot.Client
	respond  events.InteractionResponderFunc
	updates  bool              // the answer takes the place of the message with the button
	deferred bool              // Discord was told that the answer comes later
	answered bool              // it has its answer: what else there is to say follows
	salvage  func(reply) reply // adds to the news of a failure what would else be lost; may be nil
}

func askerOf(i discord.Interaction, client *disgobot.Client) asker {
	return asker{guild: i.GuildID().String(), user: i.User().ID.String(), client: client, interaction: i}
}

// say is the asker's language.
func (a asker) say() locales.Catalog { return locales.For(string(a.interaction.Locale())) }

func (c *call) say() locales.Catalog { return locales.For(string(c.Locale())) }

// later tells Discord that the answer needs more than the three seconds it grants; after this there are
// fifteen minutes.
func (c *call) later() error {
	kind := discord.InteractionResponseTypeDeferredCreateMessage
	var data discord.InteractionResponseData = discord.MessageCreate{Flags: discord.MessageFlagEphemeral}
	if c.updates {
		kind, data = discord.InteractionResponseTypeDeferredUpdateMessage, nil
	}
	if err := c.respond(kind, data); err != nil {
		return fmt.Errorf("defer answer: %w", withoutToken(err))
	}
	c.deferred = true
	return nil
}

// answer sends the reply, that about a failure as a message of its own, so that the buttons it was pressed on stay. A
// message that is shown as it would be posted may be one that Discord does not take; then that is what there is to see.
func (c *call) answer(ctx context.Context, r reply, failed bool) error {
	if r.posted == nil {
		return c.put(ctx, r, failed)
	}
	shown, comment := reply{posted: r.posted}, r
	comment.posted = nil
	if c.updates { // a question makes way for words: what is attached to it stays, and belongs to no post
		shown, comment = comment, shown
	}
	for _, part := range []reply{shown, comment} {
		err := c.put(ctx, part, failed)
		var refused *rest.Error
		if part.posted != nil && errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode == http.StatusBadRequest {
			err = c.put(ctx, tell(say("reply.not_taken", "error", quoted(refused.Error(), maxReason))), failed)
		}
		if err != nil {
			return err
		}
		c.answered = true
	}
	return nil
}

func (c *call) put(ctx context.Context, r reply, failed bool) error {
	var err error
	updates := c.updates && !failed
	switch {
	case c.answered, c.deferred && c.updates && failed:
		_, err = c.client.Rest.CreateFollowupMessage(c.ApplicationID(), c.Token(), r.message(c.say()), rest.WithCtx(ctx))
	case r.form != nil:
		err = c.respond(discord.InteractionResponseTypeModal, r.form.modal(c.say()))
	case !c.deferred && updates:
		err = c.respond(discord.InteractionResponseTypeUpdateMessage, r.update(c.say()))
	case !c.deferred:
		err = c.respond(discord.InteractionResponseTypeCreateMessage, r.message(c.say()))
	default:
		_, err = c.client.Rest.UpdateInteractionResponse(c.ApplicationID(), c.Token(), r.update(c.say()), rest.WithCtx(ctx))
	}
	if err != nil {
		return fmt.Errorf("send answer: %w", withoutToken(err))
	}
	return nil
}

// withoutToken leaves out the request's address: it holds the token that answers the interaction.
func withoutToken(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}
