package storage

import (
	"context"

	"dispatch/delivery"
	"dispatch/fault"
)

// maxTransforms is how many a guild may have.
const maxTransforms = 100

// Transforms gives the transforms of a guild by name.
func (db *DB) Transforms(ctx context.Context, guildID string) ([]delivery.Transform, error) {
	found, err := list(ctx, db.readers, scanTransform, `
		SELECT `+transformColumns+` FROM transforms x WHERE x.guild_id = ? ORDER BY x.name_folded`, guildID)
	return found, db.fail("list transforms", err)
}

// Transform gives the transform of the guild that an admin calls by the name, whatever its case. There is none:
// fault.NotFound.
func (db *DB) Transform(ctx context.Context, guildID, name string) (delivery.Transform, error) {
	x, err := scanTransform(db.readers.QueryRowContext(ctx, `
		SELECT `+transformColumns+` FROM transforms x WHERE x.guild_id = ? AND x.name_folded = ?`, guildID, fold(name)))
	return x, db.fail("find transform", err)
}

const transformColumns = `x.id, x.guild_id, x.name, x.program, x.version, x.updated_at`

func scanTransform(row scanner) (delivery.Transform, error) {
	var (
		x       delivery.Transform
		updated int64
	)
	err := row.Scan(&x.ID, &x.GuildID, &x.Name, &x.Program, &x.Version, &updated)
	x.UpdatedAt = timeOf(updated)
	return x, err
}

// CreateTransform adds a transform to its guild. It fills in ID, Version and UpdatedAt. One of the guild with the same
// name, whatever its case, is fault.Exists; one more than a guild may have is fault.TooMany.
func (db *DB) CreateTransform(ctx context.Context, x delivery.Transform) (delivery.Transform, error) {
	x.ID, x.Version, x.UpdatedAt = newID(), 1, now()
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, x.GuildID); err != nil {
			return err
		}
		err := bound(ctx, q, maxTransforms, "limit.transforms", `SELECT count(*) FROM transforms WHERE guild_id = ?`, x.GuildID)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `
			INSERT INTO transforms (id, guild_id, name, name_folded, program, version, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			x.ID, x.GuildID, x.Name, fold(x.Name), x.Program, x.Version, millis(x.UpdatedAt))
		return err
	})
	if err != nil {
		return delivery.Transform{}, db.fail("create transform", err)
	}
	return x, nil
}

// UpdateTransform gives the transform of the guild that has the ID another name and program, as a new version of it.
// There is none: fault.NotFound; another one of the guild has the name: fault.Exists.
func (db *DB) UpdateTransform(ctx context.Context, x delivery.Transform) (delivery.Transform, error) {
	x.UpdatedAt = now()
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		return q.QueryRowContext(ctx, `
			UPDATE transforms SET name = ?, name_folded = ?, program = ?, version = version + 1, updated_at = ?
			WHERE guild_id = ? AND id = ? RETURNING version`,
			x.Name, fold(x.Name), x.Program, millis(x.UpdatedAt), x.GuildID, x.ID).Scan(&x.Version)
	})
	if err != nil {
		return delivery.Transform{}, db.fail("update transform", err)
	}
	return x, nil
}

// DeleteTransform removes a transform of the guild. Links that used it go on without. There is none: fault.NotFound.
func (db *DB) DeleteTransform(ctx context.Context, guildID, id string) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `DELETE FROM transforms WHERE guild_id = ? AND id = ?`, guildID, id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such transform")
		}
		return err
	})
	return db.fail("delete transform", err)
}
