package salesforce_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

func TestPoll(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	old := b.insert("Old")
	b.clock.tick(24 * time.Hour)
	recent := b.insert("Recent")
	b.start()
	b.visit()
	b.wantTold() // the first round tells nothing

	b.stage(recent, "Won")
	b.stage(old, "Lost")
	b.insert("Fresh")
	b.visit()
	b.wantTold("updated Recent Won New", "updated Old Lost New", "created Fresh New")
	b.visit()
	b.wantTold()

	quick := b.insert("Quick")
	b.stage(quick, "Won")
	b.clock.tick(time.Second)
	b.tables.Delete(old)
	b.visit()
	b.wantTold("created Quick Won", "deleted Old Lost")
	b.clock.tick(time.Second)
	b.tables.Undelete(old)
	b.visit()
	b.wantTold("updated Old Lost ")
	b.tables.Delete(b.insert("Brief"))
	b.visit()
	b.wantTold("deleted Brief New")
}

// TestPollOfNothing has the first record of all come after the baseline.
func TestPollOfNothing(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.visit()
	b.insert("First")
	b.visit()
	b.visit()
	b.wantTold("created First New")
}

// TestPollPages has many records with one timestamp at the edges of pages, and some that change between two pages.
func TestPollPages(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.tables.SetMost(3)
	b.clock.tick(time.Second)
	var want []string
	var ids []string
	for i := range 10 {
		ids = append(ids, b.tables.Insert("Opportunity", map[string]any{"Name": fmt.Sprint(i), "StageName": "New"}))
	}
	queries := 0
	b.tables.OnQuery(func(string) {
		if queries++; queries == 2 {
			b.stage(ids[0], "Won")  // was read
			b.stage(ids[9], "Lost") // was not
		}
	})
	b.visit()
	for i := range 9 {
		want = append(want, fmt.Sprintf("created %d New", i))
	}
	b.wantTold(append(want, "updated 0 Won New", "created 9 Lost")...)
	b.visit()
	b.wantTold()
}

// TestPollLateCommit has a transaction end after others that began later.
func TestPollLateCommit(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.insert("Before")
	b.clock.tick(10 * time.Minute)
	b.insert("Now")
	b.start()
	b.clock.tick(-4 * time.Minute)
	b.insert("Late")
	b.clock.tick(4 * time.Minute)
	b.visit()
	b.wantTold("created Late New")
	b.insert("Next")
	b.visit()
	b.wantTold("created Next New")
}

// TestPollLateCommitBehindPages has it end while pages behind it are read, which takes longer than the overlap.
func TestPollLateCommitBehindPages(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.tables.SetMost(1)
	for i := range 3 {
		b.insert(fmt.Sprint(i))
	}
	queries := 0
	b.tables.OnQuery(func(string) {
		switch queries++; queries {
		case 2: // it began just before the first page was read, and ends now
			b.insert("Late")
			b.clock.tick(8 * time.Minute)
			b.insert("3")
		case 3:
			b.clock.tick(-8*time.Minute - 2*time.Second)
			b.tables.Insert("Opportunity", map[string]any{"Name": "Later", "StageName": "New"})
			b.clock.tick(8*time.Minute + 2*time.Second)
		}
	})
	b.visit()
	b.visit()
	all := strings.Join(b.told(), "\n")
	for _, name := range []string{"0", "1", "2", "3", "Late", "Later"} {
		if n := strings.Count(all, "created "+name+" New"); n != 1 {
			t.Errorf("%s was told %d times:\n%s", name, n, all)
		}
	}
}

// TestPollWhileTheBaselineIsRead changes records between the pages of the first round.
func TestPollWhileTheBaselineIsRead(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	var ids []string
	for i := range 5 {
		ids = append(ids, b.insert(fmt.Sprint(i)))
	}
	b.tables.SetMost(2)
	queries := 0
	b.tables.OnQuery(func(string) {
		if queries++; queries == 2 {
			b.stage(ids[4], "Won")
			b.stage(ids[0], "Lost")
			b.insert("5")
		}
	})
	b.start()
	b.wantTold()
	b.visit()
	b.wantTold("updated 4 Won New", "updated 0 Lost", "created 5 New")
}

// TestPollTwiceWithinASecond changes a record twice in the second in which it is read.
func TestPollTwiceWithinASecond(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	id := b.insert("Deal")
	b.start()
	b.stage(id, "Offer")
	b.visit()
	b.tables.Update(id, map[string]any{"StageName": "Won"})
	b.visit()
	b.visit()
	b.wantTold("updated Deal Offer New", "updated Deal Won Offer")
}

