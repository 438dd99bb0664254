package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/event"
)

// org is the target of a sender, with its books: it answers each call so, and keeps what it was told.
type org struct {
	answer event.Reply
	policy event.ReplyPolicy
	source string
	err    error // of the books
	refuse error // of accepting

	calls []string
	begun map[string]bool
	ended int
	told  []event.Event
	log   bytes.Buffer
}

func newOrg(answer event.Reply) *org {
	return &org{answer: answer, policy: event.ReplyAlways, source: "replies", begun: map[string]bool{}}
}

func (o *org) TargetByID(_ context.Context, id string) (event.Target, error) {
	return event.Target{ID: id, Name: "Acme", ReplyPolicy: o.policy}, o.err
}

func (o *org) BeginCall(_ context.Context, destinationID string, id event.ID, attempt int) (bool, error) {
	key := fmt.Sprint(destinationID, id, attempt)
	first := !o.begun[key]
	o.begun[key] = true
	return first, nil
}

func (o *org) EndCall(context.Context, string, event.ID) error {
	o.ended++
	clear(o.begun)
	return nil
}

func (o *org) ReplySource(context.Context, string) (string, error) { return o.source, nil }

func (o *org) Execute(ctx context.Context, of event.Target, typ string, data []byte) event.Reply {
	o.calls = append(o.calls, of.ID+" "+typ+" "+string(data))
	if err := ctx.Err(); err != nil {
		o.calls = append(o.calls, err.Error())
	}
	return o.answer
}

func (o *org) accept(_ context.Context, events []event.Event) ([]event.ID, error) {
	o.told = append(o.told, events...)
	return nil, o.refuse
}

func (o *org) sender(l looks) *delivery.TargetSender {
	log := logrus.New()
	log.SetOutput(&o.log)
	return delivery.NewTargetSender(delivery.TargetOptions{
		Looks: l, Books: o, Caller: o, Accept: o.accept, Policy: delivery.Policy{Attempts: 3}, Log: log,
	})
}

// asking is a batch for the org, of events with these bodies.
func asking(bodies ...string) delivery.Batch {
	batch := delivery.Batch{Destination: delivery.Destination{ID: "crm", Kind: delivery.KindSalesforce, TargetID: "acme"}}
	for i, body := range bodies {
		batch.Deliveries = append(batch.Deliveries, delivery.Delivery{
			Event: event.Event{ID: event.ID(i + 1), SourceID: "source", Type: "Case.created", Body: []byte(body)},
		})
	}
	return batch
}

const (
	posting = `{"action":"POST","resource":"sobjects","object":"account","payload":{"Name":"Jane Doe"}}`
	reading = `{"action":"get","resource":"limits"}`
)

