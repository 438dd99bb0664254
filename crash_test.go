package main

import (
	"encoding/json"
	"maps"
	"sync"
	"testing"

	"github.com/google/uuid"

	"dispatch/playground"
)

// load posts callouts from several senders at once until it is told to stop, and keeps what was acknowledged.
type load struct {
	w      *world
	to     hook
	stop   chan struct{}
	enough chan struct{} // closed when so many were acknowledged that the test goes on

	senders sync.WaitGroup
	mu      sync.Mutex
	kept    acknowledged
}

// acknowledged is the event id that was promised, by the name of the deal.
type acknowledged map[string]string

func (w *world) load(to hook, senders, enough int) *load {
	l := &load{w: w, to: to, stop: make(chan struct{}), enough: make(chan struct{}), kept: acknowledged{}}
	for range senders {
		l.senders.Go(func() {
			for {
				select {
				case <-l.stop:
					return
				default:
					l.post(enough)
				}
			}
		})
	}
	return l
}

// post sends one callout that nobody else sends. One that gets no answer may be accepted or not; only an
// answer of 202 is a promise.
func (l *load) post(enough int) {
	name := uuid.NewString()
	status, text, err := l.to.send(l.w.t.Context(), "Opportunity.created", []byte(deal(name)))
	if err != nil || status != accepted {
		return // the process was killed
	}
	var promise struct {
		EventID string `json:"event_id"`
	}
	if err := json.Unmarshal([]byte(text), &promise); err != nil || promise.EventID == "" {
		l.w.t.Errorf("answer %s is no acknowledgement", text)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept[name] = promise.EventID
	if len(l.kept) == enough {
		close(l.enough)
	}
}

// end stops the senders and gives what was acknowledged.
func (l *load) end() acknowledged {
	close(l.stop)
	l.senders.Wait()
	return l.kept
}

// shownOnce waits until each of the deals is shown in the channel, and fails when one is shown twice or
// before one that was accepted earlier.
func (w *world) shownOnce(channel string, want acknowledged) {
	w.t.Helper()
	for n := 1; ; n++ { // more may be shown: what was accepted but not acknowledged
		messages, err := w.discord.WaitMessages(within(w.t), channel, n)
		if err != nil {
			w.t.Fatalf("#%s does not show all that was acknowledged: %v\n%s", channel, err, w.log)
		}
		seen, last := map[string]bool{}, ""
		for _, name := range namesIn(messages) {
			id, ok := want[name]
			if !ok {
				continue
			}
			if seen[name] {
				w.t.Errorf("%s is shown twice in #%s", name, channel)
			}
			if id < last {
				w.t.Errorf("%s is shown out of order in #%s", name, channel)
			}
			seen[name], last = true, id
		}
		if len(seen) == len(want) {
			return
		}
		n = len(messages)
	}
}

// kills is how often a process is killed under load.
const kills = 20

func TestKillLosesNoAcceptedEventAndDoublesNone(t *testing.T) {
	w := newWorld(t, playground.Options{Unlimited: true}, "DISPATCH_DELIVERY_BACKOFF=50ms", "DISPATCH_DELIVERY_BACKOFF_MAX=200ms")
	w.start()
	// Two channels: so one queue is busy while another begins.
	sales, ops := w.connect("Acme", "sales"), w.connect("Operations", "ops")
	inSales, inOps := acknowledged{}, acknowledged{}
	for kill := range kills {
		// What is under way when so many are acknowledged is what the kill hits.
		one, other := w.load(sales, 6, 30+10*(kill%5)), w.load(ops, 6, 10)
		<-one.enough
		<-other.enough
		w.kill()
		maps.Copy(inSales, one.end())
		maps.Copy(inOps, other.end())
		w.start()
		w.shownOnce("sales", inSales)
		w.shownOnce("ops", inOps)
	}
	t.Logf("%d and %d acknowledged over %d kills", len(inSales), len(inOps), kills)
	w.stop()
}
