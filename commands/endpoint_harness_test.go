package commands_test

import (
	"testing"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

const crmURL = "https://crm.example/in?token=hidden"

// endpoint makes a webhook destination without a command.
func endpoint(t *testing.T, db *storage.DB, name string, sources ...event.Source) delivery.Destination {
	t.Helper()
	links := make([]delivery.Link, len(sources))
	for i, s := range sources {
		links[i] = delivery.Link{SourceID: s.ID}
	}
	made, err := db.CreateDestination(t.Context(), delivery.Destination{
		GuildID: guildID, Kind: delivery.KindWebhook, Name: name, Endpoint: &delivery.Endpoint{URL: crmURL},
	}, links...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// webhook makes a source for any service without a command, leading nowhere.
func webhook(t *testing.T, db *storage.DB, name string, change func(*event.Source)) event.Source {
	t.Helper()
	s := event.Source{GuildID: guildID, Name: name, Kind: event.SourceWebhook, Auth: event.AuthSecret}
	if change != nil {
		change(&s)
	}
	made, err := db.Connect(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// destinations are the guild's.
func destinations(t *testing.T, db *storage.DB) []delivery.Destination {
	t.Helper()
	found, err := db.GuildDestinations(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// answers makes the bench's endpoints answer so.
func (b *bench) answers(outcome delivery.Outcome) (pinged *[]delivery.Destination) {
	pinged = &[]delivery.Destination{}
	b.ping = func(to delivery.Destination) delivery.Outcome {
		*pinged = append(*pinged, to)
		return outcome
	}
	return pinged
}
