package event

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// Instance is a Salesforce org as a client of Open Connectors knows it: a source, the callback that is told of its events,
// and what is polled.
type Instance struct {
	ID            string // 128 random bits in lower-case hex
	GuildID       string // Discord snowflake
	SourceID      string // UUIDv7
	DestinationID string // of its callback, UUIDv7; "" when none is told
	Name          string // as its owner calls it; several may be called the same
	Tags          []string
	Settings      InstanceSettings
	TokenHash     [sha256.Size]byte // of its token, which only its owner knows
	CreatedAt     time.Time         // UTC
	UpdatedAt     time.Time         // UTC

	// What is so at the moment. No store is told.
	SourceName  string      // as admins know it
	State       SourceState // of its source; it is gone when that is disconnected
	Authorized  bool        // its org lets us in
	InstanceURL string      // of its org; "" while it is not authorized
	Stopped     bool        // its callback is paused
}

// Vendor is how the events of an instance come.
type Vendor string

// The event vendors. An instance may have none: then it takes what it is sent.
const (
	VendorPolling  Vendor = "polling"
	VendorWebhooks Vendor = "webhooks" // Apex in the org sends them
)

// InstanceSettings are what an instance is configured with. Some are secrets: they are stored
// sealed, and print as [redacted] under every verb.
type InstanceSettings struct {
	CallbackURL  string        `json:"callback_url,omitempty"` // of OAuth
	AppKey       string        `json:"app_key,omitempty"`      // "" for the configured app
	AppSecret    string        `json:"app_secret,omitempty"`
	Environment  Environment   `json:"environment"`
	Enabled      bool          `json:"enabled"`       // events are told, and polled where it says so
	Vendor       Vendor        `json:"vendor"`        // how events come
	NotifyURL    string        `json:"notify_url"`    // of the callback; "" for none
	SignatureKey string        `json:"signature_key"` // "" signs nothing
	Objects      []string      `json:"objects"`       // API names, of event.objects
	Poller       string        `json:"poller"`        // event.poller.configuration as it was given
	Polled       []string      `json:"polled"`        // the objects that it names
	Every        time.Duration `json:"every"`         // between two polls
	KeepNulls    bool          `json:"keep_nulls"`    // in what the callback is told
}

// DefaultInstanceObjects are an instance's when it names none.
var DefaultInstanceObjects = []string{"Account", "Lead", "Contact", "Opportunity"}

// All are the objects that the instance is about, each once.
func (s InstanceSettings) All() []string {
	var all []string
	seen := make(map[string]bool)
	for _, names := range [][]string{s.Objects, s.Polled} {
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	if len(all) == 0 {
		return DefaultInstanceObjects
	}
	return all
}

// Notifies says whether somebody is to be told of the instance's events.
func (s InstanceSettings) Notifies() bool { return s.Enabled && s.NotifyURL != "" }

// Polls says whether the instance's org is to be polled. It has to be authorized, too.
func (s InstanceSettings) Polls() bool { return s.Enabled && s.Vendor == VendorPolling }

// Format implements fmt.Formatter, so that no verb shows the secrets.
func (InstanceSettings) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }
