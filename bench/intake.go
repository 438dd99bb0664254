package main

import (
	"errors"
	"fmt"
	"time"

	"dispatch/playground"
)

// intake compares a durable 202 with a handler that does nothing: the destination is paused, so nothing is sent.
func intake(b *bench) error {
	w, err := b.newWorld(1, true, true, playground.Options{Unlimited: true})
	if err != nil {
		return err
	}
	defer w.close()
	dispatch, err := w.start()
	if err != nil {
		return err
	}
	bare, err := b.bare()
	if err != nil {
		return err
	}
	request := w.request(0, "Enterprise Renewal")
	for _, conns := range []int{64, 256} {
		ratio, err := compare(b, conns, request, dispatch, bare)
		if err != nil {
			return err
		}
		row(fmt.Sprintf("durable intake / bare gin, %d connections", conns), ratio, map[int]string{64: ">= 0.55", 256: ">= 0.62"}[conns])
	}
	bare.kill()
	return dispatch.stop()
}

// compare floods both in turn.
func compare(b *bench, conns int, request []byte, dispatch, bare *process) (string, error) {
	var ratios, rates []float64
	for range b.rounds + 1 { // the first warms up
		plain, err := flood(b.ctx, bare.addr, conns, b.duration, request)
		if err != nil {
			return "", err
		}
		durable, err := flood(b.ctx, dispatch.addr, conns, b.duration, request)
		if err != nil {
			return "", err
		}
		ratios, rates = append(ratios, durable/plain), append(rates, durable)
	}
	ratio, least, most := median(ratios[1:])
	rate, _, _ := median(rates[1:])
	return fmt.Sprintf("%.2f (%.2f-%.2f), %.0f/s", ratio, least, most, rate), nil
}

// channelsTogether is how many channels the events of together go to: few enough for messages to fill.
const channelsTogether = 8

// together has what is accepted rendered and posted at the same time: the rate is that of the shown.
func together(b *bench) error {
	bare, err := b.bare()
	if err != nil {
		return err
	}
	defer bare.kill()
	for _, conns := range []int{64, 256} {
		var ratios, rates []float64
		for range b.rounds {
			w, err := b.newWorld(channelsTogether, false, true, playground.Options{Unlimited: true})
			if err != nil {
				return err
			}
			plain, err := flood(b.ctx, bare.addr, conns, b.duration, w.request(0, "x"))
			if err != nil {
				return err
			}
			rate, err := w.throughput(conns)
			if err = errors.Join(err, b.ctx.Err()); err != nil {
				return err
			}
			ratios, rates = append(ratios, rate/plain), append(rates, rate)
			w.close()
		}
		ratio, least, most := median(ratios)
		rate, _, _ := median(rates)
		row(fmt.Sprintf("intake and delivery, rendered / bare gin, %d connections", conns),
			fmt.Sprintf("%.2f (%.2f-%.2f), %.0f/s", ratio, least, most, rate), map[int]string{64: ">= 0.35", 256: ">= 0.40"}[conns])
	}
	return nil
}

// throughput is how many events a second go all the way, until the last is shown.
func (w *world) throughput(conns int) (float64, error) {
	p, err := w.start()
	if err != nil {
		return 0, err
	}
	defer p.kill()
	began := time.Now()
	rate, err := floodAll(w, p.addr, conns)
	if err != nil {
		return 0, err
	}
	if err := w.sink.wait(w.b.ctx, rate); err != nil {
		return 0, err
	}
	return float64(rate) / time.Since(began).Seconds(), nil
}

// acceptLatency is how long a durable accept takes at half of what the machine can.
func acceptLatency(b *bench) error {
	w, err := b.newWorld(1, true, true, playground.Options{Unlimited: true})
	if err != nil {
		return err
	}
	defer w.close()
	p, err := w.start()
	if err != nil {
		return err
	}
	request := w.request(0, "Enterprise Renewal")
	full, err := flood(b.ctx, p.addr, 64, b.duration, request)
	if err != nil {
		return err
	}
	var p99 []time.Duration
	for range b.rounds {
		took, err := steady(b.ctx, p.addr, 64, full/2, b.duration, func(int) []byte { return request })
		if err != nil {
			return err
		}
		p99 = append(p99, quantile(took, .99))
	}
	middle, least, most := median(p99)
	row(fmt.Sprintf("p99 of a durable accept at %.0f/s, half of full load", full/2),
		fmt.Sprintf("%v (%v-%v)", round(middle), round(least), round(most)), "<= 20 ms")
	return p.stop()
}
