package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

const (
	batchSize  = 10               // deliveries a turn
	leaseTime  = 2 * time.Minute  // longer than a turn can take
	rescanTime = time.Minute      // how long work that nobody announced can wait
	restTime   = time.Second      // after a turn that led nowhere
	finishTime = 10 * time.Second // to write down a turn that ends with the process
)

// Worker sends what is due. Each destination that has work gets a lane of its own, so that a slow or
// failing one holds up only itself.
type Worker struct {
	owner   string
	queue   Queue
	senders map[Kind]Sender
	policy  Policy
	log     *logrus.Entry
	signal  chan struct{} // there is something in woken

	mu     sync.Mutex
	woken  []string         // destinations with something new and no lane
	lanes  map[string]*lane // by destination
	halted map[Kind]error   // kinds that cannot be sent until the operator acts
}

// NewWorker makes a Worker that claims as owner, which no two running processes may share.
func NewWorker(owner string, queue Queue, senders map[Kind]Sender, policy Policy, log *logrus.Logger) *Worker {
	return &Worker{
		owner:   owner,
		queue:   queue,
		senders: senders,
		policy:  policy,
		log:     log.WithField("component", "delivery"),
		signal:  make(chan struct{}, 1),
		lanes:   map[string]*lane{},
		halted:  map[Kind]error{},
	}
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

// Wake tells that the destinations have something new, or can work again.
func (w *Worker) Wake(destinations ...string) {
	w.mu.Lock()
	for _, id := range destinations {
		if running, ok := w.lanes[id]; ok {
			running.more = true
		} else {
			w.woken = append(w.woken, id)
		}
	}
	w.mu.Unlock()
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// Halted is why a kind of destination is not served at all until the operator acts; nil while all are.
func (w *Worker) Halted() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for kind, err := range w.halted {
		return fmt.Errorf("nothing is sent to any %s: %w", kind, err)
	}
	return nil
}

func (w *Worker) wakeWaiting(ctx context.Context) {
	waiting, err := w.queue.Waiting(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.log.WithError(err).Error("list of waiting destinations is unknown")
		}
		return
	}
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
			w.lanes[id] = &lane{worker: w, destination: id, limit: batchSize}
			started = append(started, w.lanes[id])
		}
	}
	w.woken = w.woken[:0]
	return started
}

func (w *Worker) serves(kind Kind) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.senders[kind]
	return ok && w.halted[kind] == nil
}

func (w *Worker) halt(kind Kind, why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.halted[kind] = why
}
