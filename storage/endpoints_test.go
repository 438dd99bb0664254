package storage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// compareKeys lets cmp see the secrets that keys do not print.
var compareKeys = cmp.Comparer(func(a, b event.SigningKey) bool {
	return string(a.Secret) == string(b.Secret) && a.ExpiresAt.Equal(b.ExpiresAt)
})

// webhook is a destination as it is asked for.
func webhook(name string, change func(*delivery.Endpoint)) delivery.Destination {
	e := delivery.Endpoint{URL: "https://crm.example/in?token=visible"}
	if change != nil {
		change(&e)
	}
	return delivery.Destination{GuildID: guild, Kind: delivery.KindWebhook, Name: name, Endpoint: &e}
}

// forward makes a webhook destination, and leads the sources there.
func forward(t testing.TB, db *storage.DB, name string, sources ...event.Source) delivery.Destination {
	t.Helper()
	links := make([]delivery.Link, len(sources))
	for i, s := range sources {
		links[i] = delivery.Link{SourceID: s.ID}
	}
	d, err := db.CreateDestination(t.Context(), webhook(name, nil), links...)
	must(t, err)
	return d
}

// named are the destinations of a guild that have a name.
func named(t testing.TB, db *storage.DB, guildID string) []string {
	t.Helper()
	found, err := db.GuildDestinations(t.Context(), guildID)
	must(t, err)
	var names []string
	for _, d := range found {
		names = append(names, d.Name+d.ChannelID)
	}
	return names
}

func TestCreateDestination(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	asked := webhook("CRM", func(e *delivery.Endpoint) {
		e.Secret = event.SigningKey{Secret: []byte("whsec_x")}
		e.Unordered, e.RateLimit = true, 5
	})
	d, err := db.CreateDestination(t.Context(), asked, delivery.Link{SourceID: s.ID, Events: []string{"Case.*"}, Filter: "true"})
	must(t, err)
	want := asked
	want.ID, want.Locale = d.ID, "de"
	want.Endpoint = &delivery.Endpoint{
		URL: "https://crm.example/in?token=visible", Secret: event.SigningKey{Secret: []byte("whsec_x")},
		Unordered: true, RateLimit: 5, Prefix: "dispatch",
	}
	if diff := cmp.Diff(want, d, compareKeys); diff != "" || d.ID == "" {
		t.Error("-want +got:", diff)
	}
	accept(t, db, s, 1)
	batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if diff := cmp.Diff(want, batch.Destination, compareKeys); diff != "" || len(batch.Deliveries) != 1 {
		t.Errorf("%d claimed, -want +got: %s", len(batch.Deliveries), diff)
	}
	links, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	if len(links) != 2 || links[1].Filter != "true" || !cmp.Equal(want, links[1].Destination, compareKeys) {
		t.Errorf("links: %+v", links)
	}
	must(t, db.RemoveLink(t.Context(), guild, links[1].ID))
	again, err := db.AddLink(t.Context(), guild, delivery.Link{SourceID: s.ID, DestinationID: d.ID}, "")
	must(t, err)
	if !cmp.Equal(want, again.Destination, compareKeys) {
		t.Errorf("linked to %+v", again.Destination)
	}
}

func TestCreateDestinationRefuses(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	gone := connect(t, db, "Gone", "1")
	must(t, db.Disconnect(t.Context(), guild, gone.ID, at))
	forward(t, db, "Über")
	tests := map[string]struct {
		asked delivery.Destination
		links []delivery.Link
		want  fault.Kind
	}{
		"the same name":           {webhook("über", nil), nil, fault.Exists},
		"unknown source":          {webhook("A", nil), []delivery.Link{{SourceID: "x"}}, fault.NotFound},
		"a source that is gone":   {webhook("A", nil), []delivery.Link{{SourceID: gone.ID}}, fault.NotFound},
		"unknown transform":       {webhook("A", nil), []delivery.Link{{SourceID: s.ID, TransformID: "x"}}, fault.NotFound},
		"one link twice":          {webhook("A", nil), []delivery.Link{{SourceID: s.ID}, {SourceID: s.ID}}, fault.Exists},
		"another guild's source":  {delivery.Destination{GuildID: "2", Kind: "webhook", Name: "A"}, []delivery.Link{{SourceID: s.ID}}, fault.NotFound},
		"its own name, elsewhere": {delivery.Destination{GuildID: "2", Kind: "webhook", Name: "Über"}, nil, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before := named(t, db, tc.asked.GuildID)
			_, err := db.CreateDestination(t.Context(), tc.asked, tc.links...)
			if tc.want == "" {
				must(t, err)
				return
			}
			wantKind(t, err, tc.want)
			if diff := cmp.Diff(before, named(t, db, tc.asked.GuildID)); diff != "" {
				t.Error("something was made all the same:", diff)
			}
		})
	}
}

