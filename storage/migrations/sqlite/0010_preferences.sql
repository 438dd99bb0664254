-- +goose Up

-- A guild's preferences for sending SMS by Salesforce. Both columns with secrets in them are sealed as a whole.
CREATE TABLE preferences (
    guild_id TEXT PRIMARY KEY REFERENCES guilds (id) ON DELETE CASCADE,
    version  INTEGER NOT NULL, -- one more with each change
    secret   BLOB NOT NULL,    -- the document
    pending  BLOB NOT NULL     -- the event that tells of the last change, until it is accepted; then empty
) STRICT, WITHOUT ROWID;
