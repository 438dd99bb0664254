package bot_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/rest"

	"dispatch/bot"
)

// model is Discord's side of rate limits: a window of five seconds begins with its first request, in each
// channel; and each full second takes fifty.
type model struct {
	mu       sync.Mutex
	windows  map[string]*window
	second   int64
	inSecond int
	refused  int
	served   int
}

type window struct {
	ends time.Time
	left int
}

const (
	modelLimit = 5
	modelSpan  = 5 * time.Second
)

func (m *model) serve(channel string) *http.Response {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if second := now.Unix(); second != m.second {
		m.second, m.inSecond = second, 0
	}
	m.inSecond++
	w := m.windows[channel]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(modelSpan), left: modelLimit}
		m.windows[channel] = w
	}
	if m.inSecond > 50 || w.left == 0 {
		m.refused++
		return respond(http.StatusTooManyRequests, `{"retry_after":1}`, bucket1)
	}
	w.left--
	m.served++
	return respond(http.StatusOK, "", bucket1,
		fmt.Sprintf("X-RateLimit-Limit: %d", modelLimit),
		fmt.Sprintf("X-RateLimit-Remaining: %d", w.left),
		fmt.Sprintf("X-RateLimit-Reset: %d.%03d", w.ends.Unix(), w.ends.Nanosecond()/1e6), // rounded down
		fmt.Sprintf("X-RateLimit-Reset-After: %d.%03d", w.ends.Sub(now)/time.Second, w.ends.Sub(now)/time.Millisecond%1000))
}

// Hundreds of requests over many channels, some of them three at a time, on roads of very different length: no
// request meets a limit, and no time is wasted that the limits do not cost.
func TestLimiterMeetsNoLimit(t *testing.T) {
	tests := map[string]struct {
		channels, senders, each int           // senders of a channel make that many requests each
		road                    time.Duration // the longest way, there or back
		loses                   int           // one answer in so many is lost; 0: none
		most                    time.Duration // it must be done by then
	}{
		"one channel":            {1, 1, 31, 50 * time.Millisecond, 0, 32 * time.Second},
		"one channel, crowded":   {1, 6, 10, 400 * time.Millisecond, 0, 65 * time.Second},
		"many channels":          {60, 1, 10, 300 * time.Millisecond, 0, 22 * time.Second},
		"many channels, crowded": {40, 3, 10, 900 * time.Millisecond, 0, 60 * time.Second},
		"answers get lost":       {20, 3, 10, 300 * time.Millisecond, 7, 50 * time.Second},
		"very slow":              {10, 3, 10, 7 * time.Second, 0, 5 * time.Minute},
	}
	for name, tc := range tests {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l, m := bot.NewLimiter(50), &model{windows: map[string]*window{}}
					began := time.Now()
					var wg sync.WaitGroup
					for i := range tc.channels * tc.senders {
						dice := rand.New(rand.NewPCG(seed, uint64(i)))
						wg.Go(func() {
							for n := range tc.each { // a bucket that never answered cannot be known
								lost := n > 0 && tc.loses > 0 && dice.IntN(tc.loses) == 0
								travel(t, l, m, i%tc.channels, dice, tc.road, lost)
							}
						})
					}
					wg.Wait()
					if want := tc.channels * tc.senders * tc.each; m.refused != 0 || m.served != want {
						t.Errorf("%d requests were refused and %d served, want 0 and %d", m.refused, m.served, want)
					}
					if took := time.Since(began); took > tc.most {
						t.Errorf("it took %v, want at most %v", took, tc.most)
					}
				})
			})
		}
	}
}

// travel makes one request: there, served, and back or lost.
func travel(t *testing.T, l *bot.Limiter, m *model, channel int, dice *rand.Rand, road time.Duration, lost bool) {
	endpoint := rest.CreateMessage.Compile(nil, channel)
	mustWait(t, l, endpoint)
	<-time.After(time.Duration(dice.Int64N(int64(road))))
	rs := m.serve(endpoint.MajorParams)
	<-time.After(time.Duration(dice.Int64N(int64(road))))
	if lost {
		rs = nil
	}
	unlock(t, l, endpoint, rs)
}
