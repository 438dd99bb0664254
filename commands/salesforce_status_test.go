package commands_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/event"
)

// busy is a store whose sources have done what the test says, and some that SQL would have to be asked for.
type busy struct {
	commands.Store
	more     []event.Source
	activity map[string]delivery.Activity // by source id
}

func (s busy) Sources(ctx context.Context, guild string) ([]event.Source, error) {
	known, err := s.Store.Sources(ctx, guild)
	return append(known, s.more...), err
}

func (s busy) Activity(_ context.Context, id string, _ time.Time) (delivery.Activity, error) {
	return s.activity[id], nil
}

var verdicts = map[string]string{
	"working":      "✅ Working.",
	"waiting":      "⏳ Ready, and waiting for the first event. **/salesforce test** sends a sample.",
	"no secret":    "⏳ Not ready: it has no secret yet. Run **/salesforce generate-url** and put both into your org.",
	"behind":       "⚠️ Behind: events are waiting, the oldest came <t:%d:R>.",
	"stopped":      "⚠️ Stopped: nothing can be posted in <#200000000000000001>. See below for what to do.",
	"losing one":   "⚠️ Events come in, but one of the last 24 hours could not be delivered. See below for the reason.",
	"losing some":  "⚠️ Events come in, but 3 of the last 24 hours could not be delivered. See below for the reason.",
	"disconnected": "🔌 Disconnected: its URL answers 404.",
	"paused":       "⏸️ Paused: its URL answers 404.",
}

