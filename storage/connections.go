package storage

import (
	"context"

	"dispatch/fault"
	"dispatch/salesforce"
)

// SaveConnection writes down a source's access to its org, in place of the one it had, and whose source it is. One that
// is gone or disconnected is fault.NotFound and salesforce.ErrGone.
func (db *DB) SaveConnection(ctx context.Context, c salesforce.Connection) error {
	access, refresh := db.sealTokens(c)
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `UPDATE sources SET org_id = ? WHERE id = ? AND state <> 'disconnected'`, c.OrgID, c.SourceID)
		if err == nil && !found {
			err = errGone()
		}
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `
			INSERT OR REPLACE INTO connections (source_id, org_id, org_name, username, instance_url, login_url, scope,
				access_token, refresh_token, issued_at, lost_at, client_id, client_secret, version)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.SourceID, c.OrgID, c.OrgName, c.Username, c.InstanceURL, c.LoginURL, c.Scope, access, refresh,
			millis(c.IssuedAt), millis(c.LostAt), c.ClientID, db.sealApp(c), newID())
		return err
	})
	return db.fail("save connection", err)
}

// RenewConnection implements salesforce.Connections.
func (db *DB) RenewConnection(ctx context.Context, c salesforce.Connection) (kept bool, err error) {
	access, refresh := db.sealTokens(c)
	err = db.write(ctx, func(ctx context.Context, q querier) error {
		kept, err = changed(ctx, q, `
			UPDATE connections SET instance_url = ?, access_token = ?, refresh_token = ?, issued_at = ?, lost_at = ?, version = ?
			WHERE source_id = ? AND version = ?`,
			c.InstanceURL, access, refresh, millis(c.IssuedAt), millis(c.LostAt), newID(), c.SourceID, c.Version)
		return err
	})
	return kept, db.fail("renew connection", err)
}

func (db *DB) sealTokens(c salesforce.Connection) (access, refresh []byte) {
	return db.vault.seal([]byte(c.AccessToken.Reveal()), tokenPlace("access_token", c.SourceID)),
		db.vault.seal([]byte(c.RefreshToken.Reveal()), tokenPlace("refresh_token", c.SourceID))
}

// sealApp gives the secret of the app that a connection was granted to, nil for the configured one.
func (db *DB) sealApp(c salesforce.Connection) []byte {
	if c.ClientID == "" {
		return nil
	}
	return db.vault.seal([]byte(c.ClientSecret.Reveal()), tokenPlace("client_secret", c.SourceID))
}

// Connection gives a source's access to its org. One that was not authorized is fault.NotFound.
func (db *DB) Connection(ctx context.Context, sourceID string) (salesforce.Connection, error) {
	c, err := db.connection(ctx, sourceID)
	return c, db.fail("find connection", err)
}

func (db *DB) connection(ctx context.Context, sourceID string) (salesforce.Connection, error) {
	c := salesforce.Connection{SourceID: sourceID}
	var (
		access, refresh, app []byte
		issued, lost         int64
	)
	err := db.readers.QueryRowContext(ctx, `
		SELECT org_id, org_name, username, instance_url, login_url, scope, access_token, refresh_token, issued_at, lost_at,
			client_id, client_secret, version
		FROM connections WHERE source_id = ?`, sourceID).
		Scan(&c.OrgID, &c.OrgName, &c.Username, &c.InstanceURL, &c.LoginURL, &c.Scope, &access, &refresh,
			&issued, &lost, &c.ClientID, &app, &c.Version)
	if err != nil {
		return salesforce.Connection{}, err
	}
	if access, err = db.vault.open(access, tokenPlace("access_token", sourceID)); err != nil {
		return salesforce.Connection{}, err
	}
	if refresh, err = db.vault.open(refresh, tokenPlace("refresh_token", sourceID)); err != nil {
		return salesforce.Connection{}, err
	}
	if app != nil {
		if app, err = db.vault.open(app, tokenPlace("client_secret", sourceID)); err != nil {
			return salesforce.Connection{}, err
		}
	}
	c.ClientSecret = salesforce.Token(app)
	c.AccessToken, c.RefreshToken = salesforce.Token(access), salesforce.Token(refresh)
	c.IssuedAt, c.LostAt = timeOf(issued), timeOf(lost)
	return c, nil
}

// DeleteConnection wipes a source's access to its org. There may be none.
func (db *DB) DeleteConnection(ctx context.Context, sourceID string) error {
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `DELETE FROM connections WHERE source_id = ?`, sourceID)
		return err
	})
	return db.fail("delete connection", err)
}

// SetOrgID tells which org a source belongs to. It fails with fault.NotFound when the guild has no such source, or it is
// disconnected.
func (db *DB) SetOrgID(ctx context.Context, guildID, sourceID, orgID string) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `UPDATE sources SET org_id = ? WHERE guild_id = ? AND id = ? AND state <> 'disconnected'`,
			orgID, guildID, sourceID)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such source")
		}
		return err
	})
	return db.fail("set org id", err)
}

// tokenPlace is what a token is sealed for.
func tokenPlace(column, sourceID string) string { return "connections." + column + "/" + sourceID }
