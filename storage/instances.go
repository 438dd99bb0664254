package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"dispatch/event"
	"dispatch/fault"
)

// maxInstances is how many live ones a guild may have.
const maxInstances = 100

// CreateInstance adds an instance to its guild, with the source that it stands for, a signing key for what its org sends,
// and the callback that its settings ask for; where the guild has a source or destination of its name, they have a number
// behind it. It fills in SourceID, DestinationID and times. One more than a guild may have of anything is fault.TooMany.
func (db *DB) CreateInstance(ctx context.Context, i event.Instance, secret event.SigningKey) (event.Instance, error) {
	at := now()
	s := event.Source{
		ID: newID(), GuildID: i.GuildID, Slug: newSlug(), Kind: event.SourceSalesforce,
		Environment: i.Settings.Environment, Auth: event.AuthSecret, State: event.Active, CreatedAt: at,
	}
	i.SourceID, i.CreatedAt, i.UpdatedAt = s.ID, at, at
	sealed, err := db.sealSettings(i)
	if err != nil {
		return event.Instance{}, err
	}
	err = db.configure(ctx, func(ctx context.Context, q querier) error {
		if err := meetGuild(ctx, q, i.GuildID); err != nil {
			return err
		}
		if err := boundInstances(ctx, q, i.GuildID); err != nil {
			return err
		}
		var err error
		if s.Name, err = freeName(ctx, q, i.GuildID, i.Name); err != nil {
			return err
		}
		if err := insertSource(ctx, q, s); err != nil {
			return err
		}
		if err := db.insertKey(ctx, q, s.ID, secret); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `
			INSERT INTO instances (id, guild_id, source_id, name, token_hash, tags, secret, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			i.ID, i.GuildID, i.SourceID, i.Name, i.TokenHash[:], jsonOf(i.Tags), sealed, millis(at), millis(at))
		if err != nil {
			return err
		}
		return db.subscribe(ctx, q, i, false)
	})
	if err != nil {
		return event.Instance{}, db.fail("create instance", err)
	}
	return db.Instance(ctx, i.ID)
}

func boundInstances(ctx context.Context, q querier, guildID string) error {
	var live int
	err := q.QueryRowContext(ctx, `
		SELECT count(*) FROM instances i JOIN sources s ON s.id = i.source_id WHERE i.guild_id = ? AND s.state <> 'disconnected'`,
		guildID).Scan(&live)
	if err == nil && live >= maxInstances {
		err = fault.New(fault.TooMany, "the guild has %d instances", live)
	}
	return err
}

// SaveInstance stores the name, tags and settings of an instance, and sees to it that its callback is what they ask for; with
// resume, also that nothing keeps it from being told. A new name is its source's, too. It fails as CreateInstance does, and
// with fault.NotFound when the instance is gone.
func (db *DB) SaveInstance(ctx context.Context, i event.Instance, resume bool) (event.Instance, error) {
	sealed, err := db.sealSettings(i)
	if err != nil {
		return event.Instance{}, err
	}
	err = db.configure(ctx, func(ctx context.Context, q querier) error {
		found, err := changed(ctx, q, `UPDATE sources SET environment = ? WHERE id = ? AND state <> 'disconnected'`,
			i.Settings.Environment, i.SourceID)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "no such instance")
		}
		if err != nil {
			return err
		}
		if err := renameInstance(ctx, q, i); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `UPDATE instances SET tags = ?, secret = ?, updated_at = ? WHERE id = ?`,
			jsonOf(i.Tags), sealed, millis(now()), i.ID)
		if err != nil {
			return err
		}
		return db.subscribe(ctx, q, i, resume)
	})
	if err != nil {
		return event.Instance{}, db.fail("save instance", err)
	}
	saved, err := db.Instance(ctx, i.ID)
	if err != nil || saved.Settings.Notifies() || saved.DestinationID == "" {
		return saved, err
	}
	if err := db.DeleteDestination(ctx, saved.GuildID, saved.DestinationID); err != nil {
		return event.Instance{}, err
	}
	return db.Instance(ctx, i.ID)
}

// instanceColumns are those of an instance i, its source s, callback d and connection c.
const instanceColumns = `i.id, i.guild_id, i.source_id, coalesce(i.destination_id, ''), i.token_hash, i.tags, i.secret,
	i.created_at, i.updated_at, i.name, s.name, s.state, coalesce(c.instance_url, ''), coalesce(c.lost_at = 0, 0), coalesce(d.paused, '') <> ''`

func (db *DB) instances(ctx context.Context, where string, args ...any) ([]event.Instance, error) {
	return list(ctx, db.readers, db.scanInstance, `
		SELECT `+instanceColumns+`
		FROM instances i JOIN guilds g ON g.id = i.guild_id JOIN sources s ON s.id = i.source_id
			LEFT JOIN connections c ON c.source_id = s.id LEFT JOIN destinations d ON d.id = i.destination_id
		WHERE g.left_at IS NULL AND `+where, args...)
}

func (db *DB) scanInstance(row scanner) (event.Instance, error) {
	var (
		i                event.Instance
		hash             []byte
		tags, sealed     []byte
		created, updated int64
	)
	err := row.Scan(&i.ID, &i.GuildID, &i.SourceID, &i.DestinationID, &hash, &tags, &sealed, &created, &updated,
		&i.Name, &i.SourceName, &i.State, &i.InstanceURL, &i.Authorized, &i.Stopped)
	if err != nil {
		return event.Instance{}, err
	}
	copy(i.TokenHash[:], hash)
	i.CreatedAt, i.UpdatedAt = timeOf(created), timeOf(updated)
	if err := json.Unmarshal(tags, &i.Tags); err != nil {
		return event.Instance{}, fmt.Errorf("read tags of instance: %w", err)
	}
	if i.State == event.Disconnected {
		return i, nil
	}
	plain, err := db.vault.open(sealed, instancePlace(i.SourceID))
	if err == nil {
		err = json.Unmarshal(plain, &i.Settings)
	}
	if err != nil {
		return event.Instance{}, fmt.Errorf("open settings of instance: %w", err)
	}
	return i, nil
}

// Instance gives the one with the id, also when it is gone: its State tells. There never was one: fault.NotFound.
func (db *DB) Instance(ctx context.Context, id string) (event.Instance, error) {
	return db.instance(ctx, `i.id = ?`, id)
}

// InstanceOf gives the one that the source stands for, as Instance does.
func (db *DB) InstanceOf(ctx context.Context, sourceID string) (event.Instance, error) {
	return db.instance(ctx, `i.source_id = ?`, sourceID)
}

func (db *DB) instance(ctx context.Context, where, id string) (event.Instance, error) {
	found, err := db.instances(ctx, where, id)
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return event.Instance{}, db.fail("find instance", err)
	}
	return found[0], nil
}

// Instances gives those of a guild that are not gone, by name.
func (db *DB) Instances(ctx context.Context, guildID string) ([]event.Instance, error) {
	found, err := db.instances(ctx, `i.guild_id = ? AND s.state <> 'disconnected' ORDER BY s.name_folded`, guildID)
	return found, db.fail("list instances", err)
}

func (db *DB) sealSettings(i event.Instance) ([]byte, error) {
	plain, err := json.Marshal(i.Settings)
	if err != nil {
		return nil, fmt.Errorf("encode settings of instance: %w", err)
	}
	return db.vault.seal(plain, instancePlace(i.SourceID)), nil
}

// instancePlace is what the settings of an instance are sealed for.
func instancePlace(sourceID string) string { return "instances.secret/" + sourceID }

// wipeInstance forgets the secrets of the instance that a source stands for, if there is one.
func wipeInstance(ctx context.Context, q querier, sourceID string) error {
	_, err := q.ExecContext(ctx, `UPDATE instances SET secret = x'', updated_at = ? WHERE source_id = ?`, millis(now()), sourceID)
	return err
}