func TestTargetVerdicts(t *testing.T) {
	why := errors.New("the org answered 400 X")
	created := event.Reply{
		Category: event.CategorySuccess, ContentType: "application/json;charset=UTF-8", Data: []byte(`{"id":"001"}`), Fate: event.CallDone, Status: 201,
	}
	failed := func(fate event.Fate, status int, after time.Duration) event.Reply {
		return event.Reply{
			Category: event.CategoryError, ContentType: "application/json", Data: []byte(`{"Code":"adapter-process"}`),
			Fate: fate, Status: status, RetryAfter: after, Err: why,
		}
	}
	tests := map[string]struct {
		body   string
		made   int // attempts before
		answer event.Reply
		want   delivery.Outcome
		again  bool // it may be begun again
		told   bool
	}{
		"done": {posting, 0, created, delivery.Outcome{Verdict: delivery.Sent, Status: 201, Response: `{"id":"001"}`}, false, true},
		"refused": {
			posting, 0, failed(event.CallRefused, 400, 0),
			delivery.Outcome{Verdict: delivery.Wrong, Status: 400, Response: `{"Code":"adapter-process"}`, Err: why},
			false, true,
		},
		"later, who knows when": {
			posting, 1, failed(event.CallLater, 0, 0),
			delivery.Outcome{Verdict: delivery.Later, Response: `{"Code":"adapter-process"}`, Err: why},
			true, false,
		},
		"later, by the limit": {
			posting, 0, failed(event.CallLater, 403, time.Hour),
			delivery.Outcome{Verdict: delivery.Later, After: time.Hour, Status: 403, Response: `{"Code":"adapter-process"}`, Err: why},
			true, false,
		},
		"later, for the last time": {
			posting, 2, failed(event.CallLater, 503, 0),
			delivery.Outcome{Verdict: delivery.Later, Status: 503, Response: `{"Code":"adapter-process"}`, Err: why},
			true, true,
		},
		"lost": {
			posting, 0, failed(event.CallLost, 0, 0),
			delivery.Outcome{
				Verdict: delivery.Wrong, Response: `{"Code":"adapter-process"}`,
				Err: fmt.Errorf("%w; nobody knows whether the org has done it, so it is not asked again", why),
			},
			false, true,
		},
		"not let in": {
			posting, 0, failed(event.CallShut, 401, 0),
			delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.target_shut", Status: 401, Response: `{"Code":"adapter-process"}`, Err: why},
			true, false,
		},
		"reading, later": {
			reading, 0, failed(event.CallLater, 500, 0),
			delivery.Outcome{Verdict: delivery.Later, Status: 500, Response: `{"Code":"adapter-process"}`, Err: why},
			false, false,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOrg(tc.answer)
			batch := asking(tc.body)
			batch.Deliveries[0].Attempts = tc.made
			got := o.sender(nil).Send(t.Context(), batch)[0]
			got.Latency = 0
			if diff := cmp.Diff(tc.want, got, cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"acme " + event.APICall + " " + tc.body}, o.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if begun := len(o.begun) > 0 || o.ended > 0; (o.ended > 0) != tc.again || begun != (tc.body == posting) || (len(o.told) > 0) != tc.told {
				t.Errorf("begun %v, ended %d times, told %+v", begun, o.ended, o.told)
			}
		})
	}
}

// A process that ends in the middle of a call leaves nobody who knows what became of it.
func TestTargetCallIsNotRepeatedAfterACrash(t *testing.T) {
	o := newOrg(event.Reply{Category: event.CategorySuccess, Fate: event.CallDone})
	for range 2 {
		o.sender(nil).Send(t.Context(), asking(posting)) // nobody writes down the outcome of the first
	}
	if len(o.calls) != 1 || len(o.told) != 2 || o.told[0].IdempotencyKey != o.told[1].IdempotencyKey {
		t.Errorf("%d calls, told %+v", len(o.calls), o.told)
	}
	got := o.sender(nil).Send(t.Context(), asking(posting))[0]
	const want = "the process ended in the middle of the call; nobody knows whether the org has done it, so it is not asked again"
	if got.Verdict != delivery.Wrong || fmt.Sprint(got.Err) != want {
		t.Errorf("outcome %+v", got)
	}
	for range 2 {
		o.sender(nil).Send(t.Context(), asking(reading))
	}
	if len(o.calls) != 3 {
		t.Errorf("%d calls", len(o.calls))
	}
}

