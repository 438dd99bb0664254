package salesforce

import (
	"fmt"
	"time"
)

// Connection is a source's access to its Salesforce org.
type Connection struct {
	SourceID     string // UUIDv7
	OrgID        string // 18 characters
	Username     string // of the person who authorized it
	InstanceURL  string // where its REST API is
	LoginURL     string // where it was authorized, and is renewed
	Scope        string // what was granted, separated by spaces
	AccessToken  Token
	RefreshToken Token     // empty when none was granted
	IssuedAt     time.Time // of the access token, UTC
}

// Token is a credential of an org. It prints as [redacted] under every verb.
type Token string

// Reveal gives the token itself, for a request to the org that it belongs to.
func (t Token) Reveal() string { return string(t) }

// Format implements fmt.Formatter, so that no verb shows the token.
func (Token) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }

// MarshalText keeps the token out of JSON and other texts, too.
func (Token) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
