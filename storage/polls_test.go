package storage_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/storage"
)

// polled is a source that is polled for two objects.
func polled(t *testing.T, db *storage.DB) salesforce.Poll {
	t.Helper()
	p := salesforce.Poll{
		SourceID: connect(t, db, "Acme", "1").ID, GuildID: guild, Objects: []string{"Opportunity", "Account"}, Every: 90 * time.Second,
	}
	must(t, db.SavePoll(t.Context(), p, "org"))
	return p
}

func found(t *testing.T, db *storage.DB, sourceID string) salesforce.Polled {
	t.Helper()
	p, err := db.Polled(t.Context(), sourceID)
	must(t, err)
	return p
}

func wantNotPolled(t *testing.T, err error) {
	t.Helper()
	wantKind(t, err, fault.NotFound)
	if !errors.Is(err, salesforce.ErrNotPolled) {
		t.Errorf("got %v", err)
	}
}

func TestPolls(t *testing.T) {
	db := open(t)
	p := polled(t, db)
	got := found(t, db, p.SourceID)
	want := salesforce.Polled{
		Poll: p, Version: got.Version, Place: "org", Active: true, Marks: []salesforce.Mark{{Object: "Opportunity"}, {Object: "Account"}},
	}
	want.StartedAt = got.StartedAt
	if diff := cmp.Diff(want, got); diff != "" || got.Version == "" || got.StartedAt.IsZero() {
		t.Errorf("%+v, -want +got: %s", got, diff)
	}
	all, err := db.Polling(t.Context())
	if must(t, err); !cmp.Equal(all, []string{p.SourceID}) {
		t.Errorf("polling %q", all)
	}
	wantNotPolled(t, db.StopPoll(t.Context(), "2", p.SourceID))
	must(t, db.StopPoll(t.Context(), guild, p.SourceID))
	wantNotPolled(t, db.StopPoll(t.Context(), guild, p.SourceID))
	_, err = db.Polled(t.Context(), p.SourceID)
	wantNotPolled(t, err)
	for _, wrong := range []salesforce.Poll{{SourceID: "x", GuildID: guild}, {SourceID: p.SourceID, GuildID: "2"}} {
		if err := db.SavePoll(t.Context(), wrong, ""); !errors.Is(err, salesforce.ErrGone) {
			t.Errorf("%+v: got %v", wrong, err)
		}
	}
}

func TestPollAccess(t *testing.T) {
	db := open(t)
	p := polled(t, db)
	access := func() salesforce.PollAccess { return found(t, db, p.SourceID).Access }
	if got := access(); got != (salesforce.PollAccess{}) {
		t.Errorf("before it is authorized: %+v", got)
	}
	must(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: p.SourceID, OrgID: "00D"}))
	if got := access(); got != (salesforce.PollAccess{OrgID: "00D"}) {
		t.Errorf("authorized: %+v", got)
	}
	must(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: p.SourceID, OrgID: "00D", LostAt: at}))
	if got := access(); !got.Lost {
		t.Errorf("lost: %+v", got)
	}
	made := target(t, db, guild, "Prod")
	p.TargetID = made.ID
	must(t, db.SavePoll(t.Context(), p, "org"))
	if diff := cmp.Diff(&made, access().Target); diff != "" {
		t.Errorf("target (-want +got):\n%s", diff)
	}
	for _, id := range []string{"x", target(t, db, "2", "Other").ID} {
		if _, err := db.PollAccess(t.Context(), guild, p.SourceID, id); !errors.Is(err, salesforce.ErrGone) {
			t.Errorf("target %s: got %v", id, err)
		}
	}
	must(t, db.DeleteTarget(t.Context(), guild, made.ID))
	_, err := db.Polled(t.Context(), p.SourceID)
	wantNotPolled(t, err)
}

func TestPollsEndWithTheirSource(t *testing.T) {
	db := open(t)
	p := polled(t, db)
	must(t, db.PauseSource(t.Context(), guild, p.SourceID))
	if found(t, db, p.SourceID).Active {
		t.Error("the source is paused")
	}
	must(t, db.ResumeSource(t.Context(), guild, p.SourceID))
	must(t, db.LeaveGuild(t.Context(), guild, at))
	if found(t, db, p.SourceID).Active {
		t.Error("the guild is left")
	}
	must(t, db.Disconnect(t.Context(), guild, p.SourceID, at))
	_, err := db.Polled(t.Context(), p.SourceID)
	wantNotPolled(t, err)
	if err := db.SavePoll(t.Context(), p, ""); !errors.Is(err, salesforce.ErrGone) {
		t.Errorf("polled again: %v", err)
	}
}

