package delivery_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

// What a link's transform makes of the event is what is sent; what it fails on is not sent at all.
func TestTransformReshapesWhatIsSent(t *testing.T) {
	const body = `{"amount": 1.50, "secret": "hush"}`
	tests := map[string]struct {
		program string // "": the link has none
		want    string // "": nothing is sent
		err     string
	}{
		"none":               {``, body, ``},
		"one":                {`{total: .amount}`, `{"total":1.50}`, ``},
		"fails":              {`.amount | keys`, ``, `transform by "totals": `},
		"gives nothing":      {`empty`, ``, `transform by "totals": the program gives nothing`},
		"is wrong in itself": {`{total: `, ``, `transform by "totals": `},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				look := delivery.Look{Template: &delivery.Template{ID: "x", Text: []byte(`{"content":"never"}`), Version: 1}}
				if tc.program != "" {
					look.Transform = &delivery.Transform{ID: "x", Name: "totals", Program: tc.program, Version: 1}
				}
				s := newHTTPSender(looks{"link": look})
				got := receive(t, s, nil)
				batch := calls(delivery.Endpoint{}, 2)
				batch.Deliveries[0].LinkID, batch.Deliveries[0].Event.Body = "link", []byte(body)
				outcome := s.Send(t.Context(), batch)
				received, verdict := []string{tc.want, "2"}, sent
				if tc.want == "" {
					received, verdict = []string{"2"}, wrong
				}
				if diff := cmp.Diff(received, got.received()); diff != "" {
					t.Errorf("received (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]delivery.Verdict{verdict, sent}, verdicts(outcome)); diff != "" {
					t.Errorf("verdicts (-want +got):\n%s", diff)
				}
				if err := outcome[0].Err; (err != nil) != (tc.err != "") || err != nil && !strings.HasPrefix(err.Error(), tc.err) {
					t.Errorf("error %v, want %q", err, tc.err)
				}
			})
		})
	}
}

func TestTransformIsReadAgainWhenItChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		program := &delivery.Transform{ID: "x", Name: "totals", Program: `[1]`, Version: 1}
		s := newHTTPSender(looks{"": {Transform: program}})
		got := receive(t, s, nil)
		for _, change := range []delivery.Transform{
			{ID: "x", Program: `[1]`, Version: 1},
			{ID: "x", Program: `[2]`, Version: 1}, // which cannot be: it shows that the first is kept
			{ID: "x", Program: `[3]`, Version: 2},
			{ID: "y", Program: `[4]`, Version: 2},
		} {
			*program = change
			s.Send(t.Context(), calls(delivery.Endpoint{}, 1))
		}
		if diff := cmp.Diff([]string{"[1]", "[1]", "[3]", "[4]"}, got.received()); diff != "" {
			t.Errorf("received (-want +got):\n%s", diff)
		}
	})
}

// A program that is called off when we stop has not failed.
func TestStopIsNoFaultOfTheTransform(t *testing.T) {
	s := newHTTPSender(looks{"": {Transform: &delivery.Transform{ID: "x", Program: `[limit(5; repeat(1))]`, Version: 1}}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // whether it begins at all is a matter of luck
		if got := s.Send(ctx, calls(delivery.Endpoint{}, 1))[0]; got.Verdict != untried {
			t.Fatalf("outcome %+v", got)
		}
	}
}

// As long as nobody can say what a link does, nothing is sent, and nothing is lost.
func TestUnknownLookHoldsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(looks{})
		got := receive(t, s, nil)
		batch := calls(delivery.Endpoint{Unordered: true}, 2)
		batch.Deliveries[0].LinkID = "unknown"
		outcomes := s.Send(t.Context(), batch)
		if diff := cmp.Diff([]delivery.Verdict{untried, untried}, verdicts(outcomes)); diff != "" || outcomes[0].Err == nil || len(got.received()) > 0 {
			t.Errorf("%s%v, received %q", diff, outcomes[0].Err, got.received())
		}
	})
}
