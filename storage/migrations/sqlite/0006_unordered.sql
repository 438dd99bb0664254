-- +goose Up

-- Where what fails does not hold up what is behind it, each delivery has a time of its own for the next try; 0: at once.
ALTER TABLE deliveries ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;

-- Since when nothing but failures came back; 0: the last attempt did not fail.
ALTER TABLE queues ADD COLUMN failing_since INTEGER NOT NULL DEFAULT 0;
