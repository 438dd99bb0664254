package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/playground"
)

// kills kills the process again and again under load, and counts what was promised and is missing, doubled, or shown
// before what was accepted earlier.
func kills(b *bench) error {
	w, err := b.newWorld(2, false, false, playground.Options{Unlimited: true})
	if err != nil {
		return err
	}
	defer w.close()
	var (
		kept [2]sync.Map // number → event id, by source
		next atomic.Int64
		seen = w.record()
	)
	for range b.kills {
		p, err := w.start()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(b.ctx)
		var senders sync.WaitGroup
		for i := range 8 {
			senders.Go(func() { w.promise(ctx, i%2, &next, &kept[i%2]) })
		}
		<-time.After(300 * time.Millisecond)
		p.kill()
		cancel()
		senders.Wait()
	}
	p, err := w.start()
	if err != nil {
		return err
	}
	var total, missing, doubled, disordered int
	for source := range kept {
		n, m, d, o, err := w.judge(seen, source, &kept[source])
		if err != nil {
			return err
		}
		total, missing, doubled, disordered = total+n, missing+m, doubled+d, disordered+o
	}
	row(fmt.Sprintf("accepted events lost, doubled, out of order over %d kills", b.kills),
		fmt.Sprintf("%d, %d, %d of %d", missing, doubled, disordered, total), "0")
	return p.stop()
}

// promise sends callouts until the process is gone, and keeps what was answered.
func (w *world) promise(ctx context.Context, source int, next *atomic.Int64, kept *sync.Map) {
	c, err := dial(ctx, w.addr)
	if err != nil {
		return
	}
	defer func() { _ = c.conn.Close() }()
	for ctx.Err() == nil {
		number := strconv.FormatInt(next.Add(1), 10)
		answer, err := c.call(w.request(source, numbered+number))
		if err != nil {
			return
		}
		kept.Store(number, answer)
	}
}

// record keeps what the channels show, in order: the local Discord itself forgets old messages. A nonce that it has seen
// makes no second message.
func (w *world) record() *showing {
	s := &showing{numbers: map[string][]string{}}
	nonces := map[string]bool{}
	w.discord.Observe(func(r playground.Request) {
		nonce := gjson.GetBytes(r.Body, "nonce").Str
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.Route != "/channels/{channel_id}/messages" || r.Status != http.StatusOK || nonces[nonce] {
			return
		}
		nonces[nonce] = true
		for _, title := range gjson.GetBytes(r.Body, "embeds.#.title").Array() {
			_, number, _ := strings.Cut(title.Str, numbered)
			s.numbers[r.Path] = append(s.numbers[r.Path], number)
		}
	})
	return s
}

// showing is the numbers of the deals that were shown, by the path of the channel.
type showing struct {
	mu      sync.Mutex
	numbers map[string][]string
}

func (s *showing) in(channel string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.numbers["/channels/"+channel+"/messages"])
}

// judge waits until everything is shown that is going to be.
func (w *world) judge(seen *showing, source int, kept *sync.Map) (total, missing, doubled, disordered int, err error) {
	promised := map[string]string{}
	kept.Range(func(number, id any) bool {
		promised[number.(string)] = id.(string)
		return true
	})
	deadline := time.Now().Add(time.Minute)
	for {
		shown, last := map[string]int{}, ""
		missing, doubled, disordered = 0, 0, 0
		for _, number := range seen.in(w.to[source]) {
			if shown[number]++; shown[number] > 1 {
				doubled++
			}
			if id, ok := promised[number]; ok && id < last {
				disordered++
			} else if ok {
				last = id
			}
		}
		for number := range promised {
			if shown[number] == 0 {
				missing++
			}
		}
		if missing == 0 || time.Now().After(deadline) {
			return len(promised), missing, doubled, disordered, nil
		}
		select {
		case <-w.b.ctx.Done():
			return 0, 0, 0, 0, w.b.ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
