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

	"github.com/sirupsen/logrus"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// crowd is several sources that poll one org, each with its own access.
type crowd struct {
	*beat
	sources []event.Source
	came    chan event.Event
	ended   chan error
}

// run has the poller run for so many sources, at most two of them at a time.
func run(t *testing.T, sources int) *crowd {
	t.Helper()
	c := &crowd{beat: openBeat(t), came: make(chan event.Event, 1000), ended: make(chan error, 1)}
	log := logrus.New()
	log.SetOutput(c.log)
	c.poller = salesforce.NewPoller(salesforce.PollerOptions{AtOnce: 2, Log: log}, c.Orgs, nil, c.db,
		func(ctx context.Context, events []event.Event) ([]event.ID, error) {
			ids, err := c.inbox.accept(ctx, events)
			for _, e := range events {
				if err == nil {
					c.came <- e
				}
			}
			return ids, err
		})
	for i := range sources {
		if i > 0 {
			c.source = c.connect(fmt.Sprint("Acme ", i), event.Production)
		}
		c.authorize()
		c.sources = append(c.sources, c.source)
		c.wanted.SourceID, c.wanted.Every = c.source.ID, 10*time.Millisecond
		c.start()
	}
	ctx, stop := context.WithCancel(t.Context())
	go func() { c.ended <- c.poller.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-c.ended; err != nil {
			t.Error(err)
		}
	})
	return c
}

// await waits until each of the sources has told of one record more.
func (c *crowd) await(sources ...event.Source) {
	c.t.Helper()
	enough := time.After(20 * time.Second)
	for len(sources) > 0 {
		select {
		case e := <-c.came:
			sources = slices.DeleteFunc(slices.Clone(sources), func(s event.Source) bool { return s.ID == e.SourceID })
		case <-enough:
			c.t.Fatalf("%d sources do not tell\n%s", len(sources), c.log)
		}
	}
}

func TestPollsRun(t *testing.T) {
	c := run(t, 3)
	var (
		mu          sync.Mutex
		under, most int
	)
	c.tables.OnQuery(func(string) {
		mu.Lock()
		under++
		most = max(most, under)
		mu.Unlock()
		time.AfterFunc(time.Millisecond, func() { mu.Lock(); under--; mu.Unlock() })
	})
	for range 5 {
		c.insert("Deal")
		c.await(c.sources...)
	}
	if most > 2 {
		t.Errorf("%d were asked for at a time", most)
	}
	if err := c.poller.Stop(t.Context(), guild, c.sources[0].ID); err != nil {
		t.Fatal(err)
	}
	c.insert("Deal")
	c.await(c.sources[1:]...)
}

