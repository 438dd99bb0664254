package delivery_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// callbackTo is an instance's callback, and what one delivery there is made of.
func callbackTo(keepNulls bool, key, typ, body string) delivery.Batch {
	at := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	return delivery.Batch{
		Destination: delivery.Destination{ID: "1", Kind: delivery.KindWebhook, Endpoint: &delivery.Endpoint{
			URL: "https://mycoolapp.com", Secret: event.SigningKey{Secret: []byte(key)}, Unordered: true,
			Callback: &delivery.Callback{InstanceID: "f00d", InstanceName: "mySFDCInstance", KeepNulls: keepNulls},
		}},
		Deliveries: []delivery.Delivery{{Event: event.Event{ID: event.FirstID(at), Type: typ, ReceivedAt: at, Body: []byte(body)}}},
	}
}

func TestCallbackBody(t *testing.T) {
	const record = `{"attributes":{"type":"Account"}, "Id":"001","Name":"Acme & Söhne","AnnualRevenue":1000000000000000000001,"Fax":null,` +
		`"Parent":{"Name":null,"Tags":[null,1]},"SystemModstamp":"2026-03-31T13:30:05.000+0200"}`
	tests := map[string]struct {
		typ, body string
		keepNulls bool
		want      string // behind the instance's name
	}{
		"without nulls": {
			"Account.updated", `{"event_type":"Account.updated","record":` + record + `,"old":{"Name":"Acme"}}`, false,
			`"events":[{"date":"2026-03-31T11:30:05Z","elementKey":"sfdc","eventType":"UPDATED","objectId":"001","objectType":"Account"}],` +
				`"raw":{"attributes":{"type":"Account"},"Id":"001","Name":"Acme & Söhne","AnnualRevenue":1000000000000000000001,` +
				`"Parent":{"Tags":[null,1]},"SystemModstamp":"2026-03-31T13:30:05.000+0200"}}}`,
		},
		"with nulls": {
			"Account.created", `{"record":{"Id":"001", "Fax":null}}`, true,
			`"events":[{"date":"2026-03-31T12:00:00Z","elementKey":"sfdc","eventType":"CREATED","objectId":"001","objectType":"Account"}],` +
				`"raw":{"Id":"001", "Fax":null}}}`,
		},
		"derived": {
			"Case.escalated", `{"record":{"Id":"500"}}`, false,
			`"events":[{"date":"2026-03-31T12:00:00Z","elementKey":"sfdc","eventType":"UPDATED","objectId":"500","objectType":"Case"}],"raw":{"Id":"500"}}}`,
		},
		"deleted": {
			"Invoice__c.deleted", `{"record":{"Id":"a00","LastModifiedDate":"2026-03-31T10:00:00Z"}}`, false,
			`"events":[{"date":"2026-03-31T10:00:00Z","elementKey":"sfdc","eventType":"DELETED","objectId":"a00","objectType":"Invoice__c"}],` +
				`"raw":{"Id":"a00","LastModifiedDate":"2026-03-31T10:00:00Z"}}}`,
		},
		"no record": {
			"ping", `{"zen":"<3","none":null}`, false,
			`"events":[{"date":"2026-03-31T12:00:00Z","elementKey":"sfdc","eventType":"UPDATED","objectId":"","objectType":""}],"raw":{"zen":"<3"}}}`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			header, body := told(t, callbackTo(tc.keepNulls, "12345", tc.typ, tc.body))
			id := event.FirstID(time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)).String()
			want := `{"message":{"eventId":"` + id + `","instance_id":"f00d","instanceName":"mySFDCInstance","elementKey":"sfdc",` + tc.want
			if diff := cmp.Diff(want, body); diff != "" {
				t.Error("-want +got:", diff)
			}
			mac := hmac.New(sha256.New, []byte("12345"))
			_, _ = io.WriteString(mac, body)
			signed := "sha256=" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
			if got := header.Get("Elements-Webhook-Signature"); got != signed || header.Get("webhook-signature") != "" {
				t.Errorf("signature %q, want %q; header %v", got, signed, header)
			}
		})
	}
}

