package storage

import (
	"context"

	"dispatch/delivery"
	"dispatch/fault"
)

// maxTemplates is how many a guild may have.
const maxTemplates = 100

// Templates gives the templates of a guild by name.
func (db *DB) Templates(ctx context.Context, guildID string) ([]delivery.Template, error) {
	found, err := list(ctx, db.readers, scanTemplate, `
		SELECT `+templateColumns+` FROM templates t WHERE t.guild_id = ? ORDER BY t.name_folded`, guildID)
	for i := range found {
		found[i].Failing = db.failures.of(found[i].ID, found[i].Failing)
	}
	return found, db.fail("list templates", err)
}

// Template gives the template of the guild that an admin calls by the name, whatever its case. There is none:
// fault.NotFound.
func (db *DB) Template(ctx context.Context, guildID, name string) (delivery.Template, error) {
	t, err := scanTemplate(db.readers.QueryRowContext(ctx, `
		SELECT `+templateColumns+` FROM templates t WHERE t.guild_id = ? AND t.name_folded = ?`, guildID, fold(name)))
	if err != nil {
		return delivery.Template{}, db.fail("find template", err)
	}
	t.Failing = db.failures.of(t.ID, t.Failing)
	return t, nil
}

const templateColumns = `t.id, t.guild_id, t.name, t.text, t.version, t.updated_at, t.failing_event, t.failing_at, t.failing_error`

func scanTemplate(row scanner) (delivery.Template, error) {
	var (
		t       delivery.Template
		updated int64
		f       failure
	)
	err := row.Scan(&t.ID, &t.GuildID, &t.Name, &t.Text, &t.Version, &updated, &f.event, &f.at, &f.text)
	t.UpdatedAt, t.Failing = timeOf(updated), f.failing()
	return t, err
}

// CreateTemplate adds a template to its guild. It fills in what is not the admin's: ID, Version, UpdatedAt and Failing.
// One of the guild with the same name, whatever its case, is fault.Exists; one more than a guild may have is
// fault.TooMany.
func (db *DB) CreateTemplate(ctx context.Context, t delivery.Template) (delivery.Template, error) {
	t.ID, t.Version, t.UpdatedAt, t.Failing = newID(), 1, now(), nil
	err := db.note(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, t.GuildID); err != nil {
			return err
		}
		err := bound(ctx, q, maxTemplates, "limit.templates", `SELECT count(*) FROM templates WHERE guild_id = ?`, t.GuildID)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `
			INSERT INTO templates (id, guild_id, name, name_folded, text, version, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			t.ID, t.GuildID, t.Name, fold(t.Name), string(t.Text), t.Version, millis(t.UpdatedAt))
		return err
	})
	if err != nil {
		return delivery.Template{}, db.fail("create template", err)
	}
	return t, nil
}

// bound fails with fault.TooMany, in the sentence at the key, when the count has reached the limit.
func bound(ctx context.Context, q querier, limit int, key, count string, args ...any) error {
	var n int
	if err := q.QueryRowContext(ctx, count, args...).Scan(&n); err != nil {
		return err
	}
	if n >= limit {
		return fault.Say(fault.TooMany, key)
	}
	return nil
}

// UpdateTemplate gives the template of the guild that has the ID another name and text. It makes a new version of it,
// which never failed. There is none: fault.NotFound; another one of the guild has the name: fault.Exists.
func (db *DB) UpdateTemplate(ctx context.Context, t delivery.Template) (delivery.Template, error) {
	t.UpdatedAt, t.Failing = now(), nil
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		return q.QueryRowContext(ctx, `
			UPDATE templates SET name = ?, name_folded = ?, text = ?, version = version + 1, updated_at = ?,
				failing_event = 0, failing_at = 0, failing_error = ''
			WHERE guild_id = ? AND id = ? RETURNING version`,
			t.Name, fold(t.Name), string(t.Text), millis(t.UpdatedAt), t.GuildID, t.ID).Scan(&t.Version)
	})
	if err != nil {
		return delivery.Template{}, db.fail("update template", err)
	}
	db.failures.forget(t.ID)
	return t, nil
}

// DeleteTemplate removes a template of the guild, and with it the links that were made for it. What else was shown by it
// is shown by the built-in embed. There is none: fault.NotFound.
func (db *DB) DeleteTemplate(ctx context.Context, guildID, id string) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		err := exists(ctx, q, `SELECT 1 FROM templates WHERE guild_id = ? AND id = ?`, guildID, id)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `DELETE FROM links WHERE template_id = ? AND specializes IS NOT NULL`, id)
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `DELETE FROM templates WHERE id = ?`, id)
		return err
	})
	return db.fail("delete template", err)
}
