//go:build !race

// disgo v0.19.6 writes a gateway's heartbeatCancel, lastHeartbeatSent and session in one goroutine and reads them in
// another without a lock, whenever a connection is closed or replaced. The race detector reports it in every
// test that has a gateway, so these run without it.

package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
	"dispatch/playground"
)

// stage is a bot that runs against a local Discord.
type stage struct {
	*playground.Discord
	bot    *bot.Bot
	books  *books
	prints *prints
	log    *lines
	stop   context.CancelFunc
	ended  chan error
}

// play starts a bot whose options may be changed first, and stops it when the test ends.
func play(t *testing.T, d *playground.Discord, remembered *prints, change func(*bot.Options)) *stage {
	t.Helper()
	server := httptest.NewServer(d.Handler())
	t.Cleanup(server.CloseClientConnections)
	log, out := newLog()
	options := bot.Options{Token: d.Token(), APIURL: server.URL + "/api/v10", Timeout: 5 * time.Second, Log: log}
	if change != nil {
		change(&options)
	}
	s := &stage{Discord: d, books: &books{}, prints: remembered, log: out, ended: make(chan error, 1)}
	var err error
	if s.bot, err = bot.New(options, s.books, s.prints); err != nil {
		t.Fatalf("New: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { s.ended <- s.bot.Run(ctx) }()
	t.Cleanup(func() {
		s.stop()
		_ = s.end(t)
		if got := out.String(); strings.Contains(got, d.Token()) {
			t.Errorf("the token is in the log:\n%s", got)
		}
	})
	return s
}

// end waits for Run to end and returns its error, again and again.
func (s *stage) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.ended:
		s.ended <- err
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("Run does not end")
		return nil
	}
}

// says waits until the log has the text so many times.
func (s *stage) says(t *testing.T, text string, times int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.log.wait(ctx, func(log string) bool { return strings.Count(log, text) >= times }); err != nil {
		t.Fatalf("the log does not say %q %d times:\n%s", text, times, s.log)
	}
}

// writes waits until the books are as wanted and returns their lines without the time.
func (s *stage) writes(t *testing.T, wanted func(written []string) bool) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	written, err := s.books.wait(ctx, wanted)
	if err != nil {
		t.Fatalf("the books have only %v", written)
	}
	for i, line := range written {
		written[i] = line[:strings.LastIndexByte(line, ' ')]
	}
	return written
}

// atLeast wants so many lines.
func atLeast(count int) func([]string) bool {
	return func(written []string) bool { return len(written) >= count }
}

func (s *stage) asked(call string) (times int) {
	for _, r := range s.Requests() {
		if r.Method+" "+r.Path == call {
			times++
		}
	}
	return times
}

func hello() []discord.ApplicationCommandCreate {
	return []discord.ApplicationCommandCreate{discord.SlashCommandCreate{Name: "hello", Description: "Says hello"}}
}

func withHello(o *bot.Options) { o.Commands = hello() }

// Two starts of one bot: it is ready after each, knows its guild, and registers its commands once.
func TestRunConnects(t *testing.T) {
	t.Parallel()
	d, remembered := newDiscord(t), &prints{}
	for range 2 {
		s := play(t, d, remembered, withHello)
		want := []string{"sync " + d.GuildID(), "join " + d.GuildID() + " Acme en-US"}
		if diff := cmp.Diff(want, s.writes(t, atLeast(2))); diff != "" {
			t.Errorf("books (-want +got):\n%s", diff)
		}
		if err := s.bot.Ready(); err != nil {
			t.Errorf("Ready = %v", err)
		}
		if got := s.asked("PUT /applications/" + d.ApplicationID() + "/commands"); got == 0 {
			s.says(t, "commands registered", 1)
		}
		s.stop()
		if err := s.end(t); err != nil {
			t.Errorf("Run = %v", err)
		}
		if err := s.bot.Ready(); err == nil {
			t.Error("Ready = nil after the end")
		}
		if got := s.asked("PUT /applications/" + d.ApplicationID() + "/commands"); got != 1 {
			t.Errorf("commands were registered %d times, want once", got)
		}
	}
}

func TestRunRegistersInDevGuilds(t *testing.T) {
	t.Parallel()
	d := newDiscord(t)
	s := play(t, d, &prints{}, func(o *bot.Options) { o.Commands, o.DevGuilds = hello(), []string{d.GuildID()} })
	s.says(t, "commands registered", 1)
	if len(d.Commands("")) != 0 || len(d.Commands(d.GuildID())) != 1 {
		t.Errorf("commands %v everywhere, %v in the guild", d.Commands(""), d.Commands(d.GuildID()))
	}
}

// However the connection breaks, the bot is back, and has missed nothing that happened meanwhile.
func TestRunReconnects(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		drop  func(d *playground.Discord)
		fresh bool // with a new session
	}{
		"cut":               {func(d *playground.Discord) { d.DropGateway(0) }, false},
		"unknown error":     {func(d *playground.Discord) { d.DropGateway(4000) }, false},
		"asked to":          {func(d *playground.Discord) { d.Reconnect() }, false},
		"invalid, resume":   {func(d *playground.Discord) { d.InvalidSession(true) }, false},
		"invalid, identify": {func(d *playground.Discord) { d.InvalidSession(false) }, true},
		"session timed out": {func(d *playground.Discord) { d.DropGateway(4009) }, true},
		"outage": {func(d *playground.Discord) {
			d.Outage(true)
			d.Outage(false)
		}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDiscord(t)
			s := play(t, d, &prints{}, nil)
			s.writes(t, atLeast(2))
			tc.drop(d)
			added := d.AddGuild("Later")
			if tc.fresh {
				s.says(t, "connected to discord\"", 2)
			} else {
				s.says(t, "connected to discord again", 1)
			}
			s.writes(t, func(written []string) bool {
				return slices.ContainsFunc(written, func(line string) bool { return strings.HasPrefix(line, "join "+added+" Later") })
			})
			if err := s.bot.Ready(); err != nil {
				t.Errorf("Ready = %v", err)
			}
		})
	}
}

