-- +goose Up

-- Salesforce orgs that a guild acts on, as one of their users.
CREATE TABLE targets (
    id           TEXT PRIMARY KEY, -- UUIDv7
    guild_id     TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    name_folded  TEXT NOT NULL,
    slug         TEXT NOT NULL UNIQUE,
    client_id    TEXT NOT NULL,
    user         TEXT NOT NULL,
    server       TEXT NOT NULL, -- where it signs in
    version      TEXT NOT NULL, -- of the API; '': the highest that the org has
    reply_policy TEXT NOT NULL,
    key          BLOB NOT NULL, -- private, in PEM, sealed
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX targets_name ON targets (guild_id, name_folded);
