package storage_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/fault"
)

func TestConnect(t *testing.T) {
	db := open(t)
	before := time.Now().Add(-time.Millisecond)
	asked := event.Source{
		GuildID: guild, Name: "Sales", Kind: event.SourceWebhook, Environment: event.Sandbox, Auth: event.AuthNone,
		EventTypePath: "event.type",
	}
	s, err := db.Connect(t.Context(), asked, "1")
	must(t, err)
	if s.ID == "" || s.State != event.Active || s.CreatedAt.Before(before) {
		t.Errorf("not filled in: %+v", s)
	}
	if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(s.Slug) {
		t.Errorf("slug is %q", s.Slug)
	}
	got := s
	got.ID, got.Slug, got.State, got.CreatedAt = "", "", "", time.Time{}
	if diff := cmp.Diff(asked, got); diff != "" {
		t.Error("-asked +got:", diff)
	}

	finds := map[string]func() (event.Source, error){
		"by name":            func() (event.Source, error) { return db.Source(t.Context(), guild, "Sales") },
		"by name, case":      func() (event.Source, error) { return db.Source(t.Context(), guild, "sALES") },
		"by id":              func() (event.Source, error) { return db.SourceByID(t.Context(), guild, s.ID) },
		"by slug":            func() (event.Source, error) { return db.SourceBySlug(t.Context(), s.Slug) },
		"by slug, once more": func() (event.Source, error) { return db.SourceBySlug(t.Context(), s.Slug) },
	}
	for name, find := range finds {
		got, err := find()
		must(t, err)
		if diff := cmp.Diff(s, got); diff != "" {
			t.Errorf("%s: -want +got: %s", name, diff)
		}
	}
	misses := map[string]func() (event.Source, error){
		"by name":                  func() (event.Source, error) { return db.Source(t.Context(), guild, "Sale") },
		"by name, another guild's": func() (event.Source, error) { return db.Source(t.Context(), "2", "Sales") },
		"by id":                    func() (event.Source, error) { return db.SourceByID(t.Context(), guild, "x") },
		"by id, another guild's":   func() (event.Source, error) { return db.SourceByID(t.Context(), "2", s.ID) },
		"by slug":                  func() (event.Source, error) { return db.SourceBySlug(t.Context(), "x") },
	}
	for name, find := range misses {
		t.Run("not "+name, func(t *testing.T) {
			_, err := find()
			wantKind(t, err, fault.NotFound)
		})
	}
}

func TestConnectNames(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Über", "1")
	for _, name := range []string{"Über", "über", "ÜBER"} {
		_, err := db.Connect(t.Context(), event.Source{GuildID: guild, Name: name}, "2")
		wantKind(t, err, fault.Exists)
	}
	if found, err := db.Sources(t.Context(), guild); err != nil || len(found) != 1 {
		t.Errorf("%d sources, %v", len(found), err)
	}
	_, err := db.Connect(t.Context(), event.Source{GuildID: "2", Name: "Über"}, "2")
	must(t, err)

	must(t, db.Disconnect(t.Context(), guild, s.ID, at))
	again := connect(t, db, "Über", "1")
	got, err := db.Source(t.Context(), guild, "über")
	must(t, err)
	if got.ID != again.ID {
		t.Error("the name means the disconnected source")
	}
	must(t, db.Disconnect(t.Context(), guild, again.ID, at.Add(time.Hour)))
	got, err = db.Source(t.Context(), guild, "über")
	must(t, err)
	if got.ID != again.ID {
		t.Error("the name means the first that was disconnected, not the last")
	}
}

// TestConnectChannel makes one destination of a channel, however many sources lead there.
func TestConnectChannel(t *testing.T) {
	db := open(t)
	a, b, c := connect(t, db, "A", "1"), connect(t, db, "B", "1"), connect(t, db, "C", "2")
	if destination(t, db, a).ID != destination(t, db, b).ID {
		t.Error("two destinations for one channel")
	}
	if destination(t, db, a).ID == destination(t, db, c).ID {
		t.Error("one destination for two channels")
	}
	links, err := db.Links(t.Context(), b.ID)
	must(t, err)
	if len(links) != 1 || links[0].SourceID != b.ID || links[0].DestinationID != destination(t, db, b).ID ||
		len(links[0].Events) != 0 {
		t.Errorf("links are %+v", links)
	}
}

