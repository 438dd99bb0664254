package delivery_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// wire is a sender to another side that is not always there. It notes when it was asked for which channel.
type wire struct {
	mu    sync.Mutex
	asked []asked
	shown map[string][]string // types of events, by channel
	at    map[string]time.Time
	cut   func(eventType string) bool // whether nothing is heard
}

type asked struct {
	at      time.Time
	channel string
}

func (w *wire) Send(_ context.Context, batch delivery.Batch) []delivery.Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	channel := batch.Destination.ChannelID
	w.asked = append(w.asked, asked{time.Now(), channel})
	outcomes := make([]delivery.Outcome, len(batch.Deliveries))
	for i, d := range batch.Deliveries {
		if w.cut(d.Event.Type) {
			outcomes[i] = delivery.Outcome{Verdict: delivery.Down, Err: errScripted}
			break
		}
		outcomes[i].Verdict = delivery.Sent
		if w.shown == nil {
			w.shown, w.at = map[string][]string{}, map[string]time.Time{}
		}
		w.shown[channel] = append(w.shown[channel], d.Event.Type)
		w.at[d.Event.Type] = time.Now()
	}
	return outcomes
}

// requests are those that came after the moment.
func (w *wire) requests(since time.Time) []asked {
	w.mu.Lock()
	defer w.mu.Unlock()
	var late []asked
	for _, a := range w.asked {
		if a.at.After(since) {
			late = append(late, a)
		}
	}
	return late
}

func (w *wire) shownAt(eventType string) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at[eventType]
}

func (w *wire) order() map[string][]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shown
}

// cutFor is a wire on which nothing is heard for a while from now on.
func cutFor(d time.Duration) *wire {
	end := time.Now().Add(d)
	return &wire{cut: func(string) bool { return time.Now().Before(end) }}
}

func names(prefix string, count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprint(prefix, i)
	}
	return all
}

// spaced fails for requests that are less than a second apart.
func spaced(t *testing.T, requests []asked) {
	t.Helper()
	for i := 1; i < len(requests); i++ {
		if gap := requests[i].at.Sub(requests[i-1].at); gap < time.Second {
			t.Errorf("request %d came %v behind the one before", i, gap)
		}
	}
}

func TestOutageCostsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const length = 10 * time.Minute
		sender := cutFor(length)
		began := time.Now()
		channels := names("channel", 30)
		o := open(t, sender, channels...)
		want := map[string][]string{}
		var ids []event.ID
		for _, channel := range channels {
			want[channel] = names(channel+".", 3)
			ids = append(ids, o.accept(channel, want[channel]...)...)
		}
		after(length - time.Second)
		late := sender.requests(began.Add(time.Second / 2))
		if spaced(t, late); len(late) < 20 || len(late) > 30 {
			t.Errorf("%d probes, want one at least every 30 s and few more", len(late))
		}
		tried := map[string]bool{}
		for _, a := range late {
			tried[a.channel] = true
		}
		if len(tried) != len(late) {
			t.Errorf("%d probes by %d destinations, want them in turn", len(late), len(tried))
		}
		for _, id := range ids {
			if got := o.result(id); got.State != delivery.Pending || got.Attempt != 0 {
				t.Fatalf("during the outage: %+v", got)
			}
		}
		if since := o.worker.Outages()[delivery.KindChannel]; since.Sub(began) > time.Second {
			t.Errorf("outage since %v, want about %v", since, began)
		}
		after(32 * time.Second)
		if diff := cmp.Diff(want, sender.order()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		for _, id := range ids {
			if got := o.result(id); got.State != delivery.Delivered || got.Attempt != 1 {
				t.Fatalf("after the outage: %+v", got)
			}
		}
		if outages := o.worker.Outages(); len(outages) != 0 {
			t.Errorf("outages afterwards: %v", outages)
		}
	})
}

// Nothing is ever heard of one destination. The others are served, though, first after a quiet time in which
// nobody else had anything to try.
func TestOutageOfOneDestinationIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &wire{cut: func(eventType string) bool { return eventType == "poison" }}
		others := names("good", 3)
		o := open(t, sender, append([]string{"bad"}, others...)...)
		ids := o.accept("bad", "poison", "next")
		after(10*time.Minute + 300*time.Millisecond)
		if got := o.result(ids[0]); got.Attempt != 0 {
			t.Fatalf("while nobody else was heard: %+v", got)
		}
		for round := range 20 {
			for _, channel := range others {
				name, sent := fmt.Sprint(channel, ".", round), time.Now()
				o.accept(channel, name)
				after(7 * time.Second)
				if shown := sender.shownAt(name); shown.IsZero() || shown.Sub(sent) > 2*time.Second {
					t.Errorf("%s was shown after %v", name, shown.Sub(sent))
				}
			}
		}
		if got := o.result(ids[0]); got.State != delivery.Abandoned || got.Attempt != policy.Attempts {
			t.Errorf("poison: %+v", got)
		}
		if got := o.result(ids[1]); got.State != delivery.Delivered {
			t.Errorf("the next of its queue: %+v", got)
		}
	})
}

func TestOutageThatLastsIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := cutFor(1000 * time.Hour)
		o := open(t, sender, "sales")
		id := o.accept("sales", "one")[0]
		after(59 * time.Minute)
		if got := o.result(id); got.Attempt != 0 {
			t.Errorf("within the hour: %+v", got)
		}
		after(3 * time.Minute)
		if got := o.result(id); got.Attempt != 1 || got.State != delivery.Pending {
			t.Errorf("after an hour: %+v", got)
		}
		if n := len(sender.requests(time.Time{})); n > 130 {
			t.Errorf("%d requests within the hour", n)
		}
		after(3 * time.Hour)
		if got := o.result(id); got.Attempt != policy.Attempts || got.State != delivery.Abandoned {
			t.Errorf("after %d hours: %+v", policy.Attempts, got)
		}
	})
}

// All but one of the lanes that wait at the gate have nothing to try any more when it is their turn.
func TestOutageEndsAlthoughProbesFindNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := cutFor(500 * time.Millisecond)
		channels := names("channel", 12)
		o := open(t, sender, channels...)
		for _, channel := range channels {
			o.accept(channel, channel)
		}
		after(100 * time.Millisecond)
		for _, channel := range channels[:11] {
			err := o.db.Finish(t.Context(), delivery.Progress{DestinationID: o.destination(channel).ID, Pause: "pause.refused"})
			if err != nil {
				t.Fatal(err)
			}
		}
		after(2 * time.Second)
		if diff := cmp.Diff(map[string][]string{"channel11": {"channel11"}}, sender.order()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	})
}

func TestOutageDoesNotHoldUpTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		channels := names("channel", 5)
		o := open(t, cutFor(time.Hour), channels...)
		for _, channel := range channels {
			o.accept(channel, channel)
		}
		after(20 * time.Second)
		began := time.Now()
		o.stop()
		if took := time.Since(began); took > 0 {
			t.Errorf("the end took %v", took)
		}
	})
}

// A probe of an outage that is over must not become a second one in the outage behind it.
func TestOutageProbesOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var (
			mu    sync.Mutex
			begun []asked
		)
		sender := &script{do: func(eventType string, try int) delivery.Outcome {
			mu.Lock()
			begun = append(begun, asked{time.Now(), eventType})
			mu.Unlock()
			switch {
			case eventType == "slow":
				<-time.After(3 * time.Second)
				return delivery.Outcome{Verdict: delivery.Sent}
			case eventType == "late" && try == 2:
				<-time.After(5 * time.Second)
			}
			return delivery.Outcome{Verdict: delivery.Down, Err: errScripted}
		}}
		o := open(t, sender, "a", "b", "c", "d")
		o.accept("a", "slow")
		o.accept("b", "late")
		after(4 * time.Second) // the probe of b is under way, a was heard
		o.accept("c", "third")
		o.accept("d", "fourth")
		after(5 * time.Minute)
		mu.Lock()
		defer mu.Unlock()
		var late []asked
		for _, a := range begun {
			if a.at.Sub(began) > 8*time.Second {
				late = append(late, a)
			}
		}
		if spaced(t, late); len(late) < 8 || len(late) > 16 {
			t.Errorf("%d probes in 5 minutes: %v", len(late), late)
		}
	})
}

func TestResumeCutsAWait(t *testing.T) {
	for name, waits := range map[string]delivery.Outcome{
		"backoff": {Verdict: delivery.Later, After: 50 * time.Second, Err: errScripted},
		"no room": {After: 50 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sender := &script{do: func(string, int) delivery.Outcome { return waits }}
				o := open(t, sender, "sales")
				o.accept("sales", "one")
				after(time.Second)
				o.accept("sales", "two") // wakes
				after(time.Second)
				if n := sender.tried("one"); n != 1 {
					t.Errorf("tries after Wake: got %d, want 1", n)
				}
				to := o.destination("sales")
				if err := o.db.Resume(t.Context(), "1", to.ID); err != nil {
					t.Fatal(err)
				}
				o.worker.Resume(to.ID)
				after(time.Second)
				if n := sender.tried("one"); n != 2 {
					t.Errorf("tries after Resume: got %d, want 2", n)
				}
			})
		})
	}
}

// destination is where the channel's source leads.
func (o *outbox) destination(channel string) delivery.Destination {
	o.t.Helper()
	found, err := o.db.Destinations(o.t.Context(), o.source[channel].ID)
	if err != nil || len(found) != 1 {
		o.t.Fatalf("destinations of %s: %+v (%v)", channel, found, err)
	}
	return found[0]
}
