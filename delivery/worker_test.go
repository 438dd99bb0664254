package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// outbox is a worker over a real database, inside a synctest bubble: its clock moves only when all wait.
type outbox struct {
	t      *testing.T
	db     *storage.DB
	inbox  *delivery.Inbox
	worker *delivery.Worker
	source map[string]event.Source // by channel
	stop   func()                  // ends the worker and waits for it
	log    bytes.Buffer            // of the worker, to be read when nothing happens
}

// store is a real one, with the guild "1".
func store(t *testing.T) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "dispatch.db"), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.JoinGuild(t.Context(), "1", "Acme", "en-US", time.Now()); err != nil {
		t.Fatal(err)
	}
	return db
}

func open(t *testing.T, sender delivery.Sender, channels ...string) *outbox {
	t.Helper()
	return openFor(t, delivery.KindChannel, sender, channels...)
}

// openFor is open with a sender to destinations of that kind.
func openFor(t *testing.T, kind delivery.Kind, sender delivery.Sender, channels ...string) *outbox {
	t.Helper()
	ctx := t.Context()
	db := store(t)
	o := &outbox{t: t, db: db, source: map[string]event.Source{}}
	log := logrus.New()
	log.SetOutput(&o.log)
	o.worker = delivery.NewWorker(db, map[delivery.Kind]delivery.Sender{kind: sender},
		delivery.Options{Owner: "test", Policy: policy, Log: log})
	o.inbox = delivery.NewInbox(delivery.NewRouter(db, nil), db, o.worker.Wake)
	for _, channel := range channels {
		var err error
		source := event.Source{GuildID: "1", Name: channel, Kind: event.SourceSalesforce, Auth: event.AuthNone}
		if o.source[channel], err = db.Connect(ctx, source, channel); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- o.worker.Run(ctx) }()
	o.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(o.stop)
	return o
}

// accept stores events for the channel; their type tells them apart.
func (o *outbox) accept(channel string, types ...string) []event.ID {
	o.t.Helper()
	var ids []event.ID
	for _, typ := range types {
		got, err := o.inbox.Accept(o.t.Context(), []event.Event{{
			SourceID: o.source[channel].ID, Type: typ, ReceivedAt: time.Now(), Body: []byte(`{}`),
		}})
		if err != nil {
			o.t.Fatal(err)
		}
		ids = append(ids, got...)
	}
	return ids
}

// after lets time pass until everything that can happen within it has happened.
func after(d time.Duration) {
	<-time.After(d) // by the clock of the bubble, which takes no time
	synctest.Wait()
}

// result is where the event's only delivery stands.
func (o *outbox) result(id event.ID) delivery.Result {
	o.t.Helper()
	results, err := o.db.Results(o.t.Context(), id)
	if err != nil || len(results) != 1 {
		o.t.Fatalf("results of %s: %v (%v)", id, results, err)
	}
	return results[0]
}

// script is a sender that does as it is told, and remembers what it was asked.
type script struct {
	mu    sync.Mutex
	shown []string // channel and type of what was sent, in order
	tries map[string]int
	do    func(eventType string, try int) delivery.Outcome
}

func (s *script) Send(ctx context.Context, batch delivery.Batch) []delivery.Outcome {
	outcomes := make([]delivery.Outcome, len(batch.Deliveries))
	for i, d := range batch.Deliveries {
		if ctx.Err() != nil {
			break
		}
		outcomes[i] = s.try(batch.Destination.ChannelID, d.Event.Type)
		if v := outcomes[i].Verdict; v != delivery.Sent && v != delivery.Wrong {
			break
		}
	}
	return outcomes
}

func (s *script) try(channel, eventType string) delivery.Outcome {
	s.mu.Lock()
	if s.tries == nil {
		s.tries = map[string]int{}
	}
	s.tries[eventType]++
	try := s.tries[eventType]
	s.mu.Unlock()
	outcome := delivery.Outcome{Verdict: delivery.Sent}
	if s.do != nil {
		outcome = s.do(eventType, try)
	}
	if outcome.Verdict == delivery.Sent {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.shown = append(s.shown, channel+" "+eventType)
	}
	return outcome
}

func (s *script) saw() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shown)
}

func (s *script) tried(eventType string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries[eventType]
}

var errScripted = errors.New("scripted")

func TestWorkerSendsInTheOrderOfAcceptance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{}
		o := open(t, sender, "sales")
		var want, types []string
		for i := range 35 {
			types = append(types, fmt.Sprint(i))
			want = append(want, fmt.Sprint("sales ", i))
		}
		ids := o.accept("sales", types...)
		after(time.Second)
		if diff := cmp.Diff(want, sender.saw()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		if got := o.result(ids[34]).State; got != delivery.Delivered {
			t.Errorf("state of the last: got %s", got)
		}
	})
}

func TestWorkerTriesAgainAndKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{do: func(eventType string, try int) delivery.Outcome {
			if eventType == "first" && try < 3 {
				return delivery.Outcome{Verdict: delivery.Later, Err: errScripted}
			}
			return delivery.Outcome{Verdict: delivery.Sent}
		}}
		o := open(t, sender, "sales")
		o.accept("sales", "first", "second")
		after(4 * time.Second) // less than the shortest backoff
		if shown := sender.saw(); len(shown) != 0 || sender.tried("first") != 1 || sender.tried("second") != 0 {
			t.Fatalf("before the backoff: shown %q, tries %d", shown, sender.tried("first"))
		}
		after(40 * time.Second) // at most 10 s and 20 s with jitter
		if diff := cmp.Diff([]string{"sales first", "sales second"}, sender.saw()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	})
}

func TestWorkerAbandonsAfterTheLastAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{do: func(eventType string, _ int) delivery.Outcome {
			if eventType == "hopeless" {
				return delivery.Outcome{Verdict: delivery.Later, Status: 500, Err: errScripted}
			}
			return delivery.Outcome{Verdict: delivery.Sent}
		}}
		o := open(t, sender, "sales")
		ids := o.accept("sales", "hopeless", "fine")
		after(5 * time.Minute)
		if got := o.result(ids[0]); got.State != delivery.Abandoned || got.Attempt != policy.Attempts || got.Status != 500 {
			t.Errorf("hopeless: got %+v", got)
		}
		if sender.tried("hopeless") != policy.Attempts {
			t.Errorf("tries: got %d, want %d", sender.tried("hopeless"), policy.Attempts)
		}
		if got := o.result(ids[1]); got.State != delivery.Delivered {
			t.Errorf("fine: got %+v", got)
		}
	})
}

func TestWorkerLetsNoDestinationHoldUpAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{do: func(eventType string, _ int) delivery.Outcome {
			if eventType == "slow" {
				<-time.After(time.Minute)
			}
			return delivery.Outcome{Verdict: delivery.Sent}
		}}
		o := open(t, sender, "sales", "support")
		o.accept("sales", "slow")
		o.accept("support", "quick")
		after(time.Second)
		if diff := cmp.Diff([]string{"support quick"}, sender.saw()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	})
}

func TestWorkerPausesADestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{do: func(string, int) delivery.Outcome {
			return delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.channel_gone", Err: errScripted}
		}}
		o := open(t, sender, "sales")
		ids := o.accept("sales", "one", "two")
		after(time.Hour)
		if sender.tried("one") != 1 || sender.tried("two") != 0 {
			t.Errorf("tries: got %d and %d", sender.tried("one"), sender.tried("two"))
		}
		if got := o.result(ids[0]); got.State != delivery.Pending || got.Attempt != 0 {
			t.Errorf("a pause must cost no attempt: got %+v", got)
		}
		destinations, err := o.db.Destinations(t.Context(), o.source["sales"].ID)
		if err != nil || len(destinations) != 1 || destinations[0].Paused != "pause.channel_gone" {
			t.Errorf("destinations: got %+v (%v)", destinations, err)
		}
	})
}

func TestWorkerHaltsTheKindThatCannotBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{do: func(string, int) delivery.Outcome {
			return delivery.Outcome{Verdict: delivery.Stop, Err: errScripted}
		}}
		o := open(t, sender, "sales", "support")
		o.accept("sales", "one")
		after(time.Minute)
		o.accept("support", "two")
		after(time.Hour)
		if sender.tried("one") != 1 || sender.tried("two") != 0 {
			t.Errorf("tries: got %d and %d", sender.tried("one"), sender.tried("two"))
		}
		if err := o.worker.Halted(); !errors.Is(err, errScripted) {
			t.Errorf("halted: got %v", err)
		}
	})
}

func TestWorkerSurvivesASenderThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		sender := &script{do: func(eventType string, _ int) delivery.Outcome {
			switch eventType {
			case "gate":
				<-gate // so that the rest arrives as one batch
			case "poison":
				panic("poisoned")
			}
			return delivery.Outcome{Verdict: delivery.Sent}
		}}
		o := open(t, sender, "sales")
		ids := o.accept("sales", "gate", "before", "poison", "behind")
		close(gate)
		after(time.Minute)
		if got := o.result(ids[2]); got.State != delivery.Abandoned {
			t.Errorf("poison: got %+v", got)
		}
		if got := o.result(ids[3]); got.State != delivery.Delivered {
			t.Errorf("behind: got %+v", got)
		}
	})
}

func TestWorkerFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{do: func(string, int) delivery.Outcome {
			<-time.After(3 * time.Second)
			return delivery.Outcome{Verdict: delivery.Sent}
		}}
		o := open(t, sender, "sales")
		ids := o.accept("sales", "one", "two")
		after(time.Second)
		o.stop()
		if got := o.result(ids[0]); got.State != delivery.Delivered {
			t.Errorf("in flight: got %+v", got)
		}
		if got := o.result(ids[1]); got.State != delivery.Pending || got.Attempt != 0 {
			t.Errorf("not begun: got %+v", got)
		}
	})
}

func TestWorkerTakesUpWhatAnEarlierOneLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &script{}
		o := open(t, sender, "sales")
		after(time.Second)
		o.stop()
		o.accept("sales", "left")
		again := delivery.NewWorker(o.db, map[delivery.Kind]delivery.Sender{delivery.KindChannel: sender},
			delivery.Options{Owner: "test", Policy: policy, Log: logrus.New()})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- again.Run(ctx) }()
		after(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"sales left"}, sender.saw()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	})
}
