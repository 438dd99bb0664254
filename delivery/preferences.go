package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dispatch/event"
)

// Preferences are those of a guild as they are stored.
type Preferences struct {
	Document event.PreferencesDocument
	Version  int          // 0: none were ever put
	Pending  *event.Event // tells of the last change and is not accepted yet; nil when it is
}

// PreferenceStore keeps the preferences of guilds.
type PreferenceStore interface {
	// StoredPreferences gives the zero value for a guild that has put none.
	StoredPreferences(ctx context.Context, guildID string) (Preferences, error)
	SavePreferences(ctx context.Context, guildID string, p Preferences) error
	// UnannouncedPreferences are the guilds whose last change has an event pending.
	UnannouncedPreferences(ctx context.Context) ([]string, error)
	// SettingsSource gives the guild's built-in source, which is made when it is first asked for.
	SettingsSource(ctx context.Context, guildID string) (event.Source, error)
}

// Accept is Inbox.Accept.
type Accept func(ctx context.Context, events []event.Event) ([]event.ID, error)

// Announcer changes the preferences of guilds, and announces each change as an event of the guild's built-in source:
// once, whatever happens in between, because the event is stored along with the change.
type Announcer struct {
	mu       sync.Mutex // one change at a time
	store    PreferenceStore
	accept   Accept
	livemode bool
	now      func() time.Time
}

// NewAnnouncer makes an Announcer. livemode is what its events say about it.
func NewAnnouncer(store PreferenceStore, accept Accept, livemode bool, now func() time.Time) *Announcer {
	return &Announcer{store: store, accept: accept, livemode: livemode, now: now}
}

// Preferences gives those of the guild, secrets included.
func (a *Announcer) Preferences(ctx context.Context, guildID string) (event.PreferencesDocument, error) {
	if _, err := a.store.SettingsSource(ctx, guildID); err != nil { // who looks at them may want to link it
		return event.PreferencesDocument{}, fmt.Errorf("find source of preferences: %w", err)
	}
	p, err := a.store.StoredPreferences(ctx, guildID)
	if err != nil {
		return event.PreferencesDocument{}, fmt.Errorf("find preferences: %w", err)
	}
	return p.Document, nil
}

// ChangePreferences has those of the guild changed, and gives them as they are then. Nobody else changes them meanwhile.
// What changes nothing is not announced, nor is anything while the built-in source is paused.
func (a *Announcer) ChangePreferences(ctx context.Context, guildID string, by event.Changer, change func(*event.PreferencesDocument)) (event.PreferencesDocument, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	stored, err := a.settle(ctx, guildID)
	if err != nil {
		return event.PreferencesDocument{}, err
	}
	is := stored.Document
	change(&is)
	if is == stored.Document {
		return is, nil
	}
	e, err := event.PreferencesChange{Was: stored.Document, Is: is, By: by, At: a.now().UTC(), Livemode: a.livemode}.Event()
	if err != nil {
		return event.PreferencesDocument{}, fmt.Errorf("tell of change: %w", err)
	}
	next := Preferences{Document: is, Version: stored.Version + 1, Pending: &e}
	e.IdempotencyKey = fmt.Sprintf("preferences-%d", next.Version)
	if err := a.save(ctx, guildID, next); err != nil {
		return event.PreferencesDocument{}, err
	}
	_, err = a.announce(ctx, guildID, next)
	return is, err
}

// Catch announces the changes that an end of the process held up.
func (a *Announcer) Catch(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	guilds, err := a.store.UnannouncedPreferences(ctx)
	if err != nil {
		return fmt.Errorf("find unannounced changes: %w", err)
	}
	var errs []error
	for _, guildID := range guilds {
		_, err := a.settle(ctx, guildID)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// settle gives the guild's preferences once nothing of them is pending.
func (a *Announcer) settle(ctx context.Context, guildID string) (Preferences, error) {
	p, err := a.store.StoredPreferences(ctx, guildID)
	if err != nil {
		return Preferences{}, fmt.Errorf("find preferences: %w", err)
	}
	if p.Pending == nil {
		return p, nil
	}
	return a.announce(ctx, guildID, p)
}

// announce has the pending event accepted. One that was accepted before the process ended is known by its key.
func (a *Announcer) announce(ctx context.Context, guildID string, p Preferences) (Preferences, error) {
	source, err := a.store.SettingsSource(ctx, guildID)
	if err != nil {
		return Preferences{}, fmt.Errorf("find source of preferences: %w", err)
	}
	if source.State == event.Active {
		p.Pending.SourceID = source.ID
		_, err := a.accept(ctx, []event.Event{*p.Pending})
		if duplicate := (*event.DuplicateError)(nil); err != nil && !errors.As(err, &duplicate) {
			return Preferences{}, fmt.Errorf("announce preferences: %w", err)
		}
	}
	p.Pending = nil
	return p, a.save(ctx, guildID, p)
}

func (a *Announcer) save(ctx context.Context, guildID string, p Preferences) error {
	if err := a.store.SavePreferences(ctx, guildID, p); err != nil {
		return fmt.Errorf("save preferences: %w", err)
	}
	return nil
}
