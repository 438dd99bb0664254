package commands

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/salesforce"
)

const (
	maxKeepOld  = 168 // hours
	secretBytes = 32
)

type generating struct {
	publicURL string
	now       func() time.Time
	sources   Sources
	connector Connector
	asked     *questions
	deploy    *deploying

	// turn has room for one, from looking for a secret to making one: of two presses at a time, each would
	// otherwise show a secret, and only one of them would work.
	turn chan struct{}
}

// wanted is how a URL was asked for.
type wanted struct {
	objects []string
	keepOld time.Duration
}

func (g *generating) command(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	objects, err := wantedObjects(asked.String("objects"))
	if err != nil {
		return reply{}, err
	}
	hours := asked.Int("keep_old")
	if hours < 0 || hours > maxKeepOld {
		return reply{}, refuse("salesforce.url.keep_old_range", "max", maxKeepOld)
	}
	source, err := connectedSource(ctx, g.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	told, err := g.tellOrg(ctx, by, source, asked.String("org"))
	if err != nil {
		return reply{}, err
	}
	r, err := g.offer(ctx, by, source.ID, wanted{objects: objects, keepOld: time.Duration(hours) * time.Hour})
	r.lines = append(told, r.lines...)
	return r, err
}

func (g *generating) button(ctx context.Context, by asker, id string) (reply, error) {
	return g.offer(ctx, by, id, wanted{})
}

// offer makes the source's first secret. Where there is one already, or none is wanted so far, it asks.
func (g *generating) offer(ctx context.Context, by asker, id string, w wanted) (reply, error) {
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
	source, err := g.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	if err := mustBeConnected(source); err != nil {
		return reply{}, err
	}
	name := quoted(source.Name, maxSourceName)
	generate := func(ctx context.Context) (reply, error) { return g.generate(ctx, by, id, w) }
	switch {
	case source.Auth == event.AuthNone:
		open := tell(say("salesforce.url.open", "name", name), say("salesforce.url.url", "url", g.urlOf(source)),
			say("salesforce.url.verify"))
		return g.asked.ask(by, open, say("button.verify"), generate), nil
	case !hasSecret(source, g.now()):
		return g.generate(ctx, by, id, w)
	case w.keepOld > 0:
		keep := tell(sayCount("salesforce.url.replace_later", int(w.keepOld.Hours()), "name", name))
		return g.asked.ask(by, keep, say("button.replace_secret"), generate), nil
	}
	return g.asked.ask(by, tell(say("salesforce.url.replace_now", "name", name)), say("button.replace_secret"), generate), nil
}

func (g *generating) generate(ctx context.Context, by asker, id string, w wanted) (reply, error) {
	source, err := g.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	if err := mustBeConnected(source); err != nil {
		return reply{}, err
	}
	secret := newSecret()
	packed, err := salesforce.Package(salesforce.PackageOptions{
		Endpoint: g.urlOf(source), Secret: secret, Source: source.Name, Objects: w.objects,
	})
	if err != nil {
		return reply{}, err
	}
	now := g.now()
	var oldUntil time.Time
	if w.keepOld > 0 {
		oldUntil = now.Add(w.keepOld)
	}
	if err := g.connector.AddKey(ctx, by.guild, id, []byte(secret), oldUntil); err != nil {
		return reply{}, err
	}
	r := tell(
		say("salesforce.url.done", "name", quoted(source.Name, maxSourceName)),
		say("salesforce.url.url", "url", g.urlOf(source)),
		say("salesforce.url.secret", "secret", secret),
		replaced(source, now, oldUntil),
		say("salesforce.url.next"))
	r.files = []salesforce.File{packed}
	return g.deploy.packed(ctx, source, w.objects, r), nil
}

// replaced says what becomes of the secret before this one, if there was one.
func replaced(s event.Source, now, oldUntil time.Time) text {
	switch {
	case !hasSecret(s, now):
		return text{}
	case oldUntil.IsZero():
		return say("salesforce.url.old_dead")
	}
	return say("salesforce.url.old_until", "time", date(oldUntil))
}

func (g *generating) urlOf(s event.Source) string { return g.publicURL + "/hooks/" + s.Slug }

func hasSecret(s event.Source, now time.Time) bool {
	return slices.ContainsFunc(s.Keys, func(k event.SigningKey) bool { return k.Valid(now) })
}

// newSecret is one word of letters and digits, so that no shell, form or double-click cuts it short.
func newSecret() string {
	var random [secretBytes]byte
	_, _ = rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

// wantedObjects reads the list and tells in words what is wrong with it.
func wantedObjects(list string) ([]string, error) {
	objects, err := salesforce.ParseObjects(list)
	var bad *salesforce.ObjectError
	if !errors.As(err, &bad) {
		return objects, err
	}
	keys := map[salesforce.ObjectProblem]string{
		salesforce.NotAnAPIName:    "salesforce.objects.not_an_api_name",
		salesforce.NoPriceTriggers: "salesforce.objects.no_price_triggers",
		salesforce.NoTriggers:      "salesforce.objects.no_triggers",
		salesforce.TooManyObjects:  "salesforce.objects.too_many",
	}
	return nil, refuse(keys[bad.Problem], "object", quoted(bad.Object, maxSourceName), "max", salesforce.MaxPackageObjects)
}
