package commands

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/discord"
)

type disconnecting struct {
	now       func() time.Time
	sources   Sources
	connector Connector
	asked     *questions
	deploy    *deploying
}

func (d *disconnecting) command(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := connectedSource(ctx, d.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	question := tell(say("salesforce.disconnect.question", "name", name))
	if at, ok, err := d.deploy.survey(ctx, source); err == nil && ok && len(at.deployed.Objects) > 0 && !at.org.Lost() {
		question.lines = append(question.lines, say("salesforce.deploy.remove_first", "org", at.orgName()))
		question.buttons = []button{at.removal()}
	}
	return d.asked.ask(by, question, say("button.disconnect"), func(ctx context.Context) (reply, error) {
		if err := d.connector.Disconnect(ctx, by.guild, source.ID, d.now()); err != nil {
			return reply{}, err
		}
		return tell(say("salesforce.disconnect.done", "name", name), say("salesforce.disconnect.next")), nil
	}), nil
}
