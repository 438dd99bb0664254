package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/playground"
	"dispatch/storage"
)

const (
	queues       = 100  // channels that a backlog waits for
	claimQueues  = 10   // the same, to claim from
	smallBacklog = 1000 // deliveries that wait where few do
	batch        = 10   // deliveries of a turn
	turns        = 50   // of claim and finish in one round: half of the small backlog
)

// backlogOf makes a world where so many events wait for so many channels.
func (b *bench) backlogOf(n, channels int) (*world, error) {
	w, err := b.newWorld(channels, false, true, playground.Options{Unlimited: true})
	if err != nil {
		return nil, err
	}
	return w, w.withStorage(func(db *storage.DB) error {
		var (
			wg   sync.WaitGroup
			errs = make([]error, 8)
		)
		for part := range errs {
			wg.Go(func() { errs[part] = w.fill(db, n/len(errs)) })
		}
		wg.Wait()
		return errors.Join(errs...)
	})
}

func (w *world) fill(db *storage.DB, n int) error {
	body := []byte(opportunity("Renewal"))
	for done := 0; done < n; {
		entries := make([]delivery.Entry, min(200, n-done))
		for i := range entries {
			s := w.sources[(done+i)%len(w.sources)]
			links, err := db.Links(w.b.ctx, s.ID)
			if err != nil {
				return err
			}
			e := event.Event{SourceID: s.ID, Type: "Opportunity.updated", ReceivedAt: time.Now(), Body: body}
			entries[i] = delivery.Entry{Event: e, Routes: delivery.Routes(links, e.Type)}
		}
		if _, err := db.Append(w.b.ctx, entries); err != nil {
			return err
		}
		done += len(entries)
	}
	return nil
}

// claimCost compares what a turn of the worker costs the database with little and with much that waits.
func claimCost(b *bench) error {
	few, err := b.backlogOf(smallBacklog, claimQueues)
	if err != nil {
		return err
	}
	defer few.close()
	many, err := b.backlogOf(b.backlog, claimQueues)
	if err != nil {
		return err
	}
	defer many.close()
	var ratios []float64
	var small, large []time.Duration
	for range b.rounds {
		s, err := few.turns()
		if err != nil {
			return err
		}
		l, err := many.turns()
		if err != nil {
			return err
		}
		small, large, ratios = append(small, s), append(large, l), append(ratios, float64(l)/float64(s))
	}
	ratio, least, most := median(ratios)
	s, _, _ := median(small)
	l, _, _ := median(large)
	row(fmt.Sprintf("claim and mark ten, %d waiting / %d", b.backlog, smallBacklog),
		fmt.Sprintf("%.2f (%.2f-%.2f), %v / %v", ratio, least, most, round(l), round(s)), "<= 1.5")
	return nil
}

// turns is what one turn takes. What it sends is made good.
func (w *world) turns() (each time.Duration, err error) {
	err = w.withStorage(func(db *storage.DB) error {
		waiting, err := db.Waiting(w.b.ctx)
		if err != nil {
			return err
		}
		var ids []string
		for id := range waiting {
			ids = append(ids, id)
		}
		began := time.Now()
		for i := range turns {
			if err := turn(w, db, ids[i%len(ids)]); err != nil {
				return err
			}
		}
		each = time.Since(began) / turns
		return w.fill(db, turns*batch)
	})
	return each, err
}

func turn(w *world, db *storage.DB, destination string) error {
	now := time.Now()
	lease := delivery.Lease{Owner: "bench", Now: now, Until: now.Add(time.Minute)}
	claimed, err := db.Claim(w.b.ctx, destination, lease, batch)
	if err != nil {
		return err
	}
	progress := delivery.Progress{DestinationID: destination, Ahead: batch}
	for _, d := range claimed.Deliveries {
		progress.Results = append(progress.Results, delivery.Result{
			EventID: d.Event.ID, SourceID: d.Event.SourceID, LinkID: d.LinkID, Attempt: d.Attempts + 1, State: delivery.Delivered, At: now, Status: 200,
		})
	}
	return db.Finish(w.b.ctx, progress)
}

// backlog is what a process with much to do takes to start, and how much memory while it does it.
func backlog(b *bench) error {
	if err := idle(b); err != nil {
		return err
	}
	w, err := b.backlogOf(b.backlog, queues)
	if err != nil {
		return err
	}
	defer w.close()
	var took []time.Duration
	for range b.rounds {
		began := time.Now()
		p, err := b.start(w.addr, append(w.env(), "DISPATCH_DISCORD_API_URL=http://127.0.0.1:1/api/v10"), b.binary)
		if err != nil {
			return err
		}
		if err := p.await(b.ctx, p.answers(b.ctx, "/healthz")); err != nil {
			return err
		}
		took = append(took, time.Since(began))
		p.kill()
	}
	middle, least, most := median(took)
	row(fmt.Sprintf("start to first answer, %d waiting", b.backlog),
		fmt.Sprintf("%v (%v-%v)", round(middle), round(least), round(most)), "<= 50 ms")
	return w.drain()
}

// idle is the memory of a process that has nothing to do.
func idle(b *bench) error {
	w, err := b.newWorld(1, false, true, playground.Options{Unlimited: true})
	if err != nil {
		return err
	}
	defer w.close()
	p, err := w.start()
	if err != nil {
		return err
	}
	<-time.After(2 * time.Second)
	row("resident memory, idle", fmt.Sprintf("%d MB", p.memory(resident)), "<= 30 MB")
	return p.stop()
}

// drain sends everything that waits.
func (w *world) drain() error {
	began := time.Now()
	p, err := w.start()
	if err != nil {
		return err
	}
	if err := w.sink.wait(w.b.ctx, w.b.backlog); err != nil {
		return err
	}
	row(fmt.Sprintf("resident memory at most, draining %d", w.b.backlog), fmt.Sprintf("%d MB", p.memory(peak)), "<= 100 MB")
	row(fmt.Sprintf("drain %d at ten a message", w.b.backlog), time.Since(began).Round(100*time.Millisecond).String(), "<= 15 s")
	return p.stop()
}
