package commands_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

func TestReplayOfOne(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	id := accept(t, db, s, "Case.created")[0]
	if got, want := b.press("/event/replay/"+id.String()).Body.Content, "**Case.created** is still waiting to be sent, so there is nothing to replay."; got != want {
		t.Errorf("while it waits: %q, want %q", got, want)
	}
	finish(t, db, s, id, delivery.Delivered)
	replay := b.slash("event", "show", set("id", id.String())).button("Replay")
	got := b.press(replay)
	if want := "**Case.created** is in the queue again, for one destination.\n**/event show** `"; got.How != "create" || !strings.HasPrefix(got.Body.Content, want) {
		t.Errorf("%s %q, want %q…", got.How, got.Body.Content, want)
	}
	checkStates(t, db, id, delivery.Pending)
	finishAgain(t, db, s, id)
	_, copied, _ := strings.Cut(got.Body.Content, "`")
	copied, _, _ = strings.Cut(copied, "`")
	if got := b.slash("event", "replay", set("id", copied)).Body.Content; !strings.Contains(got, "is in the queue again") {
		t.Errorf("by the command: %q", got)
	}
	if got := b.press(replay, field("guild_id", "100000000000000002")).Body.Content; !strings.HasPrefix(got, "There is no event `"+id.String()+"` here") {
		t.Errorf("in another guild: %q", got)
	}
}

