package playground_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"

	"dispatch/playground"
)

// TestConcurrency uses a Discord from many sides at once, for the race detector.
func TestConcurrency(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		return e.CreateMessage(discord.MessageCreate{Content: "hi"})
	})
	l := shop(t, mux)
	f := watch(t, l, "")
	ctx := soon(t)
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for i := range 25 {
				l.post(t, "sales", fmt.Sprintf(`{"content":"c","nonce":"%d-%d","enforce_nonce":true}`, n, i))
				l.Messages("sales")
				l.Requests()
			}
		})
		all.Go(func() {
			for range 10 {
				if _, err := l.Run(ctx, playground.Command{Path: "open"}); err != nil {
					t.Errorf("run: %v", err)
				}
			}
		})
	}
	all.Go(func() {
		for range 10 {
			id := l.AddGuild("More")
			l.SetUnavailable(id, true)
			l.RemoveGuild(id)
			l.SetPermissions("ops", 0, playground.SendMessages)
		}
	})
	if _, err := l.WaitMessages(ctx, "sales", 100); err != nil {
		t.Errorf("sales: %v", err)
	}
	if _, err := l.WaitMessages(ctx, "general", 40); err != nil {
		t.Errorf("general: %v", err)
	}
	all.Wait()
	for n := 0; n < 140; {
		if event, _, _ := f.next(); event == "message_create" {
			n++
		}
	}
}
