-- +goose Up

-- What is asked of orgs again and again on behalf of sources.
CREATE TABLE polls (
    source_id  TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    target_id  TEXT REFERENCES targets (id) ON DELETE CASCADE, -- whose credentials; NULL: the source's own connection
    objects    TEXT NOT NULL,    -- JSON array
    every      INTEGER NOT NULL, -- milliseconds
    started_at INTEGER NOT NULL,
    version    TEXT NOT NULL,    -- another one after each change of what is polled
    place      TEXT NOT NULL,    -- the org that the marks are of
    pending    BLOB NOT NULL     -- events that were found, until they are accepted: sealed; then empty
) STRICT, WITHOUT ROWID;

CREATE INDEX polls_target ON polls (target_id) WHERE target_id IS NOT NULL;

-- How far an object was read. The first two times are by the org's clock.
CREATE TABLE poll_marks (
    source_id  TEXT NOT NULL REFERENCES polls (source_id) ON DELETE CASCADE,
    object     TEXT NOT NULL,
    position   INTEGER NOT NULL, -- in the list of objects
    based      INTEGER NOT NULL, -- whether it has a baseline
    until      INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    polled_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (source_id, object)
) STRICT, WITHOUT ROWID;

-- Records as they were read last: what was seen is not announced again, and a change shows what was there before.
CREATE TABLE poll_records (
    source_id TEXT NOT NULL,
    object    TEXT NOT NULL,
    record_id TEXT NOT NULL,
    stamp     INTEGER NOT NULL, -- by the org's clock
    deleted   INTEGER NOT NULL,
    copy      BLOB NOT NULL, -- sealed
    PRIMARY KEY (source_id, object, record_id),
    FOREIGN KEY (source_id, object) REFERENCES poll_marks (source_id, object) ON DELETE CASCADE
) STRICT;

-- What is forgotten is what has not changed for the longest time.
CREATE INDEX poll_records_stamp ON poll_records (source_id, object, stamp);

-- A source that is disconnected is not polled any more.
-- +goose StatementBegin
CREATE TRIGGER polls_end AFTER UPDATE OF state ON sources WHEN NEW.state = 'disconnected'
BEGIN
    DELETE FROM polls WHERE source_id = NEW.id;
END;
-- +goose StatementEnd
