package commands_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// outside is a store with a destination that is no channel, which something leads to.
type outside struct {
	*storage.DB
	added []delivery.Link
}

var erp = delivery.Destination{ID: "01980000-0000-7000-8000-000000000009", GuildID: guildID, Kind: delivery.KindWebhook, Name: "ERP_1"}

func (o *outside) GuildLinks(ctx context.Context, guild string) ([]delivery.LinkInfo, error) {
	links, err := o.DB.GuildLinks(ctx, guild)
	for range 2 {
		links = append(links, delivery.LinkInfo{SourceName: "Other", Destination: erp})
	}
	return links, err
}

func (o *outside) AddLink(_ context.Context, _ string, l delivery.Link, _ string) (delivery.LinkInfo, error) {
	o.added = append(o.added, l)
	return delivery.LinkInfo{Link: l, Destination: erp}, nil
}

var _ commands.Store = (*outside)(nil)

func TestRouteToADestination(t *testing.T) {
	store := &outside{DB: database(t)}
	connect(t, store.DB, "Acme", event.AuthSecret)
	template(t, store.DB, "hot", simple)
	b := sit(t, store, nil)
	if diff := cmp.Diff([]string{"ERP_1 = " + erp.ID}, b.suggested("route", "add", "destination", "er")); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
	checkContent(t, b.routed(set("destination", erp.ID), set("template", "hot")),
		`ERP\_1 is sent the payload itself, which a template doesn't change. Leave out **template**; a **transform** reshapes what is sent there.`)
	for _, typed := range []string{erp.ID, " erp_1 "} {
		checkContent(t, b.routed(set("destination", typed)), `✅ From now on, all events from **Acme** go to ERP\_1.`)
	}
	if len(store.added) != 2 || store.added[0].DestinationID != erp.ID {
		t.Errorf("added %+v", store.added)
	}
}
