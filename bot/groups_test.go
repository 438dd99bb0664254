package bot_test

import (
	"encoding/json"
	"fmt"
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

// wide gives each delivery a body that takes about so many characters in its embed.
func wide(batch delivery.Batch, characters int) delivery.Batch {
	for i := range batch.Deliveries {
		var fields []string
		for left := characters; left > 0; left -= 900 {
			fields = append(fields, fmt.Sprintf(`"F%d__c":%q`, len(fields), strings.Repeat("x", min(left, 900))))
		}
		batch.Deliveries[i].Event.Type = "Invoice__c.created"
		batch.Deliveries[i].Event.Body = []byte(`{"record":{` + strings.Join(fields, ",") + `}}`)
	}
	return batch
}

// linked makes all deliveries tell of the same record.
func linked(batch delivery.Batch) delivery.Batch {
	for i := range batch.Deliveries {
		batch.Deliveries[i].Event.Body = []byte(`{"instance_url":"https://acme.my.salesforce.com","record":{"Id":"006000000000001AAA"}}`)
	}
	return batch
}

func embedsOf(r request) []map[string]any {
	var all []map[string]any
	list, _ := r.body["embeds"].([]any)
	for _, embed := range list {
		all = append(all, embed.(map[string]any))
	}
	return all
}

func TestSendFillsMessages(t *testing.T) {
	tests := map[string]struct {
		batch delivery.Batch
		want  []int // embeds of each message
	}{
		"one":              {batchOf(1), []int{1}},
		"ten":              {batchOf(sequence(10)...), []int{10}},
		"more than ten":    {batchOf(sequence(23)...), []int{10, 10, 3}},
		"wide ones":        {wide(batchOf(sequence(5)...), 2500), []int{2, 2, 1}},
		"as wide as it is": {wide(batchOf(1, 2), 5500), []int{1, 1}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, answer(200, `{"id":"1"}`))
			newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), tc.batch)
			var got []int
			nonces := map[any]bool{}
			for _, r := range requests() {
				got = append(got, len(embedsOf(r)))
				nonces[r.body["nonce"]] = true
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("embeds of each message (-want +got):\n%s", diff)
			}
			if len(nonces) != len(got) {
				t.Errorf("%d nonces for %d messages", len(nonces), len(got))
			}
		})
	}
}

// Of embeds that share a link, Discord shows the first only.
func TestSendGivesEachEmbedItsOwnLink(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), linked(batchOf(1, 2, 3)))
	var got []string
	for _, embed := range embedsOf(requests()[0]) {
		got = append(got, embed["url"].(string))
	}
	const record = "https://acme.my.salesforce.com/lightning/r/Opportunity/006000000000001AAA/view"
	if diff := cmp.Diff([]string{record, record + "#2", record + "#3"}, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// A link to a place on a page, such as a comment on GitHub, still leads there.
func TestSendKeepsThePlaceOnThePage(t *testing.T) {
	const comment = "https://github.com/acme/shop/issues/1#issuecomment-5"
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	batch := batchOf(1, 2, 3)
	for i, link := range []string{comment, comment, "https://github.com/acme/shop/issues/1"} {
		batch.Deliveries[i].Event.Type = "issue_comment.created"
		batch.Deliveries[i].Event.Body = []byte(`{"action":"created","issue":{"number":1,"title":"x"},"repository":{"full_name":"acme/shop"},"sender":{"login":"ada"},"comment":{"html_url":"` + link + `","body":"hi"}}`)
	}
	newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batch)
	var got []string
	for _, embed := range embedsOf(requests()[0]) {
		got = append(got, fmt.Sprint(embed["url"]))
	}
	if diff := cmp.Diff([]string{comment, comment + ":~:2", "https://github.com/acme/shop/issues/1"}, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// refusing is a Discord that takes no message with one of these deliveries, which it tells by their timestamps.
// It names the embeds when it is told to.
func refusing(names bool, bad ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var (
			got   request
			named []string
		)
		_ = json.NewDecoder(r.Body).Decode(&got.body)
		for i, embed := range embedsOf(got) {
			if slices.Contains(bad, embed["timestamp"].(string)[17:19]) {
				named = append(named, fmt.Sprintf(`"%d":{"title":{"_errors":[{"code":"BASE_TYPE_BAD_LENGTH","message":"no"}]}}`, i))
			}
		}
		switch {
		case len(named) == 0:
			answer(200, `{"id":"1"}`)(w, r)
		case names:
			answer(400, `{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{`+strings.Join(named, ",")+`}}}`)(w, r)
		default:
			answer(400, `{"code":200000,"message":"Message was blocked by automatic moderation"}`)(w, r)
		}
	}
}

func TestSendFindsTheBadOnes(t *testing.T) {
	tests := map[string]struct {
		names    bool
		bad      []string
		requests int
	}{
		"one, named":          {true, []string{"03"}, 2},
		"two, named":          {true, []string{"01", "10"}, 2},
		"one, not named":      {false, []string{"03"}, 6},
		"all, named":          {true, []string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10"}, 1},
		"neighbours, unnamed": {false, []string{"04", "05"}, 10},
		"the last, not named": {false, []string{"10"}, 6},
		"all, not named":      {false, []string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10"}, 29},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			url, requests := serve(t, refusing(tc.names, tc.bad...))
			batch := batchOf(sequence(10)...)
			want := make([]delivery.Verdict, 10)
			for i := range batch.Deliveries {
				d := &batch.Deliveries[i]
				d.Event.ReceivedAt = d.Event.ReceivedAt.Add(time.Duration(d.Event.ID) * time.Second)
				want[i] = delivery.Sent
				if slices.Contains(tc.bad, fmt.Sprintf("%02d", d.Event.ID)) {
					want[i] = delivery.Wrong
				}
			}
			got := verdicts(newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batch))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
			if n := len(requests()); n != tc.requests {
				t.Errorf("%d requests, want %d", n, tc.requests)
			}
		})
	}
}

// What is replayed is a message of its own, however soon it comes.
func TestSendTellsAReplayApart(t *testing.T) {
	url, requests := serve(t, answer(200, `{"id":"1"}`))
	first, again := batchOf(event.ID(7)), batchOf(event.ID(7))
	again.Deliveries[0].Attempts, again.Deliveries[0].Replayed = 1, 1
	sender := newBot(t, bot.Options{APIURL: url}).Channels()
	sender.Send(t.Context(), first)
	sender.Send(t.Context(), again)
	if got := requests(); got[0].body["nonce"] == got[1].body["nonce"] {
		t.Error("Discord would take the replay for the first message")
	}
}
