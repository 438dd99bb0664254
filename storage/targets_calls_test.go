package storage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// acting makes a destination that is the target, and leads the sources there.
func acting(t *testing.T, db *storage.DB, name, targetID string, sources ...event.Source) delivery.Destination {
	t.Helper()
	links := make([]delivery.Link, len(sources))
	for i, s := range sources {
		links[i] = delivery.Link{SourceID: s.ID}
	}
	d, err := db.CreateDestination(t.Context(), delivery.Destination{
		GuildID: guild, Kind: delivery.KindSalesforce, Name: name, TargetID: targetID,
	}, links...)
	must(t, err)
	return d
}

func TestTargetAsDestination(t *testing.T) {
	db := open(t)
	s, prod := connect(t, db, "Sales", "1"), target(t, db, guild, "Prod")
	found, err := db.TargetByID(t.Context(), prod.ID)
	must(t, err)
	if diff := cmp.Diff(prod, found); diff != "" {
		t.Error("-want +got:", diff)
	}
	d := acting(t, db, "CRM", prod.ID, s)
	want := delivery.Destination{ID: d.ID, GuildID: guild, Kind: delivery.KindSalesforce, Name: "CRM", TargetID: prod.ID, Locale: "de"}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error("-want +got:", diff)
	}
	accept(t, db, s, 1)
	batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if diff := cmp.Diff(want, batch.Destination); diff != "" || len(batch.Deliveries) != 1 {
		t.Errorf("%d claimed, -want +got: %s", len(batch.Deliveries), diff)
	}
	links, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	if len(links) != 2 || !cmp.Equal(want, links[1].Destination) {
		t.Errorf("links: %+v", links)
	}

	foreign := target(t, db, "2", "Prod")
	_, err = db.CreateDestination(t.Context(), delivery.Destination{GuildID: guild, Kind: delivery.KindSalesforce, Name: "B", TargetID: foreign.ID})
	wantKind(t, err, fault.NotFound)
	_, err = db.TargetByID(t.Context(), "x")
	wantKind(t, err, fault.NotFound)

	wantKind(t, db.DeleteTarget(t.Context(), guild, prod.ID), fault.Exists)
	must(t, db.DeleteDestination(t.Context(), guild, d.ID))
	must(t, db.DeleteTarget(t.Context(), guild, prod.ID))
}

func TestGuildGoesWithTargetsAndDestinations(t *testing.T) {
	db := open(t)
	s, prod := connect(t, db, "Sales", "1"), target(t, db, guild, "Prod")
	acting(t, db, "CRM", prod.ID, s)
	must(t, db.OnWriter(t.Context(), `DELETE FROM guilds`))
	_, err := db.TargetByID(t.Context(), prod.ID)
	wantKind(t, err, fault.NotFound)
}

func TestReplySource(t *testing.T) {
	db := open(t)
	connect(t, db, "prod REPLIES", "1")
	prod := target(t, db, guild, "Prod")
	id, err := db.ReplySource(t.Context(), prod.ID)
	must(t, err)
	s, err := db.Source(t.Context(), guild, "Prod replies-2")
	must(t, err)
	if s.ID != id || s.RepliesOf() != prod.ID || !s.BuiltIn() || s.Auth != event.AuthAPIKey || s.State != event.Active {
		t.Errorf("source of the replies: %+v, its id %q", s, id)
	}
	settings, err := db.SettingsSource(t.Context(), guild)
	must(t, err)
	if settings.RepliesOf() != "" || settings.ID == id {
		t.Errorf("the settings' is %+v", settings)
	}

	long := target(t, db, guild, strings.Repeat("ü", 80))
	if id, err := db.ReplySource(t.Context(), long.ID); err != nil || id == "" {
		t.Errorf("of a long name: %q, %v", id, err)
	}
	_, err = db.Source(t.Context(), guild, strings.Repeat("ü", 69)+" replies")
	must(t, err)

	must(t, db.PauseSource(t.Context(), guild, s.ID))
	if id, err := db.ReplySource(t.Context(), prod.ID); err != nil || id != "" {
		t.Errorf("while it is paused: %q, %v", id, err)
	}
	must(t, db.ResumeSource(t.Context(), guild, s.ID))
	must(t, db.DeleteTarget(t.Context(), guild, prod.ID))
	if id, err := db.ReplySource(t.Context(), prod.ID); err != nil || id != "" {
		t.Errorf("without the target: %q, %v", id, err)
	}
	if s, err = db.SourceByID(t.Context(), guild, s.ID); err != nil || s.State != event.Disconnected {
		t.Errorf("the source is %s, %v", s.State, err)
	}
}

func TestTargetWithoutRepliesHasNoSource(t *testing.T) {
	db := open(t)
	mute, err := db.CreateTarget(t.Context(), event.Target{GuildID: guild, Name: "Mute", ReplyPolicy: event.ReplyNever}, pemFile)
	must(t, err)
	if all, err := db.Sources(t.Context(), guild); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	if id, err := db.ReplySource(t.Context(), mute.ID); err != nil || id != "" {
		t.Errorf("%q, %v", id, err)
	}
}

// Each attempt begins its call once, until it is known that nothing was done.
func TestBeginCall(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := acting(t, db, "CRM", target(t, db, guild, "Prod").ID, s)
	id := accept(t, db, s, 1)[0]
	begin := func(attempt int, want bool) {
		t.Helper()
		if first, err := db.BeginCall(t.Context(), d.ID, id, attempt); err != nil || first != want {
			t.Errorf("attempt %d is the first to call: %v (%v), want %v", attempt, first, err, want)
		}
	}
	begin(2, false) // not the next
	begin(1, true)
	begin(1, false)
	must(t, db.EndCall(t.Context(), d.ID, id))
	begin(1, true)
	_, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 1, delivery.Pending)))
	begin(1, false)
	begin(2, true)
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, id, 2, delivery.Abandoned)))
	begin(3, false) // it has ended
	_, err = db.Requeue(t.Context(), entriesOf(t, db, s, id), false)
	must(t, err)
	begin(3, true) // somebody wants it made again
}
