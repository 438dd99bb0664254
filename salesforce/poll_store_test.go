package salesforce_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// bystander is a store that something else happens to.
type bystander struct {
	salesforce.PollStore
	polled func(sourceID string, found salesforce.Polled) (salesforce.Polled, error) // nil: nothing
	step   func(salesforce.PollStep)
}

func (s *bystander) Polled(ctx context.Context, sourceID string) (salesforce.Polled, error) {
	found, err := s.PollStore.Polled(ctx, sourceID)
	if err == nil && s.polled != nil {
		return s.polled(sourceID, found)
	}
	return found, err
}

func (s *bystander) SavePollStep(ctx context.Context, step salesforce.PollStep) error {
	if s.step != nil {
		s.step(step)
	}
	return s.PollStore.SavePollStep(ctx, step)
}

// TestPollsAreTakenUpBesideADamagedOne has one that cannot be read.
func TestPollsAreTakenUpBesideADamagedOne(t *testing.T) {
	b := openBeat(t)
	damaged := b.source
	b.authorize()
	b.start()
	b.source = b.connect("Later", event.Production)
	b.authorize()
	b.wanted.SourceID = b.source.ID
	b.start()
	if err := b.db.SavePollStep(t.Context(), pendingStep(t, b)); err != nil { // so that it is due at once
		t.Fatal(err)
	}
	came := make(chan struct{}, 1)
	b.accept = func(ctx context.Context, events []event.Event) ([]event.ID, error) {
		came <- struct{}{}
		return b.inbox.accept(ctx, events)
	}
	b.store = &bystander{PollStore: b.db, polled: func(sourceID string, found salesforce.Polled) (salesforce.Polled, error) {
		if sourceID == damaged.ID {
			return found, errors.New("cannot be opened")
		}
		return found, nil
	}}
	b.restart()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.poller.Run(ctx) }()
	select {
	case <-came:
	case <-time.After(10 * time.Second):
		t.Error("the other one is not polled")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestPollStoppedWhileItMoves has a poll be stopped when a round has just found that it is of another org.
func TestPollStoppedWhileItMoves(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	c := b.connection()
	c.OrgID = "00D5g00000OtherEAB"
	if err := b.db.SaveConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	b.store = &bystander{PollStore: b.db, polled: func(sourceID string, found salesforce.Polled) (salesforce.Polled, error) {
		return found, b.db.StopPoll(t.Context(), guild, sourceID)
	}}
	b.restart()
	b.visit()
	if all, err := b.db.Polling(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("polled again: %q, %v", all, err)
	}
}

// TestPollBaselineIsWrittenInSteps has an import change many records just before.
func TestPollBaselineIsWrittenInSteps(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.tables.SetMost(300)
	for range 5 * event.MaxBatch {
		b.tables.Insert("Opportunity", map[string]any{"Name": "Deal"})
	}
	seen, most := 0, 0
	b.store = &bystander{PollStore: b.db, step: func(s salesforce.PollStep) {
		seen, most = seen+len(s.Seen), max(most, len(s.Seen))
	}}
	b.restart()
	b.start()
	if seen != 5*event.MaxBatch || most > event.MaxBatch {
		t.Errorf("%d records were written down, %d at a time", seen, most)
	}
	b.visit()
	b.wantTold()
}

// TestPollOfAnOrgThatTurnsInCircles ends, though the org always has the same page, and more behind it.
func TestPollOfAnOrgThatTurnsInCircles(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/query") {
			return false
		}
		orgtest.Answer(w, http.StatusOK, map[string]any{"done": false, "records": []map[string]any{
			{"Id": "006000000000001AAA", "SystemModstamp": "2026-01-01T00:00:00.000+0000", "Name": "Deal"},
		}})
		return true
	})
	b.visit()
	if s := b.status(); len(s.Reads) != 1 || s.Reads[0].Trouble == nil || s.Reads[0].Trouble.Kind != salesforce.PollSilent {
		t.Errorf("status %+v", s)
	}
}
