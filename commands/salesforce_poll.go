package commands

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/event"
	"dispatch/salesforce"
)

// Poller asks orgs again and again what has changed.
type Poller interface {
	// Start fails with salesforce.ErrNothing, ErrTooOften, ErrNotAuthorized, ErrLost, a *PollObjectError, or an org's refusal.
	Start(ctx context.Context, wanted salesforce.Poll) error
	// Stop and Status fail with salesforce.ErrNotPolled.
	Stop(ctx context.Context, guildID, sourceID string) error
	Status(ctx context.Context, sourceID string) (salesforce.PollStatus, error)
	// Shortest is the shortest time from one round to the next.
	Shortest() time.Duration
}

const (
	pollEvery   = 5 * time.Minute // when nobody says otherwise
	longestPoll = 7 * 24 * time.Hour
	maxObjects  = 1000 // characters of a list of objects
)

// polling begins and ends polls, and tells how they are doing.
type polling struct {
	sources   Sources
	targets   TargetStore
	poller    Poller
	authorize *authorizing
}

func (p *polling) routes(desk *desk) func(handler.Router) {
	return func(r handler.Router) {
		r.SlashCommand("/start", desk.command(p.start))
		r.SlashCommand("/stop", desk.command(p.stop))
		r.SlashCommand("/status", desk.command(p.status))
		r.Autocomplete("/{command}", desk.suggest(byOption(map[string]suggest{
			"source":  suggestSources(p.sources, false),
			"objects": p.authorize.suggestObjects,
			"target":  targetsOf(p.targets).suggest("target"),
		})))
	}
}

func pollDefinition() discord.ApplicationCommandOption {
	source := discord.ApplicationCommandOptionString{Name: "source", Required: true, Autocomplete: true}
	return discord.ApplicationCommandOptionSubCommandGroup{Name: "poll", Options: []discord.ApplicationCommandOptionSubCommand{
		{Name: "start", Options: []discord.ApplicationCommandOption{
			source,
			discord.ApplicationCommandOptionString{Name: "objects", Required: true, Autocomplete: true, MaxLength: omit.Ptr(maxObjects)},
			discord.ApplicationCommandOptionFloat{Name: "every"},
			discord.ApplicationCommandOptionString{Name: "target", Autocomplete: true},
		}},
		{Name: "stop", Options: []discord.ApplicationCommandOption{source}},
		{Name: "status", Options: []discord.ApplicationCommandOption{source}},
	}}
}

func (p *polling) start(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := connectedSource(ctx, p.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	wanted := salesforce.Poll{SourceID: source.ID, GuildID: by.guild, Every: pollEvery}
	if minutes, given := asked.OptFloat("every"); given {
		if wanted.Every = time.Duration(minutes * float64(time.Minute)); !(minutes > 0 && minutes <= longestPoll.Minutes()) {
			return reply{}, p.refusal(source, salesforce.ErrTooOften)
		}
	}
	if name, given := asked.OptString("target"); given {
		target, err := targetsOf(p.targets).named(ctx, by, name)
		if err != nil {
			return reply{}, err
		}
		wanted.TargetID = target.ID
	}
	if wanted.Objects, err = salesforce.ParsePollObjects(asked.String("objects")); err == nil {
		err = p.poller.Start(ctx, wanted)
	}
	if err != nil {
		return reply{}, p.refusal(source, err)
	}
	return p.started(ctx, source)
}

// started tells what was begun, what it costs, and what stands in its way.
func (p *polling) started(ctx context.Context, source event.Source) (reply, error) {
	is, err := p.poller.Status(ctx, source.ID)
	if err != nil {
		return reply{}, p.refusal(source, err)
	}
	r := tell(
		say("salesforce.poll.started", "name", quoted(source.Name, maxSourceName), "objects", quoted(strings.Join(is.Objects, ", "), maxObjects), "every", minutesOf(is.Every)),
		say("salesforce.poll.cost", "calls", amount(callsOf(is.Poll))))
	switch {
	case !is.Active:
		r.lines = append(r.lines, say("salesforce.poll.status.paused"))
	case is.Trouble != nil:
		r.lines = append(r.lines, troubleOf(is.Trouble))
	}
	return r, nil
}

// callsOf is how many calls a day a poll takes when little changes.
func callsOf(p salesforce.Poll) int {
	return int(math.Ceil(float64(len(p.Objects)) * float64(24*time.Hour) / float64(p.Every)))
}

// minutesOf is a time as it is typed.
func minutesOf(d time.Duration) string { return strconv.FormatFloat(d.Minutes(), 'f', -1, 64) }

func (p *polling) stop(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := salesforceSource(ctx, p.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	if err := p.poller.Stop(ctx, by.guild, source.ID); err != nil {
		return reply{}, p.refusal(source, err)
	}
	return tell(say("salesforce.poll.stopped", "name", quoted(source.Name, maxSourceName))), nil
}
