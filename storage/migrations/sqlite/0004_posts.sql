-- +goose Up

-- Which post of a forum is about which record.
CREATE TABLE posts (
    destination_id TEXT NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
    record         TEXT NOT NULL, -- its id, or that of the only event
    thread_id      TEXT NOT NULL,
    used_at        INTEGER NOT NULL,
    PRIMARY KEY (destination_id, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX posts_thread ON posts (destination_id, thread_id);
CREATE INDEX posts_used ON posts (used_at);
