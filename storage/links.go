package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"dispatch/delivery"
)

// Links implements delivery.Links: the links of a source, in the order in which they are asked.
func (db *DB) Links(ctx context.Context, sourceID string) ([]delivery.Link, error) {
	return db.links.get(sourceID, func() ([]delivery.Link, error) {
		found, err := linksOf(ctx, db.readers, sourceID)
		return found, db.fail("list links", err)
	})
}

// SourceName implements delivery.Links.
func (db *DB) SourceName(ctx context.Context, sourceID string) (string, error) {
	return db.names.get(sourceID, func() (name string, err error) {
		err = db.readers.QueryRowContext(ctx, `SELECT name FROM sources WHERE id = ?`, sourceID).Scan(&name)
		return name, db.fail("find source", err)
	})
}

func linksOf(ctx context.Context, q querier, sourceID string) ([]delivery.Link, error) {
	return list(ctx, q, scanLink, `SELECT `+linkColumns+` FROM links l WHERE l.source_id = ? ORDER BY `+linkOrder, sourceID)
}

const (
	linkColumns = `l.id, l.source_id, l.destination_id, l.events, l.filter, coalesce(l.template_id, ''),
		coalesce(l.transform_id, ''), l.specializes IS NOT NULL`
	linkOrder = `l.position, l.created_at, l.id`
)

func scanLink(row scanner) (delivery.Link, error) {
	var (
		link   delivery.Link
		events []byte
	)
	if err := row.Scan(linkFields(&link, &events)...); err != nil {
		return delivery.Link{}, err
	}
	return link, readEvents(&link, events)
}

// linkFields are where linkColumns go.
func linkFields(l *delivery.Link, events *[]byte) []any {
	return []any{&l.ID, &l.SourceID, &l.DestinationID, events, &l.Filter, &l.TemplateID, &l.TransformID, &l.Assigned}
}

func readEvents(l *delivery.Link, events []byte) error {
	if err := json.Unmarshal(events, &l.Events); err != nil {
		return fmt.Errorf("read event types of link %s: %w", l.ID, err)
	}
	return nil
}

// GuildLinks gives the links of the guild's sources that are not disconnected, by the name of the source, and then in the
// order in which they are asked.
func (db *DB) GuildLinks(ctx context.Context, guildID string) ([]delivery.LinkInfo, error) {
	found, err := db.linkInfos(ctx, db.readers, `s.guild_id = ? AND s.state <> 'disconnected'`, guildID)
	for i := range found {
		found[i].Failing = db.failures.of(found[i].ID, found[i].Failing)
	}
	return found, db.fail("list links", err)
}

func (db *DB) linkInfos(ctx context.Context, q querier, where string, args ...any) ([]delivery.LinkInfo, error) {
	return list(ctx, q, db.scanLinkInfo, `
		SELECT `+linkColumns+`, s.name, `+destinationColumns+`, coalesce(t.name, ''), coalesce(x.name, ''),
			l.failing_event, l.failing_at, l.failing_error
		FROM sources s JOIN links l ON l.source_id = s.id
			JOIN destinations d ON d.id = l.destination_id JOIN guilds g ON g.id = d.guild_id
			LEFT JOIN templates t ON t.id = l.template_id LEFT JOIN transforms x ON x.id = l.transform_id
		WHERE `+where+` ORDER BY s.name_folded, s.id, `+linkOrder, args...)
}

func (db *DB) scanLinkInfo(row scanner) (delivery.LinkInfo, error) {
	var (
		info   delivery.LinkInfo
		events []byte
		d      destinationRow
		f      failure
	)
	fields := append(linkFields(&info.Link, &events), &info.SourceName)
	fields = append(fields, d.fields()...)
	fields = append(fields, &info.TemplateName, &info.TransformName, &f.event, &f.at, &f.text)
	if err := row.Scan(fields...); err != nil {
		return delivery.LinkInfo{}, err
	}
	info.Failing = f.failing()
	var err error
	if info.Destination, err = d.destination(db.vault); err != nil {
		return delivery.LinkInfo{}, err
	}
	return info, readEvents(&info.Link, events)
}
