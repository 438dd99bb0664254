//go:build !race

// disgo's gateway client has data races of its own when it connects, reconnects and closes, so what is
// tested with it stays out of race runs. The same is tested over a plain connection in gateway_test.go.

package playground_test

import (
	"context"
	"testing"
	"time"

	"github.com/disgoorg/disgo"
	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/disgo/rest"

	"dispatch/playground"
)

// connect runs a bot with disgo until the test ends.
func connect(t *testing.T, l *local, compression gateway.CompressionType, listeners ...disgobot.EventListener) *disgobot.Client {
	t.Helper()
	client, err := disgo.New(l.Token(),
		disgobot.WithLogger(silent()),
		disgobot.WithRestClientConfigOpts(rest.WithURL(l.url+"/api/v10")),
		disgobot.WithGatewayConfigOpts(gateway.WithIntents(gateway.IntentGuilds), gateway.WithCompression(compression)),
		disgobot.WithEventManagerConfigOpts(disgobot.WithAsyncEventsEnabled()),
		disgobot.WithEventListeners(listeners...),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.OpenGateway(soon(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		client.Gateway.Close(ctx)
	})
	return client
}

// next waits for something that the bot was told.
func next[T any](t *testing.T, told <-chan T) T {
	t.Helper()
	select {
	case v := <-told:
		return v
	case <-soon(t).Done():
		t.Fatal("the bot was not told")
		panic("unreachable")
	}
}

func TestDisgo(t *testing.T) {
	t.Parallel()
	for name, compression := range map[string]gateway.CompressionType{
		"none":         gateway.CompressionNone,
		"zlib-payload": gateway.CompressionZlibPayload,
		"zlib-stream":  gateway.CompressionZlibStream,
		"zstd-stream":  gateway.CompressionZstdStream,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := start(t, playground.Options{Heartbeat: 200 * time.Millisecond})
			mux := handler.New()
			mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
				return e.CreateMessage(discord.MessageCreate{Content: "hi"})
			})
			guilds, beats, resumed := make(chan string, 10), make(chan struct{}, 100), make(chan struct{}, 1)
			client := connect(t, l, compression, mux,
				disgobot.NewListenerFunc(func(e *events.GuildReady) { guilds <- e.Guild.Name }),
				disgobot.NewListenerFunc(func(e *events.GuildJoin) { guilds <- "+" + e.Guild.Name }),
				disgobot.NewListenerFunc(func(e *events.GuildLeave) { guilds <- "-" + e.GuildID.String() }),
				disgobot.NewListenerFunc(func(*events.HeartbeatAck) { beats <- struct{}{} }),
				disgobot.NewListenerFunc(func(*events.Resumed) { resumed <- struct{}{} }),
			)
			if got := next(t, guilds); got != "Acme" {
				t.Errorf("guild %q is ready", got)
			}
			if _, err := client.Rest.SetGlobalCommands(client.ApplicationID, catalogue()); err != nil {
				t.Fatal(err)
			}
			if _, err := l.Run(soon(t), playground.Command{Path: "open"}); err != nil {
				t.Error(err)
			}
			next(t, beats)

			l.DropGateway(4000)
			second := l.AddGuild("Second")
			next(t, resumed)
			if got := next(t, guilds); got != "+Second" {
				t.Errorf("after resuming the bot was told %q", got)
			}
			l.RemoveGuild(second)
			if got := next(t, guilds); got != "-"+second {
				t.Errorf("the bot was told %q", got)
			}
			if _, err := l.Run(soon(t), playground.Command{Path: "open"}); err != nil {
				t.Errorf("run after resuming: %v", err)
			}
		})
	}
}

func TestDisgoRefused(t *testing.T) {
	l := start(t, playground.Options{})
	other := playground.New(playground.Options{})
	client, err := disgo.New(other.Token(),
		disgobot.WithLogger(silent()),
		disgobot.WithRestClientConfigOpts(rest.WithURL(l.url+"/api/v10")),
		disgobot.WithGatewayConfigOpts(gateway.WithIntents(gateway.IntentGuilds)),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.OpenGateway(soon(t)); err == nil {
		t.Error("another bot's token was let in")
	}
}
