package delivery

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// outlet is the way out for all destinations of a kind.
type outlet struct {
	kind   Kind
	sender Sender
	gate   gate
	shown  prometheus.Observer

	mu  sync.Mutex
	why error // why nothing can be sent until the operator acts; nil while it can
}

func (o *outlet) halt(why error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.why = why
}

func (o *outlet) halted() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.why
}

// metrics are what the worker counts.
type metrics struct {
	attempts *prometheus.CounterVec
	shown    *prometheus.HistogramVec
	outage   *prometheus.Desc
}

// outcomeNames are the verdicts as metrics name them. An attempt that was not made is not counted.
var outcomeNames = map[Verdict]string{
	Sent: "sent", Later: "later", Down: "down", Wrong: "wrong", Pause: "pause", Stop: "stop", Gone: "gone",
}

func newMetrics() metrics {
	return metrics{
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dispatch_attempts_total", Help: "Attempts to deliver, by kind of destination and outcome.",
		}, []string{"kind", "outcome"}),
		shown: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dispatch_shown_seconds",
			Help:    "Time from the acceptance of an event to its delivery.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600},
		}, []string{"kind"}),
		outage: prometheus.NewDesc("dispatch_outage", "1 while nothing is heard of the other side.", []string{"kind"}, nil),
	}
}

// observe counts what a turn did.
func (w *Worker) observe(o *outlet, batch Batch, outcomes []Outcome, now time.Time) {
	for i, outcome := range outcomes {
		name, attempted := outcomeNames[outcome.Verdict]
		if !attempted {
			return
		}
		w.metrics.attempts.WithLabelValues(string(o.kind), name).Inc()
		if outcome.Verdict == Sent {
			o.shown.Observe(now.Sub(batch.Deliveries[i].Event.ReceivedAt).Seconds())
		}
	}
}

// Describe implements prometheus.Collector.
func (w *Worker) Describe(descriptions chan<- *prometheus.Desc) {
	w.metrics.attempts.Describe(descriptions)
	w.metrics.shown.Describe(descriptions)
	descriptions <- w.metrics.outage
}

// Collect implements prometheus.Collector.
func (w *Worker) Collect(found chan<- prometheus.Metric) {
	w.metrics.attempts.Collect(found)
	w.metrics.shown.Collect(found)
	for _, o := range w.outlets {
		down := 0.0
		if !o.gate.down().IsZero() {
			down = 1
		}
		found <- prometheus.MustNewConstMetric(w.metrics.outage, prometheus.GaugeValue, down, string(o.kind))
	}
}
