package config

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a text that shows itself to Reveal only: everything that prints or encodes it gets [redacted].
type Secret struct {
	// A function, since printers look into what they cannot call methods on: fmt for an unexported field of
	// another struct or the verbs %p and %w, cmp and its like for everything. All they see is an address.
	reveal func() string
}

// NewSecret makes a Secret of the text; the zero Secret is that of "".
func NewSecret(text string) Secret { return Secret{reveal: func() string { return text }} }

// Reveal is the text itself.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Set says whether there is a text.
func (s Secret) Set() bool { return s.Reveal() != "" }

// Equal compares the texts. It is not meant for what a stranger sent: it takes less time for an early difference.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String is [redacted].
func (Secret) String() string { return redacted }

// Format implements fmt.Formatter, for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, redacted) }

// MarshalText implements encoding.TextMarshaler, which JSON, TOML and XML ask.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
