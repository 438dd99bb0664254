package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"dispatch/fault"
	"dispatch/salesforce"
)

const (
	maxConsents = 20             // of one source
	keepConsent = 24 * time.Hour // it expired before the newest will
)

// errGone is for a source that is not there, or disconnected, as salesforce and commands know it.
func errGone() error { return fault.New(fault.NotFound, "%w", salesforce.ErrGone) }

// SaveConsent implements salesforce.Consents. Of one source, the newest are kept.
func (db *DB) SaveConsent(ctx context.Context, c salesforce.Consent) error {
	secret := db.vault.seal([]byte(c.Verifier.Reveal()), consentPlace(c.Hash))
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `
			INSERT INTO consents (hash, source_id, user_id, login_url, locale, secret, expires_at)
			SELECT ?, id, ?, ?, ?, ?, ? FROM sources WHERE id = ? AND guild_id = ? AND state <> 'disconnected'`,
			c.Hash[:], c.UserID, c.LoginURL, c.Locale, secret, millis(c.ExpiresAt), c.SourceID, c.GuildID)
		if err == nil && !found {
			err = errGone()
		}
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `DELETE FROM consents WHERE expires_at < ?1 OR hash IN (
			SELECT hash FROM consents WHERE source_id = ?2 ORDER BY expires_at DESC, hash LIMIT -1 OFFSET ?3)`,
			millis(c.ExpiresAt.Add(-keepConsent)), c.SourceID, maxConsents)
		return err
	})
	return db.fail("save consent", err)
}

// SpendConsent implements salesforce.Consents. Of several who come with the same, one finds it unspent.
func (db *DB) SpendConsent(ctx context.Context, hash [sha256.Size]byte) (salesforce.Consent, bool, error) {
	var (
		found []salesforce.Consent
		err   error
	)
	err = db.write(ctx, func(ctx context.Context, q querier) error {
		found, err = list(ctx, q, func(row scanner) (salesforce.Consent, error) { return db.scanConsent(row, hash) }, `
			SELECT s.guild_id, c.user_id, c.source_id, c.login_url, c.locale, c.secret, c.expires_at, c.spent
			FROM consents c JOIN sources s ON s.id = c.source_id WHERE c.hash = ?`, hash[:])
		if err != nil || len(found) == 0 {
			return err
		}
		_, err := q.ExecContext(ctx, `UPDATE consents SET spent = 1, secret = x'' WHERE hash = ?`, hash[:])
		return err
	})
	if err != nil || len(found) == 0 {
		return salesforce.Consent{}, false, db.fail("spend consent", err)
	}
	return found[0], true, nil
}

func (db *DB) scanConsent(row scanner, hash [sha256.Size]byte) (salesforce.Consent, error) {
	c := salesforce.Consent{Hash: hash}
	var (
		secret  []byte
		expires int64
	)
	err := row.Scan(&c.GuildID, &c.UserID, &c.SourceID, &c.LoginURL, &c.Locale, &secret, &expires, &c.Spent)
	if err != nil {
		return c, err
	}
	c.ExpiresAt = timeOf(expires)
	if c.Spent {
		return c, nil
	}
	verifier, err := db.vault.open(secret, consentPlace(hash))
	c.Verifier = salesforce.Token(verifier)
	return c, err
}

// consentPlace is what a verifier is sealed for.
func consentPlace(hash [sha256.Size]byte) string {
	return "consents.secret/" + hex.EncodeToString(hash[:])
}