func TestTargetCallIsWhatTheTransformMakes(t *testing.T) {
	l := looks{
		"calling": {Transform: &delivery.Transform{ID: "1", Name: "calling", Version: 1, Program: `{action: "POST", resource: "sobjects", object: "Task", payload: {Subject: .subject}}`}},
		"broken":  {Transform: &delivery.Transform{ID: "2", Name: "broken", Version: 1, Program: `error("no subject")`}},
	}
	o := newOrg(event.Reply{Category: event.CategorySuccess, Fate: event.CallDone})
	batch := asking(`{"subject":"Call back"}`, `{}`, posting)
	batch.Deliveries[0].LinkID, batch.Deliveries[1].LinkID = "calling", "broken"
	got := o.sender(l).Send(t.Context(), batch)
	if diff := cmp.Diff([]delivery.Verdict{delivery.Sent, delivery.Wrong, delivery.Sent}, verdicts(got)); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	if err := fmt.Sprint(got[1].Err); !strings.HasPrefix(err, `transform by "broken": `) || !strings.Contains(err, "no subject") {
		t.Errorf("error %s", err)
	}
	want := []string{
		`acme ` + event.APICall + ` {"action":"POST","object":"Task","payload":{"Subject":"Call back"},"resource":"sobjects"}`,
		`acme ` + event.APICall + ` ` + posting,
	}
	if diff := cmp.Diff(want, o.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if len(o.told) != 3 || !bytes.Contains(o.told[1].Body, []byte(`"Code":"request-parsing"`)) {
		t.Errorf("told %+v", o.told)
	}
}

func TestTargetReplyIsAnEvent(t *testing.T) {
	tests := map[string]struct {
		answer event.Reply
		hops   string
		want   string // of the body
		hopped string
	}{
		"success": {
			event.Reply{Category: event.CategorySuccess, ContentType: "application/json", Data: []byte(`{"id":"001"}`), Fate: event.CallDone},
			"",
			`"category":"success","target":"Acme","call":"POST sobjects/account","cause":"%s","datacontenttype":"application/json","data":{"id":"001"}}`, "1",
		},
		"no content": {
			event.Reply{Category: event.CategorySuccess, Fate: event.CallDone},
			`{"x-dispatch-hops":"2"}`,
			`"category":"success","target":"Acme","call":"POST sobjects/account","cause":"%s"}`, "3",
		},
		"no JSON": {
			event.Reply{Category: event.CategorySuccess, ContentType: "text/csv", Data: []byte("a,b"), Fate: event.CallDone},
			"",
			`"category":"success","target":"Acme","call":"POST sobjects/account","cause":"%s","datacontenttype":"text/csv","data_base64":"YSxi"}`, "1",
		},
		"too much": {
			event.Reply{Category: event.CategorySuccess, Data: []byte(`"` + strings.Repeat("x", 1<<20) + `"`), Fate: event.CallDone},
			"",
			`"category":"success","target":"Acme","call":"POST sobjects/account","cause":"%s","omittedbytes":1048578}`, "1",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOrg(tc.answer)
			batch := asking(posting)
			batch.Deliveries[0].Event.Headers = json.RawMessage(tc.hops)
			o.sender(nil).Send(t.Context(), batch)
			if len(o.told) != 1 {
				t.Fatalf("told %+v; logged %s", o.told, &o.log)
			}
			e, cause := o.told[0], event.ID(1).String()
			if e.Type != "io.triggermesh.salesforce.apicall.response" || e.SourceID != "replies" || e.IdempotencyKey != cause+"/crm/1" {
				t.Errorf("told %+v", e)
			}
			if want := fmt.Sprintf(tc.want, cause); !strings.HasSuffix(string(e.Body), want) || !strings.HasPrefix(string(e.Body), `{"specversion":"1.0","id":"`+e.IdempotencyKey+`"`) {
				t.Errorf("body %s, want …%s", e.Body, want)
			}
			if want := `{"x-dispatch-hops":"` + tc.hopped + `"}`; string(e.Headers) != want {
				t.Errorf("headers %s, want %s", e.Headers, want)
			}
		})
	}
}

// Whatever leads replies back to a target comes to an end.
func TestTargetCirclesEnd(t *testing.T) {
	o := newOrg(event.Reply{Category: event.CategorySuccess, Fate: event.CallDone})
	batch := asking(posting)
	for calls := 1; ; calls++ {
		got := o.sender(nil).Send(t.Context(), batch)[0]
		if len(o.told) < calls {
			if calls != 4 || got.Verdict != delivery.Wrong || len(o.calls) != 3 {
				t.Errorf("%d calls, then %+v", len(o.calls), got)
			}
			return
		}
		batch.Deliveries[0].Event = o.told[calls-1]
		batch.Deliveries[0].Event.ID, batch.Deliveries[0].Event.Body = event.ID(calls+1), []byte(posting)
	}
}