func TestCallbackWithoutKeyIsNotSigned(t *testing.T) {
	header, _ := told(t, callbackTo(false, "", "Account.updated", `{"record":{}}`))
	if _, signed := header["Elements-Webhook-Signature"]; signed {
		t.Errorf("header %v", header)
	}
}

// told is what the endpoint of the batch gets.
func told(t *testing.T, batch delivery.Batch) (header http.Header, body string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		receive(t, s, func(_ http.ResponseWriter, r *http.Request, got string, _ int) { header, body = r.Header, got })
		batch.Destination.Endpoint.URL = "http://mycoolapp.example"
		if got := s.Send(t.Context(), batch); got[0].Verdict != sent {
			t.Fatalf("sent: %+v", got[0])
		}
	})
	return header, body
}

// The plan is the document's: nine retries after 2^(2x) seconds, then the subscription ends. Neither our number of attempts
// nor our backoff has a say.
func TestCallbackPlan(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	hasty := delivery.Policy{Attempts: 1, Backoff: time.Millisecond, BackoffMax: time.Second}
	failed := delivery.Outcome{Verdict: later, Status: 500, Err: errors.New("broken")}
	seconds := []int{4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144}
	for made := range 10 {
		batch := callbackTo(false, "", "Account.updated", "{}")
		batch.Deliveries[0].Attempts, batch.Deliveries[0].Replayed = made+3, 3
		got := hasty.Judge(batch, []delivery.Outcome{failed}, now, 1)
		want := delivery.Progress{DestinationID: "1", Failures: 1, Results: []delivery.Result{{
			EventID: batch.Deliveries[0].Event.ID, Attempt: made + 4, State: delivery.Pending, At: now, Status: 500, Error: "broken",
		}}}
		if made < 9 {
			want.Results[0].DueAt = now.Add(time.Duration(seconds[made]) * time.Second)
		} else {
			want.Results[0].State, want.Pause = delivery.Abandoned, "pause.callback"
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d attempts, -want +got:\n%s", made+1, diff)
		}
	}
}

func TestCallbackPlanOfSeveral(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	p := delivery.Policy{Attempts: 7, Backoff: time.Second, BackoffMax: time.Hour}
	broken := errors.New("broken")
	batch := callbackTo(false, "", "Account.updated", "{}")
	one := batch.Deliveries[0]
	batch.Failing = now.Add(-30 * 24 * time.Hour)
	batch.Deliveries = []delivery.Delivery{one, one, one, one, one}
	got := p.Judge(batch, []delivery.Outcome{
		{Verdict: later, Err: broken}, {Verdict: sent}, {Verdict: wrong, Err: broken}, {Verdict: later, After: time.Minute, Err: broken}, {Verdict: untried},
	}, now, 0)
	var states []delivery.State
	var due []time.Duration
	for _, r := range got.Results {
		states = append(states, r.State)
		if !r.DueAt.IsZero() {
			due = append(due, r.DueAt.Sub(now))
		}
	}
	wantStates := []delivery.State{delivery.Pending, delivery.Delivered, delivery.Abandoned, delivery.Pending}
	wantDue := []time.Duration{4 * time.Second, time.Minute}
	if diff := cmp.Diff(wantStates, states) + cmp.Diff(wantDue, due); diff != "" || got.Pause != "" || got.Failures != 0 || !got.DueAt.Equal(now.Add(time.Minute)) {
		t.Errorf("%s\n%+v", diff, got)
	}
	gone := p.Judge(callbackTo(false, "", "Account.updated", "{}"), []delivery.Outcome{{Verdict: delivery.Gone, Reason: "pause.gone", Err: broken}}, now, 0)
	if gone.Pause != "pause.gone" || gone.Results[0].State != delivery.Abandoned {
		t.Errorf("gone: %+v", gone)
	}
}
