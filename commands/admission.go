package commands

import (
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"

	"dispatch/fault"
)

// admit lets admins of guilds through. Discord hides the commands from others, but a server may set that
// aside, and a permission may be gone since.
func (d *desk) admit(next handler.Handler) handler.Handler {
	return func(e *handler.InteractionEvent) error {
		if err := admissible(e.Interaction); err != nil {
			return d.turnAway(e, err)
		}
		return next(e)
	}
}

func admissible(i discord.Interaction) error {
	member := i.Member()
	if i.GuildID() == nil || member == nil {
		return fault.Say(fault.Forbidden, "reply.guilds_only")
	}
	if !member.Permissions.Has(discord.PermissionManageGuild) && !member.Permissions.Has(discord.PermissionAdministrator) {
		return fault.Say(fault.Forbidden, "reply.needs_manage_server")
	}
	return nil
}

// unknown answers what no handler is there for: a button or a command of another version.
func (d *desk) unknown(e *handler.InteractionEvent) error {
	return d.turnAway(e, fault.Say(fault.NotFound, "reply.outdated"))
}

func (d *desk) turnAway(e *handler.InteractionEvent, err error) error {
	if e.Type() == discord.InteractionTypeAutocomplete {
		return withoutToken(e.AutocompleteResult([]discord.AutocompleteChoice{}))
	}
	return d.send(e.Ctx, &call{Interaction: e.Interaction, client: e.Client(), respond: e.Respond}, reply{}, err)
}
