package salesforce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// inbox takes events in as the real one does: all or none, each key once.
type inbox struct {
	mu     sync.Mutex
	keys   map[string]bool
	events []event.Event
}

func (i *inbox) accept(_ context.Context, events []event.Event) ([]event.ID, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(events) > event.MaxBatch {
		return nil, errors.New("too many at a time")
	}
	for _, e := range events {
		if i.keys[e.SourceID+e.IdempotencyKey] {
			return nil, &event.DuplicateError{First: 1}
		}
	}
	for _, e := range events {
		i.keys[e.SourceID+e.IdempotencyKey] = true
		i.events = append(i.events, e)
	}
	return make([]event.ID, len(events)), nil
}

// beat is a poller that goes round a local org whose clock is not ours.
type beat struct {
	*office
	tables *orgtest.Tables
	poller *salesforce.Poller
	inbox  *inbox
	store  salesforce.PollStore
	accept salesforce.Accept
	clock  *orgClock
	wanted salesforce.Poll
}

// orgClock is the org's.
type orgClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *orgClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *orgClock) tick(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

func openBeat(t *testing.T) *beat {
	t.Helper()
	clock := &orgClock{now: time.Now().UTC().Truncate(time.Second).Add(-72 * time.Hour)} // nobody sets it
	b := &beat{office: openOffice(t, orgtest.Options{Now: clock.Now, Signer: &signerKey().PublicKey}), inbox: &inbox{keys: make(map[string]bool)}, clock: clock}
	b.tables = b.org.AddTables(
		orgtest.Table{Name: "Opportunity", Fields: []orgtest.Field{
			{Name: "Name"},
			{Name: "StageName"},
			{Name: "Amount", Type: "currency"},
			{Name: "AccountId", Type: "reference", Relationship: "Account", To: []string{"Account"}},
			{Name: "Score__c", Type: "double", Custom: true, Calculated: true},
			{Name: "LastViewedDate", Type: "datetime"},
			{Name: "Body__c", Type: "textarea", Length: 131072, Custom: true},
		}},
		orgtest.Table{Name: "Account", Fields: []orgtest.Field{{Name: "Name"}}},
		orgtest.Table{Name: "User", Fields: []orgtest.Field{{Name: "Name"}}, Hidden: []string{"IsDeleted"}},
		orgtest.Table{Name: "Old__c", Hidden: []string{"SystemModstamp"}},
		orgtest.Table{Name: "Secret__c", Forbidden: true},
	)
	b.store, b.accept = b.db, b.inbox.accept
	b.wanted = salesforce.Poll{SourceID: b.source.ID, GuildID: guild, Objects: []string{"Opportunity"}, Every: 5 * time.Minute}
	b.restart()
	return b
}

// restart is a new process on the same database.
func (b *beat) restart() {
	log := logrus.New()
	log.SetOutput(b.log)
	b.poller = salesforce.NewPoller(salesforce.PollerOptions{Shortest: time.Minute, Now: func() time.Time { return b.now }, Log: log},
		b.Orgs, nil, b.store, b.accept)
}

func (b *beat) start() {
	b.t.Helper()
	if err := b.poller.Start(b.t.Context(), b.wanted); err != nil {
		b.t.Fatal(err)
	}
}

// visit is a round, with time gone by on both clocks.
func (b *beat) visit() {
	b.t.Helper()
	b.now = b.now.Add(5 * time.Minute)
	b.poller.Visit(b.t.Context(), b.source.ID)
}

// insert makes an opportunity, a second later than whatever was before.
func (b *beat) insert(name string) string {
	b.clock.tick(time.Second)
	return b.tables.Insert("Opportunity", map[string]any{"Name": name, "StageName": "New", "Amount": 100})
}

func (b *beat) stage(id, stage string) {
	b.clock.tick(time.Second)
	b.tables.Update(id, map[string]any{"StageName": stage})
}

// told is what was announced since it was asked last, each as "action name stage old stage".
func (b *beat) told() []string {
	b.t.Helper()
	b.inbox.mu.Lock()
	defer b.inbox.mu.Unlock()
	var all []string
	for _, e := range b.inbox.events {
		var body struct {
			Type     string `json:"event_type"`
			Instance string `json:"instance_url"`
			Record   struct{ Name, StageName string }
			Old      *struct{ StageName string }
		}
		if err := json.Unmarshal(e.Body, &body); err != nil || body.Type != e.Type || body.Instance != b.login || e.SourceID != b.source.ID {
			b.t.Errorf("%s (%v)", e.Body, err)
		}
		line := fmt.Sprintf("%s %s %s", e.Action(), body.Record.Name, body.Record.StageName)
		if body.Old != nil {
			line += " " + body.Old.StageName
		}
		all = append(all, line)
	}
	b.inbox.events = nil
	return all
}

func (b *beat) wantTold(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.told()); diff != "" {
		b.t.Errorf("told (-want +got):\n%s\n%s", diff, b.log)
	}
}

func (b *beat) status() salesforce.PollStatus {
	b.t.Helper()
	s, err := b.poller.Status(b.t.Context(), b.source.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// calls is how many calls of the API the function costs.
func (b *beat) calls(of func()) int {
	count := func() (n int) {
		for _, c := range b.org.Calls() {
			if len(c.Path) > len("/services/data/") {
				n++
			}
		}
		return n
	}
	before := count()
	of()
	return count() - before
}

// refuse has the org answer calls so, until it is asked to stop.
func (b *beat) refuse(status int, code, message string) (stop func()) {
	b.org.SetTrouble(func(w http.ResponseWriter, _ *http.Request) bool {
		orgtest.Refuse(w, status, code, message)
		return true
	})
	return func() { b.org.SetTrouble(nil) }
}

func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

// without takes a key away at every depth.
func without(value map[string]any, key string) map[string]any {
	delete(value, key)
	for _, inside := range value {
		if object, is := inside.(map[string]any); is {
			without(object, key)
		}
	}
	return value
}
