package event

import (
	"fmt"
	"strings"
	"time"
)

// SourceKind is the service that a source is made for.
type SourceKind string

// The kinds of source.
const (
	SourceSalesforce SourceKind = "salesforce"
	SourceWebhook    SourceKind = "webhook"
)

// Auth is what a source asks of a sender.
type Auth string

// The ways to authenticate a callout.
const (
	AuthSecret Auth = "secret"  // a signature by one of the source's keys, or an API key of the guild
	AuthAPIKey Auth = "api-key" // an API key of the guild
	AuthNone   Auth = "none"    // nothing: verification is off
)

// Preset is the service whose way to sign and to name events a source knows.
type Preset string

// The presets. Without one, a source takes our own schemes.
const (
	PresetGitHub   Preset = "github"
	PresetGitLab   Preset = "gitlab"
	PresetStripe   Preset = "stripe"
	PresetSlack    Preset = "slack"
	PresetShopify  Preset = "shopify"
	PresetLinear   Preset = "linear"
	PresetStandard Preset = "standard-webhooks" // https://www.standardwebhooks.com
)

// Presets are all of them.
func Presets() []Preset {
	return []Preset{PresetGitHub, PresetGitLab, PresetStripe, PresetSlack, PresetShopify, PresetLinear, PresetStandard}
}

// Environment is the Salesforce org behind a source.
type Environment string

// The environments of a Salesforce source.
const (
	Production Environment = "production"
	Sandbox    Environment = "sandbox"
)

// SourceState is whether a source takes callouts. Only an active one does; the others answer 404.
type SourceState string

// The states of a source.
const (
	Active       SourceState = "active"
	Paused       SourceState = "paused"       // until it is resumed
	Disconnected SourceState = "disconnected" // for good; its name is free again
)

// Source is an endpoint at /hooks/<slug> that one guild owns.
type Source struct {
	ID            string // UUIDv7
	GuildID       string // Discord snowflake
	Name          string // unique in the guild, as its admins call it
	Slug          string // unguessable, unique over all guilds
	Kind          SourceKind
	Environment   Environment // of a Salesforce source
	OrgID         string      // of a Salesforce source: 15 or 18 characters; "" while it is not known
	Auth          Auth
	Keys          []SigningKey // newest first; empty until a URL was generated
	EventTypePath string       // dot notation; "" when the sender names the type
	Preset        Preset       // "" for none
	State         SourceState
	CreatedAt     time.Time // UTC
}

// BuiltInSlug begins the slug of the source that tells of a guild's settings. No path has such a slug.
const BuiltInSlug = "settings:"

// BuiltIn says whether we make the source's events ourselves: it takes no callouts.
func (s Source) BuiltIn() bool {
	return strings.HasPrefix(s.Slug, BuiltInSlug) || strings.HasPrefix(s.Slug, RepliesSlug)
}

// SigningKey is a secret that callouts may be signed with. It prints as [redacted] under every verb.
type SigningKey struct {
	Secret    []byte
	ExpiresAt time.Time // zero: it does not expire
}

// Valid says whether the key is good at now.
func (k SigningKey) Valid(now time.Time) bool {
	return k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt)
}

// Format implements fmt.Formatter, so that no verb shows the secret.
func (SigningKey) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }

// MarshalJSON keeps the secret out of JSON, too.
func (SigningKey) MarshalJSON() ([]byte, error) { return []byte(`"[redacted]"`), nil }

// APIKey is a credential of a guild. Its text is known to its owner only; we keep a hash.
type APIKey struct {
	ID        string // UUIDv7
	GuildID   string
	Name      string
	CreatedAt time.Time // UTC
	UsedAt    time.Time // the last time, to the minute; zero: never, or not asked for
}
