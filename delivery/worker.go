package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
)

const (
	batchSize  = 10               // deliveries a turn
	maxTurns   = 256              // at once: each holds a batch in memory
	leaseTime  = 4 * time.Minute  // twice what a turn can take: it is renewed once half of it has passed
	rescanTime = time.Minute      // how long work that nobody announced can wait
	restTime   = time.Second      // after a turn that led nowhere
	finishTime = 10 * time.Second // to write down a turn that ends with the process
)

const (
	// TurnTime is how long a Sender begins attempts for a batch; what could not leave by then costs nothing.
	TurnTime = time.Minute
	// MaxTimeout is how long one attempt can be let take, so that a turn is written down before somebody else may begin it.
	MaxTimeout = leaseTime/2 - TurnTime - finishTime
)

// Options are what a Worker is told.
type Options struct {
	Owner  string // who claims: no two running processes may share the name
	Policy Policy
	Log    *logrus.Logger
	Paused func() // is called when a destination was paused; may be nil
}

// Worker sends what is due. Each destination that has work gets a lane of its own, so that a slow or
// failing one holds up only itself; lanes take turns, each with one bounded batch. It is a
// prometheus.Collector.
type Worker struct {
	owner   string
	queue   Queue
	outlets map[Kind]*outlet // never changes
	policy  Policy
	log     *logrus.Entry
	paused  func()
	signal  chan struct{} // there is something in woken
	turns   chan struct{} // holds one for each turn that is under way
	metrics metrics

	mu    sync.Mutex
	woken []string         // destinations with something new and no lane
	lanes map[string]*lane // by destination
	still map[string]bool  // destinations that are paused: what is new for them wakes nobody
}

var _ prometheus.Collector = (*Worker)(nil)

// NewWorker makes a Worker.
func NewWorker(queue Queue, senders map[Kind]Sender, opts Options) *Worker {
	w := &Worker{
		owner:   opts.Owner,
		queue:   queue,
		outlets: map[Kind]*outlet{},
		policy:  opts.Policy,
		log:     opts.Log.WithField("component", "delivery"),
		paused:  opts.Paused,
		signal:  make(chan struct{}, 1),
		turns:   make(chan struct{}, maxTurns),
		metrics: newMetrics(),
		lanes:   map[string]*lane{},
		still:   map[string]bool{},
	}
	for kind, sender := range senders {
		w.outlets[kind] = &outlet{kind: kind, sender: sender, shown: w.metrics.shown.WithLabelValues(string(kind))}
		for _, name := range outcomeNames {
			w.metrics.attempts.WithLabelValues(string(kind), name)
		}
	}
	return w
}

// Run sends until ctx ends. It then lets the attempts in flight finish and writes them down.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.queue.Release(ctx, w.owner); err != nil {
		return fmt.Errorf("take back leases: %w", err)
	}
	var lanes sync.WaitGroup
	defer lanes.Wait()
	rescan := time.NewTicker(rescanTime)
	defer rescan.Stop()
	w.wakeWaiting(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-rescan.C:
			w.wakeWaiting(ctx)
		case <-w.signal:
			for _, started := range w.startLanes() {
				lanes.Go(func() { started.run(ctx) })
			}
		}
	}
}

// Wake tells that the destinations have something new. One that waits for a better moment goes on waiting.
func (w *Worker) Wake(destinations ...string) {
	w.mu.Lock()
	for _, id := range destinations {
		w.wake(id)
	}
	w.mu.Unlock()
	w.ring()
}

// Resume tells that the destinations can work again, so that they need not wait any longer.
func (w *Worker) Resume(destinations ...string) {
	w.mu.Lock()
	for _, id := range destinations {
		delete(w.still, id)
		w.wake(id)
		if running, ok := w.lanes[id]; ok {
			running.poke()
		}
	}
	w.mu.Unlock()
	w.ring()
}

func (w *Worker) wake(destination string) {
	if running, ok := w.lanes[destination]; ok {
		running.more = true
		if running.open {
			running.poke()
		}
	} else if !w.still[destination] {
		w.woken = append(w.woken, destination)
	}
}

func (w *Worker) ring() {
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// Halted is why a kind of destination is not served at all until the operator acts; nil while all are.
func (w *Worker) Halted() error {
	for kind, o := range w.outlets {
		if err := o.halted(); err != nil {
			return fmt.Errorf("nothing is sent to any %s: %w", kind, err)
		}
	}
	return nil
}

// Outages are since when nothing is heard of the other side, by kind; those that are heard are not in it.
func (w *Worker) Outages() map[Kind]time.Time {
	outages := map[Kind]time.Time{}
	for kind, o := range w.outlets {
		if since := o.gate.down(); !since.IsZero() {
			outages[kind] = since
		}
	}
	return outages
}

func (w *Worker) wakeWaiting(ctx context.Context) {
	waiting, err := w.queue.Waiting(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.log.WithError(err).Error("list of waiting destinations is unknown")
		}
		return
	}
	w.mu.Lock()
	for id := range waiting { // none of these is paused any more
		delete(w.still, id)
	}
	w.mu.Unlock()
	for id := range waiting {
		w.Wake(id)
	}
}

func (w *Worker) startLanes() []*lane {
	w.mu.Lock()
	defer w.mu.Unlock()
	var started []*lane
	for _, id := range w.woken {
		if _, running := w.lanes[id]; !running {
			w.lanes[id] = newLane(w, id)
			started = append(started, w.lanes[id])
		}
	}
	w.woken = w.woken[:0]
	return started
}
