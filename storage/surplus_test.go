package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// TestGuildEvents has a guild with ten events in two sources, a minute apart, the oldest first, and bounds them.
func TestGuildEvents(t *testing.T) {
	tests := map[string]struct {
		most    int
		pending []int // of the ten
		keyed   []int // with an idempotency key, younger than a day
		want    []int // that are kept
	}{
		"no bound":                  {0, nil, nil, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"more than there are":       {11, nil, nil, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"as many as there are":      {10, nil, nil, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"the oldest go":             {3, nil, nil, []int{7, 8, 9}},
		"one":                       {1, nil, nil, []int{9}},
		"pending ones stay":         {3, []int{0, 4}, nil, []int{0, 4, 7, 8, 9}},
		"pending ones do not count": {3, []int{8, 9}, nil, []int{5, 6, 7, 8, 9}},
		"all are pending":           {3, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, nil, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"keys are remembered":       {3, nil, []int{1}, []int{1, 7, 8, 9}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			sources := []event.Source{connect(t, db, "A", "1"), connect(t, db, "B", "2")}
			other, err := db.Connect(t.Context(), event.Source{GuildID: "2", Name: "Other"}, "2")
			must(t, err)
			others := accept(t, db, other, 2)
			var ids []event.ID
			for i := range 10 {
				e := entry(t, db, sources[i%3%2], `{}`)
				if slices.Contains(tc.keyed, i) {
					e.Event.IdempotencyKey = fmt.Sprint(i)
				}
				id := old(t, db, e, time.Hour-time.Duration(i)*time.Minute)
				if !slices.Contains(tc.pending, i) {
					must(t, db.Finish(t.Context(), finished(t, db, e.Routes[0].DestinationID, id, 1, delivery.Delivered)))
				}
				ids = append(ids, id)
			}
			for range 2 { // a second round finds nothing to do
				must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day, GuildEvents: tc.most}))
			}
			var want []event.ID
			for _, i := range slices.Backward(tc.want) {
				want = append(want, ids[i])
			}
			if diff := cmp.Diff(want, idsOf(t, db, event.Query{GuildID: guild, Limit: 20})); diff != "" {
				t.Error("-want +got:", diff)
			}
			if got := idsOf(t, db, event.Query{GuildID: "2", Limit: 20}); len(got) != len(others) {
				t.Errorf("another guild has %d events, want %d", len(got), len(others))
			}
		})
	}
}

// TestSurplusOverPages has more events than are looked at, or removed, at once.
func TestSurplusOverPages(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{}`)
	e.Routes = nil
	ids, err := db.Append(t.Context(), slices.Repeat([]delivery.Entry{e}, 3000))
	must(t, err)
	must(t, db.Retain(t.Context(), at, storage.Retention{Keep: 30 * day, GuildEvents: 1201}))
	slices.Reverse(ids)
	if diff := cmp.Diff(ids[:1201], idsOf(t, db, event.Query{GuildID: guild, Limit: 5000})); diff != "" {
		t.Error("-want +got:", diff)
	}
}
