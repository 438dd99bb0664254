-- +goose Up

-- What was claimed together is claimed together until none of it is pending: a JSON array of event ids.
ALTER TABLE queues ADD COLUMN flight TEXT NOT NULL DEFAULT '[]';

-- Of the attempts, those that were made before the last replay.
ALTER TABLE deliveries ADD COLUMN replayed INTEGER NOT NULL DEFAULT 0;

-- When a destination was paused, and whether its guild was told.
ALTER TABLE destinations ADD COLUMN paused_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE destinations ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

-- Where a guild wants to hear of what an admin has to mend: a channel, or ''.
ALTER TABLE guilds ADD COLUMN alerts_channel TEXT NOT NULL DEFAULT '';

-- The event log of one source, and what was abandoned. There are few sources, so the rows of the first go to few pages;
-- there should be few of the second.
CREATE INDEX events_source ON events (source_id);
CREATE INDEX outcomes_abandoned ON outcomes (event_id) WHERE state = 'abandoned';