// stepOf is a step of the poll as it is, with records that were seen at one second after the other.
func stepOf(p salesforce.Polled, object string, records int) salesforce.PollStep {
	s := salesforce.PollStep{SourceID: p.SourceID, Version: p.Version, Mark: salesforce.Mark{
		Object: object, Based: true, Until: at, Since: at.Add(time.Second), PolledAt: at.Add(2 * time.Second), ChangedAt: at.Add(3 * time.Second),
	}}
	for i := range records {
		s.Seen = append(s.Seen, salesforce.Seen{
			ID: fmt.Sprintf("006%015d", i), Stamp: at.Add(time.Duration(i) * time.Second), Deleted: i == 1, Copy: json.RawMessage(`{"Name":"Acme hidden"}`),
		})
	}
	return s
}

func TestPollSteps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	db := openAt(t, path)
	p := found(t, db, polled(t, db).SourceID)
	step := stepOf(p, "Opportunity", 3)
	step.Pending = []event.Event{{
		SourceID: p.SourceID, Type: "Opportunity.created", IdempotencyKey: "poll:1", ReceivedAt: at, Body: []byte(`{"record":{"Name":"Pending hidden"}}`),
	}}
	must(t, db.SavePollStep(t.Context(), step))
	raw, err := os.ReadFile(path + "-wal")
	if must(t, err); bytes.Contains(raw, []byte("hidden")) || !bytes.Contains(raw, []byte(step.Seen[0].ID)) {
		t.Error("a copy is there in plain text, or the test looks in the wrong place")
	}
	got := found(t, db, p.SourceID)
	if diff := cmp.Diff(step.Pending, got.Pending); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]salesforce.Mark{step.Mark, {Object: "Account"}}, got.Marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	seen, err := db.SeenRecords(t.Context(), p.SourceID, "Opportunity", []string{step.Seen[1].ID, "x", step.Seen[2].ID})
	must(t, err)
	if diff := cmp.Diff(map[string]salesforce.Seen{step.Seen[1].ID: step.Seen[1], step.Seen[2].ID: step.Seen[2]}, seen); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
	if seen, err := db.SeenRecords(t.Context(), p.SourceID, "Account", []string{step.Seen[0].ID}); err != nil || len(seen) > 0 {
		t.Errorf("seen of another object: %v, %v", seen, err)
	}
	must(t, db.PollAccepted(t.Context(), p.SourceID, p.Version))
	if got := found(t, db, p.SourceID).Pending; got != nil {
		t.Errorf("pending %v", got)
	}
}

// TestPollStepsOfThePast has a poll change while it is under way.
func TestPollStepsOfThePast(t *testing.T) {
	db := open(t)
	old := found(t, db, polled(t, db).SourceID)
	must(t, db.SavePollStep(t.Context(), stepOf(old, "Opportunity", 1)))
	must(t, db.SavePollStep(t.Context(), stepOf(old, "Account", 1)))
	old.Objects = []string{"Lead", "Opportunity"}
	must(t, db.SavePoll(t.Context(), old.Poll, "org"))
	wantNotPolled(t, db.SavePollStep(t.Context(), stepOf(old, "Account", 3)))
	wantNotPolled(t, db.PollAccepted(t.Context(), old.SourceID, old.Version))
	now := found(t, db, old.SourceID)
	if len(now.Marks) != 2 || now.Marks[0] != (salesforce.Mark{Object: "Lead"}) || !now.Marks[1].Based {
		t.Errorf("marks %+v", now.Marks)
	}
	if now.StartedAt != old.StartedAt {
		t.Errorf("started at %v, before %v", now.StartedAt, old.StartedAt)
	}
	count := func(object string) int {
		seen, err := db.SeenRecords(t.Context(), old.SourceID, object, []string{"006000000000000000"})
		must(t, err)
		return len(seen)
	}
	if count("Opportunity") != 1 || count("Account") != 0 {
		t.Errorf("%d opportunities and %d accounts are remembered", count("Opportunity"), count("Account"))
	}
	must(t, db.SavePoll(t.Context(), old.Poll, "another org"))
	if now := found(t, db, old.SourceID); now.Place != "another org" || now.Marks[1].Based || count("Opportunity") != 0 {
		t.Errorf("of another org: %+v", now)
	}
}

