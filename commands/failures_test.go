package commands_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// What an endpoint does wrong is not put down to Discord.
func TestStatusOfAnEndpoint(t *testing.T) {
	tests := map[string]struct {
		status    int
		written   string
		state     delivery.State
		pause     string
		why, next string
	}{
		"refused":   {422, "answer is 422", delivery.Abandoned, "", "It answered with status 422.", "I gave up on this event after one attempt. Others are not affected."},
		"no answer": {0, "connect: timed *out*", delivery.Pending, "pause.failing", `It gave no answer: connect: timed \*out\*`, "It waits until the destination is resumed."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := connect(t, db, "Acme", event.AuthNone)
			crm := endpoint(t, db, "CRM_1", s)
			id := accept(t, db, s, "Case.created")[0]
			err := db.Finish(t.Context(), delivery.Progress{DestinationID: crm.ID, Failures: 1, Pause: tc.pause, Results: []delivery.Result{{
				EventID: id, SourceID: s.ID, Attempt: 1, State: tc.state, At: time.Now(), Status: tc.status, Error: tc.written,
			}}})
			if err != nil {
				t.Fatal(err)
			}
			failure := func() []string {
				t.Helper()
				_, _, fields := b.slash("salesforce", "status").embed(t)
				return strings.Split(stamps.ReplaceAllString(fields[len(fields)-1], "<t:0:R>"), "\n")
			}
			want := []string{`Last failure: Case.created to CRM\_1, <t:0:R>`, tc.why, tc.next}
			if diff := cmp.Diff(want, failure()); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
			if _, verdict, _ := b.slash("salesforce", "status").embed(t); strings.Contains(verdict, `CRM\_1`) != (tc.pause != "") {
				t.Errorf("verdict = %q", verdict)
			}
			if err := db.DeleteDestination(t.Context(), guildID, crm.ID); err != nil {
				t.Fatal(err)
			}
			if got := failure()[0]; got != "Last failure: Case.created to a destination that was removed, <t:0:R>" {
				t.Errorf("once it was deleted: %q", got)
			}
		})
	}
}
