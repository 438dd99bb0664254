package bot_test

import (
	"context"
	"encoding/json"
	"net/http"
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

func TestSendPostsOneMessageForEach(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"901"}`), answer(200, `{"id":"902","components":[{"type":987}]}`))
	outcomes := newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(1, 2))
	for i, receipt := range []string{"901", "902"} {
		got := outcomes[i]
		if got.Latency <= 0 {
			t.Errorf("outcome %d has no latency", i)
		}
		got.Latency = 0
		if diff := cmp.Diff(delivery.Outcome{Verdict: delivery.Sent, Status: 200, Receipt: receipt}, got); diff != "" {
			t.Errorf("outcome %d (-want +got):\n%s", i, diff)
		}
	}
	nonces := map[any]bool{}
	for _, got := range requests() {
		if got.path != "POST /api/v10/channels/4242/messages" || got.authorization != "Bot "+token {
			t.Errorf("request %s as %q", got.path, got.authorization)
		}
		nobody := map[string]any{"parse": []any{}, "roles": []any{}, "users": []any{}, "replied_user": false}
		if diff := cmp.Diff(nobody, got.body["allowed_mentions"]); diff != "" {
			t.Errorf("allowed mentions (-want +got):\n%s", diff)
		}
		if embeds, _ := got.body["embeds"].([]any); len(embeds) != 1 || got.body["enforce_nonce"] != true {
			t.Errorf("body %v, want one embed and a nonce that is enforced", got.body)
		}
		nonces[got.body["nonce"]] = true
	}
	if len(nonces) != 2 {
		t.Errorf("nonces %v, want two", nonces)
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

func TestSendStopsAtWhatHoldsUp(t *testing.T) {
	ok, bad, busy := answer(200, `{"id":"1"}`), answer(400, `{"code":50035,"message":"Invalid Form Body"}`), answer(503, "")
	tests := map[string]struct {
		answers []http.HandlerFunc
		want    []delivery.Verdict
	}{
		"all are there":          {[]http.HandlerFunc{ok}, []delivery.Verdict{delivery.Sent, delivery.Sent, delivery.Sent}},
		"one is wrong":           {[]http.HandlerFunc{ok, bad, ok}, []delivery.Verdict{delivery.Sent, delivery.Wrong, delivery.Sent}},
		"the second has to wait": {[]http.HandlerFunc{ok, busy}, []delivery.Verdict{delivery.Sent, delivery.Later, delivery.Untried}},
		"the channel is gone":    {[]http.HandlerFunc{answer(404, `{"code":10003}`)}, []delivery.Verdict{delivery.Pause, delivery.Untried, delivery.Untried}},
		"the token is gone":      {[]http.HandlerFunc{ok, ok, answer(401, `{"code":0}`)}, []delivery.Verdict{delivery.Sent, delivery.Sent, delivery.Stop}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, tc.answers...)
			got := verdicts(newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(1, 2, 3)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
			tried := 0
			for _, v := range got {
				if v != delivery.Untried {
					tried++
				}
			}
			if n := len(requests()); n != tried {
				t.Errorf("%d requests for %d attempts", n, tried)
			}
		})
	}
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
			if got.Verdict != delivery.Later || got.Err == nil || got.Receipt != "" || len(requests()) != 1 {
				t.Errorf("outcome %+v after %d requests, want Later after one", got, len(requests()))
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
		got := newBot(t, bot.Options{APIURL: url}).Channels().Send(ctx, batchOf(1, 2, 3))
		want := []delivery.Verdict{delivery.Sent, delivery.Untried, delivery.Untried}
		if diff := cmp.Diff(want, verdicts(got)); diff != "" || len(requests()) != 1 {
			t.Errorf("verdicts (-want +got):\n%s%d requests", diff, len(requests()))
		}
	})
	t.Run("a long 429", func(t *testing.T) {
		url, requests := serve(t, answer(429, `{"retry_after":600}`, bucket1, "X-RateLimit-Scope: user"))
		b := newBot(t, bot.Options{APIURL: url})
		for range 2 {
			got := b.Channels().Send(t.Context(), batchOf(1))[0]
			if got.Verdict != delivery.Later || got.After < 590*time.Second || got.After > 601*time.Second {
				t.Errorf("outcome %+v, want Later after ten minutes", got)
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