func TestStatusVerdict(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	early, long := now.Add(-4*time.Minute), now.Add(-6*time.Minute)
	stopped := []delivery.Destination{{Kind: delivery.KindChannel, ChannelID: channelID, Paused: "reply.cancelled"}}
	with := func(change func(*event.Source)) event.Source {
		s := event.Source{
			ID: "1", Name: "Acme", Kind: event.SourceSalesforce, State: event.Active, Auth: event.AuthSecret,
			Keys: []event.SigningKey{{Secret: []byte("s")}},
		}
		change(&s)
		return s
	}
	same := func(*event.Source) {}
	tests := map[string]struct {
		source   event.Source
		activity delivery.Activity
		want     string
	}{
		"events came":              {with(same), delivery.Activity{LastAt: early}, "working"},
		"no event yet":             {with(same), delivery.Activity{}, "waiting"},
		"no secret":                {with(func(s *event.Source) { s.Keys = nil }), delivery.Activity{}, "no secret"},
		"secret expired":           {with(func(s *event.Source) { s.Keys[0].ExpiresAt = early }), delivery.Activity{LastAt: early}, "no secret"},
		"no secret wanted":         {with(func(s *event.Source) { s.Keys, s.Auth = nil, event.AuthNone }), delivery.Activity{}, "waiting"},
		"a short queue":            {with(same), delivery.Activity{LastAt: early, Waiting: 9, Oldest: early}, "working"},
		"an old queue":             {with(same), delivery.Activity{LastAt: early, Waiting: 1, Oldest: long}, "behind"},
		"one given up":             {with(same), delivery.Activity{LastAt: early, Day: delivery.Counts{Abandoned: 1}}, "losing one"},
		"some given up, and old":   {with(same), delivery.Activity{LastAt: early, Waiting: 1, Oldest: long, Day: delivery.Counts{Abandoned: 3}}, "losing some"},
		"stopped comes first":      {with(func(s *event.Source) { s.Keys = nil }), delivery.Activity{Paused: stopped, Waiting: 1, Oldest: long}, "stopped"},
		"paused, whatever waits":   {with(func(s *event.Source) { s.State = event.Paused }), delivery.Activity{Paused: stopped}, "paused"},
		"disconnected, whatever":   {with(func(s *event.Source) { s.State = event.Disconnected }), delivery.Activity{Paused: stopped}, "disconnected"},
		"an old failure is no bar": {with(same), delivery.Activity{LastAt: early, LastFailure: &delivery.Failure{At: long}}, "working"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			b := sit(t, busy{db, []event.Source{tc.source}, map[string]delivery.Activity{"1": tc.activity}}, nil)
			b.now = now
			want := verdicts[tc.want]
			if tc.want == "behind" {
				want = fmt.Sprintf(want, long.Unix())
			}
			if got := b.answered("status").Body.Embeds[0].Description; got != want {
				t.Errorf("verdict = %q, want %q", got, want)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	at := time.Unix(1_750_000_000, 0)
	hostile := "Invalid Form Body\n**embeds** -> @everyone " + strings.Repeat("x", 300)
	tests := map[string]struct {
		auth     event.Auth
		activity delivery.Activity
	}{
		"status_new":        {event.AuthSecret, delivery.Activity{}},
		"status_unverified": {event.AuthNone, delivery.Activity{LastType: "Case.created", LastAt: at, Day: delivery.Counts{Accepted: 1, Delivered: 1}}},
		"status_trouble": {event.AuthNone, delivery.Activity{
			LastType: "Opportunity.up_dated", LastAt: at,
			Day:     delivery.Counts{Accepted: 1234, Delivered: 1000, Filtered: 30, Abandoned: 4},
			Waiting: 200, Oldest: at.Add(-time.Hour),
			LastFailure: &delivery.Failure{
				Type: "Case.created", At: at, Attempt: 7, Status: 400, Error: hostile, ChannelID: channelID, State: delivery.Abandoned,
			},
		}},
		"status_stopped": {event.AuthNone, delivery.Activity{
			LastType: "Case.created", LastAt: at, Day: delivery.Counts{Accepted: 2},
			Waiting: delivery.WaitingMax, Oldest: at,
			LastFailure: &delivery.Failure{Type: "Case.created", At: at, Attempt: 1, Status: 403, ChannelID: channelID, State: delivery.Pending},
			Paused:      []delivery.Destination{{Kind: delivery.KindChannel, ChannelID: channelID, Paused: "fault.unavailable"}},
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			made := connect(t, db, "Acme Production", tc.auth)
			b := sit(t, busy{Store: db, activity: map[string]delivery.Activity{made.ID: tc.activity}}, nil)
			b.now = at.Add(time.Hour)
			golden(t, name, b.answered("status", set("source", "acme production")), made.ID, "SOURCE")
		})
	}
}

func TestStatusFailures(t *testing.T) {
	at := time.Unix(1_750_000_000, 0)
	tests := map[string]struct {
		failure delivery.Failure
		want    []string // why, and what now
	}{
		"unreachable": {delivery.Failure{State: delivery.Pending, DueAt: at}, []string{"Discord could not be reached.", "I'll try again <t:1750000000:R>."}},
		"token":       {delivery.Failure{Status: 401, State: delivery.Pending}, []string{"Discord refused my token. The people who run this bot have to renew it.", "It waits until the channel works again."}},
		"forbidden":   {delivery.Failure{Status: 403, State: delivery.Delivered}, []string{"Discord does not let me post there. Most likely I lack a permission in that channel: View Channel, Send Messages or Embed Links.", "A later attempt has delivered it. Nothing to do."}},
		"gone":        {delivery.Failure{Status: 404, State: delivery.Abandoned, Attempt: 1}, []string{"Discord knows no such channel. If it was deleted, please connect another one.", "I gave up on this event after one attempt. Others are not affected."}},
		"slow down":   {delivery.Failure{Status: 429, State: delivery.Abandoned, Attempt: 7}, []string{"Discord asked me to slow down.", "I gave up on this event after 7 attempts. Others are not affected."}},
		"down":        {delivery.Failure{Status: 502, State: delivery.Delivered, DueAt: at}, []string{"Discord had a problem of its own.", "A later attempt has delivered it. Nothing to do."}},
		"refused":     {delivery.Failure{Status: 400, Error: "50035: *no*", State: delivery.Abandoned, Attempt: 1}, []string{`Discord refused the message (status 400): 50035: \*no\*`, "I gave up on this event after one attempt. Others are not affected."}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			made := connect(t, db, "Acme Production", event.AuthNone)
			tc.failure.Type, tc.failure.At, tc.failure.ChannelID = "Case.created", at, channelID
			b := sit(t, busy{Store: db, activity: map[string]delivery.Activity{made.ID: {LastFailure: &tc.failure}}}, nil)
			want := "Case.created to <#200000000000000001>, <t:1750000000:R>\n" + strings.Join(tc.want, "\n")
			for _, f := range b.answered("status").Body.Embeds[0].Fields {
				if f.Name == "Last failure" {
					if f.Value != want {
						t.Errorf("failure = %q,\nwant %q", f.Value, want)
					}
					return
				}
			}
			t.Error("there is no failure")
		})
	}
}

func TestStatusOfNoneAndSeveral(t *testing.T) {
	b, db := open(t)
	if got := b.answered("status"); got.Body.Content != "No Salesforce org is connected yet. Start with **/salesforce connect**." {
		t.Errorf("content = %q", got.Body.Content)
	}
	connect(t, db, "Acme QA", event.AuthNone)
	gone := connect(t, db, "Acme Old", event.AuthNone)
	connect(t, db, "Acme Production", event.AuthSecret)
	if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
		t.Fatal(err)
	}
	golden(t, "status_overview", b.answered("status"))
	if got := b.answered("status", set("source", "acme old")); got.Body.Embeds[0].Description != verdicts["disconnected"] {
		t.Errorf("verdict = %q", got.Body.Embeds[0].Description)
	}
	if got := b.answered("status", set("source", "acme new")); !strings.HasPrefix(got.Body.Content, "There is no Salesforce source called **acme new**.") {
		t.Errorf("content = %q", got.Body.Content)
	}
}
