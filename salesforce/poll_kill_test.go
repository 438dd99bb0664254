package salesforce_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/salesforce"
)

var errKilled = errors.New("killed")

// killer ends the process at a step, before or behind which something was written: nothing works until it starts again.
type killer struct {
	salesforce.PollStore
	inbox *inbox

	mu     sync.Mutex
	steps  int
	at     int // the step; 0: never
	dead   bool
	deaths int
}

// step says whether the process is alive.
func (k *killer) step() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return false
	}
	if k.steps++; k.steps == k.at {
		k.dead = true
		k.deaths++
	}
	return !k.dead
}

// begin counts from here on, until it dies at the step.
func (k *killer) begin(at int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.steps, k.at = 0, at
}

// revive says whether it was dead, and has it live, until it dies at another step.
func (k *killer) revive(at int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	was := k.dead
	if was {
		k.dead, k.steps, k.at = false, 0, at
	}
	return was
}

// around is a step before and one behind what is done.
func around[T any](k *killer, do func() (T, error)) (T, error) {
	var none T
	if !k.step() {
		return none, errKilled
	}
	got, err := do()
	if !k.step() {
		return none, errKilled
	}
	return got, err
}

func (k *killer) Polled(ctx context.Context, sourceID string) (salesforce.Polled, error) {
	return around(k, func() (salesforce.Polled, error) { return k.PollStore.Polled(ctx, sourceID) })
}

func (k *killer) SeenRecords(ctx context.Context, sourceID, object string, ids []string) (map[string]salesforce.Seen, error) {
	return around(k, func() (map[string]salesforce.Seen, error) { return k.PollStore.SeenRecords(ctx, sourceID, object, ids) })
}

func (k *killer) SavePollStep(ctx context.Context, s salesforce.PollStep) error {
	_, err := around(k, func() (int, error) { return 0, k.PollStore.SavePollStep(ctx, s) })
	return err
}

func (k *killer) PollAccepted(ctx context.Context, sourceID, version string) error {
	_, err := around(k, func() (int, error) { return 0, k.PollStore.PollAccepted(ctx, sourceID, version) })
	return err
}

func (k *killer) accept(ctx context.Context, events []event.Event) ([]event.ID, error) {
	return around(k, func() ([]event.ID, error) { return k.inbox.accept(ctx, events) })
}

// killAt makes a beat whose process ends at the step, once.
func killAt(t *testing.T, step int) (*beat, *killer) {
	t.Helper()
	b := openBeat(t)
	k := &killer{PollStore: b.db, inbox: b.inbox}
	b.store, b.accept = k, k.accept
	b.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "query") && !k.step() {
			panic(http.ErrAbortHandler)
		}
		return false
	})
	b.restart()
	b.authorize()
	b.insert("Old")
	b.start()
	k.begin(step)
	return b, k
}

// round is a visit and, where that was killed, another one by the next process.
func (b *beat) round(k *killer) {
	b.visit()
	if k.revive(0) {
		b.restart()
		b.visit()
	}
}

// history is a day in the org, with a round after each part of it, and what has to be told.
func history(b *beat, round func()) (want []string) {
	b.tables.SetMost(3)
	old := b.insert("First")
	var ids []string
	b.clock.tick(time.Second)
	for i := range 4 { // with one timestamp over the edge of a page
		ids = append(ids, b.tables.Insert("Opportunity", map[string]any{"Name": fmt.Sprint("Deal ", i), "StageName": "New"}))
		want = append(want, fmt.Sprintf("created Deal %d New", i))
	}
	round()
	b.stage(ids[3], "Offer")
	b.stage(ids[0], "Won")
	b.clock.tick(time.Second)
	b.tables.Delete(old)
	round()
	b.clock.tick(-2 * time.Minute)
	b.insert("Late")
	b.clock.tick(3 * time.Minute)
	b.stage(ids[0], "Lost")
	b.clock.tick(time.Second)
	b.tables.Undelete(old)
	round()
	b.clock.tick(24 * time.Hour)
	b.stage(ids[1], "Won")
	round()
	round()
	return append(want, "created First New", "updated Deal 3 Offer New", "updated Deal 0 Won New", "deleted First New", "created Late New",
		"updated Deal 0 Lost Won", "updated First New ", "updated Deal 1 Won New")
}

// TestPollSurvivesKill ends the process at every step in turn. Nothing is lost, and nothing told twice.
func TestPollSurvivesKill(t *testing.T) {
	steps := 0
	for step := 1; ; step++ {
		b, k := killAt(t, step)
		want := history(b, func() { b.round(k) })
		got := b.told()
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("killed at step %d (-want +got):\n%s", step, diff)
		}
		if k.deaths == 0 {
			break
		}
		steps++
	}
	if steps < 50 {
		t.Errorf("there were %d steps to be killed at", steps)
	}
}

// TestPollSurvivesKillAgainAndAgain ends it every few steps.
func TestPollSurvivesKillAgainAndAgain(t *testing.T) {
	for every := 16; every < 40; every += 6 {
		b, k := killAt(t, every)
		want := history(b, func() {
			b.visit()
			for tries := 0; tries < 100 && k.revive(every); tries++ {
				b.restart()
				b.visit()
			}
		})
		got := b.told()
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("killed every %d steps (-want +got):\n%s", every, diff)
		}
		if k.deaths < 3 {
			t.Errorf("killed every %d steps, it died %d times", every, k.deaths)
		}
	}
}

// TestPollAcceptsWhatIsPendingFirst keeps what was found, though the org lets nobody in any more.
func TestPollAcceptsWhatIsPendingFirst(t *testing.T) {
	b := openBeat(t)
	k := &killer{PollStore: b.db, inbox: b.inbox}
	b.accept = func(context.Context, []event.Event) ([]event.ID, error) { return nil, errors.New("the disk is full") }
	b.restart()
	b.authorize()
	b.start()
	b.insert("Deal")
	b.visit()
	b.wantTold()
	if s := b.status(); s.Trouble == nil || s.Trouble.Kind != salesforce.PollOurs {
		t.Errorf("status %+v", s)
	}
	b.org.RemoveApprovals()
	b.accept = k.accept
	b.restart()
	b.visit()
	b.wantTold("created Deal New")
}
