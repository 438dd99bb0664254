package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"sync"
	"time"

	"dispatch/event"
	"dispatch/fault"
)

// scheme is a way to sign a callout with HMAC-SHA256 of the raw body.
type scheme struct {
	header string                             // canonical name of the header that carries the signature
	digest func(value string) ([]byte, error) // what the header's value says; an error when it is malformed
}

// schemes are the ways to sign. The first whose header is there must be right.
var schemes = []scheme{
	{header: "X-Salesforce-Signature", digest: hexDigest},
	{header: "X-Hub-Signature-256", digest: hexDigest},
	{header: "X-Dispatch-Signature", digest: hexDigest},
}

// hexDigest reads a signature in hex of either case, with or without sha256= before it.
func hexDigest(value string) ([]byte, error) {
	const prefix = "sha256="
	if len(value) >= len(prefix) && strings.EqualFold(value[:len(prefix)], prefix) {
		value = value[len(prefix):]
	}
	return hex.DecodeString(value)
}

// keyring authenticates senders.
type keyring struct {
	sources Sources
}

// authenticate says whether the source takes the body from its sender. It answers errUnauthorized
// whatever is wrong with the signature or key.
func (k keyring) authenticate(ctx context.Context, source event.Source, header http.Header, body []byte, now time.Time) error {
	switch source.Auth {
	case event.AuthNone:
		return nil
	case event.AuthSecret:
		for _, s := range schemes {
			if values, signed := header[s.header]; signed {
				return s.verify(values, source.Keys, body, now)
			}
		}
		return k.checkAPIKey(ctx, source.GuildID, header)
	case event.AuthAPIKey:
		return k.checkAPIKey(ctx, source.GuildID, header)
	default:
		return errUnauthorized
	}
}

// verify says whether the header's only value signs the body under a key that is good now.
func (s scheme) verify(values []string, keys []event.SigningKey, body []byte, now time.Time) error {
	if len(values) != 1 {
		return errUnauthorized
	}
	claimed, err := s.digest(values[0])
	if err != nil {
		return errUnauthorized
	}
	for _, key := range keys {
		// Everybody can sign with an empty secret.
		if len(key.Secret) > 0 && key.Valid(now) && hmac.Equal(claimed, sum(key.Secret, body)) {
			return nil
		}
	}
	return errUnauthorized
}

// checkAPIKey says whether the only Authorization header has a live API key of the guild.
func (k keyring) checkAPIKey(ctx context.Context, guildID string, header http.Header) error {
	key, err := k.apiKey(ctx, header)
	if err == nil && key.GuildID != guildID {
		return errUnauthorized
	}
	return err
}

// apiKey is the live API key in the only Authorization header.
func (k keyring) apiKey(ctx context.Context, header http.Header) (event.APIKey, error) {
	values := header["Authorization"]
	if len(values) != 1 {
		return event.APIKey{}, errUnauthorized
	}
	text, ok := bearer(values[0])
	if !ok {
		return event.APIKey{}, errUnauthorized
	}
	key, err := k.sources.APIKey(ctx, sha256.Sum256([]byte(text)))
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return event.APIKey{}, errUnauthorized
	case err != nil:
		return event.APIKey{}, fmt.Errorf("find API key: %w", err)
	}
	return key, nil
}

// bearer is the API key in the value of an Authorization header.
func bearer(value string) (string, bool) {
	kind, text, _ := strings.Cut(value, " ")
	text = strings.TrimSpace(text)
	return text, strings.EqualFold(kind, "Bearer") && strings.HasPrefix(text, "dsp_")
}

// macs keeps HMACs that are set up for a secret, which costs half as much again as to sign a usual body.
var macs = sync.Pool{New: func() any { return new(mac) }}

type mac struct {
	secret []byte
	hash   hash.Hash
}

// sum is the HMAC-SHA256 of the body.
func sum(secret, body []byte) []byte {
	m := macs.Get().(*mac)
	defer macs.Put(m)
	if m.hash == nil || !bytes.Equal(m.secret, secret) {
		m.secret, m.hash = bytes.Clone(secret), hmac.New(sha256.New, secret)
	}
	m.hash.Reset()
	_, _ = m.hash.Write(body) // a hash never fails
	return m.hash.Sum(nil)
}
