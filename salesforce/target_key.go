package salesforce

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

const (
	assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	assertionLife  = 3 * time.Minute
	minKeyBits     = 2048
	maxKeyBits     = 8192 // Salesforce takes 4096 at most; to sign with more takes seconds
)

// ErrKey is for what is no private RSA key in PEM of 2048 to 8192 bits. What stands in it goes into no error.
var ErrKey = errors.New("not a private RSA key in PEM of 2048 to 8192 bits")

// ParseKey reads the first private RSA key of a PEM file, PKCS #1 or PKCS #8, and fails with ErrKey.
func ParseKey(file []byte) (*rsa.PrivateKey, error) {
	for {
		var block *pem.Block
		if block, file = pem.Decode(file); block == nil {
			return nil, ErrKey
		}
		if key := keyOf(block); key != nil {
			if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
				return nil, ErrKey
			}
			return key, nil
		}
	}
}

// keyOf is the private RSA key of the block, nil when it has none.
func keyOf(block *pem.Block) *rsa.PrivateKey {
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, _ := x509.ParsePKCS1PrivateKey(block.Bytes) // then it is none
		return key
	case "PRIVATE KEY":
		parsed, _ := x509.ParsePKCS8PrivateKey(block.Bytes)
		key, _ := parsed.(*rsa.PrivateKey)
		return key
	}
	return nil
}

// assertionOf signs that the app may come in as the user: a JWT by RS256.
func assertionOf(key *rsa.PrivateKey, clientID, user, server string, now time.Time) (Token, error) {
	claims, err := json.Marshal(map[string]any{"iss": clientID, "sub": user, "aud": server, "exp": now.Add(assertionLife).Unix()})
	if err != nil {
		return "", fmt.Errorf("sign assertion: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign assertion: %w", err)
	}
	return Token(text + "." + base64.RawURLEncoding.EncodeToString(signature)), nil
}
