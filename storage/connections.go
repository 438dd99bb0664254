package storage

import (
	"context"

	"dispatch/salesforce"
)

// SaveConnection writes down a source's access to its org, in place of the one it had. A source that is
// gone is fault.NotFound.
func (db *DB) SaveConnection(ctx context.Context, c salesforce.Connection) error {
	access := db.vault.seal([]byte(c.AccessToken.Reveal()), tokenPlace("access_token", c.SourceID))
	refresh := db.vault.seal([]byte(c.RefreshToken.Reveal()), tokenPlace("refresh_token", c.SourceID))
	err := db.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `
			INSERT OR REPLACE INTO connections
				(source_id, org_id, username, instance_url, login_url, scope, access_token, refresh_token, issued_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.SourceID, c.OrgID, c.Username, c.InstanceURL, c.LoginURL, c.Scope, access, refresh, millis(c.IssuedAt))
		return err
	})
	return db.fail("save connection", err)
}

// Connection gives a source's access to its org. One that was not authorized is fault.NotFound.
func (db *DB) Connection(ctx context.Context, sourceID string) (salesforce.Connection, error) {
	c, err := db.connection(ctx, sourceID)
	return c, db.fail("find connection", err)
}

func (db *DB) connection(ctx context.Context, sourceID string) (salesforce.Connection, error) {
	c := salesforce.Connection{SourceID: sourceID}
	var (
		access, refresh []byte
		issued          int64
	)
	err := db.readers.QueryRowContext(ctx, `
		SELECT org_id, username, instance_url, login_url, scope, access_token, refresh_token, issued_at
		FROM connections WHERE source_id = ?`, sourceID).
		Scan(&c.OrgID, &c.Username, &c.InstanceURL, &c.LoginURL, &c.Scope, &access, &refresh, &issued)
	if err != nil {
		return salesforce.Connection{}, err
	}
	if access, err = db.vault.open(access, tokenPlace("access_token", sourceID)); err != nil {
		return salesforce.Connection{}, err
	}
	if refresh, err = db.vault.open(refresh, tokenPlace("refresh_token", sourceID)); err != nil {
		return salesforce.Connection{}, err
	}
	c.AccessToken, c.RefreshToken, c.IssuedAt = salesforce.Token(access), salesforce.Token(refresh), timeOf(issued)
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

// tokenPlace is what a token is sealed for.
func tokenPlace(column, sourceID string) string { return "connections." + column + "/" + sourceID }
