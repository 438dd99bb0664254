package playground

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	// ErrNoAnswer is what a user sees when the bot does not answer within three seconds.
	ErrNoAnswer = errors.New("The application did not respond") //nolint:staticcheck // Discord's own words.
	// ErrOffline says that no bot is connected to the gateway.
	ErrOffline = errors.New("no bot is connected")
	// ErrClosed says that this Discord has been closed.
	ErrClosed = errors.New("discord is closed")
)

// Reply is what a user sees of the bot's answer to something that they did.
type Reply struct {
	// Message is the answer, nil when it is a modal or has been deleted.
	Message *Message
	// Modal is the form that the bot wants to be filled in, nil when the answer is a message.
	Modal *Modal
	// Ephemeral says that only the user sees Message.
	Ephemeral bool
	// Deferred says that the bot asked for time first.
	Deferred bool
	// Updated says that Message is the one whose component was used, and not a new one.
	Updated bool
	// Took is the time until the first answer.
	Took time.Duration

	interaction *interaction
}

// Followups returns the further messages that the bot has sent with an answer and not deleted, so far.
func (d *Discord) Followups(r *Reply) []Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.followups()
}

// WaitFollowups waits until the bot has sent at least n further messages with an answer and returns them.
func (d *Discord) WaitFollowups(ctx context.Context, r *Reply, n int) ([]Message, error) {
	var all []Message
	err := d.wait(ctx, func() bool {
		all = r.followups()
		return len(all) >= n
	})
	return all, err
}

func (r *Reply) followups() []Message {
	var all []Message
	for _, id := range r.interaction.followups {
		if m := r.interaction.channel.message(id); m != nil {
			all = append(all, *m)
		}
	}
	return all
}

// WaitReady waits until a bot is connected to the gateway and has identified itself.
func (d *Discord) WaitReady(ctx context.Context) error { return d.wait(ctx, d.ready) }

// WaitCommand waits until a command, such as "salesforce connect", can be run in the guild "Acme".
func (d *Discord) WaitCommand(ctx context.Context, path string) error {
	return d.wait(ctx, func() bool {
		_, err := d.command(d.guilds[0].id, path)
		return err == nil && d.ready()
	})
}

// reply waits for the answer to an interaction, also for a deferred one's completion.
func (d *Discord) reply(ctx context.Context, it *interaction) (*Reply, error) {
	if err := d.firstAnswer(ctx, it); err != nil {
		return nil, err
	}
	if err := d.wait(ctx, func() bool { return !it.waiting }); err != nil {
		return nil, fmt.Errorf("wait for the deferred answer: %w", err)
	}
	return d.replyTo(it), nil
}

// replyTo returns the answer to an interaction as it is now.
func (d *Discord) replyTo(it *interaction) *Reply {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &Reply{
		Modal: it.modal, Ephemeral: it.ephemeral, Took: it.took, interaction: it,
		Deferred: it.answer == answerDeferred || it.answer == answerDeferredUpdate,
		Updated:  it.answer == answerUpdate || it.answer == answerDeferredUpdate,
	}
	if m := it.channel.message(it.original); m != nil {
		shown := *m
		r.Message = &shown
	}
	return r
}

// firstAnswer waits for the answer that has to come within three seconds.
func (d *Discord) firstAnswer(ctx context.Context, it *interaction) error {
	soon, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	err := d.wait(soon, func() bool { return it.answer != 0 })
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case it.answer != 0:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		it.failed = true
		return ErrNoAnswer
	}
	return err
}
