package commands

import (
	"context"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

// rotation is how a source's secret is to be replaced.
type rotation struct {
	secret string // that the service has made; "" for one of ours
	keep   time.Duration
}

func (s *sourcing) rotate(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := s.webhook(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	hours := asked.Int("keep_old")
	if hours < 0 || hours > maxKeepOld {
		return reply{}, refuse("salesforce.url.keep_old_range", "max", maxKeepOld)
	}
	to := rotation{secret: strings.TrimSpace(asked.String("secret")), keep: time.Duration(hours) * time.Hour}
	switch {
	case to.secret != "":
		err = mustBeSecret(source.Preset, to.secret)
	case theirs(source.Preset):
		err = refuse("source.rotate.theirs", "where", say("source.where_secret."+string(source.Preset)))
	}
	if err != nil {
		return reply{}, err
	}
	return s.offer(ctx, by, source.ID, to)
}

// offer gives the source its first secret. Where there is one already, or none is wanted so far, it asks.
func (s *sourcing) offer(ctx context.Context, by asker, id string, to rotation) (reply, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
	source, err := s.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	replace := func(ctx context.Context) (reply, error) { return s.replace(ctx, by, id, to) }
	switch {
	case source.Auth != event.AuthSecret:
		return s.asked.ask(by, tell(say("source.rotate.open", "name", name)), say("button.verify"), replace), nil
	case !hasSecret(source, s.now()):
		return replace(ctx)
	case to.keep > 0:
		later := tell(sayCount("salesforce.url.replace_later", int(to.keep.Hours()), "name", name))
		return s.asked.ask(by, later, say("button.replace_secret"), replace), nil
	}
	return s.asked.ask(by, tell(say("source.rotate.replace_now", "name", name)), say("button.replace_secret"), replace), nil
}

func (s *sourcing) replace(ctx context.Context, by asker, id string, to rotation) (reply, error) {
	source, err := s.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	secret, now := to.secret, s.now()
	if secret == "" {
		secret = newSecretFor(source.Preset)
	}
	var oldUntil time.Time
	if to.keep > 0 {
		oldUntil = now.Add(to.keep)
	}
	if err := s.changes.AddKey(ctx, by.guild, id, []byte(secret), oldUntil); err != nil {
		return reply{}, err
	}
	r := tell(say("source.rotate.done", "name", quoted(source.Name, maxSourceName)), say("salesforce.url.url", "url", s.urlOf(source)))
	if to.secret == "" {
		r.lines = append(r.lines, say("salesforce.url.secret", "secret", secret), say("source.secret.once"))
	} else {
		r.lines = append(r.lines, say("source.secret.stored"))
	}
	r.lines = append(r.lines, replaced(source, now, oldUntil))
	if to.secret == "" && source.Preset != "" {
		r.lines = append(r.lines, say("source.where_secret."+string(source.Preset)))
	}
	return r, nil
}