// TestPollCosts counts the calls for 1,000 changed records.
func TestPollCosts(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.insert("Deal")
	if n := b.calls(b.start); n != 2 {
		t.Errorf("the start cost %d calls, want one description and one query", n)
	}
	for i := range 1000 {
		b.tables.Insert("Opportunity", map[string]any{"Name": fmt.Sprint(i), "StageName": "New"})
	}
	b.clock.tick(time.Second)
	if n := b.calls(b.visit); n != 1 {
		t.Errorf("1,000 records cost %d calls", n)
	}
	if n := len(b.told()); n != 1000 {
		t.Errorf("%d were told", n)
	}
	if n := b.calls(b.visit); n != 1 {
		t.Errorf("nothing new cost %d calls", n)
	}
}

func TestPollRecords(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	account := b.tables.Insert("Account", map[string]any{"Name": "Acme"})
	id := b.tables.Insert("Opportunity", map[string]any{"Name": "<Deal>", "AccountId": account, "Amount": 1.5, "LastViewedDate": b.clock.Now()})
	b.visit()
	stamp := b.clock.Now().Format("2006-01-02T15:04:05.000+0000")
	want := `{"event_type":"Opportunity.created","instance_url":"` + b.login + `","record":{"AccountId":"` + account + `","Account":{"Name":"Acme"},"Amount":1.5,` +
		`"CreatedDate":"` + stamp + `","Id":"` + id + `","IsDeleted":false,"LastModifiedDate":"` + stamp + `","Name":"<Deal>","Score__c":null,"StageName":null,` +
		`"SystemModstamp":"` + stamp + `"}}`
	if len(b.inbox.events) != 1 {
		t.Fatalf("%d events", len(b.inbox.events))
	}
	got := b.inbox.events[0]
	if diff := cmp.Diff(decoded(t, want), without(decoded(t, string(got.Body)), "attributes")); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if len(got.IdempotencyKey) > event.MaxIdempotencyKey || got.Object() != "Opportunity" {
		t.Errorf("key %q, object %q", got.IdempotencyKey, got.Object())
	}
}

// TestPollWithoutDeletion polls what no bin is for.
func TestPollWithoutDeletion(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.wanted.Objects = []string{"user"}
	b.start()
	b.tables.Insert("User", map[string]any{"Name": "Ada"})
	b.visit()
	b.wantTold("created Ada ")
	if got := b.status().Objects; !cmp.Equal(got, []string{"User"}) {
		t.Errorf("objects %q, want the org's spelling", got)
	}
}

func TestPollStartRefuses(t *testing.T) {
	tests := map[string]struct {
		change func(*salesforce.Poll)
		want   error
	}{
		"nothing":      {func(p *salesforce.Poll) { p.Objects = nil }, salesforce.ErrNothing},
		"too often":    {func(p *salesforce.Poll) { p.Every = time.Minute - 1 }, salesforce.ErrTooOften},
		"all the time": {func(p *salesforce.Poll) { p.Every = 0 }, salesforce.ErrTooOften},
		"unknown":      {func(p *salesforce.Poll) { p.Objects = []string{"Nope__c"} }, &salesforce.PollObjectError{Object: "Nope__c", Problem: salesforce.NoSuchObject}},
		"no timestamp": {func(p *salesforce.Poll) { p.Objects = []string{"Account", "Old__c"} }, &salesforce.PollObjectError{Object: "Old__c", Problem: salesforce.NoTimestamp}},
		"no queries":   {func(p *salesforce.Poll) { p.Objects = []string{"Secret__c"} }, &salesforce.PollObjectError{Object: "Secret__c", Problem: salesforce.NotQueryable}},
		"too many": {
			func(p *salesforce.Poll) { p.Objects = strings.Split(strings.Repeat("A,", 25)+"B", ",") },
			&salesforce.PollObjectError{Object: "B", Problem: salesforce.TooManyObjects},
		},
		"no source": {func(p *salesforce.Poll) { p.GuildID = "2" }, salesforce.ErrGone},
		"no target": {func(p *salesforce.Poll) { p.TargetID = "x" }, salesforce.ErrGone},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b := openBeat(t)
			b.authorize()
			tc.change(&b.wanted)
			err := b.poller.Start(t.Context(), b.wanted)
			var got, want *salesforce.PollObjectError
			if errors.As(tc.want, &want) {
				if !errors.As(err, &got) || got.Object != want.Object || got.Problem != want.Problem || (got.Answer == nil) != (got.Problem != salesforce.NoSuchObject) {
					t.Errorf("got %v", err)
				}
			} else if !errors.Is(err, tc.want) {
				t.Errorf("got %v", err)
			}
			if _, err := b.poller.Status(t.Context(), b.source.ID); !errors.Is(err, salesforce.ErrNotPolled) {
				t.Errorf("it is polled all the same: %v", err)
			}
		})
	}
	t.Run("not authorized", func(t *testing.T) {
		b := openBeat(t)
		if err := b.poller.Start(t.Context(), b.wanted); !errors.Is(err, salesforce.ErrNotAuthorized) {
			t.Errorf("got %v", err)
		}
	})
}

