package delivery_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// crossing is a real store in which something happens between the finding of routes and the writing of them. A source
// leads to a channel, and to two endpoints since an event came before them.
type crossing struct {
	*storage.DB
	meanwhile func()
	source    event.Source
	before    event.ID
	made      [2]delivery.Destination
}

func (c *crossing) Append(ctx context.Context, entries []delivery.Entry) ([]event.ID, error) {
	c.meanwhile()
	return c.DB.Append(ctx, entries)
}

func (c *crossing) Requeue(ctx context.Context, entries []delivery.Entry, missing bool) (int, error) {
	c.meanwhile()
	return c.DB.Requeue(ctx, entries, missing)
}

func cross(t *testing.T) *crossing {
	t.Helper()
	ctx := t.Context()
	c := &crossing{DB: store(t), meanwhile: func() {}}
	var err error
	c.source, err = c.Connect(ctx, event.Source{GuildID: "1", Name: "Acme", Kind: event.SourceSalesforce, Auth: event.AuthNone}, "10")
	if err != nil {
		t.Fatal(err)
	}
	ids, err := c.accept(ctx, func(...string) {})
	if err != nil {
		t.Fatal(err)
	}
	c.before = ids[0]
	for i, name := range []string{"one", "two"} {
		wanted := delivery.Destination{
			GuildID: "1", Kind: delivery.KindWebhook, Name: name, Endpoint: &delivery.Endpoint{URL: "https://example.com/" + name},
		}
		if c.made[i], err = c.CreateDestination(ctx, wanted, delivery.Link{SourceID: c.source.ID}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func (c *crossing) accept(ctx context.Context, wake func(...string)) ([]event.ID, error) {
	one := event.Event{SourceID: c.source.ID, Type: "x", Body: []byte(`{}`)}
	return delivery.NewInbox(delivery.NewRouter(c, nil), c, wake).Accept(ctx, []event.Event{one})
}

// removing removes the destinations, one at each call.
func (c *crossing) removing(t *testing.T, gone ...delivery.Destination) func() {
	return func() {
		if len(gone) == 0 {
			return
		}
		if err := c.DeleteDestination(t.Context(), "1", gone[0].ID); err != nil {
			t.Error(err)
		}
		gone = gone[1:]
	}
}

// What is removed while an event is on its way to the store takes nothing else with it.
func TestDestinationIsRemovedWhileAnEventIsAccepted(t *testing.T) {
	tests := map[string]struct {
		gone int // destinations that are removed, one at each try
		want int // places that the event goes to; 0: it is not accepted
	}{
		"none":                    {0, 3},
		"one":                     {1, 2},
		"another in the meantime": {2, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := cross(t)
			c.meanwhile = c.removing(t, c.made[:tc.gone]...)
			woken := map[string]bool{}
			ids, err := c.accept(t.Context(), func(destinations ...string) {
				for _, id := range destinations {
					woken[id] = true
				}
			})
			if tc.want == 0 {
				if !errors.Is(err, delivery.ErrStale) || len(woken) > 0 {
					t.Errorf("accepted %v, %v, woken %v", ids, err, woken)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			h, err := c.History(t.Context(), "1", ids[0])
			if err != nil || len(h.Deliveries) != tc.want || len(woken) != tc.want {
				t.Errorf("went to %d, woke %d, want %d: %v", len(h.Deliveries), len(woken), tc.want, err)
			}
		})
	}
}

func TestDestinationIsRemovedWhileAnEventIsReplayed(t *testing.T) {
	c := cross(t)
	c.meanwhile = c.removing(t, c.made[0])
	got, err := delivery.NewReplayer(delivery.NewRouter(c, nil), c, func(...string) {}).
		Replay(t.Context(), delivery.Selection{GuildID: "1", EventID: c.before})
	if diff := cmp.Diff(delivery.Replayed{Events: 1, Deliveries: 1}, got); diff != "" || err != nil {
		t.Errorf("replayed, -want +got:\n%s%v", diff, err)
	}
}
