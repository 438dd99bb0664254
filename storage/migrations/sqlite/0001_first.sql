-- +goose Up

-- Times are milliseconds since 1970, UTC. Ids are UUIDv7 in text, those of Discord are snowflakes in text,
-- those of events are integers (see event.ID). Columns named secret or *_token hold sealed bytes.

-- What the store knows about itself: the check of its key, the last event id given before a removal.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE guilds (
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    locale    TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at   INTEGER -- NULL while we are in it
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id              TEXT PRIMARY KEY,
    guild_id        TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    name            TEXT NOT NULL CHECK (name <> ''),
    name_folded     TEXT NOT NULL, -- in lower case as Go sees it: SQLite's lower() knows ASCII only
    slug            TEXT NOT NULL UNIQUE,
    kind            TEXT NOT NULL,
    environment     TEXT NOT NULL,
    auth            TEXT NOT NULL,
    event_type_path TEXT NOT NULL,
    state           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    disconnected_at INTEGER -- NULL unless its state says so
) STRICT, WITHOUT ROWID;

-- Disconnecting frees the name.
CREATE UNIQUE INDEX sources_name ON sources (guild_id, name_folded) WHERE state <> 'disconnected';
CREATE INDEX sources_guild ON sources (guild_id);

CREATE TABLE signing_keys (
    id         TEXT PRIMARY KEY,
    source_id  TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    secret     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL -- 0: never; so it is for the newest key of a source, and for that one only
) STRICT, WITHOUT ROWID;

CREATE INDEX signing_keys_source ON signing_keys (source_id);

-- A source's access to its Salesforce org.
CREATE TABLE connections (
    source_id     TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    org_id        TEXT NOT NULL,
    username      TEXT NOT NULL,
    instance_url  TEXT NOT NULL,
    login_url     TEXT NOT NULL,
    scope         TEXT NOT NULL,
    access_token  BLOB NOT NULL,
    refresh_token BLOB NOT NULL,
    issued_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Only the SHA-256 of a key is known here.
CREATE TABLE api_keys (
    hash        BLOB PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    guild_id    TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    name        TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER -- NULL while it is good
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_keys_name ON api_keys (guild_id, name_folded) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_guild ON api_keys (guild_id);

CREATE TABLE destinations (
    id         TEXT PRIMARY KEY,
    guild_id   TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    channel_id TEXT NOT NULL, -- of a channel, else ''
    paused     TEXT NOT NULL DEFAULT '', -- locale key of the reason; '' while it is active
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One queue for each channel, or its order could not be kept.
CREATE UNIQUE INDEX destinations_channel ON destinations (guild_id, channel_id) WHERE kind = 'channel';
CREATE INDEX destinations_guild ON destinations (guild_id);

CREATE TABLE links (
    id             TEXT PRIMARY KEY,
    source_id      TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    destination_id TEXT NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
    events         TEXT NOT NULL, -- JSON array of type patterns; empty takes all
    created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX links_source ON links (source_id);
CREATE INDEX links_destination ON links (destination_id);

-- The head of a queue blocks what is behind it, so the time of the next try belongs to the destination, and
-- so does the lease of the worker that sends to it. Apart from destinations because it changes all the time.
CREATE TABLE queues (
    destination_id TEXT PRIMARY KEY REFERENCES destinations (id) ON DELETE CASCADE,
    failures       INTEGER NOT NULL DEFAULT 0, -- since the last attempt that did not fail
    due_at         INTEGER NOT NULL DEFAULT 0,
    lease_owner    TEXT NOT NULL DEFAULT '',
    lease_until    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What follows is written for every event. Rows are added at the end of their table, and there is no index
-- on values that come in random order: each would dirty one more page a row.

-- No foreign key leads to sources: removing one would search all events for its own. counts has one
-- instead, so an event of a source that is gone is refused all the same.
CREATE TABLE events (
    id              INTEGER PRIMARY KEY,
    source_id       TEXT NOT NULL,
    type            TEXT NOT NULL,
    idempotency_key TEXT, -- NULL when the sender gave none
    headers         BLOB, -- JSON object; NULL when none were kept
    body            BLOB NOT NULL
) STRICT;

-- Only those who send a key pay for it.
CREATE UNIQUE INDEX events_idempotency_key ON events (source_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What is pending, and nothing else. The worker asks one question, over and over: what is next for this
-- destination? The key is the answer, whatever waits behind it.
CREATE TABLE deliveries (
    destination_id TEXT NOT NULL REFERENCES destinations (id),
    event_id       INTEGER NOT NULL,
    link_id        TEXT NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0, -- made so far
    PRIMARY KEY (destination_id, event_id)
) STRICT, WITHOUT ROWID;

-- How deliveries ended. An event that no link took has one row, without a destination.
CREATE TABLE outcomes (
    event_id       INTEGER NOT NULL,
    destination_id TEXT NOT NULL,
    link_id        TEXT NOT NULL,
    state          TEXT NOT NULL,
    at             INTEGER NOT NULL,
    receipt        TEXT NOT NULL,
    PRIMARY KEY (event_id, destination_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    event_id       INTEGER NOT NULL,
    destination_id TEXT NOT NULL,
    attempt        INTEGER NOT NULL, -- from 1
    at             INTEGER NOT NULL,
    latency        INTEGER NOT NULL, -- microseconds
    status         INTEGER NOT NULL, -- of HTTP; 0 when there was no answer
    response       TEXT NOT NULL,
    error          TEXT NOT NULL, -- '' when it was delivered
    PRIMARY KEY (event_id, destination_id, attempt)
) STRICT, WITHOUT ROWID;

-- What /salesforce status tells, so that nobody has to count events.
CREATE TABLE counts (
    source_id  TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    hour       INTEGER NOT NULL, -- hours since 1970
    accepted   INTEGER NOT NULL,
    delivered  INTEGER NOT NULL,
    filtered   INTEGER NOT NULL,
    abandoned  INTEGER NOT NULL,
    last_event INTEGER NOT NULL, -- id of the last one accepted in it; 0 when none was
    PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;

-- The last attempt of each source that failed.
CREATE TABLE failures (
    source_id      TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    event_id       INTEGER NOT NULL,
    destination_id TEXT NOT NULL,
    attempt        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was last told to others, such as the commands registered with Discord.
CREATE TABLE fingerprints (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
