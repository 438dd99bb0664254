package salesforce

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Connection is a source's access to its Salesforce org.
type Connection struct {
	SourceID     string // UUIDv7
	OrgID        string // 18 characters
	OrgName      string // "" when it did not say
	Username     string // of the person who authorized it
	InstanceURL  string // where its REST API is
	LoginURL     string // where it was authorized, and is renewed
	Scope        string // what was granted, separated by spaces
	AccessToken  Token
	RefreshToken Token     // empty when none was granted
	IssuedAt     time.Time // of the access token, UTC
	LostAt       time.Time // since when Salesforce refuses to renew it, UTC; zero while it does not
	ClientID     string    // of the app that it was granted to; "" for the configured one
	ClientSecret Token     // of that app
	Version      string    // another one after each change, given by the store
}

// Lost says whether somebody has to authorize it again.
func (c Connection) Lost() bool { return !c.LostAt.IsZero() }

// ErrGone is for a source that is not there, or not connected any more.
var ErrGone = errors.New("there is no such source")

// Connections keep the access of sources to their orgs.
type Connections interface {
	// Connection gives a source's, and fails when it has none.
	Connection(ctx context.Context, sourceID string) (Connection, error)
	// SaveConnection puts one in place of the one that the source had, and makes its org the source's. It fails with
	// ErrGone.
	SaveConnection(ctx context.Context, c Connection) error
	// RenewConnection stores new tokens, and where they are good, or that it is lost. It says no when the one of this
	// version is not there any more.
	RenewConnection(ctx context.Context, c Connection) (bool, error)
}

// Token is a credential of an org. It prints as [redacted] under every verb.
type Token string

// Reveal gives the token itself, for a request to the org that it belongs to.
func (t Token) Reveal() string { return string(t) }

// Format implements fmt.Formatter, so that no verb shows the token.
func (Token) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }

// MarshalText keeps the token out of JSON and other texts, too.
func (Token) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
