-- +goose Up

-- How events of a guild become Discord messages, where the built-in embed is not wanted.
CREATE TABLE templates (
    id            TEXT PRIMARY KEY,
    guild_id      TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    name          TEXT NOT NULL CHECK (name <> ''),
    name_folded   TEXT NOT NULL,
    text          TEXT NOT NULL, -- JSON, as it was written
    version       INTEGER NOT NULL, -- from 1
    updated_at    INTEGER NOT NULL,
    failing_event INTEGER NOT NULL DEFAULT 0, -- the last event that this version failed on
    failing_at    INTEGER NOT NULL DEFAULT 0, -- 0: it never did
    failing_error TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX templates_name ON templates (guild_id, name_folded);

-- jq programs that reshape payloads.
CREATE TABLE transforms (
    id          TEXT PRIMARY KEY,
    guild_id    TEXT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    name        TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    program     TEXT NOT NULL,
    version     INTEGER NOT NULL, -- from 1
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX transforms_name ON transforms (guild_id, name_folded);

ALTER TABLE links ADD COLUMN filter TEXT NOT NULL DEFAULT ''; -- an expression that must hold; '' takes all
ALTER TABLE links ADD COLUMN template_id TEXT REFERENCES templates (id) ON DELETE SET NULL; -- NULL: the built-in embed
ALTER TABLE links ADD COLUMN transform_id TEXT REFERENCES transforms (id) ON DELETE SET NULL;

-- The links of a source are asked in this order, and the first that takes an event decides for its destination.
ALTER TABLE links ADD COLUMN position INTEGER NOT NULL DEFAULT 0;

-- The link in front of which this one stands, to show some of its events by a template. It goes with that template, and
-- with that link. NULL for a link of its own.
ALTER TABLE links ADD COLUMN specializes TEXT REFERENCES links (id) ON DELETE CASCADE;

-- The last time that its filter failed, as in templates.
ALTER TABLE links ADD COLUMN failing_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE links ADD COLUMN failing_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE links ADD COLUMN failing_error TEXT NOT NULL DEFAULT '';

UPDATE links SET position = (
    SELECT count(*) FROM links o
    WHERE o.source_id = links.source_id AND (o.created_at, o.id) < (links.created_at, links.id)
);

-- What is removed finds those that point to it.
CREATE INDEX links_template ON links (template_id) WHERE template_id IS NOT NULL;
CREATE INDEX links_transform ON links (transform_id) WHERE transform_id IS NOT NULL;
CREATE INDEX links_specializes ON links (specializes) WHERE specializes IS NOT NULL;

-- Which links did not take an event, and why. Written and removed with it.
CREATE TABLE refusals (
    event_id       INTEGER NOT NULL,
    link_id        TEXT NOT NULL,
    destination_id TEXT NOT NULL, -- where the link led; '' when it was gone already
    reason         TEXT NOT NULL,
    detail         TEXT NOT NULL, -- the patterns or the filter, as they were then
    PRIMARY KEY (event_id, link_id)
) STRICT, WITHOUT ROWID;
