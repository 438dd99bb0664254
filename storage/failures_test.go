package storage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// TestTemplateFailed calls for each failure in turn and looks at what is told of the template.
func TestTemplateFailed(t *testing.T) {
	type failed struct {
		after time.Duration
		text  string
	}
	tests := map[string]struct {
		calls  []failed
		want   failed
		writes int
	}{
		"once":                   {[]failed{{0, "a"}}, failed{0, "a"}, 1},
		"the same at once":       {[]failed{{0, "a"}, {1, "a"}, {time.Second, "a"}}, failed{0, "a"}, 1},
		"the same, later":        {[]failed{{0, "a"}, {time.Minute, "a"}}, failed{time.Minute, "a"}, 2},
		"another":                {[]failed{{0, "a"}, {time.Second, "b"}}, failed{time.Second, "b"}, 2},
		"others without end":     {[]failed{{0, "a"}, {1, "b"}, {2, "c"}, {3, "d"}}, failed{0, "a"}, 1},
		"the clock was set back": {[]failed{{0, "a"}, {-time.Hour, "a"}}, failed{-time.Hour, "a"}, 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			tpl := template(t, db, "Won")
			before, err := db.Changes(t.Context())
			must(t, err)
			for _, call := range tc.calls {
				f := delivery.Failing{EventID: 5, At: at.Add(call.after), Error: call.text}
				must(t, db.TemplateFailed(t.Context(), tpl.ID, f))
			}
			must(t, db.Ping(t.Context())) // the writer has come to it
			after, err := db.Changes(t.Context())
			must(t, err)
			if got := after - before; got != tc.writes {
				t.Errorf("%d writes, want %d", got, tc.writes)
			}
			want := &delivery.Failing{EventID: 5, At: at.Add(tc.want.after), Error: tc.want.text}
			if diff := cmp.Diff(want, find(t, db, "Won").Failing); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
}

// TestFailuresAreKept looks for them where nothing is in memory, and after what failed has changed.
func TestFailuresAreKept(t *testing.T) {
	path := t.TempDir() + "/dispatch.db"
	db := openAt(t, path)
	s := connect(t, db, "Sales", "1")
	added := link(t, db, s, "2", delivery.Link{Filter: "record.Amount > 1"})
	tpl := template(t, db, "Won")
	want := &delivery.Failing{EventID: event.FirstID(at), At: at, Error: strings.Repeat("no such field ", 10)}
	failing := func() (template, filter *delivery.Failing) {
		all, err := db.Templates(t.Context(), guild)
		must(t, err)
		links, err := db.GuildLinks(t.Context(), guild)
		must(t, err)
		if links[0].Failing != nil {
			t.Error("another link fails, too")
		}
		return all[0].Failing, links[1].Failing
	}
	for range 2 { // from memory, from disk
		must(t, db.TemplateFailed(t.Context(), tpl.ID, *want))
		must(t, db.FilterFailed(t.Context(), added.ID, *want))
		template, filter := failing()
		if diff := cmp.Diff([]*delivery.Failing{want, want}, []*delivery.Failing{template, filter}); diff != "" {
			t.Error("-want +got:", diff)
		}
		must(t, db.Close())
		db = openAt(t, path)
	}
	template, filter := failing()
	if diff := cmp.Diff([]*delivery.Failing{want, want}, []*delivery.Failing{template, filter}); diff != "" {
		t.Error("on disk: -want +got:", diff)
	}

	_, err := db.UpdateTemplate(t.Context(), tpl)
	must(t, err)
	if template, _ := failing(); template != nil {
		t.Errorf("the new version fails before it was used: %+v", template)
	}
	must(t, db.TemplateFailed(t.Context(), tpl.ID, *want)) // at the same time, with the same error, but anew
	if template, _ := failing(); template == nil {
		t.Error("the new version failed, and nobody knows")
	}
	must(t, db.TemplateFailed(t.Context(), "gone", *want))
	must(t, db.FilterFailed(t.Context(), "gone", *want))
}

// TestFailuresAreToldAtOnce notes them while the writer is busy: nobody waits for it, neither to note nor to ask.
func TestFailuresAreToldAtOnce(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	tpl := template(t, db, "Won")
	busy, idle, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- db.Change(t.Context(), func(context.Context, func(string, ...any) error) error {
			close(busy)
			<-idle
			return nil
		})
	}()
	<-busy
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	want := &delivery.Failing{EventID: 1, At: at, Error: "no such field"}
	must(t, db.TemplateFailed(t.Context(), tpl.ID, *want))
	must(t, db.FilterFailed(t.Context(), links[0].ID, *want))
	all, err := db.Templates(t.Context(), guild)
	must(t, err)
	infos, err := db.GuildLinks(t.Context(), guild)
	must(t, err)
	got := []*delivery.Failing{find(t, db, "Won").Failing, all[0].Failing, infos[0].Failing}
	if diff := cmp.Diff([]*delivery.Failing{want, want, want}, got); diff != "" {
		t.Error("-want +got:", diff)
	}
	close(idle)
	must(t, <-done)
}
