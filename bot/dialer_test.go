package bot_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/bot"
)

// A bot that is never let in for long starts a session whenever it may: once in five seconds, and not more than
// 1000 times on any day.
func TestIdentifiesStayBelowTheDailyLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions := bot.NewIdentifies(t.Context())
		var last time.Time
		days := map[int]int{}
		for range 2500 {
			if err := sessions.Wait(t.Context(), 0); err != nil {
				t.Fatalf("Wait: %v", err)
			}
			sessions.Unlock(0)
			if since := time.Since(last); since < 5*time.Second {
				t.Fatalf("a session %v after the last", since)
			}
			last = time.Now()
			days[last.YearDay()]++
		}
		for day, count := range days {
			if count > 1000 {
				t.Errorf("%d sessions on day %d", count, day)
			}
		}
	})
}

func TestIdentifiesEndWithTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open, cut := context.WithCancel(t.Context())
		sessions := bot.NewIdentifies(open)
		if err := sessions.Wait(t.Context(), 0); err != nil {
			t.Fatalf("Wait: %v", err)
		}
		time.AfterFunc(time.Second, cut)
		if err := sessions.Wait(context.WithoutCancel(t.Context()), 0); !errors.Is(err, discord.ErrGatewayAlreadyConnected) {
			t.Errorf("Wait = %v, want what makes disgo give up", err)
		}
	})
}