// TestPollStartWhileTheOrgIsBusy begins all the same; the baseline is read when it answers.
func TestPollStartWhileTheOrgIsBusy(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.insert("Old")
	stop := b.refuse(http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", "later")
	b.start()
	if s := b.status(); s.Trouble == nil || s.Trouble.Kind != salesforce.PollBusy || s.Reads[0].Based {
		t.Errorf("status %+v", s)
	}
	stop()
	b.visit()
	b.wantTold()
	b.insert("New")
	b.visit()
	b.wantTold("created New New")
}

// TestPollStartAsksASilentOrgOnce does not ask about one object after the other while somebody waits.
func TestPollStartAsksASilentOrgOnce(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.wanted.Objects = []string{"Account", "Opportunity", "User"}
	var asked atomic.Int64
	b.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/describe") {
			return false
		}
		asked.Add(1)
		orgtest.Refuse(w, http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", "later")
		return true
	})
	b.start()
	if n := asked.Load(); n != 2 { // and once more for the first round
		t.Errorf("it was asked %d times", n)
	}
	if s := b.status(); len(s.Reads) != 3 {
		t.Errorf("status %+v", s)
	}
}

func TestPollTroubleOfOneObject(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.wanted.Objects = []string{"Account", "Opportunity"}
	b.start()
	b.tables.Define(orgtest.Table{Name: "Account", Forbidden: true})
	b.insert("Deal")
	b.visit()
	b.wantTold("created Deal New")
	s := b.status()
	if s.Trouble != nil || s.Reads[1].Trouble != nil || s.Reads[0].Trouble == nil || s.Reads[0].Trouble.Kind != salesforce.PollRefused {
		t.Errorf("status %+v", s)
	}
	if !strings.HasPrefix(s.Reads[0].Trouble.Told, "INVALID_TYPE: ") {
		t.Errorf("told %q", s.Reads[0].Trouble.Told)
	}
}

// TestPollFieldsChange has a field go, and one come.
func TestPollFieldsChange(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	deal := b.insert("Deal")
	b.start()
	b.tables.Define(orgtest.Table{Name: "Opportunity", Fields: []orgtest.Field{{Name: "Name"}, {Name: "StageName"}, {Name: "New__c", Custom: true}}})
	b.visit()
	b.wantTold() // for nothing was changed
	b.clock.tick(time.Second)
	b.tables.Update(deal, map[string]any{"New__c": "x"})
	b.visit()
	b.wantTold("updated Deal New")
	if s := b.status(); s.Reads[0].Trouble != nil {
		t.Errorf("trouble %+v", s.Reads[0].Trouble)
	}
}

func TestPollOfALostOrg(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.org.RemoveApprovals()
	b.insert("Deal")
	b.visit()
	if s := b.status(); s.Trouble == nil || s.Trouble.Kind != salesforce.PollLost {
		t.Errorf("status %+v", s)
	}
	if n := b.calls(b.visit); n != 0 {
		t.Errorf("an org that has sent us away was called %d times", n)
	}
	b.authorize()
	b.visit()
	b.wantTold("created Deal New")
	if s := b.status(); s.Trouble != nil {
		t.Errorf("status %+v", s)
	}
}

