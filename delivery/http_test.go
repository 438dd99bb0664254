package delivery_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

const (
	untried, sent, later, wrong, paused, gone = delivery.Untried, delivery.Sent, delivery.Later, delivery.Wrong, delivery.Pause, delivery.Gone
)

// Where order is kept, one request follows the other, and none the first that has to be tried again.
func TestSendsInOrder(t *testing.T) {
	tests := map[string]struct {
		statuses []int
		want     []delivery.Verdict
		received []string
	}{
		"all are taken":       {[]int{200, 202, 299}, []delivery.Verdict{sent, sent, sent}, []string{"1", "2", "3"}},
		"one fails":           {[]int{200, 500, 200}, []delivery.Verdict{sent, later, untried}, []string{"1", "2"}},
		"one is too large":    {[]int{200, 413, 200}, []delivery.Verdict{sent, wrong, sent}, []string{"1", "2", "3"}},
		"the endpoint leaves": {[]int{410, 200, 200}, []delivery.Verdict{gone, untried, untried}, []string{"1"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, try int) {
					<-time.After(time.Second)
					w.WriteHeader(tc.statuses[try-1])
				})
				outcomes := s.Send(t.Context(), calls(delivery.Endpoint{}, 3))
				if diff := cmp.Diff(tc.want, verdicts(outcomes)) + cmp.Diff(tc.received, got.received()); diff != "" {
					t.Error(diff)
				}
				if got.most != 1 || outcomes[0].Latency != time.Second {
					t.Errorf("%d at once, latency %v", got.most, outcomes[0].Latency)
				}
			})
		})
	}
}

// Where order is off, a few requests are under way at once, and only what concerns all of them ends the turn.
func TestSendsAtOnceWithoutOrder(t *testing.T) {
	tenLater := slices.Repeat([]delivery.Verdict{later}, 10)
	tests := map[string]struct {
		early  string // the body that is answered before all others
		answer func(w http.ResponseWriter, body string)
		want   []delivery.Verdict
	}{
		"one fails": {"2", func(w http.ResponseWriter, body string) {
			if body == "2" {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}, []delivery.Verdict{sent, later, sent, sent, sent, sent, sent, sent, sent, sent}},
		"all fail": {"1", func(w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusBadGateway) }, tenLater},
		"it asks to wait": {"1", func(w http.ResponseWriter, body string) {
			if body == "1" {
				w.Header().Set("Retry-After", "9")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, []delivery.Verdict{later, sent, sent, sent, sent, untried, untried, untried, untried, untried}},
		"it is gone": {"3", func(w http.ResponseWriter, body string) {
			if body == "3" {
				w.WriteHeader(http.StatusGone)
			}
		}, []delivery.Verdict{sent, sent, gone, sent, sent, untried, untried, untried, untried, untried}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, body string, _ int) {
					if <-time.After(time.Millisecond); body != tc.early {
						<-time.After(time.Second)
					}
					tc.answer(w, body)
				})
				outcomes := s.Send(t.Context(), calls(delivery.Endpoint{Unordered: true}, 10))
				if diff := cmp.Diff(tc.want, verdicts(outcomes)); diff != "" {
					t.Error(diff)
				}
				if got.most != 5 {
					t.Errorf("%d at once, want 5", got.most)
				}
			})
		})
	}
}

