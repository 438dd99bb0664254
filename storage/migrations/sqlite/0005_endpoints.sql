-- +goose Up

-- The service whose way to sign and to name events a source knows; '' for none.
ALTER TABLE sources ADD COLUMN preset TEXT NOT NULL DEFAULT '';

-- When it was used last, to the minute; 0: never.
ALTER TABLE api_keys ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;

-- Where and how a webhook is called. An address may be a secret, too, so both are sealed; NULL for what has none.
ALTER TABLE destinations ADD COLUMN url BLOB;
ALTER TABLE destinations ADD COLUMN secret BLOB;
ALTER TABLE destinations ADD COLUMN unordered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE destinations ADD COLUMN rate_limit INTEGER NOT NULL DEFAULT 0; -- requests a second; 0: no limit

-- Channels have no name of ours.
ALTER TABLE destinations ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX destinations_name ON destinations (guild_id, name_folded) WHERE name_folded <> '';

-- What a guild wants its own way; '' for what is not chosen.
ALTER TABLE guilds ADD COLUMN header_prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE guilds ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE guilds ADD COLUMN currency TEXT NOT NULL DEFAULT '';
ALTER TABLE guilds ADD COLUMN timezone TEXT NOT NULL DEFAULT '';
