package bot

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
	"github.com/sirupsen/logrus"
)

// Buckets counts the buckets that the limiter remembers.
func (l *Limiter) Buckets() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}

// SetTransport lets the bot's requests go another way.
func (b *Bot) SetTransport(way http.RoundTripper) { b.client.Rest.HTTPClient().Transport = way }

// NewBridge is newBridge.
func NewBridge(log *logrus.Logger, token string) *slog.Logger {
	return newBridge(log.WithField(keyComponent, component), token)
}

// Register runs a registrar.
func Register(
	ctx context.Context, client rest.Client, scopes []string, commands []discord.ApplicationCommandCreate,
	prints Fingerprints, log *logrus.Logger,
) {
	r := &registrar{rest: client, token: "secret", app: snowflake.ID(1), scopes: scopes, commands: commands, prints: prints, log: log.WithFields(nil)}
	r.run(ctx)
}

// NoteGuilds feeds events, all at the time, to a guildLog that runs until ctx ends.
func NoteGuilds(ctx context.Context, guilds Guilds, log *logrus.Logger, at time.Time, events ...gateway.EventData) {
	g := newGuildLog(guilds, log.WithFields(nil))
	for _, e := range events {
		g.note(e, at)
	}
	g.run(ctx)
}

// NewIdentifies is newIdentifies.
func NewIdentifies(open context.Context) gateway.IdentifyRateLimiter { return newIdentifies(open) }

// Waits are the first waits of a backoff from a second to a minute.
func Waits(count int) []time.Duration {
	waits, b := make([]time.Duration, count), patient()
	for i := range waits {
		waits[i] = b.next()
	}
	return waits
}

// Codes are the error codes that failures.go knows.
func Codes() []rest.JSONErrorCode { return slices.Collect(maps.Keys(meanings)) }

// RateLimited counts the requests that Discord refused because there were too many.
func (b *Bot) RateLimited() uint64 { return b.limiter.Refused() }

// TellAlerts looks once for what is to be told.
func (b *Bot) TellAlerts(ctx context.Context) error { return b.alerter().round(ctx) }

// RunAlerts tells what is to be told until ctx ends.
func (b *Bot) RunAlerts(ctx context.Context) { b.alerter().run(ctx) }