func TestTargetTellsWhatItsPolicyWants(t *testing.T) {
	tests := map[string]struct {
		policy event.ReplyPolicy
		source string
		want   int // of one success and one error
	}{
		"always": {event.ReplyAlways, "replies", 2}, "error": {event.ReplyError, "replies", 1}, "never": {event.ReplyNever, "replies", 0},
		"nobody wants them": {event.ReplyAlways, "", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOrg(event.Reply{})
			o.policy, o.source = tc.policy, tc.source
			for i, reply := range []event.Reply{
				{Category: event.CategorySuccess, Fate: event.CallDone},
				{Category: event.CategoryError, Fate: event.CallRefused, Err: errScripted},
			} {
				o.answer = reply
				batch := asking(posting)
				batch.Deliveries[0].Event.ID = event.ID(i + 1)
				o.sender(nil).Send(t.Context(), batch)
			}
			if len(o.told) != tc.want {
				t.Errorf("told %+v", o.told)
			}
		})
	}
}

// What cannot be told is no reason to call again.
func TestTargetReplyThatIsNotAccepted(t *testing.T) {
	for name, tc := range map[string]struct {
		err    error
		logged string
	}{
		"accepted before": {&event.DuplicateError{First: 7}, ""}, "no room": {errScripted, errScripted.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrg(event.Reply{Category: event.CategorySuccess, Fate: event.CallDone})
			o.refuse = fmt.Errorf("append events: %w", tc.err)
			if got := o.sender(nil).Send(t.Context(), asking(posting))[0]; got.Verdict != delivery.Sent {
				t.Errorf("outcome %+v", got)
			}
			if logged := o.log.String(); (logged == "") != (tc.logged == "") || !strings.Contains(logged, tc.logged) {
				t.Errorf("logged %q", logged)
			}
		})
	}
}

func TestTargetStopsWhereItIsHeldUp(t *testing.T) {
	untried := []delivery.Verdict{delivery.Untried, delivery.Untried}
	tests := map[string]struct {
		arrange func(*org, *delivery.Batch)
		want    []delivery.Verdict
	}{
		"by the org":       {func(o *org, _ *delivery.Batch) { o.answer.Fate = event.CallLater }, []delivery.Verdict{delivery.Later, delivery.Untried}},
		"by its user":      {func(o *org, _ *delivery.Batch) { o.answer.Fate = event.CallShut }, []delivery.Verdict{delivery.Pause, delivery.Untried}},
		"by nothing":       {func(o *org, _ *delivery.Batch) { o.answer.Fate = event.CallRefused }, []delivery.Verdict{delivery.Wrong, delivery.Wrong}},
		"by the books":     {func(o *org, _ *delivery.Batch) { o.err = errScripted }, untried},
		"by unknown looks": {func(_ *org, b *delivery.Batch) { b.Deliveries[0].LinkID = "unknown" }, untried},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOrg(event.Reply{Category: event.CategoryError, Err: errScripted})
			batch := asking(posting, posting)
			tc.arrange(o, &batch)
			if diff := cmp.Diff(tc.want, verdicts(o.sender(nil).Send(t.Context(), batch))); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
		})
	}
	o := newOrg(event.Reply{Category: event.CategorySuccess, Fate: event.CallDone})
	ended, end := context.WithCancel(t.Context())
	end()
	if got := verdicts(o.sender(nil).Send(ended, asking(posting, posting))); !cmp.Equal(untried, got) || len(o.calls) > 0 {
		t.Errorf("when it is over: %v, %v", got, o.calls)
	}
}
