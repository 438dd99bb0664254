package commands

import (
	"context"
	"errors"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/salesforce"
)

func (t *targeting) test(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	found, err := targetsOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	return t.try(ctx, found)
}

func (t *targeting) testButton(ctx context.Context, by asker, id string) (reply, error) {
	found, err := targetsOf(t.store).byID(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	return t.try(ctx, found)
}

// try signs in, and tells what the org says.
func (t *targeting) try(ctx context.Context, of event.Target) (reply, error) {
	look, err := t.targets.Look(ctx, of)
	if errors.Is(err, salesforce.ErrNoAnswer) {
		return reply{}, notLetIn(of, err)
	}
	if err != nil {
		return reply{}, err
	}
	r := tell(
		say("target.test.done", "name", quoted(of.Name, maxSourceName)),
		say("target.test.org", "org", quoted(look.Name, maxPiece), "id", inSpan(look.ID, maxPiece), "user", quoted(look.Username, maxPiece)),
		say("target.test.version", "version", inSpan(look.Version, maxPiece)))
	if look.Usage.Max > 0 {
		r.lines = append(r.lines, say("target.test.usage", "left", amount(max(0, look.Usage.Max-look.Usage.Used)), "max", amount(look.Usage.Max)))
	}
	return r, nil
}

// notLetIn tells what the org has against us, in its own words where it has any.
func notLetIn(of event.Target, err error) error {
	var (
		refused *salesforce.OAuthError
		failed  *salesforce.APIError
		told    string
	)
	name := quoted(of.Name, maxSourceName)
	switch {
	case salesforce.IsLater(err):
		return refuse("target.test.later", "name", name)
	case errors.As(err, &refused):
		told = refused.Code + ": " + refused.Description
	case errors.As(err, &failed):
		told = failed.Code + ": " + failed.Message
	default:
		return refuse("target.test.unreached", "name", name, "server", inSpan(of.Server, maxPiece))
	}
	return refuse("target.test.refused", "name", name, "error", quoted(told, maxReason))
}
