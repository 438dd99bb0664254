package storage

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"database/sql"
	"errors"
	"fmt"
)

// keySize is the length of the key that secrets are sealed under: AES-256.
const keySize = 32

// sealedV1 begins what is sealed as nonce, ciphertext and tag of AES-256-GCM.
const sealedV1 = 1

// vault seals the secrets of the database.
type vault struct {
	aead cipher.AEAD
}

func newVault(key []byte) (vault, error) {
	if len(key) != keySize {
		return vault{}, fmt.Errorf("storage.key must have %d bytes, has %d", keySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return vault{}, fmt.Errorf("use storage.key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return vault{}, fmt.Errorf("use storage.key: %w", err)
	}
	return vault{aead: aead}, nil
}

// seal encrypts a value for its place: table, column and the id of the row. It cannot be opened elsewhere.
func (v vault) seal(plain []byte, place string) []byte {
	return v.aead.Seal([]byte{sealedV1}, nil, plain, []byte(place))
}

var errSealed = errors.New("the value was sealed under another key or for another place")

// open decrypts what seal made for the same place.
func (v vault) open(sealed []byte, place string) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealedV1 {
		return nil, errSealed
	}
	plain, err := v.aead.Open(nil, nil, sealed[1:], []byte(place))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// keyCheck is the row of meta that opens under the right key only.
const keyCheck = "key_check"

// checkKey refuses a key that the database was not written under.
func checkKey(ctx context.Context, pool *sql.DB, v vault, path string) error {
	var sealed []byte
	err := pool.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, keyCheck).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = pool.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES (?, ?)`, keyCheck, v.seal(nil, keyCheck))
		if err != nil {
			return fmt.Errorf("write key check of %s: %w", path, err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("read key check of %s: %w", path, err)
	}
	if _, err := v.open(sealed, keyCheck); err != nil {
		return fmt.Errorf("storage.key does not fit %s, whose secrets are sealed under another key: restore that one", path)
	}
	return nil
}
