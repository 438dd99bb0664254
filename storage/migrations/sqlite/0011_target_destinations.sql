-- +goose Up

-- The target that a destination acts on; NULL where it is of another kind. A target cannot be deleted before them.
ALTER TABLE destinations ADD COLUMN target_id TEXT REFERENCES targets (id);
CREATE INDEX destinations_target ON destinations (target_id) WHERE target_id IS NOT NULL;

-- The attempt in which an org is being called. Whoever finds it there does not know whether the org has done it.
ALTER TABLE deliveries ADD COLUMN calling INTEGER NOT NULL DEFAULT 0;
