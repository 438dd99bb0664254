package commands_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/event"
)

// posting is the pipeline with a worker that sends at once and is told what comes of it.
type posting struct {
	pipeline
	result delivery.Result
	pause  string
}

func (p posting) Accept(ctx context.Context, events []event.Event) ([]event.ID, error) {
	ids, err := p.pipeline.Accept(ctx, events)
	if err != nil || p.result.State == "" {
		return ids, err
	}
	waiting, err := p.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	for destination := range waiting {
		batch, err := p.Claim(ctx, destination, delivery.Lease{Owner: "test", Now: time.Now(), Until: time.Now().Add(time.Minute)}, 10)
		if err != nil {
			return nil, err
		}
		done := p.result
		done.EventID, done.Attempt, done.At = ids[0], 1, time.Now()
		done.SourceID, done.LinkID = batch.Deliveries[0].Event.SourceID, batch.Deliveries[0].LinkID
		err = p.Finish(ctx, delivery.Progress{DestinationID: destination, Results: []delivery.Result{done}, Pause: p.pause})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func TestSample(t *testing.T) {
	const sent = "I sent a sample **Opportunity.updated** through **Acme Production**.\n"
	tests := map[string]struct {
		edits  []edit
		result delivery.Result
		pause  string
		want   string
	}{
		"posted": {
			nil,
			delivery.Result{State: delivery.Delivered, Status: 200, Receipt: "800000000000000001"},
			"",
			sent + "✅ <#200000000000000001>: https://discord.com/channels/100000000000000001/200000000000000001/800000000000000001",
		},
		"delivered, who knows where": {nil, delivery.Result{State: delivery.Delivered}, "", sent + "✅ <#200000000000000001> has it."},
		"another type": {
			[]edit{set("event", "Invoice__c.created")},
			delivery.Result{State: delivery.Delivered},
			"",
			"I sent a sample **Invoice\\_\\_c.created** through **Acme Production**.\n✅ <#200000000000000001> has it.",
		},
		"abandoned": {
			nil,
			delivery.Result{State: delivery.Abandoned, Status: 400, Error: "50035: _no_"},
			"",
			sent + `❌ <#200000000000000001>: Discord refused the message (status 400): 50035: \_no\_`,
		},
		"paused": {
			nil,
			delivery.Result{State: delivery.Pending, Status: 403, Error: "50013"},
			"fault.unavailable",
			sent + "⏸️ <#200000000000000001>: I can't do that right now. Nothing was changed; please try again in a minute.",
		},
		"failed once": {
			nil,
			delivery.Result{State: delivery.Pending, Status: 502, Error: "bad gateway"},
			"",
			sent + "⚠️ <#200000000000000001>: Discord had a problem of its own. I'll keep trying; **/salesforce status** shows how it goes.",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			made := connect(t, db, "Acme Production", event.AuthSecret)
			inbox := delivery.NewInbox(delivery.NewRouter(db, nil), db, func(...string) {})
			b := sit(t, db, posting{pipeline{inbox, db}, tc.result, tc.pause})
			if got := b.answered("test", tc.edits...); got.Body.Content != tc.want {
				t.Errorf("content = %q,\nwant %q", got.Body.Content, tc.want)
			}
			if activity, err := db.Activity(t.Context(), made.ID, time.Now()); err != nil || activity.Day.Accepted != 1 {
				t.Errorf("activity = %+v, %v", activity, err)
			}
		})
	}
}

func TestSampleRefuses(t *testing.T) {
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"no such source": {[]edit{set("source", "nobody")}, "There is no Salesforce source called **nobody**."},
		"no such type":   {[]edit{set("event", "won deals")}, "I have no sample of **won deals**."},
		"disconnected":   {[]edit{set("source", "gone")}, "**Gone** is disconnected for good."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme Production", event.AuthSecret)
			gone := connect(t, db, "Gone", event.AuthSecret)
			if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
				t.Fatal(err)
			}
			if got := b.answered("test", tc.edits...); !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("content = %q, want %q…", got.Body.Content, tc.want)
			}
		})
	}
}

// late is a source and its pipeline, in which the delivery changes its state after a while.
type late struct {
	commands.Store
	state   event.SourceState
	started time.Time
	after   time.Duration
	results []delivery.Result
}

func (l late) Source(context.Context, string, string) (event.Source, error) {
	return event.Source{ID: "1", Name: "Acme", Kind: event.SourceSalesforce, State: l.state}, nil
}

func (l late) Links(context.Context, string) ([]delivery.Link, error) {
	return []delivery.Link{{ID: "link", DestinationID: "to"}}, nil
}

func (l late) Destinations(context.Context, string) ([]delivery.Destination, error) {
	return []delivery.Destination{{ID: "to", Kind: delivery.KindChannel, ChannelID: channelID}}, nil
}

func (l late) Accept(context.Context, []event.Event) ([]event.ID, error) { return []event.ID{1}, nil }

func (l late) Results(context.Context, event.ID) ([]delivery.Result, error) {
	if time.Since(l.started) < l.after {
		return []delivery.Result{{LinkID: "link", State: delivery.Pending}}, nil
	}
	return l.results, nil
}

func TestSampleWaits(t *testing.T) {
	posted := []delivery.Result{{LinkID: "link", State: delivery.Delivered}}
	tests := map[string]struct {
		store  late
		how    []string
		want   string
		within time.Duration
	}{
		"quick":    {late{state: event.Active, after: time.Second, results: posted}, []string{"create"}, "✅ <#200000000000000001> has it.", time.Second},
		"slow":     {late{state: event.Active, after: 4 * time.Second, results: posted}, []string{"defer", "edit"}, "✅ <#200000000000000001> has it.", 4 * time.Second},
		"too slow": {late{state: event.Active, after: time.Hour}, []string{"defer", "edit"}, "⏳ <#200000000000000001>: it is still in the queue. **/salesforce status** shows how it goes.", 10 * time.Second},
		"no link":  {late{state: event.Active, results: []delivery.Result{{State: delivery.Filtered}}}, []string{"create"}, "Nothing shows it: no link of this source takes events of that type.", 0},
		"paused":   {late{state: event.Paused}, []string{"create"}, "", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tc.store.started = time.Now()
				b := sit(t, tc.store, tc.store)
				content := "I sent a sample **Opportunity.updated** through **Acme**.\n" + tc.want
				if tc.want == "" {
					content = "**Acme** is paused, so it takes no events."
				}
				checkAnswers(t, b.ask("test"), tc.how, content)
				if took := time.Since(tc.store.started); took != tc.within {
					t.Errorf("took %v, want %v", took, tc.within)
				}
			})
		})
	}
}
