package storage

import (
	"context"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
)

// maxTargets is how many a guild may have.
const maxTargets = 25

var _ salesforce.TargetStore = (*DB)(nil)

// CreateTarget adds a target to its guild, with its private key, a PEM file, and a source of its replies where it gives any. It
// fills in ID, Slug and CreatedAt. One of the guild with the same name, whatever its case, is fault.Exists; one more than a
// guild may have is fault.TooMany.
func (db *DB) CreateTarget(ctx context.Context, t event.Target, key salesforce.Token) (event.Target, error) {
	t.ID, t.Slug, t.CreatedAt = newID(), newSlug(), now()
	sealed := db.vault.seal([]byte(key.Reveal()), targetPlace(t.ID))
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, t.GuildID); err != nil {
			return err
		}
		if err := bound(ctx, q, maxTargets, "limit.targets", `SELECT count(*) FROM targets WHERE guild_id = ?`, t.GuildID); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `
			INSERT INTO targets (id, guild_id, name, name_folded, slug, client_id, user, server, version, reply_policy, key, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			t.ID, t.GuildID, t.Name, fold(t.Name), t.Slug, t.ClientID, t.User, t.Server, t.Version, t.ReplyPolicy, sealed,
			millis(t.CreatedAt))
		if err != nil || t.ReplyPolicy == event.ReplyNever {
			return err
		}
		return insertReplies(ctx, q, t)
	})
	if err != nil {
		return event.Target{}, db.fail("create target", err)
	}
	return t, nil
}

const targetColumns = `t.id, t.guild_id, t.name, t.slug, t.client_id, t.user, t.server, t.version, t.reply_policy, t.created_at`

func scanTarget(row scanner) (event.Target, error) {
	var (
		t       event.Target
		created int64
	)
	err := row.Scan(&t.ID, &t.GuildID, &t.Name, &t.Slug, &t.ClientID, &t.User, &t.Server, &t.Version, &t.ReplyPolicy, &created)
	t.CreatedAt = timeOf(created)
	return t, err
}

// Targets gives the targets of a guild by name.
func (db *DB) Targets(ctx context.Context, guildID string) ([]event.Target, error) {
	found, err := list(ctx, db.readers, scanTarget, `
		SELECT `+targetColumns+` FROM targets t WHERE t.guild_id = ? ORDER BY t.name_folded`, guildID)
	return found, db.fail("list targets", err)
}

// TargetBySlug gives the target at /cloudevents/<slug>. There is none, or its guild has sent us away: fault.NotFound.
func (db *DB) TargetBySlug(ctx context.Context, slug string) (event.Target, error) {
	t, err := scanTarget(db.readers.QueryRowContext(ctx, `
		SELECT `+targetColumns+` FROM targets t JOIN guilds g ON g.id = t.guild_id
		WHERE t.slug = ? AND g.left_at IS NULL`, slug))
	return t, db.fail("find target", err)
}

// TargetKey gives the private key of the target of the id, a PEM file. There is none: fault.NotFound.
func (db *DB) TargetKey(ctx context.Context, id string) (salesforce.Token, error) {
	var sealed []byte
	err := db.readers.QueryRowContext(ctx, `SELECT key FROM targets WHERE id = ?`, id).Scan(&sealed)
	if err != nil {
		return "", db.fail("find key of target", err)
	}
	key, err := db.vault.open(sealed, targetPlace(id))
	return salesforce.Token(key), db.fail("open key of target", err)
}

// TargetByID gives a target, whosever it is. There is none: fault.NotFound.
func (db *DB) TargetByID(ctx context.Context, id string) (event.Target, error) {
	t, err := scanTarget(db.readers.QueryRowContext(ctx, `SELECT `+targetColumns+` FROM targets t WHERE t.id = ?`, id))
	return t, db.fail("find target", err)
}

// DeleteTarget removes a target of the guild for good, with its key and the source of its replies. There is none:
// fault.NotFound; destinations lead there: fault.Exists.
func (db *DB) DeleteTarget(ctx context.Context, guildID, id string) error {
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		var used bool
		err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM destinations WHERE target_id = ?)`, id).Scan(&used)
		if err != nil {
			return err
		}
		if used {
			return fault.Say(fault.Exists, "target.delete.used_meanwhile")
		}
		found, err := changed(ctx, q, `DELETE FROM targets WHERE guild_id = ? AND id = ?`, guildID, id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such target")
		}
		if err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `UPDATE sources SET state = ?, disconnected_at = ? WHERE slug = ?`,
			event.Disconnected, millis(now()), event.RepliesSlug+id)
		return err
	})
	return db.fail("delete target", err)
}

// targetPlace is what the key of a target is sealed for.
func targetPlace(id string) string { return "targets.key/" + id }