func TestPollWaitsForItsSource(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.insert("Deal")
	if err := b.db.PauseSource(t.Context(), guild, b.source.ID); err != nil {
		t.Fatal(err)
	}
	if n := b.calls(b.visit); n != 0 || b.status().Active {
		t.Errorf("%d calls for a source that is paused", n)
	}
	if err := b.db.ResumeSource(t.Context(), guild, b.source.ID); err != nil {
		t.Fatal(err)
	}
	b.visit()
	b.wantTold("created Deal New")
	if err := b.db.LeaveGuild(t.Context(), guild, time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := b.calls(b.visit); n != 0 {
		t.Errorf("%d calls for a guild that has sent us away", n)
	}
	if err := b.db.Disconnect(t.Context(), guild, b.source.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.poller.Status(t.Context(), b.source.ID); !errors.Is(err, salesforce.ErrNotPolled) {
		t.Errorf("after it was disconnected: %v", err)
	}
	if n := b.calls(b.visit); n != 0 {
		t.Errorf("%d calls for a source that is disconnected", n)
	}
}

func TestPollStopAndChange(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	deal := b.insert("Deal")
	b.start()
	b.stage(deal, "Won")
	b.wanted.Objects, b.wanted.Every = []string{"Opportunity", "Account"}, time.Hour
	b.start() // what was polled goes on where it was, at once
	b.wantTold("updated Deal Won New")
	if s := b.status(); len(s.Reads) != 2 || s.Every != time.Hour || s.NextAt != b.now.Add(time.Hour) {
		t.Errorf("status %+v", s)
	}
	if err := b.poller.Stop(t.Context(), "2", b.source.ID); !errors.Is(err, salesforce.ErrNotPolled) {
		t.Errorf("another guild stops it: %v", err)
	}
	if err := b.poller.Stop(t.Context(), guild, b.source.ID); err != nil {
		t.Fatal(err)
	}
	b.stage(deal, "Lost")
	b.visit()
	b.start()
	b.visit()
	b.wantTold() // it begins anew
	if err := errors.Join(b.poller.Stop(t.Context(), guild, b.source.ID), b.poller.Stop(t.Context(), guild, b.source.ID)); !errors.Is(err, salesforce.ErrNotPolled) {
		t.Errorf("stopped twice: %v", err)
	}
}

// TestPollIsChangedWhileUnderWay has the round that is under way write nothing more.
func TestPollIsChangedWhileUnderWay(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	b.insert("Deal")
	b.tables.OnQuery(func(string) {
		b.tables.OnQuery(nil)
		if err := b.db.SavePoll(context.Background(), b.wanted, orgtest.ID); err != nil {
			t.Error(err)
		}
	})
	b.visit()
	b.wantTold()
	b.visit()
	b.wantTold("created Deal New")
}

func TestPollSlowsDown(t *testing.T) {
	busy := &salesforce.APIError{Status: 503}
	tests := map[string]struct {
		every    time.Duration
		err      error
		failures int
		usage    salesforce.Usage
		want     time.Duration
	}{
		"all is well":         {time.Minute, nil, 0, salesforce.Usage{Used: 89, Max: 100}, time.Minute},
		"nearly used up":      {time.Minute, nil, 0, salesforce.Usage{Used: 90, Max: 100}, 4 * time.Minute},
		"trouble":             {time.Minute, busy, 1, salesforce.Usage{}, time.Minute},
		"more trouble":        {time.Minute, busy, 4, salesforce.Usage{}, 8 * time.Minute},
		"nothing but trouble": {time.Minute, busy, 99, salesforce.Usage{}, time.Hour},
		"rarely polled":       {5 * time.Hour, busy, 9, salesforce.Usage{}, 5 * time.Hour},
		"the org says when":   {time.Minute, &salesforce.APIError{Status: 503, RetryAfter: 10 * time.Minute}, 1, salesforce.Usage{}, 10 * time.Minute},
		"but not next year":   {time.Minute, &salesforce.APIError{Status: 503, RetryAfter: 9999 * time.Hour}, 1, salesforce.Usage{}, time.Hour},
		"lost":                {time.Hour, salesforce.ErrLost, 50, salesforce.Usage{}, time.Minute},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := salesforce.PauseOf(tc.every, tc.err, tc.failures, tc.usage); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestPollLimit(t *testing.T) {
	b := openBeat(t)
	b.authorize()
	b.start()
	stop := b.refuse(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	b.visit()
	b.visit()
	s := b.status()
	if s.Trouble == nil || s.Trouble.Kind != salesforce.PollLimit || s.Trouble.Failures != 2 || s.NextAt != b.now.Add(10*time.Minute) {
		t.Errorf("status %+v, trouble %+v", s, s.Trouble)
	}
	stop()
	b.insert("Deal")
	b.visit()
	b.wantTold("created Deal New")
	if s := b.status(); s.Trouble != nil || s.Usage.Max != orgtest.APILimit {
		t.Errorf("status %+v", s)
	}
}

func TestPollsAreSpread(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	marks := func(ago time.Duration) []salesforce.Mark {
		return []salesforce.Mark{{PolledAt: now}, {PolledAt: now.Add(-ago)}}
	}
	due := func(id string, marks []salesforce.Mark, pending ...event.Event) time.Duration {
		p := salesforce.Polled{Poll: salesforce.Poll{SourceID: id, Every: 5 * time.Minute}, Marks: marks, Pending: pending}
		return salesforce.FirstDue(p, now).Sub(now)
	}
	if got := due("a", marks(2*time.Minute)); got != 3*time.Minute {
		t.Errorf("in its turn: %v", got)
	}
	if got := due("a", marks(2*time.Minute), event.Event{}); got != 0 {
		t.Errorf("with something pending: %v", got)
	}
	late := make(map[time.Duration]bool)
	for i := range 20 {
		id := fmt.Sprint("source-", i)
		got := due(id, marks(time.Hour))
		if got < 0 || got >= 30*time.Second || got != due(id, []salesforce.Mark{{PolledAt: now.Add(9 * time.Hour)}}) {
			t.Errorf("late: %v", got)
		}
		late[got] = true
	}
	if len(late) < 15 {
		t.Errorf("20 polls begin at %d times", len(late))
	}
}