// A turn begins nothing behind its end, nor behind that of its context; what is in flight is let finish.
func TestTurnEnds(t *testing.T) {
	tests := map[string]struct {
		unordered bool
		within    time.Duration // the process ends
		want      []delivery.Verdict
	}{
		"after a minute":        {false, time.Hour, []delivery.Verdict{sent, sent, sent, sent, sent, untried, untried}},
		"when we stop":          {false, time.Second, []delivery.Verdict{sent, untried, untried, untried, untried, untried, untried}},
		"when we stop, at once": {true, time.Second, []delivery.Verdict{sent, sent, sent, sent, sent, untried, untried}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				receive(t, s, func(http.ResponseWriter, *http.Request, string, int) { <-time.After(14 * time.Second) })
				ctx, cancel := context.WithTimeout(t.Context(), tc.within)
				defer cancel()
				got := s.Send(ctx, calls(delivery.Endpoint{Unordered: tc.unordered}, 7))
				if diff := cmp.Diff(tc.want, verdicts(got)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// An endpoint that is too slow costs its time-out and no more; a status that came in time counts, whatever its body does.
func TestTimeOut(t *testing.T) {
	tests := map[string]struct {
		answer   func(w http.ResponseWriter, r *http.Request)
		want     delivery.Verdict
		response string
	}{
		"nothing comes": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, later, ""},
		"a body that does not end": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("so far"))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, sent, "so far"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				receive(t, s, func(w http.ResponseWriter, r *http.Request, _ string, _ int) { tc.answer(w, r) })
				got := s.Send(t.Context(), calls(delivery.Endpoint{}, 1))[0]
				if got.Verdict != tc.want || got.Latency != 15*time.Second || got.Response != tc.response {
					t.Errorf("outcome %+v", got)
				}
				if tc.want == later && got.Err.Error() != "no answer in time" {
					t.Errorf("error %v", got.Err)
				}
			})
		})
	}
}

// Whoever switches to another protocol gets no more time for it than anybody.
func TestOtherProtocolIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		hung := make(chan error, 1)
		receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n")
			_, err = connection.Read(make([]byte, 1))
			hung <- err
		})
		got := s.Send(t.Context(), calls(delivery.Endpoint{}, 1))[0]
		if got.Verdict != later || got.Status != 101 || got.Response != "" || <-hung == nil {
			t.Errorf("outcome %+v", got)
		}
	})
}

func TestKeepsTheBeginningOfAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		written := make(chan int, 1)
		receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
			total := 0
			for {
				n, err := fmt.Fprint(w, strings.Repeat("é", 32<<10), "\xff")
				if total += n; err != nil {
					written <- total
					return
				}
			}
		})
		got := s.Send(t.Context(), calls(delivery.Endpoint{}, 1))[0]
		if want := strings.Repeat("é", delivery.MaxResponse/2); got.Verdict != sent || got.Response != want {
			t.Errorf("verdict %v, %d bytes", got.Verdict, len(got.Response))
		}
		if total := <-written; total > 128<<10 {
			t.Errorf("%d bytes could be written before we hung up", total)
		}
	})
}

func TestAnswersAreKeptAsText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
			_, _ = w.Write([]byte("no \xff\xfe text"))
		})
		if got := s.Send(t.Context(), calls(delivery.Endpoint{}, 1))[0]; got.Response != "no \uFFFD text" {
			t.Errorf("kept %q", got.Response)
		}
	})
}

// A receiver that closes its connections while they are idle costs nobody an attempt.
func TestConnectionsThatWereClosedCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, try int) {
			if try == 2 { // the second request finds the connection of the first closed, when it is on its way
				connection, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_ = connection.Close()
			}
		})
		outcomes := s.Send(t.Context(), calls(delivery.Endpoint{}, 2))
		if diff := cmp.Diff([]delivery.Verdict{sent, sent}, verdicts(outcomes)) + cmp.Diff([]string{"1", "2", "2"}, got.received()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestURLThatCannotBeCalledPauses(t *testing.T) {
	s := newHTTPSender(nil)
	batch := calls(delivery.Endpoint{URL: "ftp://erp.example"}, 2)
	if got := s.Send(t.Context(), batch); got[0].Verdict != paused || got[0].Reason != "endpoint.scheme" || got[0].Err == nil || got[1].Verdict != untried {
		t.Errorf("outcomes %+v", got)
	}
	batch.Destination.Endpoint = nil
	if got := s.Send(t.Context(), batch)[0]; got.Verdict != paused || got.Reason != "endpoint.scheme" {
		t.Errorf("without an endpoint: %+v", got)
	}
	if got := s.Ping(t.Context(), batch.Destination); got.Verdict != paused || got.Reason != "endpoint.scheme" {
		t.Errorf("ping: %+v", got)
	}
}
