package delivery_test

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// forwarding is an outbox whose only source leads to the endpoint, and the destination.
func forwarding(t *testing.T, s *delivery.HTTPSender, to delivery.Endpoint) (*outbox, delivery.Destination) {
	t.Helper()
	o := openFor(t, delivery.KindWebhook, s)
	source, err := o.db.Connect(t.Context(), event.Source{GuildID: "1", Name: "orders", Kind: event.SourceWebhook, Auth: event.AuthNone}, "")
	if err != nil {
		t.Fatal(err)
	}
	o.source["orders"] = source
	to.URL, to.Secret = "http://erp.example/hook", event.SigningKey{Secret: []byte("plain")}
	d, err := o.db.CreateDestination(t.Context(), delivery.Destination{
		GuildID: "1", Kind: delivery.KindWebhook, Name: "ERP", Endpoint: &to,
	}, delivery.Link{SourceID: source.ID})
	if err != nil {
		t.Fatal(err)
	}
	return o, d
}

// forward accepts one event for each body.
func (o *outbox) forward(bodies ...string) []event.ID {
	o.t.Helper()
	var ids []event.ID
	for _, body := range bodies {
		got, err := o.inbox.Accept(o.t.Context(), []event.Event{{
			SourceID: o.source["orders"].ID, Type: "order.paid", ReceivedAt: time.Now(), Body: []byte(body),
		}})
		if err != nil {
			o.t.Fatal(err)
		}
		ids = append(ids, got...)
	}
	return ids
}

// within says whether the time lies between those.
func within(at, least, most time.Duration) bool { return at >= least && at <= most }

// An event is tried again, ever later, until it is taken or given up; in order, what is behind it waits.
func TestFailuresWalkThroughTheirRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(looks(nil))
		got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, body string, _ int) {
			if body == "1" {
				w.WriteHeader(http.StatusInternalServerError)
				_, _ = io.WriteString(w, "no stock")
			}
		})
		o, _ := forwarding(t, s, delivery.Endpoint{})
		ids := o.forward("1", "2")
		after(time.Hour)
		if diff := cmp.Diff([]string{"1", "1", "1", "2"}, got.received()); diff != "" {
			t.Fatalf("received (-want +got):\n%s", diff)
		}
		first, second := got.at[1]-got.at[0], got.at[2]-got.at[1]
		if !within(first, 5*time.Second, 10*time.Second) || !within(second, 10*time.Second, 20*time.Second) {
			t.Errorf("tried again after %v and %v", first, second)
		}
		failed, taken := o.result(ids[0]), o.result(ids[1])
		if failed.State != delivery.Abandoned || failed.Attempt != 3 || failed.Status != 500 || failed.Response != "no stock" || failed.Error != "answer is 500 Internal Server Error" {
			t.Errorf("the first: %+v", failed)
		}
		if taken.State != delivery.Delivered || taken.Attempt != 1 || taken.Error != "" {
			t.Errorf("the second: %+v", taken)
		}
		id := ids[0].String()
		if diff := cmp.Diff([]string{id, id, id, ids[1].String()}, got.ids); diff != "" {
			t.Errorf("webhook-id (-want +got):\n%s", diff)
		}
	})
}

func TestEndpointSaysWhenToTryAgain(t *testing.T) {
	tests := map[string]struct {
		retryAfter string
		want       time.Duration
	}{
		"in seconds":   {"31", 31 * time.Second},
		"for too long": {"86400", time.Minute},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(looks(nil))
				got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, try int) {
					if try == 1 {
						w.Header().Set("Retry-After", tc.retryAfter)
						w.WriteHeader(http.StatusServiceUnavailable)
					}
				})
				o, _ := forwarding(t, s, delivery.Endpoint{})
				id := o.forward("1")[0]
				after(time.Hour)
				if result := o.result(id); result.State != delivery.Delivered || got.at[1]-got.at[0] != tc.want {
					t.Errorf("%+v, tried at %v", result, got.at)
				}
			})
		})
	}
}

// An endpoint that is gone loses the event that it said so to, and no other: the rest waits until somebody resumes.
func TestEndpointIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(looks(nil))
		got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, try int) {
			if try == 1 {
				w.WriteHeader(http.StatusGone)
			}
		})
		o, d := forwarding(t, s, delivery.Endpoint{})
		ids := o.forward("1", "2")
		after(time.Hour)
		stopped, err := o.db.PausedDestinations(t.Context(), "1")
		if err != nil || len(stopped) != 1 || stopped[0].Paused != "pause.gone" {
			t.Fatalf("paused: %+v (%v)", stopped, err)
		}
		if lost, waits := o.result(ids[0]), o.result(ids[1]); lost.State != delivery.Abandoned || lost.Status != 410 || waits.State != delivery.Pending {
			t.Errorf("results %+v, %+v", lost, waits)
		}
		if err := o.db.Resume(t.Context(), "1", d.ID); err != nil {
			t.Fatal(err)
		}
		o.worker.Resume(d.ID)
		after(time.Minute)
		if diff := cmp.Diff([]string{"1", "2"}, got.received()); diff != "" {
			t.Errorf("received (-want +got):\n%s", diff)
		}
	})
}

// Where order is off, an event that fails has its retries to itself.
func TestFailuresHoldUpNobodyWithoutOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(looks(nil))
		got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, body string, _ int) {
			if body == "1" {
				w.WriteHeader(http.StatusBadGateway)
			}
		})
		o, _ := forwarding(t, s, delivery.Endpoint{Unordered: true})
		ids := o.forward("1", "2", "3")
		after(11 * time.Second) // it rests for a while when the first comes alone
		for _, id := range ids[1:] {
			if result := o.result(id); result.State != delivery.Delivered {
				t.Errorf("%+v", result)
			}
		}
		if first := o.result(ids[0]); first.State != delivery.Pending {
			t.Errorf("%+v", first)
		}
		after(time.Hour)
		if failed := o.result(ids[0]); failed.State != delivery.Abandoned || failed.Attempt != 3 || len(got.received()) != 5 {
			t.Errorf("%+v behind %q", failed, got.received())
		}
	})
}

// A replay is a message of its own, which keeps its id over its retries.
func TestReplayIsAnotherMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(looks(nil))
		got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, try int) {
			if try == 2 {
				w.WriteHeader(http.StatusBadGateway)
			}
		})
		o, _ := forwarding(t, s, delivery.Endpoint{})
		id := o.forward("1")[0]
		after(time.Minute)
		replayer := delivery.NewReplayer(delivery.NewRouter(o.db, nil), o.db, o.worker.Wake)
		if _, err := replayer.Replay(t.Context(), delivery.Selection{GuildID: "1", EventID: id}); err != nil {
			t.Fatal(err)
		}
		after(time.Minute)
		again := id.String() + "-1"
		if diff := cmp.Diff([]string{id.String(), again, again}, got.ids); diff != "" {
			t.Errorf("webhook-id (-want +got):\n%s", diff)
		}
	})
}
