package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/playground"
	"dispatch/playground/contract"
)

// newDiscord is a local Discord. Where the official description of the API stands beside the checkout, every
// request it gets is held against it.
func newDiscord(t *testing.T) *playground.Discord {
	t.Helper()
	return discordWith(t, playground.Options{})
}

func discordWith(t *testing.T, options playground.Options) *playground.Discord {
	t.Helper()
	d := playground.New(options)
	t.Cleanup(func() { _ = d.Close() })
	official, err := contract.Load()
	if errors.Is(err, contract.ErrAbsent) {
		return d
	}
	if err != nil {
		t.Fatal(err)
	}
	d.Observe(func(r playground.Request) {
		if err := official.Check(r.Method, r.Path, r.Body); err != nil && r.Status < 400 {
			t.Errorf("against Discord's description: %v", err)
		}
	})
	return d
}

// road leads to a handler without a network, and takes up to longest in each direction.
type road struct {
	handler http.Handler
	longest time.Duration
}

func (r road) RoundTrip(rq *http.Request) (rs *http.Response, err error) {
	defer func() {
		p := recover()
		if dropped, ok := p.(error); ok && errors.Is(dropped, http.ErrAbortHandler) {
			rs, err = nil, io.ErrUnexpectedEOF
		} else if p != nil {
			panic(p)
		}
	}()
	if err := r.travel(rq.Context()); err != nil {
		return nil, err
	}
	served := rq.Clone(rq.Context())
	served.Host, served.RequestURI = rq.URL.Host, rq.URL.RequestURI()
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, served)
	return w.Result(), r.travel(rq.Context())
}

func (r road) travel(ctx context.Context) error {
	select {
	case <-time.After(rand.N(r.longest + 1)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newSender is the sender of a bot that reaches d over a road.
func newSender(t *testing.T, d *playground.Discord, longest time.Duration) (delivery.Sender, *bot.Bot) {
	t.Helper()
	return newSenderWith(t, d, longest, bot.Options{})
}

func newSenderWith(t *testing.T, d *playground.Discord, longest time.Duration, options bot.Options) (delivery.Sender, *bot.Bot) {
	t.Helper()
	options.Token, options.APIURL = d.Token(), "http://discord.local/api/v10"
	b := newBot(t, options)
	b.SetTransport(road{d.Handler(), longest})
	return b.Channels(), b
}

// batchTo are deliveries to a channel of d whose events are named by their number.
func batchTo(channelID string, first, count int) delivery.Batch {
	batch := delivery.Batch{Destination: delivery.Destination{ID: "to-" + channelID, ChannelID: channelID, Locale: "en-US"}}
	for i := range count {
		batch.Deliveries = append(batch.Deliveries, delivery.Delivery{SourceName: "acme", Event: event.Event{
			ID: event.ID(first + i), Type: "ping", ReceivedAt: time.Unix(int64(first+i), 0).UTC(), Body: []byte(`{"a":1}`),
		}})
	}
	return batch
}

// numbers are the numbers of the events that the channel shows, in its order.
func numbers(d *playground.Discord, channel string) []int64 {
	shown := []int64{}
	for _, m := range d.Messages(channel) {
		for _, embed := range m.Embeds {
			shown = append(shown, embed.Timestamp.Unix())
		}
	}
	return shown
}

// Thousands of posts over many channels, with slow and fast roads: all are there once, in order, and not one of
// them met a rate limit.
func TestSendingMeetsNoRateLimit(t *testing.T) {
	tests := map[string]struct {
		channels, each, batch int
		road                  time.Duration
	}{
		"one channel":   {1, 100, 1, 20 * time.Millisecond},
		"a burst":       {1, 300, 10, 20 * time.Millisecond},
		"some channels": {12, 60, 3, 150 * time.Millisecond},
		"many channels": {100, 8, 1, 300 * time.Millisecond},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiscord(t)
				sender, b := newSender(t, d, tc.road)
				var wg sync.WaitGroup
				for i := range tc.channels {
					channel := d.AddChannel(d.GuildID(), fmt.Sprintf("channel-%d", i))
					wg.Go(func() { sendAll(t, sender, channel, tc.each, tc.batch) })
				}
				began := time.Now()
				wg.Wait()
				t.Logf("%d events in %v", tc.channels*tc.each, time.Since(began))
				if got, want := len(d.Messages("channel-0")), (tc.each+tc.batch-1)/tc.batch; got != want {
					t.Errorf("%d messages, want %d", got, want)
				}
				if b.RateLimited() != 0 || d.InvalidRequests() != 0 {
					t.Errorf("%d requests were refused", b.RateLimited())
				}
				want := make([]int64, tc.each)
				for n := range want {
					want[n] = int64(n)
				}
				for i := range tc.channels {
					if diff := cmp.Diff(want, numbers(d, fmt.Sprintf("channel-%d", i))); diff != "" {
						t.Errorf("channel %d (-want +got):\n%s", i, diff)
					}
				}
			})
		})
	}
}

// sendAll sends events 0 to count in batches, as the worker does: what was not tried comes again.
func sendAll(t *testing.T, sender delivery.Sender, channel string, count, batch int) {
	for next := 0; next < count; {
		for _, outcome := range sender.Send(t.Context(), batchTo(channel, next, min(batch, count-next))) {
			switch outcome.Verdict {
			case delivery.Sent:
				next++
			case delivery.Untried:
			default:
				t.Errorf("event %d: %+v", next, outcome)
				return
			}
		}
	}
}

