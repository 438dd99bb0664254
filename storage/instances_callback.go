package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"dispatch/delivery"
	"dispatch/event"
)

// subscribe makes the callback of an instance what its settings ask for, and its source lead there. One that is not wanted
// any more is left as it is.
func (db *DB) subscribe(ctx context.Context, q querier, i event.Instance, resume bool) error {
	if !i.Settings.Notifies() {
		return nil
	}
	// Somebody may have made or deleted one since the instance was read.
	err := q.QueryRowContext(ctx, `SELECT coalesce(destination_id, '') FROM instances WHERE id = ?`, i.ID).Scan(&i.DestinationID)
	if err != nil {
		return err
	}
	d := callbackDestination(i)
	if i.DestinationID != "" {
		if err := db.updateCallback(ctx, q, i.DestinationID, d); err != nil || !resume {
			return err
		}
		return resumeCallback(ctx, q, i)
	}
	err = bound(ctx, q, maxNamed, "limit.destinations", `
		SELECT count(*) FROM destinations WHERE guild_id = ? AND name_folded <> ''`, i.GuildID)
	if err != nil {
		return err
	}
	if d.Name, err = freeAmong(ctx, q, destinationsNamed, i.GuildID, i.Name); err != nil {
		return err
	}
	id := newID()
	if err := db.insertNamed(ctx, q, id, d); err != nil {
		return err
	}
	if err := db.updateCallback(ctx, q, id, d); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE instances SET destination_id = ? WHERE id = ?`, id, i.ID)
	if err != nil {
		return err
	}
	return addLink(ctx, q, i.GuildID, delivery.Link{ID: newID(), SourceID: i.SourceID, DestinationID: id}, "")
}

func callbackDestination(i event.Instance) delivery.Destination {
	return delivery.Destination{
		GuildID: i.GuildID, Kind: delivery.KindWebhook, Name: i.Name,
		Endpoint: &delivery.Endpoint{
			URL: i.Settings.NotifyURL, Secret: event.SigningKey{Secret: []byte(i.Settings.SignatureKey)}, Unordered: true,
			Callback: &delivery.Callback{InstanceID: i.ID, InstanceName: i.Name, KeepNulls: i.Settings.KeepNulls},
		},
	}
}

func (db *DB) updateCallback(ctx context.Context, q querier, id string, d delivery.Destination) error {
	url, secret := db.sealEndpoint(id, *d.Endpoint)
	_, err := q.ExecContext(ctx, `
		UPDATE destinations SET url = ?, secret = ?, unordered = 1, callback = ? WHERE id = ?`, url, secret, callbackText(d.Endpoint.Callback), id)
	return err
}

// destinationsNamed are those of a guild that have a name.
const destinationsNamed = `destinations WHERE guild_id = ? AND name_folded = ?`

// renameInstance gives an instance, and what admins know of it, its new name; what has its name already is left alone.
func renameInstance(ctx context.Context, q querier, i event.Instance) error {
	renamed, err := changed(ctx, q, `UPDATE instances SET name = ?1 WHERE id = ?2 AND name <> ?1`, i.Name, i.ID)
	if err != nil || !renamed {
		return err
	}
	name, err := freeName(ctx, q, i.GuildID, i.Name)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE sources SET name = ?, name_folded = ? WHERE id = ?`, name, fold(name), i.SourceID)
	if err != nil {
		return err
	}
	if name, err = freeAmong(ctx, q, destinationsNamed, i.GuildID, i.Name); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE destinations SET name = ?, name_folded = ? WHERE id = ?`, name, fold(name), i.DestinationID)
	return err
}

// sealEndpoint gives what of an endpoint is secret; one that signs nothing has no secret.
func (db *DB) sealEndpoint(id string, e delivery.Endpoint) (url, secret []byte) {
	if len(e.Secret.Secret) > 0 {
		secret = db.vault.seal(e.Secret.Secret, secretPlace(id))
	}
	return db.vault.seal([]byte(e.URL), urlPlace(id)), secret
}

// resumeCallback has it told again at once, though it was paused, or somebody has taken away the link that leads there.
func resumeCallback(ctx context.Context, q querier, i event.Instance) error {
	_, err := q.ExecContext(ctx, `UPDATE destinations SET paused = '', paused_at = 0 WHERE id = ?`, i.DestinationID)
	if err != nil {
		return err
	}
	if err := startAfresh(ctx, q, i.DestinationID); err != nil {
		return err
	}
	var linked bool
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM links WHERE source_id = ? AND destination_id = ?)`,
		i.SourceID, i.DestinationID).Scan(&linked)
	if err != nil || linked {
		return err
	}
	return addLink(ctx, q, i.GuildID, delivery.Link{ID: newID(), SourceID: i.SourceID, DestinationID: i.DestinationID}, "")
}

// callbackRow is how a destination's callback is stored.
type callbackRow struct {
	Instance string `json:"instance"`
	Name     string `json:"name"`
	Nulls    bool   `json:"nulls"`
}

func callbackText(c *delivery.Callback) string {
	if c == nil {
		return ""
	}
	text, _ := json.Marshal(callbackRow{c.InstanceID, c.InstanceName, c.KeepNulls}) // cannot fail
	return string(text)
}

func readCallback(text string) (*delivery.Callback, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // most destinations have none, and that is fine
	}
	var row callbackRow
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return nil, fmt.Errorf("read callback: %w", err)
	}
	return &delivery.Callback{InstanceID: row.Instance, InstanceName: row.Name, KeepNulls: row.Nulls}, nil
}
