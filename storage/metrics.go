package storage

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dispatch/event"
)

// queueAge is how old the figures of the queues may be: counting a million rows takes a moment, and nobody should be
// able to ask for it without end.
const queueAge = 15 * time.Second

// metrics are what the database counts, and what it is asked for.
type metrics struct {
	commitRows, commitSeconds prometheus.Histogram

	mu     sync.Mutex
	queues []queueFigure
	read   time.Time
}

// queueFigure is how the queues to all destinations of a kind stand.
type queueFigure struct {
	kind   string
	depth  int64
	oldest int64 // event id; 0 when nothing waits
}

var (
	depthDesc  = prometheus.NewDesc("dispatch_queue_depth", "Deliveries that are pending, those to paused destinations included.", []string{"kind"}, nil)
	oldestDesc = prometheus.NewDesc("dispatch_queue_oldest_seconds", "Age of the oldest delivery that is pending.", []string{"kind"}, nil)
	bytesDesc  = prometheus.NewDesc("dispatch_database_bytes", "Size of the database, without its WAL.", nil, nil)
)

func newMetrics() *metrics {
	return &metrics{
		commitRows: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dispatch_commit_rows", Help: "Events, results and refusals in one commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 10),
		}),
		commitSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dispatch_commit_seconds", Help: "Time that one commit took, fsync included.",
			Buckets: prometheus.ExponentialBuckets(.0001, 2.5, 12),
		}),
	}
}

var _ prometheus.Collector = (*DB)(nil)

// Describe implements prometheus.Collector.
func (db *DB) Describe(descriptions chan<- *prometheus.Desc) {
	db.metrics.commitRows.Describe(descriptions)
	db.metrics.commitSeconds.Describe(descriptions)
	descriptions <- depthDesc
	descriptions <- oldestDesc
	descriptions <- bytesDesc
}

// Collect implements prometheus.Collector. What cannot be read is left out.
func (db *DB) Collect(found chan<- prometheus.Metric) {
	db.metrics.commitRows.Collect(found)
	db.metrics.commitSeconds.Collect(found)
	ctx, cancel := context.WithTimeout(context.Background(), queueAge)
	defer cancel()
	var bytes int64
	err := db.readers.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&bytes)
	if err == nil {
		found <- prometheus.MustNewConstMetric(bytesDesc, prometheus.GaugeValue, float64(bytes))
	}
	now := time.Now()
	for _, q := range db.queueFigures(ctx, now) {
		age := 0.0
		if q.oldest != 0 {
			age = now.Sub(event.ID(q.oldest).Time()).Seconds()
		}
		found <- prometheus.MustNewConstMetric(depthDesc, prometheus.GaugeValue, float64(q.depth), q.kind)
		found <- prometheus.MustNewConstMetric(oldestDesc, prometheus.GaugeValue, age, q.kind)
	}
}

func (db *DB) queueFigures(ctx context.Context, now time.Time) []queueFigure {
	m := db.metrics
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.read) < queueAge {
		return m.queues
	}
	queues, err := list(ctx, db.readers, func(row scanner) (q queueFigure, err error) {
		err = row.Scan(&q.kind, &q.depth, &q.oldest)
		return q, err
	}, `
		SELECT kind, coalesce(sum((SELECT count(*) FROM deliveries v WHERE v.destination_id = d.id)), 0),
			coalesce(min((SELECT min(event_id) FROM deliveries v WHERE v.destination_id = d.id)), 0)
		FROM destinations d GROUP BY kind`)
	if err != nil {
		return m.queues
	}
	m.queues, m.read = queues, now
	return queues
}
