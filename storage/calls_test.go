package storage_test

import (
	"context"
	"maps"
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
		"SourceName":   func(ctx context.Context) error { _, err := db.SourceName(ctx, s.ID); return err },
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
		"Templates":     func(ctx context.Context) error { _, err := db.Templates(ctx, guild); return err },
		"Template":      func(ctx context.Context) error { _, err := db.Template(ctx, guild, "x"); return err },
		"Transforms":    func(ctx context.Context) error { _, err := db.Transforms(ctx, guild); return err },
		"Transform":     func(ctx context.Context) error { _, err := db.Transform(ctx, guild, "x"); return err },
		"GuildLinks":    func(ctx context.Context) error { _, err := db.GuildLinks(ctx, guild); return err },
		"LookOf":        func(ctx context.Context) error { _, err := db.LookOf(ctx, "x"); return err },
		"Refusals":      func(ctx context.Context) error { _, err := db.Refusals(ctx, 1); return err },
		"SentTypes":     func(ctx context.Context) error { _, err := db.SentTypes(ctx, s.ID, 1); return err },
		"AlertsChannel": func(ctx context.Context) error { _, err := db.AlertsChannel(ctx, guild); return err },
		"Settings":      func(ctx context.Context) error { _, err := db.Settings(ctx, guild); return err },
		"APIKeys":       func(ctx context.Context) error { _, err := db.APIKeys(ctx, guild); return err },
		"WaitingFor":    func(ctx context.Context) error { _, err := db.WaitingFor(ctx, "x"); return err },
		"GuildDestinations": func(ctx context.Context) error {
			_, err := db.GuildDestinations(ctx, guild)
			return err
		},
		"Untold": func(ctx context.Context) error { _, err := db.Untold(ctx); return err },
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
	writes := map[string]func(context.Context) error{
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
	for _, more := range []map[string]func(context.Context) error{routeWrites(db, s), endpointWrites(db, s, e)} {
		maps.Copy(writes, more)
	}
	return writes
}

// endpointWrites are those about webhooks, in and out, and about settings.
func endpointWrites(db *storage.DB, s event.Source, e delivery.Entry) map[string]func(context.Context) error {
	to := e.Routes[0].DestinationID
	return map[string]func(context.Context) error{
		"PauseSource":  func(ctx context.Context) error { return db.PauseSource(ctx, guild, s.ID) },
		"ResumeSource": func(ctx context.Context) error { return db.ResumeSource(ctx, guild, s.ID) },
		"CreateDestination": func(ctx context.Context) error {
			_, err := db.CreateDestination(ctx, webhook("x", nil))
			return err
		},
		"PauseDestination":  func(ctx context.Context) error { return db.PauseDestination(ctx, guild, to) },
		"DeleteDestination": func(ctx context.Context) error { return db.DeleteDestination(ctx, guild, "x") },
		"ChangeSettings": func(ctx context.Context) error {
			return db.ChangeSettings(ctx, guild, func(s *delivery.Settings) { s.Language = "fr" })
		},
	}
}

// routeWrites are those about links, templates and transforms.
func routeWrites(db *storage.DB, s event.Source) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"CreateTemplate": func(ctx context.Context) error {
			_, err := db.CreateTemplate(ctx, delivery.Template{GuildID: guild, Name: "x"})
			return err
		},
		"UpdateTemplate": func(ctx context.Context) error {
			_, err := db.UpdateTemplate(ctx, delivery.Template{GuildID: guild, ID: "x", Name: "x"})
			return err
		},
		"DeleteTemplate": func(ctx context.Context) error { return db.DeleteTemplate(ctx, guild, "x") },
		"TemplateFailed": func(ctx context.Context) error { return db.TemplateFailed(ctx, "x", delivery.Failing{At: at}) },
		"CreateTransform": func(ctx context.Context) error {
			_, err := db.CreateTransform(ctx, delivery.Transform{GuildID: guild, Name: "x"})
			return err
		},
		"UpdateTransform": func(ctx context.Context) error {
			_, err := db.UpdateTransform(ctx, delivery.Transform{GuildID: guild, ID: "x", Name: "x"})
			return err
		},
		"DeleteTransform": func(ctx context.Context) error { return db.DeleteTransform(ctx, guild, "x") },
		"AddLink": func(ctx context.Context) error {
			_, err := db.AddLink(ctx, guild, delivery.Link{SourceID: s.ID}, "9")
			return err
		},
		"RemoveLink":   func(ctx context.Context) error { return db.RemoveLink(ctx, guild, "x") },
		"FilterFailed": func(ctx context.Context) error { return db.FilterFailed(ctx, "x", delivery.Failing{At: at}) },
		"AssignTemplate": func(ctx context.Context) error {
			_, err := db.AssignTemplate(ctx, guild, "x", s.ID, "", nil)
			return err
		},
		"UnassignTemplate": func(ctx context.Context) error {
			_, err := db.UnassignTemplate(ctx, guild, "x", "", "", nil)
			return err
		},
	}
}
