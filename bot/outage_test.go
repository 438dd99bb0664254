package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dispatch/playground"
)

// Many destinations are paused while Discord, or one channel, is out of reach: however often the alerter is woken, it
// tries by and by, and tells the others.
func TestAlertsDoNotHammerInAnOutage(t *testing.T) {
	const alerts = 40
	tests := map[string]struct {
		begin     func(d *playground.Discord)
		told, end int // messages meanwhile, and when the outage is over
	}{
		"of all": {func(d *playground.Discord) { d.Outage(true) }, 0, alerts},
		"of one": {func(d *playground.Discord) { d.FailNext("POST /channels/"+d.ChannelID("ops"), 500, 0, 1000) }, alerts / 2, alerts / 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, n := newDiscord(t), &notes{}
				for i := range alerts {
					alert := paused(d, d.ChannelID([]string{"ops", "general"}[i%2]))
					alert.ID = fmt.Sprint(i)
					n.add(alert)
				}
				tc.begin(d)
				b, _ := newTeller(t, d, n)
				ctx, cancel := context.WithCancel(t.Context())
				var running sync.WaitGroup
				running.Go(func() { b.RunAlerts(ctx) })
				for range 300 {
					b.Alert()
					<-time.After(time.Second)
				}
				failed := 0
				for _, r := range d.Requests() {
					if r.Status >= 500 {
						failed++
					}
				}
				if failed == 0 || failed > 300/5+1 {
					t.Errorf("%d tries in five minutes, want one every five seconds at most", failed)
				}
				shown := func() int { return len(d.Messages("ops")) + len(d.Messages("general")) }
				if got := shown(); got != tc.told {
					t.Errorf("%d alerts are told meanwhile, want %d", got, tc.told)
				}
				d.Outage(false)
				<-time.After(5 * time.Minute)
				cancel()
				running.Wait()
				if got := shown(); got != tc.end {
					t.Errorf("%d alerts are told in the end, want %d", got, tc.end)
				}
			})
		})
	}
}
