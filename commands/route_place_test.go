package commands_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestRouteToADestination(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	template(t, db, "hot", simple)
	erp := endpoint(t, db, "ERP_1")
	if diff := cmp.Diff([]string{"ERP_1 = " + erp.ID}, b.suggested("route", "add", "destination", "er")); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
	checkContent(t, b.routed(set("destination", erp.ID), set("template", "hot")),
		`ERP\_1 is sent the payload itself, which a template doesn't change. Leave out **template**; a **transform** reshapes what is sent there.`)
	for events, typed := range map[string]string{"Case.*": erp.ID, "Lead.*": " erp_1 "} {
		checkContent(t, b.routed(set("destination", typed), set("events", events)), "✅ From now on, events of type `"+events+"` from **Acme** go to ERP\\_1.")
	}
	if links := routesOf(t, db, s); len(links) != 3 || links[1].DestinationID != erp.ID || links[2].DestinationID != erp.ID {
		t.Errorf("routes: %+v", links)
	}
}