// TestPollMoves has nothing that was seen elsewhere be left, and brings back no poll that somebody has stopped.
func TestPollMoves(t *testing.T) {
	db := open(t)
	p := found(t, db, polled(t, db).SourceID)
	step := stepOf(p, "Opportunity", 1)
	must(t, db.SavePollStep(t.Context(), step))
	wantNotPolled(t, db.MovePoll(t.Context(), p.SourceID, "another version", "another org"))
	must(t, db.MovePoll(t.Context(), p.SourceID, p.Version, "another org"))
	want := p
	want.Place = "another org"
	if diff := cmp.Diff(want, found(t, db, p.SourceID)); diff != "" {
		t.Errorf("moved (-want +got):\n%s", diff)
	}
	seen, err := db.SeenRecords(t.Context(), p.SourceID, "Opportunity", []string{step.Seen[0].ID})
	if must(t, err); len(seen) > 0 {
		t.Errorf("seen elsewhere: %v", seen)
	}
	must(t, db.StopPoll(t.Context(), guild, p.SourceID))
	wantNotPolled(t, db.MovePoll(t.Context(), p.SourceID, p.Version, "org"))
	_, err = db.Polled(t.Context(), p.SourceID)
	wantNotPolled(t, err)
}

// TestPollBeginsAnew forgets what an earlier beginning has left of the object, and of no other.
func TestPollBeginsAnew(t *testing.T) {
	db := open(t)
	p := found(t, db, polled(t, db).SourceID)
	must(t, db.SavePollStep(t.Context(), stepOf(p, "Opportunity", 3)))
	must(t, db.SavePollStep(t.Context(), stepOf(p, "Account", 1)))
	step := stepOf(p, "Opportunity", 1)
	step.Anew = true
	must(t, db.SavePollStep(t.Context(), step))
	for object, want := range map[string]int{"Opportunity": 1, "Account": 1} {
		seen, err := db.SeenRecords(t.Context(), p.SourceID, object, []string{"006000000000000000", "006000000000000002"})
		if must(t, err); len(seen) != want {
			t.Errorf("%s: %v", object, seen)
		}
	}
}

func TestPollForgets(t *testing.T) {
	tests := map[string]struct {
		keep salesforce.Keep
		want int // of ten, a second apart
	}{
		"nothing":            {salesforce.Keep{}, 10},
		"fewer than it has":  {salesforce.Keep{Newest: 3, From: at.Add(time.Hour)}, 3},
		"within the overlap": {salesforce.Keep{Newest: 3, From: at.Add(4 * time.Second)}, 6},
		"more than it has":   {salesforce.Keep{Newest: 30, From: at.Add(time.Hour)}, 10},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			step := stepOf(found(t, db, polled(t, db).SourceID), "Opportunity", 10)
			step.Keep = tc.keep
			must(t, db.SavePollStep(t.Context(), step))
			var ids []string
			for _, one := range step.Seen {
				ids = append(ids, one.ID)
			}
			seen, err := db.SeenRecords(t.Context(), step.SourceID, "Opportunity", ids)
			must(t, err)
			if _, last := seen[ids[9]]; len(seen) != tc.want || !last {
				t.Errorf("%d are remembered", len(seen))
			}
		})
	}
}

// TestPollForgetsInSteps has more be too old than one transaction should remove, once for each of the ways in which that goes.
func TestPollForgetsInSteps(t *testing.T) {
	const records = 1200
	tests := map[string]struct {
		remove func(*storage.DB, salesforce.PollStep) error
		left   int
	}{
		"after an import": {func(db *storage.DB, s salesforce.PollStep) error {
			s.Seen, s.Keep = nil, salesforce.Keep{Newest: 5, From: at.Add(time.Hour)}
			return db.SavePollStep(t.Context(), s)
		}, 5},
		"with its guild": {func(db *storage.DB, _ salesforce.PollStep) error {
			must(t, db.LeaveGuild(t.Context(), guild, at.Add(-31*day)))
			return db.Retain(t.Context(), at, storage.Retention{Keep: day})
		}, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			step := stepOf(found(t, db, polled(t, db).SourceID), "Opportunity", records)
			must(t, db.SavePollStep(t.Context(), step))
			most := 0
			must(t, db.WatchRows(t.Context(), "poll_records", func(tx storage.Transaction) { most = max(most, len(tx.Removed)) }))
			must(t, tc.remove(db, step))
			if n, err := db.CountRows(t.Context(), "poll_records"); err != nil || n != tc.left {
				t.Errorf("%d are left, %v", n, err)
			}
			if most > storage.StepMax || most == 0 {
				t.Errorf("%d were removed at a time", most)
			}
		})
	}
}
