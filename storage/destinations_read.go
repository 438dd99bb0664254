package storage

import (
	"cmp"
	"fmt"

	"dispatch/delivery"
)

// destinationColumns are those of a destination d and its guild g.
const destinationColumns = `d.id, d.guild_id, d.kind, d.name, d.channel_id, d.paused, iif(g.language = '', g.locale, g.language),
	g.currency, g.timezone, d.url, d.secret, d.unordered, d.rate_limit, g.header_prefix,
	coalesce(d.target_id, ''), d.callback`

// destinationRow is what they hold.
type destinationRow struct {
	delivery.Destination
	endpoint    delivery.Endpoint
	url, secret []byte // sealed
	callback    string
}

// fields are where they go.
func (r *destinationRow) fields() []any {
	d, e := &r.Destination, &r.endpoint
	return append(destinationFields(d), &d.Currency, &d.Zone, &r.url, &r.secret, &e.Unordered, &e.RateLimit, &e.Prefix,
		&d.TargetID, &r.callback)
}

// destinationFields are where the columns go that any kind of destination has.
func destinationFields(d *delivery.Destination) []any {
	return []any{&d.ID, &d.GuildID, &d.Kind, &d.Name, &d.ChannelID, &d.Paused, &d.Locale}
}

// destination is what the row stands for.
func (r *destinationRow) destination(v vault) (delivery.Destination, error) {
	if r.url == nil {
		return r.Destination, nil
	}
	url, err := v.open(r.url, urlPlace(r.ID))
	if err == nil && r.secret != nil {
		r.endpoint.Secret.Secret, err = v.open(r.secret, secretPlace(r.ID))
	}
	if err == nil {
		r.endpoint.Callback, err = readCallback(r.callback)
	}
	if err != nil {
		return delivery.Destination{}, fmt.Errorf("open endpoint of destination %s: %w", r.ID, err)
	}
	e := r.endpoint
	e.URL, e.Prefix = string(url), cmp.Or(e.Prefix, delivery.DefaultPrefix)
	r.Endpoint = &e
	return r.Destination, nil
}

// urlPlace and secretPlace are what the two are sealed for.
func urlPlace(id string) string { return "destinations.url/" + id }

func secretPlace(id string) string { return "destinations.secret/" + id }

func (db *DB) scanDestination(row scanner) (delivery.Destination, error) {
	var r destinationRow
	if err := row.Scan(r.fields()...); err != nil {
		return delivery.Destination{}, err
	}
	return r.destination(db.vault)
}
