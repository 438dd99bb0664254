package storage_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/storage"
)

// idsOf are the events that the log gives.
func idsOf(t *testing.T, db *storage.DB, q event.Query) []event.ID {
	t.Helper()
	found, err := db.Events(t.Context(), q)
	must(t, err)
	var ids []event.ID
	for _, one := range found {
		ids = append(ids, one.ID)
	}
	return ids
}

// TestPages turns all pages of a log that several sources write to, to its end and back, in every state.
func TestPages(t *testing.T) {
	db := open(t)
	sources := []event.Source{connect(t, db, "A", "1"), connect(t, db, "B", "2"), connect(t, db, "C", "1")}
	want := make(map[string][]event.ID) // by state, newest first
	for i := range 120 {
		e := entry(t, db, sources[rand.IntN(len(sources))], `{}`)
		state := []delivery.State{delivery.Abandoned, delivery.Pending, delivery.Delivered, delivery.Filtered}[i%4]
		if state == delivery.Filtered {
			e.Routes = nil
		}
		ids, err := db.Append(t.Context(), []delivery.Entry{e})
		must(t, err)
		if state == delivery.Abandoned || state == delivery.Delivered {
			must(t, db.Finish(t.Context(), finished(t, db, e.Routes[0].DestinationID, ids[0], 1, state)))
		}
		want[""] = slices.Insert(want[""], 0, ids[0])
		want[string(state)] = slices.Insert(want[string(state)], 0, ids[0])
	}
	for state, all := range want {
		q := event.Query{GuildID: guild, State: state, Limit: 7}
		var down, up []event.ID
		for page := idsOf(t, db, q); len(page) > 0; page = idsOf(t, db, q) {
			down = append(down, page...)
			q.Before = page[len(page)-1]
		}
		q.After = all[len(all)-1] - 1
		for page := idsOf(t, db, q); len(page) > 0; page = idsOf(t, db, q) {
			up = slices.Concat(page, up)
			q.After = page[0]
		}
		if diff := cmp.Diff(all, down); diff != "" {
			t.Errorf("%q down, -want +got: %s", state, diff)
		}
		if diff := cmp.Diff(all, up); diff != "" {
			t.Errorf("%q up, -want +got: %s", state, diff)
		}
	}
}

// TestSummaryState gives an event deliveries in several states.
func TestSummaryState(t *testing.T) {
	tests := map[string]struct {
		states []delivery.State // of its deliveries
		replay bool             // the first of them
		want   event.Summary
		in     []string // the states it is found by
	}{
		"no link took it": {nil, false, event.Summary{State: "filtered"}, []string{"filtered"}},
		"delivered and pending": {
			[]delivery.State{delivery.Delivered, delivery.Pending},
			false,
			event.Summary{State: "pending", Deliveries: 2},
			[]string{"delivered", "pending"},
		},
		"delivered and abandoned": {
			[]delivery.State{delivery.Delivered, delivery.Abandoned},
			false,
			event.Summary{State: "abandoned", Deliveries: 2},
			[]string{"abandoned", "delivered"},
		},
		"replayed": {
			[]delivery.State{delivery.Abandoned, delivery.Delivered},
			true,
			event.Summary{State: "pending", Deliveries: 2},
			[]string{"delivered", "pending"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := connect(t, db, "Sales", "1")
			e := entry(t, db, s, `{}`)
			e.Routes = append(e.Routes, entry(t, db, connect(t, db, "Service", "2"), `{}`).Routes...)[:len(tc.states)]
			ids, err := db.Append(t.Context(), []delivery.Entry{e})
			must(t, err)
			for i, state := range tc.states {
				if state != delivery.Pending {
					must(t, db.Finish(t.Context(), finished(t, db, e.Routes[i].DestinationID, ids[0], 1, state)))
				}
			}
			if tc.replay {
				requeue(t, db, delivery.Destination{ID: e.Routes[0].DestinationID}, ids[0])
			}
			tc.want.ID, tc.want.Type, tc.want.SourceName = ids[0], "Case.created", "Sales"
			got, err := db.Events(t.Context(), event.Query{GuildID: guild, Limit: 5})
			must(t, err)
			if diff := cmp.Diff([]event.Summary{tc.want}, got); diff != "" {
				t.Error("-want +got:", diff)
			}
			var in []string
			for _, state := range []string{"abandoned", "delivered", "filtered", "pending"} {
				if len(idsOf(t, db, event.Query{GuildID: guild, SourceID: s.ID, State: state, Limit: 5})) > 0 {
					in = append(in, state)
				}
			}
			if diff := cmp.Diff(tc.in, in); diff != "" {
				t.Error("found by, -want +got:", diff)
			}
		})
	}
}

// TestLogIsTheGuilds asks for what others have.
func TestLogIsTheGuilds(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	accept(t, db, s, 1)
	theirs, err := db.Connect(t.Context(), event.Source{GuildID: "2", Name: "Other"}, "2")
	must(t, err)
	lost := accept(t, db, theirs, 1)[0]
	must(t, db.Finish(t.Context(), finished(t, db, destination(t, db, theirs).ID, lost, 1, delivery.Abandoned)))
	if got := idsOf(t, db, event.Query{GuildID: guild, State: "abandoned", Limit: 5}); len(got) > 0 {
		t.Errorf("another guild's: %v", got)
	}
	_, err = db.Events(t.Context(), event.Query{GuildID: guild, SourceID: theirs.ID, Limit: 5})
	wantKind(t, err, fault.NotFound)
	if got := idsOf(t, db, event.Query{GuildID: "3", Limit: 5}); len(got) > 0 {
		t.Errorf("a guild that is not known has %v", got)
	}
	if got := idsOf(t, db, event.Query{GuildID: guild}); len(got) > 0 {
		t.Errorf("none was asked for: %v", got)
	}
}

// TestLogLooksSoFar has one delivered event behind as many pending ones as a question looks at.
func TestLogLooksSoFar(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	first := accept(t, db, s, 1)[0]
	must(t, db.Finish(t.Context(), finished(t, db, destination(t, db, s).ID, first, 1, delivery.Delivered)))
	e := entry(t, db, s, `{}`)
	for range storage.MaxLooked / 500 {
		_, err := db.Append(t.Context(), slices.Repeat([]delivery.Entry{e}, 500))
		must(t, err)
	}
	q := event.Query{GuildID: guild, State: "delivered", Limit: 10}
	if got := idsOf(t, db, q); len(got) > 0 {
		t.Errorf("found %v behind %d others", got, storage.MaxLooked)
	}
	q.Before = first + 1000
	if diff := cmp.Diff([]event.ID{first}, idsOf(t, db, q)); diff != "" {
		t.Error("from nearer, -want +got:", diff)
	}
}

// TestLogIsReadByIndex lets no question to the log walk all of a large table, or sort one.
func TestLogIsReadByIndex(t *testing.T) {
	plans, err := open(t).LogPlans(t.Context())
	must(t, err)
	for query, plan := range plans {
		for _, step := range plan {
			table := strings.Fields(step + " ")
			large := len(table) > 1 && slices.Contains([]string{"e", "o", "v", "events", "outcomes", "deliveries", "attempts"}, table[1])
			if large && table[0] == "SCAN" {
				t.Errorf("%s\n%s", query, strings.Join(plan, "\n"))
			}
			if strings.HasPrefix(query, "SELECT id") && strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\nsorts: %s", query, strings.Join(plan, "\n"))
			}
		}
	}
}