// finishAgain delivers what was replayed.
func finishAgain(t *testing.T, db *storage.DB, s event.Source, id event.ID) {
	t.Helper()
	links, err := db.Links(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Finish(t.Context(), delivery.Progress{DestinationID: links[0].DestinationID, Results: []delivery.Result{
		{EventID: id, SourceID: s.ID, LinkID: links[0].ID, Attempt: 2, State: delivery.Delivered, At: time.Now(), Status: 200},
	}})
	if err != nil {
		t.Fatal(err)
	}
	checkStates(t, db, id, delivery.Delivered)
}

func checkStates(t *testing.T, db *storage.DB, id event.ID, want ...delivery.State) {
	t.Helper()
	h, err := db.History(t.Context(), guildID, id)
	if err != nil {
		t.Fatal(err)
	}
	var got []delivery.State
	for _, d := range h.Deliveries {
		got = append(got, delivery.State(d.State))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states of %s (-want +got):\n%s", h.Type, diff)
	}
}

func TestReplayWithoutALink(t *testing.T) {
	h := troubled()
	h.Deliveries = nil
	b := sitBy(t, logbook{DB: database(t), history: h}, nil, &replays{done: delivery.Replayed{Events: 1}})
	want := `**Opportunity.closed\_won** was not sent again: no link of **Acme\_QA** takes events of that type now.`
	if got := b.slash("event", "replay", set("id", h.ID.String())).Body.Content; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReplayOfWhatWasAbandoned(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	if got, want := b.slash("event", "replay", set("source", "Acme")).Body.Content, "There is nothing to replay for **Acme**."; got != want {
		t.Errorf("of nothing: %q, want %q", got, want)
	}
	ids := accept(t, db, s, "n0", "n1", "n2", "n3")
	finish(t, db, s, ids[0], delivery.Abandoned)
	finish(t, db, s, ids[1], delivery.Delivered)
	finish(t, db, s, ids[2], delivery.Abandoned)
	asked := b.slash("event", "replay", set("source", "acme"))
	if want := "Replay 2 events of **Acme**? What was abandoned is sent again to where the source's links lead now."; asked.Body.Content != want {
		t.Errorf("asked %q, want %q", asked.Body.Content, want)
	}
	checkStates(t, db, ids[0], delivery.Abandoned)
	done := b.press(asked.button("Replay"))
	if want := "Back in the queue: 2 events, 2 deliveries. **/event list** tells how it goes."; done.How != "update" || done.Body.Content != want {
		t.Errorf("%s %q, want %q", done.How, done.Body.Content, want)
	}
	for i, want := range []delivery.State{delivery.Pending, delivery.Delivered, delivery.Pending, delivery.Pending} {
		checkStates(t, db, ids[i], want)
	}
}

func TestReplaySince(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	ids := accept(t, db, s, "n0", "n1", "n2")
	for _, id := range ids {
		finish(t, db, s, id, delivery.Delivered)
	}
	b.now = ids[2].Time().Add(time.Hour)
	replay := func(since string) answer {
		t.Helper()
		return b.slash("event", "replay", set("source", "Acme"), set("since", since))
	}
	if got, want := replay("59m").Body.Content, "There is nothing to replay for **Acme**."; got != want {
		t.Errorf("since later: %q, want %q", got, want)
	}
	asked := replay("2h")
	want := fmt.Sprintf("Replay 3 events of **Acme** since <t:%d:f>? All of them are sent again", b.now.Add(-2*time.Hour).Unix())
	if !strings.HasPrefix(asked.Body.Content, want) {
		t.Errorf("asked %q, want %q…", asked.Body.Content, want)
	}
	done := b.press(asked.button("Replay"))
	if want := "Back in the queue: 3 events, 3 deliveries."; !strings.HasPrefix(done.Body.Content, want) {
		t.Errorf("got %q, want %q…", done.Body.Content, want)
	}
	checkStates(t, db, ids[1], delivery.Pending)
}

func TestReplayOfMany(t *testing.T) {
	unavailable := fault.New(fault.Unavailable, "")
	tests := map[string]struct {
		events int
		done   delivery.Replayed
		err    error
		asked  string
		want   string
	}{
		"one":          {1, delivery.Replayed{Events: 1, Deliveries: 1}, nil, "Replay 1 event of", "Back in the queue: 1 event, 1 delivery."},
		"all counted":  {1000, delivery.Replayed{Events: 1000, Deliveries: 3000}, nil, "Replay 1,000 events of", "Back in the queue: 1,000 events, 3,000 deliveries."},
		"too many":     {1001, delivery.Replayed{Events: 7, Deliveries: 7}, nil, "Replay 1,000 events or more of", "Back in the queue: 7 events"},
		"no link":      {2, delivery.Replayed{Events: 2}, nil, "Replay 2 events of", "Nothing was sent again: no link of **Acme** takes these events now"},
		"out of time":  {9, delivery.Replayed{Events: 4, Deliveries: 4}, fmt.Errorf("requeue: %w", context.DeadlineExceeded), "Replay 9", "That took too long. Back in the queue so far: 4 events, 4 deliveries;"},
		"not possible": {9, delivery.Replayed{}, unavailable, "Replay 9", "I can't do that right now."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			s := connect(t, db, "Acme", event.AuthSecret)
			replayer := &replays{done: tc.done, err: tc.err}
			b := sitBy(t, logbook{DB: db, found: make([]event.Summary, tc.events)}, nil, replayer)
			asked := b.slash("event", "replay", set("source", "Acme"), set("since", "2026-01-31"))
			if !strings.HasPrefix(asked.Body.Content, tc.asked) || len(replayer.asked) != 0 {
				t.Errorf("asked %q, want %q…; replayed %v", asked.Body.Content, tc.asked, replayer.asked)
			}
			if got := b.press(asked.button("Replay")).Body.Content; !strings.HasPrefix(got, tc.want) {
				t.Errorf("got %q, want %q…", got, tc.want)
			}
			want := []delivery.Selection{{GuildID: guildID, SourceID: s.ID, Since: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}}
			if diff := cmp.Diff(want, replayer.asked); diff != "" {
				t.Errorf("replayed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplayOfWhat(t *testing.T) {
	const (
		oneOfBoth = "Tell me either the **id** of one event, or a **source**"
		noTime    = "is no time in the past that I can read."
	)
	db := database(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(month time.Month, day, hour, minute, second int) time.Time {
		return time.Date(2026, month, day, hour, minute, second, 0, time.UTC)
	}
	tests := map[string]struct {
		edits []edit
		since time.Time
		want  string // "" when it is asked for confirmation
	}{
		"nothing":         {nil, time.Time{}, oneOfBoth},
		"both":            {[]edit{set("id", "1"), set("source", "Acme")}, time.Time{}, oneOfBoth},
		"only since":      {[]edit{set("since", "2h")}, time.Time{}, oneOfBoth},
		"id and since":    {[]edit{set("id", "1"), set("since", "2h")}, time.Time{}, "**since** goes with a **source**."},
		"unknown source":  {[]edit{set("source", "Nobody")}, time.Time{}, "There is no source called **Nobody**."},
		"minutes":         {[]edit{set("since", "90m")}, at(3, 1, 10, 30, 0), ""},
		"hours":           {[]edit{set("since", " 2 H ")}, at(3, 1, 10, 0, 0), ""},
		"days":            {[]edit{set("since", "3d")}, at(2, 26, 12, 0, 0), ""},
		"weeks":           {[]edit{set("since", "1w")}, at(2, 22, 12, 0, 0), ""},
		"date":            {[]edit{set("since", "2026-02-03")}, at(2, 3, 0, 0, 0), ""},
		"date and time":   {[]edit{set("since", "2026-02-03 04:05")}, at(2, 3, 4, 5, 0), ""},
		"ISO":             {[]edit{set("since", "2026-02-03T04:05:06")}, at(2, 3, 4, 5, 6), ""},
		"with a zone":     {[]edit{set("since", "2026-02-03T04:05:06+02:00")}, at(2, 3, 2, 5, 6), ""},
		"no time":         {[]edit{set("since", "yesterday")}, time.Time{}, "**yesterday** " + noTime},
		"no time at all":  {[]edit{set("since", "0h")}, time.Time{}, "**0h** " + noTime},
		"the future":      {[]edit{set("since", "2026-03-02")}, time.Time{}, "**2026-03-02** " + noTime},
		"before we began": {[]edit{set("since", "9999w")}, time.Time{}, "**9999w** " + noTime},
		"no such day":     {[]edit{set("since", "2026-02-30")}, time.Time{}, "**2026-02-30** " + noTime},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			replayer := &replays{done: delivery.Replayed{Events: 1, Deliveries: 1}}
			b := sitBy(t, logbook{DB: db, found: make([]event.Summary, 1)}, nil, replayer)
			b.now = now
			if tc.want != "" {
				edits := tc.edits
				if strings.HasSuffix(tc.want, noTime) {
					edits = append(edits, set("source", "Acme"))
				}
				if got := b.slash("event", "replay", edits...).Body.Content; !strings.HasPrefix(got, tc.want) {
					t.Errorf("got %q, want %q…", got, tc.want)
				}
				return
			}
			b.press(b.slash("event", "replay", append(tc.edits, set("source", "Acme"))...).button("Replay"))
			if diff := cmp.Diff([]delivery.Selection{{GuildID: guildID, SourceID: s.ID, Since: tc.since}}, replayer.asked); diff != "" {
				t.Errorf("replayed (-want +got):\n%s", diff)
			}
		})
	}
}
