package main

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"dispatch/playground"
)

// watch has the local Discord tell a sink of every message that it takes.
func (w *world) watch() *sink {
	s := newSink(nil)
	w.discord.Observe(func(r playground.Request) {
		if r.Method == http.MethodPost && r.Route == "/channels/{channel_id}/messages" && r.Status == http.StatusOK {
			s.note(r.Body)
		}
	})
	return s
}

// shown is how long an event takes from when its callout is due until a strict Discord without limits shows it.
func shown(b *bench) error {
	for _, channels := range []int{1, 1000} {
		w, err := b.newWorld(channels, false, false, playground.Options{Unlimited: true})
		if err != nil {
			return err
		}
		p, err := w.start()
		if err != nil {
			return err
		}
		for _, perSecond := range []float64{100, 500, 2000} {
			took, rate, err := w.follow(p, perSecond)
			if err != nil {
				return err
			}
			row(fmt.Sprintf("accept to shown, %.0f/s, %d channels", perSecond, channels),
				fmt.Sprintf("%s, %.0f/s shown", percentiles(took), rate), "p50 <= 2 ms, p99 <= 10 ms")
		}
		if err := p.stop(); err != nil {
			return err
		}
		w.close()
	}
	return nil
}

// follow sends callouts at a rate and gives when each was shown, counted from when it was due.
func (w *world) follow(p *process, perSecond float64) (took []time.Duration, rate float64, err error) {
	seen := w.watch()
	began := time.Now()
	accepted, err := steady(w.b.ctx, p.addr, 32, perSecond, w.b.duration, func(i int) []byte {
		return w.request(i, numbered+strconv.Itoa(i))
	})
	if err != nil {
		return nil, 0, err
	}
	if err := seen.wait(w.b.ctx, len(accepted)); err != nil {
		return nil, 0, err
	}
	rate = float64(len(accepted)) / time.Since(began).Seconds()
	for i := range accepted {
		due := began.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
		took = append(took, seen.seen[strconv.Itoa(i)].Sub(due))
	}
	return took, rate, nil
}

// burst is a bulk update of 300 records to a channel that takes five messages in five seconds.
func burst(b *bench) error {
	w, err := b.newWorld(1, false, false, playground.Options{})
	if err != nil {
		return err
	}
	defer w.close()
	seen := w.watch()
	p, err := w.start("DISPATCH_DISCORD_RATE_LIMIT=50")
	if err != nil {
		return err
	}
	const events = 300
	began := time.Now()
	if _, err := steady(b.ctx, p.addr, 32, 100*events, time.Second/100, func(i int) []byte {
		return w.request(0, numbered+strconv.Itoa(i))
	}); err != nil {
		return err
	}
	if err := seen.wait(b.ctx, events); err != nil {
		return err
	}
	took, refused := time.Since(began), 0
	for _, r := range w.discord.Requests() {
		if r.Status == http.StatusTooManyRequests {
			refused++
		}
	}
	row("300 events at once, 5 messages / 5 s", fmt.Sprintf("%v, %d messages, %d times 429",
		took.Round(100*time.Millisecond), len(w.discord.Messages(w.to[0])), refused), "<= 32 s, <= 40, 0")
	return p.stop()
}
