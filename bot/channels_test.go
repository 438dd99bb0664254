package bot_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
	"dispatch/delivery"
	"dispatch/event"
)

// batchOf are deliveries of events with these ids to one channel.
func batchOf(ids ...event.ID) delivery.Batch {
	batch := delivery.Batch{Destination: delivery.Destination{
		ID: "018e9d5a-0000-7000-8000-00000000000d", Kind: delivery.KindChannel, ChannelID: "4242", Locale: "en-US",
	}}
	for _, id := range ids {
		batch.Deliveries = append(batch.Deliveries, delivery.Delivery{SourceName: "acme", Event: event.Event{
			ID: id, Type: "Opportunity.updated", ReceivedAt: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC),
			Body: []byte(`{"record":{"Id":"006000000000001AAA","Name":"@everyone"}}`),
		}})
	}
	return batch
}

func verdicts(outcomes []delivery.Outcome) []delivery.Verdict {
	all := make([]delivery.Verdict, len(outcomes))
	for i, o := range outcomes {
		all[i] = o.Verdict
	}
	return all
}

func TestSendPostsOneMessageForABatch(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"901","components":[{"type":987}]}`))
	for i, got := range newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(1, 2)) {
		if got.Latency <= 0 {
			t.Errorf("outcome %d has no latency", i)
		}
		got.Latency, got.After = 0, 0
		if diff := cmp.Diff(delivery.Outcome{Verdict: delivery.Sent, Status: 200, Receipt: "901"}, got); diff != "" {
			t.Errorf("outcome %d (-want +got):\n%s", i, diff)
		}
	}
	all := requests()
	if len(all) != 1 {
		t.Fatalf("%d requests, want one", len(all))
	}
	got := all[0]
	if got.path != "POST /api/v10/channels/4242/messages" || got.authorization != "Bot "+token {
		t.Errorf("request %s as %q", got.path, got.authorization)
	}
	nobody := map[string]any{"parse": []any{}, "roles": []any{}, "users": []any{}, "replied_user": false}
	if diff := cmp.Diff(nobody, got.body["allowed_mentions"]); diff != "" {
		t.Errorf("allowed mentions (-want +got):\n%s", diff)
	}
	if embeds, _ := got.body["embeds"].([]any); len(embeds) != 2 || got.body["enforce_nonce"] != true {
		t.Errorf("body %v, want two embeds and a nonce that is enforced", got.body)
	}
}

// The nonce must not change between attempts, processes or releases: a lost answer would become two messages.
func TestSendKeepsItsNonce(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	batch, elsewhere := batchOf(1774958400000<<event.SequenceBits), batchOf(1774958400000<<event.SequenceBits)
	elsewhere.Destination.ID = "018e9d5a-0000-7000-8000-00000000000e"
	for _, b := range []delivery.Batch{batch, batch, elsewhere} {
		b.Deliveries[0].Attempts++
		newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), b)
	}
	const want = "AacdPsYAJOqxcq22hToUFOev"
	got := requests()
	if got[0].body["nonce"] != want || got[1].body["nonce"] != want {
		t.Errorf("nonces %v and %v, want %s", got[0].body["nonce"], got[1].body["nonce"], want)
	}
	if got[2].body["nonce"] == got[0].body["nonce"] {
		t.Error("two destinations share a nonce")
	}
}

// Each message holds ten deliveries here, and what becomes of it becomes of them.
func TestSendStopsAtWhatHoldsUp(t *testing.T) {
	ok, busy := answer(200, `{"id":"1"}`), answer(429, `{"code":20016,"message":"Slow","retry_after":7200}`)
	tests := map[string]struct {
		answers  []http.HandlerFunc
		want     []delivery.Verdict // of the three messages
		requests int
	}{
		"all are there":          {[]http.HandlerFunc{ok}, []delivery.Verdict{delivery.Sent, delivery.Sent, delivery.Sent}, 3},
		"the second has to wait": {[]http.HandlerFunc{ok, busy}, []delivery.Verdict{delivery.Sent, delivery.Later, delivery.Untried}, 2},
		"the second is unheard":  {[]http.HandlerFunc{ok, answer(503, "")}, []delivery.Verdict{delivery.Sent, delivery.Down, delivery.Untried}, 2},
		"the channel is gone":    {[]http.HandlerFunc{answer(404, `{"code":10003}`)}, []delivery.Verdict{delivery.Pause, delivery.Untried, delivery.Untried}, 1},
		"the token is gone":      {[]http.HandlerFunc{ok, ok, answer(401, `{"code":0}`)}, []delivery.Verdict{delivery.Sent, delivery.Sent, delivery.Stop}, 3},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, tc.answers...)
			got := verdicts(newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(sequence(30)...)))
			var want []delivery.Verdict
			for _, verdict := range tc.want {
				want = append(want, slices.Repeat([]delivery.Verdict{verdict}, 10)...)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
			if n := len(requests()); n != tc.requests {
				t.Errorf("%d requests, want %d", n, tc.requests)
			}
		})
	}
}

func sequence(n int) []event.ID {
	ids := make([]event.ID, n)
	for i := range ids {
		ids[i] = event.ID(i + 1)
	}
	return ids
}

// An answer that does not come leaves open whether the message is there.
func TestSendWithoutAnAnswer(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	cut := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
	torn := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		answer(200, `{"id":`)(w, r)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"too late": hang, "cut": cut, "torn": torn, "not JSON": answer(200, "<html>hello</html>"), "moved": answer(307, "", "Location: /elsewhere"),
	} {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, handler)
			b := newBot(t, bot.Options{APIURL: url, Timeout: 100 * time.Millisecond})
			got := b.Channels().Send(t.Context(), batchOf(1))[0]
			if got.Verdict != delivery.Down || got.Err == nil || got.Receipt != "" || len(requests()) != 1 {
				t.Errorf("outcome %+v after %d requests, want Down after one", got, len(requests()))
			}
			if strings.Contains(got.Err.Error(), "http://") {
				t.Errorf("error shows the URL: %v", got.Err)
			}
		})
	}
}

// What never left is no attempt; but a wait that is known is one to come back after.
func TestSendThatNeverLeaves(t *testing.T) {
	t.Run("the process ends", func(t *testing.T) {
		url, requests := serve(t, answer(200, `{"id":"1"}`))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := newBot(t, bot.Options{APIURL: url}).Channels().Send(ctx, batchOf(1, 2))
		if diff := cmp.Diff([]delivery.Verdict{delivery.Untried, delivery.Untried}, verdicts(got)); diff != "" || len(requests()) != 0 {
			t.Errorf("verdicts (-want +got):\n%s%d requests", diff, len(requests()))
		}
	})
	t.Run("all but what has left", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			cancel()
			answer(200, `{"id":"1"}`)(w, r)
		})
		got := newBot(t, bot.Options{APIURL: url}).Channels().Send(ctx, batchOf(sequence(20)...))
		want := slices.Concat(slices.Repeat([]delivery.Verdict{delivery.Sent}, 10), make([]delivery.Verdict, 10))
		if diff := cmp.Diff(want, verdicts(got)); diff != "" || len(requests()) != 1 {
			t.Errorf("verdicts (-want +got):\n%s%d requests", diff, len(requests()))
		}
	})
	t.Run("a long 429", func(t *testing.T) {
		url, requests := serve(t, answer(429, `{"retry_after":600}`, bucket1, "X-RateLimit-Scope: user"))
		b := newBot(t, bot.Options{APIURL: url})
		for _, want := range []delivery.Verdict{delivery.Later, delivery.Untried} { // the second does not leave
			got := b.Channels().Send(t.Context(), batchOf(1))[0]
			if got.Verdict != want || got.After < 590*time.Second || got.After > 601*time.Second {
				t.Errorf("outcome %+v, want verdict %v and ten minutes", got, want)
			}
		}
		if len(requests()) != 1 || b.RateLimited() != 1 {
			t.Errorf("%d requests and %d refusals, want one", len(requests()), b.RateLimited())
		}
	})
	t.Run("a short 429", func(t *testing.T) {
		url, _ := serve(t, answer(429, `{"retry_after":0.01}`, bucket1), answer(200, `{"id":"1"}`))
		got := newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(1))[0]
		if got.Verdict != delivery.Sent {
			t.Errorf("outcome %+v, want Sent at the second try", got)
		}
	})
}

func TestSendKeepsTheAnswer(t *testing.T) {
	long, err := json.Marshal(map[string]any{"code": 50035, "message": "Invalid Form Body", "errors": strings.Repeat("ä", 2000)})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		body string
		want string
	}{
		"short":            {`{"code":50013,"message":"Missing Permissions"}`, `{"code":50013,"message":"Missing Permissions"}`},
		"long":             {string(long), string(long[:delivery.MaxResponse])},
		"with the token":   {`{"code":50035,"message":"no ` + token + `"}`, `{"code":50035,"message":"no [redacted]"}`},
		"null":             {"null", ""},
		"errors no object": {`{"code":50035,"errors":{"embeds":"bad"}}`, `{"code":50035,"errors":{"embeds":"bad"}}`},
		"bytes":            {"\xff\xfe", "\uFFFD"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, answer(400, tc.body))
			got := newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(1))[0]
			if want := strings.ToValidUTF8(tc.want, ""); !strings.HasPrefix(got.Response, want) || len(got.Response) > delivery.MaxResponse {
				t.Errorf("response %q, want %q", got.Response, want)
			}
			if got.Err == nil || strings.Contains(got.Err.Error()+got.Response, token) {
				t.Errorf("the token is shown: %v, %q", got.Err, got.Response)
			}
		})
	}
}