// What goes wrong, what the sender makes of it, and that the message is there once when all is well again.
func TestSendingSurvives(t *testing.T) {
	const posting = "POST /channels/{channel_id}/messages"
	deny := func(d *playground.Discord, p playground.Permissions) { d.SetPermissions("sales", 0, p) }
	tests := map[string]struct {
		before  func(d *playground.Discord)
		want    delivery.Verdict
		reason  string
		after   time.Duration
		mended  func(d *playground.Discord)
		refused uint64
	}{
		"nothing":            {want: delivery.Sent},
		"a lost answer":      {before: func(d *playground.Discord) { d.LoseAnswer(posting, 1) }, want: delivery.Down},
		"a broken API":       {before: func(d *playground.Discord) { d.FailNext(posting, 500, 0, 1) }, want: delivery.Down},
		"an outage":          {before: func(d *playground.Discord) { d.Outage(true) }, want: delivery.Down, mended: func(d *playground.Discord) { d.Outage(false) }},
		"automod":            {before: func(d *playground.Discord) { d.FailNext(posting, 400, 200000, 1) }, want: delivery.Wrong},
		"a short limit":      {before: func(d *playground.Discord) { d.Throttle(posting, 3*time.Second, "user", 2) }, want: delivery.Sent, refused: 2},
		"a long limit":       {before: func(d *playground.Discord) { d.Throttle(posting, 10*time.Minute, "shared", 1) }, want: delivery.Later, after: 10 * time.Minute, refused: 1},
		"a global limit":     {before: func(d *playground.Discord) { d.GlobalLimit(20 * time.Second) }, want: delivery.Sent, refused: 1},
		"the edge":           {before: func(d *playground.Discord) { d.Block(posting, time.Hour, 1) }, want: delivery.Later, after: time.Hour, refused: 1},
		"no permission":      {before: func(d *playground.Discord) { deny(d, playground.SendMessages) }, want: delivery.Pause, reason: "pause.no_permission", mended: func(d *playground.Discord) { deny(d, 0) }},
		"an unseen channel":  {before: func(d *playground.Discord) { deny(d, playground.ViewChannel) }, want: delivery.Pause, reason: "pause.no_access", mended: func(d *playground.Discord) { deny(d, 0) }},
		"an unknown refusal": {before: func(d *playground.Discord) { d.FailNext(posting, 403, 99999, 1) }, want: delivery.Pause, reason: "pause.refused"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDiscord(t)
				sender, b := newSender(t, d, 50*time.Millisecond)
				if tc.before != nil {
					tc.before(d)
				}
				batch := batchTo(d.ChannelID("sales"), 7, 1)
				got := sender.Send(t.Context(), batch)[0]
				if got.Verdict != tc.want || got.Reason != tc.reason || max(0, got.After.Round(time.Second)) != tc.after {
					t.Errorf("outcome %+v, want verdict %v, reason %q, after %v", got, tc.want, tc.reason, tc.after)
				}
				if b.RateLimited() != tc.refused {
					t.Errorf("%d requests were refused, want %d", b.RateLimited(), tc.refused)
				}
				if tc.mended != nil {
					tc.mended(d)
				}
				<-time.After(max(tc.after, time.Minute))
				got = sender.Send(t.Context(), batch)[0]
				shown := d.Messages("sales")
				if got.Verdict != delivery.Sent || len(shown) != 1 || got.Receipt != shown[0].ID {
					t.Errorf("afterwards %+v with %d messages, want it sent and there once", got, len(shown))
				}
			})
		})
	}
}

func TestSendingToWhatIsGone(t *testing.T) {
	d := newDiscord(t)
	sender, _ := newSender(t, d, 0)
	for name, tc := range map[string]struct{ channel, reason string }{
		"deleted":   {d.AddChannel(d.GuildID(), "gone"), "pause.channel_gone"},
		"a forum":   {d.ChannelID("ideas"), "pause.forum"},
		"no number": {"../../users/@me", "pause.channel_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			d.DeleteChannel("gone")
			got := sender.Send(t.Context(), batchTo(tc.channel, 1, 2))
			if got[0].Verdict != delivery.Pause || got[0].Reason != tc.reason {
				t.Errorf("outcomes %+v, want a pause for %s", got, tc.reason)
			}
		})
	}
}

// Whatever an event holds, nobody is pinged.
func TestSendingPingsNobody(t *testing.T) {
	d := newDiscord(t)
	sender, _ := newSender(t, d, 0)
	batch := batchTo(d.ChannelID("sales"), 1, 1)
	body, err := json.Marshal(map[string]string{"a": "@everyone @here <@" + d.UserID(playground.Admin) + ">"})
	if err != nil {
		t.Fatal(err)
	}
	batch.Deliveries[0].Event.Body = body
	batch.Deliveries[0].SourceName = "@everyone"
	if got := sender.Send(t.Context(), batch)[0]; got.Verdict != delivery.Sent {
		t.Fatalf("outcome %+v", got)
	}
	if m := d.Messages("sales")[0]; m.MentionEveryone || len(m.Mentions)+len(m.MentionRoles) != 0 {
		t.Errorf("message pings: %+v", m)
	}
	var sent struct {
		Nonce           string          `json:"nonce"`
		AllowedMentions json.RawMessage `json:"allowed_mentions"`
	}
	requests := d.Requests()
	if err := json.Unmarshal(requests[len(requests)-1].Body, &sent); err != nil || len(sent.Nonce) > 25 || len(sent.Nonce) == 0 {
		t.Errorf("nonce %s (%v), want 1 to 25 characters", strconv.Quote(sent.Nonce), err)
	}
}
