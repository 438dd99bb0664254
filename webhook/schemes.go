package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"sync"
	"time"

	"dispatch/event"
	"dispatch/fault"
)

// scheme is a way to prove that a callout comes from somebody who knows the source's secret.
type scheme struct {
	header string                                       // canonical name of the header that carries the proof
	read   func(value string, of callout) (claim, bool) // what the header's value claims; false when it is malformed
	prove  func(secret, before, body []byte) []byte     // what is right, of sha256.Size bytes
	within time.Duration                                // how far from now the claim's time may be; 0: it has none
}

// callout is a request as far as its proof is about it.
type callout struct {
	header http.Header
	body   []byte
}

// claim is what a callout brings forward to prove who sent it.
type claim struct {
	proofs [][]byte  // any of them may be right
	before []byte    // what is signed in front of the body
	at     time.Time // when it was signed
}

// ours are the ways to sign that a source without a preset takes. The first whose header is there must be right.
var ours = []scheme{
	{header: "X-Salesforce-Signature", read: readHex, prove: sum},
	{header: "X-Hub-Signature-256", read: readHex, prove: sum},
	{header: "X-Dispatch-Signature", read: readHex, prove: sum},
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
		for _, s := range presetOf(source).schemes {
			if values, signed := header[s.header]; signed {
				return s.verify(values, callout{header, body}, source.Keys, now)
			}
		}
		return k.checkAPIKey(ctx, source.GuildID, header)
	case event.AuthAPIKey:
		return k.checkAPIKey(ctx, source.GuildID, header)
	default:
		return errUnauthorized
	}
}

// verify says whether the header's only value proves that the sender knows a key that is good now.
func (s scheme) verify(values []string, sent callout, keys []event.SigningKey, now time.Time) error {
	if len(values) != 1 {
		return errUnauthorized
	}
	claimed, ok := s.read(values[0], sent)
	if !ok || s.within > 0 && now.Sub(claimed.at).Abs() > s.within {
		return errUnauthorized
	}
	for _, key := range keys {
		// Everybody can sign with an empty secret.
		if len(key.Secret) > 0 && key.Valid(now) && claimed.has(s.prove(key.Secret, claimed.before, sent.body)) {
			return nil
		}
	}
	return errUnauthorized
}

// has says whether the right proof is among those of the claim, in a time that does not tell how near they are.
func (c claim) has(right []byte) bool {
	for _, proof := range c.proofs {
		if len(right) == sha256.Size && hmac.Equal(proof, right) {
			return true
		}
	}
	return false
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
	return k.live(ctx, text)
}

// live is the API key of the text; one that is unknown or revoked is errUnauthorized.
func (k keyring) live(ctx context.Context, text string) (event.APIKey, error) {
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

// sum is the HMAC-SHA256 of the body and what comes before it.
func sum(secret, before, body []byte) []byte {
	m := macs.Get().(*mac)
	defer macs.Put(m)
	if m.hash == nil || !bytes.Equal(m.secret, secret) {
		m.secret, m.hash = bytes.Clone(secret), hmac.New(sha256.New, secret)
	}
	m.hash.Reset()
	_, _ = m.hash.Write(before) // a hash never fails
	_, _ = m.hash.Write(body)
	return m.hash.Sum(nil)
}
