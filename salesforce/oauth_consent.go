package salesforce

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// Consent is an authorization on its way: somebody was sent to Salesforce and has not come back yet.
type Consent struct {
	Hash      [sha256.Size]byte // of the state, which only the person's browser has
	GuildID   string            // Discord snowflake
	UserID    string            // Discord snowflake
	SourceID  string            // UUIDv7
	LoginURL  string            // where they were sent
	Locale    string            // the language they speak
	Verifier  Token             // of PKCE
	ExpiresAt time.Time         // UTC
	Spent     bool              // they have come back before
}

// Consents keep what is on its way.
type Consents interface {
	// SaveConsent fails with ErrGone when the guild has no such source, or it is disconnected.
	SaveConsent(ctx context.Context, c Consent) error
	// SpendConsent gives the one of the state, as it was, and marks it as spent. It says no when there is none.
	SpendConsent(ctx context.Context, hash [sha256.Size]byte) (Consent, bool, error)
}

// Sizes of what is random, in bytes.
const (
	stateBytes    = 24
	verifierBytes = 32
)

func randomText(bytes int) string {
	random := make([]byte, bytes)
	_, _ = rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}

// challengeOf is what the login is told of a verifier: S256.
func challengeOf(verifier Token) string {
	sum := sha256.Sum256([]byte(verifier.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
