package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"dispatch/bot"
)

func TestMetricsCountWhatIsPosted(t *testing.T) {
	d := newDiscord(t)
	sender, b := newSender(t, d, 0)
	sales := d.ChannelID("sales")
	sender.Send(t.Context(), batchTo(sales, 1, 10))
	sender.Send(t.Context(), batchTo(sales, 11, 2))
	d.FailNext("POST", 400, 200000, 1)
	sender.Send(t.Context(), batchTo(sales, 13, 1))
	d.Throttle("POST", time.Millisecond, "user", 1)
	sender.Send(t.Context(), batchTo(d.ChannelID("ops"), 14, 1))
	const want = `
# HELP dispatch_discord_429_total Requests that Discord refused as too many: each is a bug.
# TYPE dispatch_discord_429_total counter
dispatch_discord_429_total 1
# HELP dispatch_discord_embeds_total Embeds in the messages posted to channels.
# TYPE dispatch_discord_embeds_total counter
dispatch_discord_embeds_total 13
# HELP dispatch_discord_gateway_connected 1 while the gateway is connected.
# TYPE dispatch_discord_gateway_connected gauge
dispatch_discord_gateway_connected 0
# HELP dispatch_discord_messages_total Messages posted to channels.
# TYPE dispatch_discord_messages_total counter
dispatch_discord_messages_total 3
`
	if err := testutil.CollectAndCompare(b, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

func TestMetricsAreNamedAsTheyShould(t *testing.T) {
	b := newBot(t, bot.Options{})
	problems, err := testutil.CollectAndLint(b)
	if err != nil || len(problems) > 0 {
		t.Errorf("names: %v (%v)", problems, err)
	}
	if err := prometheus.NewRegistry().Register(b); err != nil {
		t.Error(err)
	}
}
