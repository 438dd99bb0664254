package bot

import (
	"context"
	"sync"
	"time"

	"github.com/disgoorg/disgo/gateway"
	"github.com/sirupsen/logrus"
)

// Guilds keeps the books on the guilds that the bot is in. Ids are Discord's.
type Guilds interface {
	// JoinGuild notes a guild that the bot is in, or what has changed about it; one that comes back is
	// active again.
	JoinGuild(ctx context.Context, id, name, locale string, at time.Time) error
	// LeaveGuild notes that the bot was removed from a guild.
	LeaveGuild(ctx context.Context, id string, at time.Time) error
	// SyncGuilds notes that the bot is in these guilds and in no others.
	SyncGuilds(ctx context.Context, present []string, at time.Time) error
}

// change is something about guilds that has to go into the books.
type change struct {
	guild string // "" when it is about all
	write func(ctx context.Context) error
}

// guildLog takes in what the gateway says about guilds and writes it down in that order. disgo hands events to
// its listeners concurrently, which could turn a leave and a join around, and its "guilds are ready" does not
// come while one of them is in an outage or when there is none; so we listen at the gateway itself.
type guildLog struct {
	guilds Guilds
	log    *logrus.Entry

	mu      sync.Mutex
	changes []change // not yet written, oldest first
	more    chan struct{}
}

func newGuildLog(guilds Guilds, log *logrus.Entry) *guildLog {
	return &guildLog{guilds: guilds, log: log, more: make(chan struct{}, 1)}
}

// note takes in an event; it does not block. A guild that is unavailable has an outage: the bot is still in it.
func (g *guildLog) note(e gateway.EventData, at time.Time) {
	switch e := e.(type) {
	case gateway.EventReady:
		present := make([]string, len(e.Guilds))
		for i, guild := range e.Guilds {
			present[i] = guild.ID.String()
		}
		g.log.WithField(keyCount, len(present)).Info("connected to discord")
		g.add("", func(ctx context.Context) error { return g.guilds.SyncGuilds(ctx, present, at) })
	case gateway.EventResumed:
		g.log.Info("connected to discord again")
	case gateway.EventGuildCreate:
		if !e.Unavailable {
			g.join(e.ID.String(), e.Name, e.PreferredLocale, at)
		}
	case gateway.EventGuildUpdate:
		g.join(e.ID.String(), e.Name, e.PreferredLocale, at)
	case gateway.EventGuildDelete:
		if !e.Unavailable {
			id := e.ID.String()
			g.add(id, func(ctx context.Context) error { return g.guilds.LeaveGuild(ctx, id, at) })
		}
	}
}

func (g *guildLog) join(id, name, locale string, at time.Time) {
	g.add(id, func(ctx context.Context) error { return g.guilds.JoinGuild(ctx, id, name, locale, at) })
}

func (g *guildLog) add(guild string, write func(ctx context.Context) error) {
	g.mu.Lock()
	g.changes = append(g.changes, change{guild: guild, write: write})
	g.mu.Unlock()
	select {
	case g.more <- struct{}{}:
	default:
	}
}

// run writes the changes down until ctx ends. One that fails is tried again until it works, because those behind
// it may undo it. What is left at the end, the next start learns from Discord again.
func (g *guildLog) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-g.more:
		}
		for _, c := range g.take() {
			g.write(ctx, c)
		}
	}
}

func (g *guildLog) take() []change {
	g.mu.Lock()
	defer g.mu.Unlock()
	changes := g.changes
	g.changes = nil
	return changes
}

func (g *guildLog) write(ctx context.Context, c change) {
	wait := patient()
	for {
		err := c.write(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		delay := wait.next()
		g.log.WithFields(logrus.Fields{keyGuild: c.guild, keyErr: err, keyDelay: delay.String()}).Error("guild not written down")
		if sleep(ctx, delay) != nil {
			return
		}
	}
}
