package storage_test

import (
	"context"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/storage"
)

// calls are all methods that need the database.
func calls(db *storage.DB, s event.Source, e delivery.Entry) map[string]func(context.Context) error {
	calls := writes(db, s, e)
	for name, call := range map[string]func(context.Context) error{
		"Ping":         db.Ping,
		"Sources":      func(ctx context.Context) error { _, err := db.Sources(ctx, guild); return err },
		"Source":       func(ctx context.Context) error { _, err := db.Source(ctx, guild, s.Name); return err },
		"SourceByID":   func(ctx context.Context) error { _, err := db.SourceByID(ctx, guild, s.ID); return err },
		"SourceBySlug": func(ctx context.Context) error { _, err := db.SourceBySlug(ctx, s.Slug); return err },
		"Activity":     func(ctx context.Context) error { _, err := db.Activity(ctx, s.ID, at); return err },
		"Links":        func(ctx context.Context) error { _, err := db.Links(ctx, s.ID); return err },
		"Destinations": func(ctx context.Context) error { _, err := db.Destinations(ctx, s.ID); return err },
		"APIKey":       func(ctx context.Context) error { _, err := db.APIKey(ctx, [32]byte{1}); return err },
		"Connection":   func(ctx context.Context) error { _, err := db.Connection(ctx, s.ID); return err },
		"Event":        func(ctx context.Context) error { _, err := db.Event(ctx, 1); return err },
		"Results":      func(ctx context.Context) error { _, err := db.Results(ctx, 1); return err },
		"Waiting":      func(ctx context.Context) error { _, err := db.Waiting(ctx); return err },
		"Fingerprint":  func(ctx context.Context) error { _, err := db.Fingerprint(ctx, "x"); return err },
		"History":      func(ctx context.Context) error { _, err := db.History(ctx, guild, 1); return err },
		"Events": func(ctx context.Context) error {
			_, err := db.Events(ctx, event.Query{GuildID: guild, Limit: 1})
			return err
		},
		"AlertsChannel": func(ctx context.Context) error { _, err := db.AlertsChannel(ctx, guild); return err },
		"Untold":        func(ctx context.Context) error { _, err := db.Untold(ctx); return err },
		"PausedDestinations": func(ctx context.Context) error {
			_, err := db.PausedDestinations(ctx, guild)
			return err
		},
		"Claim": func(ctx context.Context) error {
			_, err := db.Claim(ctx, e.Routes[0].DestinationID, lease("a", 0, time.Minute), 1)
			return err
		},
	} {
		calls[name] = call
	}
	return calls
}

// writes are all methods that write.
func writes(db *storage.DB, s event.Source, e delivery.Entry) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"JoinGuild":  func(ctx context.Context) error { return db.JoinGuild(ctx, "2", "b", "de", at) },
		"LeaveGuild": func(ctx context.Context) error { return db.LeaveGuild(ctx, guild, at) },
		"SyncGuilds": func(ctx context.Context) error { return db.SyncGuilds(ctx, nil, at) },
		"Connect": func(ctx context.Context) error {
			_, err := db.Connect(ctx, event.Source{GuildID: guild, Name: "Other"}, "9")
			return err
		},
		"AddKey":     func(ctx context.Context) error { return db.AddKey(ctx, guild, s.ID, []byte("x"), at) },
		"Disconnect": func(ctx context.Context) error { return db.Disconnect(ctx, guild, s.ID, at) },
		"CreateAPIKey": func(ctx context.Context) error {
			_, err := db.CreateAPIKey(ctx, guild, "CI", [32]byte{1})
			return err
		},
		"RevokeAPIKey": func(ctx context.Context) error { return db.RevokeAPIKey(ctx, guild, "x", at) },
		"SaveConnection": func(ctx context.Context) error {
			return db.SaveConnection(ctx, salesforce.Connection{SourceID: s.ID})
		},
		"DeleteConnection": func(ctx context.Context) error { return db.DeleteConnection(ctx, s.ID) },
		"Append":           func(ctx context.Context) error { _, err := db.Append(ctx, []delivery.Entry{e}); return err },
		"Finish":           func(ctx context.Context) error { return db.Finish(ctx, delivery.Progress{}) },
		"Release":          func(ctx context.Context) error { return db.Release(ctx, "a") },
		"SetFingerprint":   func(ctx context.Context) error { return db.SetFingerprint(ctx, "x", "y") },
		"SetAlertsChannel": func(ctx context.Context) error { return db.SetAlertsChannel(ctx, guild, "7") },
		"Told":             func(ctx context.Context) error { return db.Told(ctx, e.Routes[0].DestinationID, at) },
		"Retain":           func(ctx context.Context) error { return db.Retain(ctx, at, storage.Retention{Keep: time.Hour}) },
	}
}
