-- +goose Up

-- The Salesforce org that a source belongs to: its id in 15 or 18 characters, '' while it is not known.
ALTER TABLE sources ADD COLUMN org_id TEXT NOT NULL DEFAULT '';

ALTER TABLE connections ADD COLUMN org_name TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0; -- 0: the org lets us in
ALTER TABLE connections ADD COLUMN version TEXT NOT NULL DEFAULT ''; -- another one after each change

UPDATE sources SET org_id = coalesce((SELECT org_id FROM connections WHERE source_id = sources.id), '');

-- Who was sent to Salesforce to authorize an org, and may come back once. What was spent is kept for a day, to tell those
-- who come again from those whom nobody sent.
CREATE TABLE consents (
    hash       BLOB PRIMARY KEY, -- SHA-256 of the state: it is known to a browser only
    source_id  TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL,
    login_url  TEXT NOT NULL,
    locale     TEXT NOT NULL,
    secret     BLOB NOT NULL, -- of PKCE; empty once it is spent
    expires_at INTEGER NOT NULL,
    spent      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX consents_source ON consents (source_id, expires_at);
