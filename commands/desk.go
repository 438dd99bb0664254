package commands

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/sirupsen/logrus"
)

// Log keys.
const (
	keyComponent = "component"
	keyGuild     = "guild"
	keyReference = "reference" // what the asker was shown, to find the line by
	keyErr       = "err"
)

const (
	patience       = 1500 * time.Millisecond // how long the answer may take before it is deferred
	longest        = 30 * time.Second        // how long it may take at all
	longestSuggest = 2 * time.Second         // suggestions cannot be deferred
)

// The handlers: a question in, a reply or an error out. How and when that reaches Discord is the desk's.
type (
	command func(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error)
	press   func(ctx context.Context, by asker, id string) (reply, error)
	suggest func(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error)
)

// desk takes interactions in, has them handled, and sees to it that each is answered.
type desk struct {
	log   *logrus.Entry
	asked *questions
}

func (d *desk) command(answer command) handler.SlashCommandHandler {
	return func(asked discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		c := &call{Interaction: e.ApplicationCommandInteraction, client: e.Client(), respond: e.Respond}
		return d.serve(e.Ctx, c, func(ctx context.Context) (reply, error) {
			return answer(ctx, askerOf(c.Interaction, c.client), asked)
		})
	}
}

// button serves a button whose answer is a new message.
func (d *desk) button(answer press) handler.ButtonComponentHandler { return d.pressed(answer, false) }

// choice serves a button whose answer takes the place of the question.
func (d *desk) choice(answer press) handler.ButtonComponentHandler { return d.pressed(answer, true) }

func (d *desk) pressed(answer press, updates bool) handler.ButtonComponentHandler {
	return func(_ discord.ButtonInteractionData, e *handler.ComponentEvent) error {
		c := &call{Interaction: e.ComponentInteraction, client: e.Client(), respond: e.Respond, updates: updates}
		return d.serve(e.Ctx, c, func(ctx context.Context) (reply, error) {
			return answer(ctx, askerOf(c.Interaction, c.client), e.Vars["id"])
		})
	}
}

// serve has the answer made and sends it, deferred if it takes long. Handlers heed their context: it is what
// ends the wait.
func (d *desk) serve(ctx context.Context, c *call, answer func(context.Context) (reply, error)) error {
	type result struct {
		reply reply
		err   error
	}
	results := make(chan result, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, longest)
		defer cancel()
		r, err := guarded(ctx, answer)
		results <- result{r, err}
	}()
	hurry := time.NewTimer(patience)
	defer hurry.Stop()
	select {
	case got := <-results:
		return d.send(ctx, c, got.reply, got.err)
	case <-hurry.C:
	}
	if err := c.later(); err != nil {
		return err
	}
	got := <-results
	return d.send(ctx, c, got.reply, got.err)
}

// send answers the call. Should Discord not take the reply, the asker is told so much at least.
func (d *desk) send(ctx context.Context, c *call, r reply, err error) error {
	if err == nil {
		if err = c.answer(ctx, r, false); err == nil && r.live != nil {
			return d.keepUp(ctx, c, r.live)
		}
		if err == nil {
			return nil
		}
	}
	told := sorry(err, c.ID().String(), d.logOf(c))
	if c.salvage != nil {
		told = c.salvage(told)
	}
	return c.answer(ctx, told, true)
}

func (d *desk) logOf(i discord.Interaction) *logrus.Entry {
	if guild := i.GuildID(); guild != nil {
		return d.log.WithField(keyGuild, guild.String())
	}
	return d.log
}

// guarded makes a panic of the handler an error like any other, so that its asker gets an answer.
func guarded[T any](ctx context.Context, answer func(context.Context) (T, error)) (got T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return answer(ctx)
}

// failed is told of answers that did not reach Discord; there is nobody else left to tell.
func (d *desk) failed(e *handler.InteractionEvent, err error) {
	d.logOf(e.Interaction).WithField(keyErr, err).Error("interaction went unanswered")
}
