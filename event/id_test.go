package event_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"dispatch/event"
)

func TestIDIsShownAsUUIDv7AndReadBack(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 34, 56, 789e6, time.UTC)
	for range 1000 {
		id := event.FirstID(at) + event.ID(rand.IntN(1<<event.SequenceBits))
		u := id.UUID()
		if u.Version() != 7 || u.Variant() != uuid.RFC4122 {
			t.Fatalf("%s: version %d, variant %s", u, u.Version(), u.Variant())
		}
		if sec, nsec := u.Time().UnixTime(); !time.Unix(sec, nsec).Equal(at) {
			t.Fatalf("%s says %v, want %v", u, time.Unix(sec, nsec).UTC(), at)
		}
		got, err := event.ParseID(id.String())
		if err != nil || got != id || !got.Time().Equal(at) {
			t.Fatalf("parse %s: got %d (%v), want %d", id, got, err, id)
		}
	}
}

func TestIDsSortAsTheyCount(t *testing.T) {
	id := event.FirstID(time.Now())
	for i := range event.ID(5000) {
		if a, b := (id + i).String(), (id + i + 1).String(); a >= b {
			t.Fatalf("%s does not sort before %s", a, b)
		}
	}
}

func TestParseIDRefusesWhatIsNoEvents(t *testing.T) {
	good := event.FirstID(time.Now()).String()
	last := byte('0')
	if good[len(good)-1] == '0' {
		last = '1'
	}
	tests := map[string]string{
		"empty":               "",
		"text":                "opportunity",
		"another UUIDv7":      uuid.Must(uuid.NewV7()).String(),
		"UUIDv4":              uuid.NewString(),
		"mistyped last digit": good[:len(good)-1] + string(last),
		"urn form":            "urn:uuid:" + good,
		"braces":              "{" + good + "}",
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			if id, err := event.ParseID(s); err == nil {
				t.Errorf("parse %q: got %d, want an error", s, id)
			}
		})
	}
}

func FuzzParseID(f *testing.F) {
	f.Add(event.FirstID(time.Unix(1_700_000_000, 0)).String())
	f.Add("01890a5d-ac96-774b-bcce-b302099a8057")
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := event.ParseID(s); err == nil && uuid.MustParse(s) != id.UUID() {
			t.Errorf("parse %q: got %s", s, id)
		}
	})
}
