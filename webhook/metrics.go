package webhook

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
)

// reasons are the refusals as metrics name them, by status.
var reasons = map[int]string{
	http.StatusBadRequest:            "invalid",
	http.StatusUnauthorized:          "signature",
	http.StatusNotFound:              "unknown",
	http.StatusMethodNotAllowed:      "method",
	http.StatusRequestTimeout:        "slow",
	http.StatusConflict:              "duplicate",
	http.StatusRequestEntityTooLarge: "size",
	http.StatusUnsupportedMediaType:  "content_type",
	http.StatusTooManyRequests:       "rate",
	http.StatusInternalServerError:   "internal",
	http.StatusServiceUnavailable:    "unavailable",
	http.StatusLoopDetected:          "loop",
}

// metrics are what the intake counts.
type metrics struct {
	accepted prometheus.Counter
	refused  map[int]prometheus.Counter // by status; never changes
	taken    prometheus.Histogram
}

// newMetrics registers what is counted, so that all of it shows from the start. registry may be nil.
func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{
		accepted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dispatch_accepted_total", Help: "Events that were accepted: they are on disk.",
		}),
		refused: map[int]prometheus.Counter{},
		taken: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dispatch_intake_seconds", Help: "Time from the headers of a callout that was accepted to its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5},
		}),
	}
	refused := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dispatch_refused_total", Help: "Requests that were refused, by reason.",
	}, []string{"reason"})
	for status, reason := range reasons {
		m.refused[status] = refused.WithLabelValues(reason)
	}
	if registry != nil {
		registry.MustRegister(m.accepted, refused, m.taken)
	}
	return m
}

func (m *metrics) refuse(status int) {
	if counter, ok := m.refused[status]; ok {
		counter.Inc()
	}
}
