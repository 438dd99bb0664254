package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dispatch/event"
	"dispatch/salesforce"
)

// trialTime is how long a secret is good of which we do not learn whether its package was taken: as long as an org remembers
// what it was asked to deploy.
const trialTime = 30 * 24 * time.Hour

// keyOfDeployment does to the source's keys what the deployment's phase asks for. Its own key has its id.
func (db *DB) keyOfDeployment(ctx context.Context, q querier, d salesforce.Deployment, oldUntil time.Time) error {
	key := event.SigningKey{Secret: d.Cargo.Secret}
	switch d.Phase {
	case salesforce.DeployFailed, salesforce.DeployCancelled:
		_, err := q.ExecContext(ctx, `DELETE FROM signing_keys WHERE id = ?`, d.ID)
		return err
	case salesforce.DeployChanging:
		key.ExpiresAt = now().Add(trialTime)
	case salesforce.DeploySucceeded:
		found, err := changed(ctx, q, `UPDATE sources SET auth = ? WHERE id = ? AND state <> 'disconnected'`, event.AuthSecret, d.SourceID)
		if err != nil || !found {
			return err
		}
		if err := retireKeys(ctx, q, d.SourceID, oldUntil); err != nil {
			return err
		}
	default:
		return nil
	}
	_, err := q.ExecContext(ctx, `
		INSERT INTO signing_keys (id, source_id, secret, created_at, expires_at)
		SELECT ?1, id, ?3, ?4, ?5 FROM sources WHERE id = ?2 AND state <> 'disconnected'
		ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at`,
		d.ID, d.SourceID, db.vault.seal(key.Secret, keyPlace(d.ID)), millis(now()), millis(key.ExpiresAt))
	return err
}

// SetPackageObjects writes down what objects the last package for a source's org was made for.
func (db *DB) SetPackageObjects(ctx context.Context, guildID, sourceID string, objects []string) error {
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `UPDATE sources SET package_objects = ? WHERE guild_id = ? AND id = ?`,
			jsonOf(objects), guildID, sourceID)
		if err == nil && !found {
			err = errGone()
		}
		return err
	})
	return db.fail("set package objects", err)
}

// PackageObjects gives them; none when no package was made.
func (db *DB) PackageObjects(ctx context.Context, guildID, sourceID string) (objects []string, err error) {
	var raw []byte
	err = db.readers.QueryRowContext(ctx, `SELECT package_objects FROM sources WHERE guild_id = ? AND id = ?`, guildID, sourceID).Scan(&raw)
	if err != nil {
		return nil, db.fail("find package objects", err)
	}
	if err := json.Unmarshal(raw, &objects); err != nil {
		return nil, fmt.Errorf("read package objects: %w", err)
	}
	return objects, nil
}