// A connection on which heartbeats are not acknowledged is dead, though nobody closed it.
func TestRunNoticesADeadConnection(t *testing.T) {
	t.Parallel()
	d := discordWith(t, playground.Options{Heartbeat: 300 * time.Millisecond})
	s := play(t, d, &prints{}, nil)
	s.writes(t, atLeast(2))
	d.MuteHeartbeats(true)
	s.says(t, "connection went zombie", 1)
	d.MuteHeartbeats(false)
	s.says(t, "connected to discord again", 1)
}

func TestRunFollowsGuilds(t *testing.T) {
	t.Parallel()
	d := newDiscord(t)
	s := play(t, d, &prints{}, nil)
	s.writes(t, atLeast(2))
	id := d.AddGuild("Second")
	s.writes(t, atLeast(3))
	d.SetUnavailable(id, true)
	d.SetUnavailable(id, false)
	s.writes(t, atLeast(4))
	d.RemoveGuild(id)
	d.RestoreGuild(id)
	d.SetLocale(id, "de")
	want := []string{
		"sync " + d.GuildID(), "join " + d.GuildID() + " Acme en-US",
		"join " + id + " Second en-US",
		"join " + id + " Second en-US", // the outage is over; its beginning is no leave
		"leave " + id, "join " + id + " Second en-US", "join " + id + " Second de",
	}
	if diff := cmp.Diff(want, s.writes(t, atLeast(len(want)))); diff != "" {
		t.Errorf("books (-want +got):\n%s", diff)
	}
}

// A token that the gateway refuses ends Run with a sentence, at the start as later; so does any other end for good.
func TestRunEndsWhenItIsRefused(t *testing.T) {
	t.Parallel()
	gatewayOnly := func(o *bot.Options) {
		o.GatewayURL = "ws" + strings.TrimPrefix(strings.TrimSuffix(o.APIURL, "/api/v10"), "http") + "/gateway"
	}
	t.Run("at the gateway", func(t *testing.T) {
		t.Parallel()
		s := play(t, newDiscord(t), &prints{}, func(o *bot.Options) {
			gatewayOnly(o)
			o.Token = o.Token[:len(o.Token)-1] + "!"
		})
		if err := s.end(t); !errors.Is(err, bot.ErrToken) {
			t.Errorf("Run = %v, want ErrToken", err)
		}
	})
	for code, want := range map[int]string{4004: bot.ErrToken.Error(), 4011: "shard", 4014: "disallowed intent"} {
		t.Run(fmt.Sprintf("by %d", code), func(t *testing.T) {
			t.Parallel()
			s := play(t, newDiscord(t), &prints{}, gatewayOnly)
			s.writes(t, atLeast(2))
			s.DropGateway(code)
			if err := s.end(t); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Run = %v after %d, want %q", err, code, want)
			}
		})
	}
}

// The answer to a command that is being worked on when the bot is stopped still goes out.
func TestRunAnswersBeforeItEnds(t *testing.T) {
	t.Parallel()
	asked, proceed := make(chan struct{}), make(chan struct{})
	s := play(t, newDiscord(t), &prints{}, func(o *bot.Options) {
		o.Commands = hello()
		o.Router = disgobot.NewListenerFunc(func(e *events.ApplicationCommandInteractionCreate) {
			close(asked)
			<-proceed
			if err := e.CreateMessage(discord.MessageCreate{Content: "hello @everyone"}); err != nil {
				t.Errorf("answer: %v", err)
			}
		})
	})
	s.says(t, "commands registered", 1)
	s.writes(t, atLeast(2))
	reply := make(chan *playground.Reply, 1)
	go func() {
		r, err := s.Run(t.Context(), playground.Command{Path: "hello"})
		if err != nil {
			t.Errorf("run command: %v", err)
		}
		reply <- r
	}()
	<-asked
	s.stop()
	close(proceed)
	if r := <-reply; r == nil || r.Message.Content != "hello @everyone" || r.Message.MentionEveryone {
		t.Errorf("reply %+v, want a hello that pings nobody", r)
	}
	if err := s.end(t); err != nil {
		t.Errorf("Run = %v", err)
	}
}

// A gateway that takes the connection and says nothing does not hold up the end.
func TestRunEndsInTime(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s := play(t, newDiscord(t), &prints{}, func(o *bot.Options) { o.GatewayURL = "ws://" + listener.Addr().String() })
	silent, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Read(make([]byte, 4096)); err != nil {
		t.Errorf("read handshake: %v", err)
	}
	began := time.Now()
	s.stop()
	if err := s.end(t); err != nil {
		t.Errorf("Run = %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to end", took)
	}
	if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection is not closed: %v", err)
	}
}
