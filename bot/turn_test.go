package bot_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/playground"
)

// What Discord refuses in a message: it names the embed with a typo, and leaves open which one is spam.
const (
	typo = "typo"
	spam = "spam"
)

// leaky is a road on which some requests and some answers get lost.
type leaky struct {
	road
	dice *rand.Rand
	lost int // of four
}

func (l leaky) RoundTrip(rq *http.Request) (*http.Response, error) {
	dropped := l.dice.IntN(4) < l.lost
	if dropped && l.dice.IntN(3) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	rs, err := l.road.RoundTrip(rq)
	if dropped && err == nil {
		_ = rs.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return rs, err
}

// mixed are deliveries some of which are refused, and some of which are so wide that few fit into a message.
func mixed(channel string, dice *rand.Rand, bad, wide int) (batch delivery.Batch, good []int64) {
	batch = batchTo(channel, 1, 10)
	for i := range batch.Deliveries {
		d := &batch.Deliveries[i]
		if dice.IntN(4) < wide {
			d.Event.Type = "Invoice__c.created"
			d.Event.Body = fmt.Appendf(nil, `{"record":{"A__c":%q,"B__c":%[1]q}}`, strings.Repeat("x", 200+dice.IntN(800)))
		}
		if dice.IntN(4) < bad {
			d.SourceName = []string{typo, spam}[dice.IntN(2)]
		} else {
			good = append(good, int64(d.Event.ID))
		}
	}
	return batch, good
}

// pendingOf is what is left of the batch when the turn is written down: it comes again without company.
func pendingOf(batch delivery.Batch, outcomes []delivery.Outcome) delivery.Batch {
	policy := delivery.Policy{Attempts: 3, Backoff: time.Second, BackoffMax: time.Minute}
	settled := map[event.ID]bool{}
	for _, r := range policy.Judge(batch, outcomes, time.Now(), 0).Results {
		settled[r.EventID] = r.State != delivery.Pending
	}
	left := batch
	left.Deliveries = nil
	for _, d := range batch.Deliveries {
		if !settled[d.Event.ID] {
			left.Deliveries = append(left.Deliveries, d)
		}
	}
	return left
}

// Whatever is refused and whatever gets lost, in whichever turn: each good one is shown once, in order, and no bad one.
func TestSendingFindsItsWayAgain(t *testing.T) {
	tests := map[string]struct{ bad, wide, lost int }{
		"all is well":         {0, 0, 0},
		"answers get lost":    {0, 2, 1},
		"some are refused":    {1, 0, 0},
		"some, and wide":      {1, 2, 0},
		"some, and lost":      {1, 0, 1},
		"some, wide and lost": {1, 2, 1},
		"many, wide and lost": {2, 3, 1},
		"all are refused":     {4, 1, 1},
	}
	for name, tc := range tests {
		for seed := range uint64(20) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dice := rand.New(rand.NewPCG(seed, 1))
					d := playground.New(playground.Options{Unlimited: true})
					defer func() { _ = d.Close() }()
					d.Forbid(typo, 50035)
					d.Forbid(spam, 200000)
					sender, b := newSender(t, d, 0)
					b.SetTransport(leaky{road{d.Handler(), 0}, dice, tc.lost})
					batch, good := mixed(d.ChannelID("sales"), dice, tc.bad, tc.wide)
					for turns := 0; len(batch.Deliveries) > 0; turns++ {
						if turns == 1000 {
							t.Fatalf("no end: %d are left", len(batch.Deliveries))
						}
						batch = pendingOf(batch, sender.Send(t.Context(), batch))
					}
					if diff := cmp.Diff(append([]int64{}, good...), numbers(d, "sales")); diff != "" {
						t.Errorf("shown (-want +got):\n%s", diff)
					}
				})
			})
		}
	}
}

// One of ten that wait for the channel is refused; the answer to the message with the others gets lost.
func TestSendingOneBadOneInTheMiddle(t *testing.T) {
	for name, tc := range map[string]struct {
		bad      string
		lost     int // the post whose answer gets lost
		turns    int
		messages int
	}{
		"named":            {typo, 0, 1, 1},
		"named, and lost":  {typo, 2, 2, 1},
		"not named":        {spam, 0, 1, 3},
		"unnamed and lost": {spam, 3, 2, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiscord(t)
				d.Forbid(typo, 50035)
				d.Forbid(spam, 200000)
				sender, b := newSender(t, d, 0)
				posts := 0
				b.SetTransport(tripper(func(rq *http.Request) (*http.Response, error) {
					rs, err := road{d.Handler(), 0}.RoundTrip(rq)
					if posts++; posts == tc.lost {
						return nil, io.ErrUnexpectedEOF
					}
					return rs, err
				}))
				batch := batchTo(d.ChannelID("sales"), 1, 10)
				batch.Deliveries[4].SourceName = tc.bad
				turns := 0
				for ; len(batch.Deliveries) > 0 && turns < 10; turns++ {
					outcomes := sender.Send(t.Context(), batch)
					for i, o := range outcomes {
						refused := batch.Deliveries[i].SourceName == tc.bad
						if (o.Verdict == delivery.Wrong) != refused && o.Verdict != delivery.Down && o.Verdict != delivery.Untried {
							t.Errorf("event %d: %+v", batch.Deliveries[i].Event.ID, o)
						}
						if o.Verdict == delivery.Wrong && (o.Status != 400 || o.Response == "" || o.Err == nil) {
							t.Errorf("what was refused does not say why: %+v", o)
						}
					}
					batch = pendingOf(batch, outcomes)
				}
				if diff := cmp.Diff([]int64{1, 2, 3, 4, 6, 7, 8, 9, 10}, numbers(d, "sales")); diff != "" {
					t.Errorf("shown (-want +got):\n%s", diff)
				}
				if got := len(d.Messages("sales")); turns != tc.turns || got != tc.messages || b.RateLimited() != 0 {
					t.Errorf("%d messages in %d turns, want %d in %d; %d refused as too many", got, turns, tc.messages, tc.turns, b.RateLimited())
				}
			})
		})
	}
}

// The message leaves shortly before the turn is over, and is answered after that: a turn that ends is no outage.
func TestSendingLetsTheLastMessageArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiscord(t)
		sender, b := newSender(t, d, 0)
		batch := batchTo(d.ChannelID("sales"), 1, 1)
		d.Throttle("POST", 90*time.Second, "user", 1)
		if got := sender.Send(t.Context(), batch)[0]; got.Verdict != delivery.Later {
			t.Fatalf("outcome %+v, want Later", got)
		}
		b.SetTransport(tripper(func(rq *http.Request) (*http.Response, error) {
			select {
			case <-time.After(5 * time.Second):
				return road{d.Handler(), 0}.RoundTrip(rq)
			case <-rq.Context().Done():
				return nil, rq.Context().Err()
			}
		}))
		<-time.After(32 * time.Second) // so that 58 of 60 are left to wait
		if got := sender.Send(t.Context(), batch)[0]; got.Verdict != delivery.Sent {
			t.Errorf("outcome %+v, want Sent", got)
		}
	})
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(rq *http.Request) (*http.Response, error) { return f(rq) }