// TestPollsDoNotDisturbOneAnother has one org never answer, and another one's access be lost.
func TestPollsDoNotDisturbOneAnother(t *testing.T) {
	c := run(t, 4)
	silent, err := c.db.Connection(t.Context(), c.sources[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	refused, err := c.db.Connection(t.Context(), c.sources[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	c.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		switch r.Header.Get("Authorization") {
		case "Bearer " + silent.AccessToken.Reveal():
			<-r.Context().Done()
			return true
		case "Bearer " + refused.AccessToken.Reveal():
			orgtest.Refuse(w, http.StatusForbidden, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner")
			return true
		}
		return false
	})
	for range 5 {
		c.insert("Deal")
		c.await(c.sources[2:]...)
	}
}

// TestPollsAreTakenUpAgain has Run find what is polled.
func TestPollsAreTakenUpAgain(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.insert("Deal")
	came := make(chan struct{}, 1)
	log := logrus.New()
	log.SetOutput(b.log)
	b.now = b.now.Add(4*time.Minute + 59*time.Second + 990*time.Millisecond)
	poller := salesforce.NewPoller(salesforce.PollerOptions{Now: func() time.Time { return b.now }, Log: log}, b.Orgs, nil, b.db,
		func(ctx context.Context, events []event.Event) ([]event.ID, error) {
			came <- struct{}{}
			return b.inbox.accept(ctx, events)
		})
	if err := b.db.SavePollStep(t.Context(), pendingStep(t, b)); err != nil { // so that it is due at once
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- poller.Run(ctx) }()
	<-came
	<-came
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	b.wantTold("created Pending New", "created Deal New")
}

// pendingStep is one that was not ended.
func pendingStep(t *testing.T, b *beat) salesforce.PollStep {
	t.Helper()
	polled, err := b.db.Polled(t.Context(), b.source.ID)
	if err != nil {
		t.Fatal(err)
	}
	return salesforce.PollStep{SourceID: b.source.ID, Version: polled.Version, Mark: polled.Marks[0], Pending: []event.Event{{
		SourceID: b.source.ID, Type: "Opportunity.created", IdempotencyKey: "poll:x", ReceivedAt: b.now,
		Body: []byte(`{"event_type":"Opportunity.created","instance_url":"` + b.login + `","record":{"Name":"Pending","StageName":"New"}}`),
	}}}
}

// TestPollByATarget uses the key of a target; the source itself was never authorized.
func TestPollByATarget(t *testing.T) {
	b := openBeat(t)
	made, err := b.db.CreateTarget(t.Context(), event.Target{
		GuildID: guild, Name: "Prod", ClientID: orgtest.ClientID, User: orgtest.Username, Server: b.login, ReplyPolicy: event.ReplyNever,
	}, salesforce.Token(pkcs1(signerKey())))
	if err != nil {
		t.Fatal(err)
	}
	log := logrus.New()
	log.SetOutput(b.log)
	targets := salesforce.NewTargets(b.opts.Logins, b.clock.Now, b.db, log)
	b.poller = salesforce.NewPoller(salesforce.PollerOptions{Now: func() time.Time { return b.now }, Log: log}, b.Orgs, targets, b.db, b.accept)
	b.wanted.TargetID = made.ID
	b.start()
	deal := b.insert("Deal")
	b.visit()
	b.wantTold("created Deal New")
	if s := b.status(); s.Target != "Prod" {
		t.Errorf("status %+v", s)
	}

	b.authorize()
	b.wanted.TargetID = ""
	b.stage(deal, "Won")
	b.start() // by another way into what may be another org
	b.visit()
	b.wantTold()
	b.stage(deal, "Lost")
	b.visit()
	b.wantTold("updated Deal Lost Won")

	b.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/token") {
			orgtest.Answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "user hasn't approved this consumer"})
			return true
		}
		return false
	})
	b.wanted.TargetID = made.ID
	b.org.ExpireAccess()
	var refused *salesforce.OAuthError
	if err := b.poller.Start(t.Context(), b.wanted); !errors.As(err, &refused) {
		t.Errorf("by a key that is not good any more: %v", err)
	}
}

// TestPollOfAnotherOrg has the source be authorized for another one while it is polled.
func TestPollOfAnotherOrg(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	deal := b.insert("Deal")
	b.start()
	c := b.connection()
	c.OrgID = "00D5g00000OtherEAB"
	if err := b.db.SaveConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	b.stage(deal, "Won")
	b.visit()
	b.wantTold() // it is the baseline
	b.stage(deal, "Lost")
	b.visit()
	b.wantTold("updated Deal Lost Won")
}

// TestPollOfManyFields keeps addresses short, and leaves out what is too long.
func TestPollOfManyFields(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	wide := orgtest.Table{Name: "Wide__c", Fields: []orgtest.Field{{Name: "Name"}, {Name: "Logo__c", Custom: true, HTML: true}, {Name: "File", Type: "base64"}}}
	for i := range 700 {
		wide.Fields = append(wide.Fields, orgtest.Field{Name: fmt.Sprintf("%s_%d__c", strings.Repeat("Long", 8), i), Custom: true})
	}
	for i := range 40 {
		wide.Fields = append(wide.Fields, orgtest.Field{Name: fmt.Sprintf("R%dId", i), Type: "reference", Relationship: fmt.Sprintf("R%d", i), To: []string{"Account"}})
	}
	b.tables.Define(wide)
	var query string
	b.tables.OnQuery(func(q string) { query = q })
	b.wanted.Objects = []string{"Wide__c"}
	b.start()
	list, _, _ := strings.Cut(query, " FROM ")
	fields := strings.Split(strings.TrimPrefix(list, "SELECT "), ", ")
	if n := len(fields); n < 200 || n > 270 || len(list) > 10_200 {
		t.Errorf("%d fields in %d characters", n, len(list))
	}
	if !slices.Contains(fields, "Name") || !slices.Contains(fields, "R39Id") || slices.Contains(fields, "Logo__c") || slices.Contains(fields, "File") {
		t.Errorf("query %s", query)
	}
	if n := strings.Count(list, ".Name"); n != 15 {
		t.Errorf("%d related names", n)
	}
}

// TestPollOfLargeRecords asks for fewer records at a time when they are too large together.
func TestPollOfLargeRecords(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	long := strings.Repeat("x", 30_000)
	for range 600 {
		b.tables.Insert("Opportunity", map[string]any{"Name": "Deal", "StageName": long})
	}
	if n := b.calls(b.visit); n > 6 {
		t.Errorf("%d calls", n)
	}
	if n := len(b.told()); n != 600 {
		t.Errorf("%d were told", n)
	}
}
