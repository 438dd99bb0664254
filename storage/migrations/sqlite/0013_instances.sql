-- +goose Up

-- What clients of the Open Connectors API have made: a source each, and a destination while somebody is to be told. One whose
-- source is disconnected is kept, without its secret, to be known as gone.
CREATE TABLE instances (
    id             TEXT PRIMARY KEY, -- 128 random bits in hex
    guild_id       TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    source_id      TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    destination_id TEXT REFERENCES destinations (id) ON DELETE SET NULL,
    name           TEXT NOT NULL, -- its source and its callback may have a number behind it
    token_hash     BLOB NOT NULL, -- SHA-256 of its token
    tags           TEXT NOT NULL, -- JSON array
    secret         BLOB NOT NULL, -- its settings; empty once it is gone
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX instances_source ON instances (source_id);
CREATE INDEX instances_destination ON instances (destination_id);
CREATE INDEX instances_guild ON instances (guild_id);

-- Of a callback, how it is told of events: a JSON object, or ''.
ALTER TABLE destinations ADD COLUMN callback TEXT NOT NULL DEFAULT '';

-- The app that an org has let in; '' for the configured one.
ALTER TABLE connections ADD COLUMN client_id TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN client_secret BLOB;
