-- +goose Up

-- Packages on their way into the orgs of sources, or out of them, so that a stop in the middle loses none.
CREATE TABLE deployments (
    id         TEXT PRIMARY KEY,
    source_id  TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    org_id     TEXT NOT NULL,
    removal    INTEGER NOT NULL,
    objects    TEXT NOT NULL, -- JSON array
    phase      TEXT NOT NULL,
    request_id TEXT NOT NULL, -- what the org calls the request of this phase; '' while it has none
    checked    INTEGER NOT NULL, -- whether the check has passed
    checked_id TEXT NOT NULL, -- what the org called it, where it may be built upon; else ''
    test_level TEXT NOT NULL,
    cancelled  INTEGER NOT NULL, -- whether somebody wants it to end
    report     TEXT NOT NULL, -- JSON: what the org said last
    trouble    TEXT NOT NULL, -- JSON: what stands between us and the org
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL, -- 0 while it is under way
    archive    BLOB, -- sealed, as it holds the secret; NULL when it is over
    secret     BLOB  -- sealed; NULL for a removal, and when it is over
) STRICT;

-- One at a time for each source.
CREATE UNIQUE INDEX deployments_open ON deployments (source_id) WHERE ended_at = 0;
CREATE INDEX deployments_source ON deployments (source_id);

-- What the last package for the org was made for: a JSON array.
ALTER TABLE sources ADD COLUMN package_objects TEXT NOT NULL DEFAULT '[]';
