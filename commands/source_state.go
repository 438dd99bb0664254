package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

func (s *sourcing) pause(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := s.named(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	if source.State == event.Paused {
		return tell(say("source.pause.already", "name", name)), nil
	}
	if err := s.changes.PauseSource(ctx, by.guild, source.ID); err != nil {
		return reply{}, err
	}
	return tell(say("source.pause.done", "name", name)), nil
}

func (s *sourcing) resume(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := s.named(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	if source.State == event.Active {
		return tell(say("source.resume.already", "name", name)), nil
	}
	if err := s.changes.ResumeSource(ctx, by.guild, source.ID); err != nil {
		return reply{}, err
	}
	return tell(say("source.resume.done", "name", name)), nil
}

func (s *sourcing) delete(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := s.webhook(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	return s.asked.ask(by, tell(say("source.delete.ask", "name", name)), say("button.delete"), func(ctx context.Context) (reply, error) {
		if err := s.changes.Disconnect(ctx, by.guild, source.ID, s.now()); err != nil {
			return reply{}, err
		}
		return tell(say("source.delete.done", "name", name)), nil
	}), nil
}
