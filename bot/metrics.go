package bot

import "github.com/prometheus/client_golang/prometheus"

// counts are what the channel sender counts. Their ratio shows how many events share a message.
type counts struct {
	messages, embeds prometheus.Counter
}

func newCounts() *counts {
	return &counts{
		messages: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dispatch_discord_messages_total", Help: "Messages posted to channels.",
		}),
		embeds: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dispatch_discord_embeds_total", Help: "Embeds in the messages posted to channels.",
		}),
	}
}

var (
	limitedDesc   = prometheus.NewDesc("dispatch_discord_429_total", "Requests that Discord refused as too many: each is a bug.", nil, nil)
	connectedDesc = prometheus.NewDesc("dispatch_discord_gateway_connected", "1 while the gateway is connected.", nil, nil)
)

var _ prometheus.Collector = (*Bot)(nil)

// Describe implements prometheus.Collector.
func (b *Bot) Describe(descriptions chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(b, descriptions)
}

// Collect implements prometheus.Collector.
func (b *Bot) Collect(found chan<- prometheus.Metric) {
	b.counts.messages.Collect(found)
	b.counts.embeds.Collect(found)
	connected := 0.0
	if b.Ready() == nil {
		connected = 1
	}
	found <- prometheus.MustNewConstMetric(limitedDesc, prometheus.CounterValue, float64(b.limiter.Refused()))
	found <- prometheus.MustNewConstMetric(connectedDesc, prometheus.GaugeValue, connected)
}
