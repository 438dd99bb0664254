package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
)

// books are bot.Guilds that remember what was written, and fail as often as told.
type books struct {
	mu      sync.Mutex
	fails   int
	written []string
	changed chan struct{} // closed at the next line; nil when nobody waits
}

func (b *books) write(format string, args ...any) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails > 0 {
		b.fails--
		return errors.New("disk is full")
	}
	b.written = append(b.written, fmt.Sprintf(format, args...))
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
	return nil
}

// wait returns what is written when it is as wanted.
func (b *books) wait(ctx context.Context, wanted func(written []string) bool) ([]string, error) {
	for {
		b.mu.Lock()
		if b.changed == nil {
			b.changed = make(chan struct{})
		}
		written, changed := slices.Clone(b.written), b.changed
		b.mu.Unlock()
		if wanted(written) {
			return written, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return written, ctx.Err()
		}
	}
}

func (b *books) JoinGuild(_ context.Context, id, name, locale string, at time.Time) error {
	return b.write("join %s %s %s %s", id, name, locale, at.Format(time.TimeOnly))
}

func (b *books) LeaveGuild(_ context.Context, id string, at time.Time) error {
	return b.write("leave %s %s", id, at.Format(time.TimeOnly))
}

func (b *books) SyncGuilds(_ context.Context, present []string, at time.Time) error {
	return b.write("sync %s %s", strings.Join(present, ","), at.Format(time.TimeOnly))
}

var _ bot.Guilds = (*books)(nil)

func guild(id int, name, locale string, unavailable bool) discord.GatewayGuild {
	g := discord.GatewayGuild{Unavailable: unavailable}
	g.ID, g.Name, g.PreferredLocale = snowflakeOf(id), name, locale
	return g
}

func TestGuildsAreWrittenDown(t *testing.T) {
	joined := func(id int, name string) gateway.EventData {
		return gateway.EventGuildCreate{GatewayGuild: guild(id, name, "de", false)}
	}
	left := func(id int, unavailable bool) gateway.EventData {
		return gateway.EventGuildDelete{UnavailableGuild: discord.UnavailableGuild{ID: snowflakeOf(id), Unavailable: unavailable}}
	}
	tests := map[string]struct {
		events []gateway.EventData
		fails  int
		want   []string
	}{
		"nothing":             {nil, 0, nil},
		"ready without any":   {[]gateway.EventData{gateway.EventReady{}}, 0, []string{"sync  12:30:00"}},
		"ready with one away": {[]gateway.EventData{gateway.EventReady{Guilds: []discord.UnavailableGuild{{ID: 7, Unavailable: true}, {ID: 8}}}}, 0, []string{"sync 7,8 12:30:00"}},
		"join":                {[]gateway.EventData{joined(7, "Acme")}, 0, []string{"join 7 Acme de 12:30:00"}},
		"outage begins":       {[]gateway.EventData{left(7, true), gateway.EventGuildCreate{GatewayGuild: guild(7, "", "", true)}}, 0, nil},
		"renamed":             {[]gateway.EventData{gateway.EventGuildUpdate{GatewayGuild: guild(7, "Emca", "fr", false)}}, 0, []string{"join 7 Emca fr 12:30:00"}},
		"left and back":       {[]gateway.EventData{left(7, false), joined(7, "Acme")}, 0, []string{"leave 7 12:30:00", "join 7 Acme de 12:30:00"}},
		"the disk is full":    {[]gateway.EventData{joined(7, "Acme"), left(7, false)}, 3, []string{"join 7 Acme de 12:30:00", "leave 7 12:30:00"}},
		"something else":      {[]gateway.EventData{gateway.EventHeartbeatAck{}, nil}, 0, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				log, _ := newLog()
				b := &books{fails: tc.fails}
				bot.NoteGuilds(ctx, b, log, time.Date(2026, 3, 31, 12, 30, 0, 0, time.UTC), tc.events...)
				if diff := cmp.Diff(tc.want, b.written); diff != "" {
					t.Errorf("written (-want +got):\n%s", diff)
				}
			})
		})
	}
}