func TestDestinationsAreBounded(t *testing.T) {
	db := open(t)
	for i := range 100 {
		forward(t, db, fmt.Sprint("n", i))
	}
	_, err := db.CreateDestination(t.Context(), webhook("one more", nil))
	wantKind(t, err, fault.TooMany)
	connect(t, db, "Sales", "1") // channels do not count
}

func TestGuildDestinations(t *testing.T) {
	db := open(t)
	connect(t, db, "Sales", "7")
	forward(t, db, "zulu")
	forward(t, db, "Bravo")
	connect(t, db, "Service", "8")
	forward(t, db, "alpha")
	if diff := cmp.Diff([]string{"alpha", "Bravo", "zulu", "7", "8"}, named(t, db, guild)); diff != "" {
		t.Error("-want +got:", diff)
	}
	if other := named(t, db, "2"); other != nil {
		t.Errorf("another guild has %v", other)
	}
}

func TestPauseDestination(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d := destination(t, db, s)
	accept(t, db, s, 1)
	if ids, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); len(ids) != 1 {
		t.Fatal("nothing to claim")
	}
	wantKind(t, db.PauseDestination(t.Context(), "2", d.ID), fault.NotFound)
	must(t, db.PauseDestination(t.Context(), guild, d.ID))
	if ids, due := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); len(ids) != 0 || !due.IsZero() {
		t.Errorf("%d claimed, due %v", len(ids), due)
	}
	if untold, err := db.Untold(t.Context()); err != nil || len(untold) != 0 {
		t.Errorf("untold: %v, %v", untold, err)
	}
	must(t, db.Resume(t.Context(), guild, d.ID))
	if ids, _ := claim(t, db, d.ID, lease("a", 0, time.Minute), 1); len(ids) != 1 {
		t.Error("nothing to claim once it was resumed")
	}
}

// A pause that has a reason of its own keeps it, and its guild is still to be told.
func TestPauseDestinationThatIsPaused(t *testing.T) {
	db := open(t)
	d := destination(t, db, connect(t, db, "Sales", "1"))
	must(t, db.Finish(t.Context(), delivery.Progress{DestinationID: d.ID, Pause: "pause.channel_gone"}))
	must(t, db.PauseDestination(t.Context(), guild, d.ID))
	untold, err := db.Untold(t.Context())
	must(t, err)
	if len(untold) != 1 || untold[0].Paused != "pause.channel_gone" {
		t.Errorf("untold: %+v", untold)
	}
}

// TestResumeStartsAfresh resumes an endpoint that has failed for days, where each delivery waits for itself.
func TestResumeStartsAfresh(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d, err := db.CreateDestination(t.Context(), webhook("CRM", func(e *delivery.Endpoint) { e.Unordered = true }), delivery.Link{SourceID: s.ID})
	must(t, err)
	ids := accept(t, db, s, 1)
	failed := finished(t, db, d.ID, ids[0], 1, delivery.Pending)
	failed.Results[0].DueAt, failed.Failures, failed.Pause = at.Add(time.Hour), 3, "pause.failing"
	must(t, db.Finish(t.Context(), failed))
	must(t, db.Resume(t.Context(), guild, d.ID))
	batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 1)
	must(t, err)
	if len(batch.Deliveries) != 1 || batch.Failures != 0 || !batch.Failing.IsZero() {
		t.Errorf("claimed %+v", batch)
	}
}

// Each delivery waits for itself, also when the queue was looked at while it was empty.
func TestUnorderedRetryWaits(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	d, err := db.CreateDestination(t.Context(), webhook("CRM", func(e *delivery.Endpoint) { e.Unordered = true }), delivery.Link{SourceID: s.ID})
	must(t, err)
	claim := func(want ...event.ID) delivery.Batch {
		t.Helper()
		batch, err := db.Claim(t.Context(), d.ID, lease("a", 0, time.Minute), 10)
		must(t, err)
		var got []event.ID
		for _, one := range batch.Deliveries {
			got = append(got, one.Event.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("claimed: %s", diff)
		}
		return batch
	}
	claim()
	first := accept(t, db, s, 1)[0]
	claim(first)
	failed := finished(t, db, d.ID, first, 1, delivery.Pending)
	failed.Results[0].DueAt, failed.Failures = at.Add(time.Hour), 1
	must(t, db.Finish(t.Context(), failed))
	if batch := claim(); !batch.DueAt.Equal(at.Add(time.Hour)) || !batch.Open {
		t.Errorf("it is due at %v, open: %t", batch.DueAt, batch.Open)
	}
	second := accept(t, db, s, 1)[0]
	if batch := claim(second); !batch.More {
		t.Error("what waits for its retry is forgotten")
	}
	must(t, db.Finish(t.Context(), finished(t, db, d.ID, first, 2, delivery.Delivered)))
	if batch := claim(second); batch.More {
		t.Error("it waits for more than there is")
	}
}