func TestSourcesAreSorted(t *testing.T) {
	db := open(t)
	gone := connect(t, db, "Aaa", "1")
	must(t, db.Disconnect(t.Context(), guild, gone.ID, at))
	for _, name := range []string{"zulu", "Bravo", "alpha"} {
		s := connect(t, db, name, "1")
		must(t, db.AddKey(t.Context(), guild, s.ID, []byte(name), time.Time{}))
		must(t, db.AddKey(t.Context(), guild, s.ID, []byte(name+"2"), at))
	}
	found, err := db.Sources(t.Context(), guild)
	must(t, err)
	var names []string
	for _, s := range found {
		names = append(names, s.Name)
		if s.State == event.Active && (len(s.Keys) != 2 || string(s.Keys[0].Secret) != s.Name+"2") {
			t.Errorf("source %s has %d keys", s.Name, len(s.Keys))
		}
	}
	if want := []string{"alpha", "Bravo", "zulu", "Aaa"}; !slices.Equal(names, want) {
		t.Errorf("names are %q, want %q", names, want)
	}
	if found, err := db.Sources(t.Context(), "2"); err != nil || len(found) != 0 {
		t.Errorf("another guild has %v, %v", found, err)
	}
}

func TestAddKey(t *testing.T) {
	db := open(t)
	s, err := db.Connect(t.Context(), event.Source{GuildID: guild, Name: "Sales", Auth: event.AuthNone}, "1")
	must(t, err)
	in := func(hours int) time.Time { return at.Add(time.Duration(hours) * time.Hour) }
	steps := []struct {
		secret   string
		oldUntil time.Time
		want     []event.SigningKey
	}{
		{"a", in(5), keys("a", time.Time{})},
		{"b", in(5), keys("b", time.Time{}, "a", in(5))},
		{"c", in(9), keys("c", time.Time{}, "b", in(9), "a", in(5))},
		{"d", in(1), keys("d", time.Time{}, "c", in(1), "b", in(1), "a", in(1))},
		{"e", time.Time{}, keys("e", time.Time{})},
	}
	for _, step := range steps {
		must(t, db.AddKey(t.Context(), guild, s.ID, []byte(step.secret), step.oldUntil))
		got, err := db.SourceBySlug(t.Context(), s.Slug) // remembered from the step before
		must(t, err)
		if got.Auth != event.AuthSecret {
			t.Errorf("auth is %q after a key was added", got.Auth)
		}
		if diff := cmp.Diff(step.want, got.Keys); diff != "" {
			t.Errorf("%s: -want +got: %s", step.secret, diff)
		}
	}
	wantKind(t, db.AddKey(t.Context(), "2", s.ID, []byte("x"), at), fault.NotFound)
	wantKind(t, db.AddKey(t.Context(), guild, "x", []byte("x"), at), fault.NotFound)
}

// keys makes signing keys of secrets, each with its end.
func keys(of ...any) []event.SigningKey {
	var keys []event.SigningKey
	for i := 0; i < len(of); i += 2 {
		keys = append(keys, event.SigningKey{Secret: []byte(of[i].(string)), ExpiresAt: of[i+1].(time.Time)})
	}
	return keys
}

func TestDisconnect(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	must(t, db.AddKey(t.Context(), guild, s.ID, []byte("a"), at))
	accept(t, db, s, 1)
	_, err := db.SourceBySlug(t.Context(), s.Slug) // remembered
	must(t, err)

	wantKind(t, db.Disconnect(t.Context(), "2", s.ID, at), fault.NotFound)
	must(t, db.Disconnect(t.Context(), guild, s.ID, at))
	must(t, db.Disconnect(t.Context(), guild, s.ID, at)) // a second press of the button

	_, err = db.SourceBySlug(t.Context(), s.Slug)
	wantKind(t, err, fault.NotFound)
	got, err := db.SourceByID(t.Context(), guild, s.ID)
	must(t, err)
	if got.State != event.Disconnected || len(got.Keys) != 0 {
		t.Errorf("state is %s with %d keys", got.State, len(got.Keys))
	}
	wantKind(t, db.AddKey(t.Context(), guild, s.ID, []byte("b"), at), fault.NotFound)
	if ids, _ := claim(t, db, destination(t, db, s).ID, lease("a", 0, time.Minute), 1); len(ids) != 1 {
		t.Error("what was accepted is not delivered")
	}
}
