package storage

import (
	"context"
	"slices"

	"dispatch/delivery"
	"dispatch/fault"
)

// AssignTemplate has a source of the guild shown by a template in its channels, or in one of them, and gives the number of
// links that it was given to. Without event types those are the source's own links, without those that were made for some
// types. With event types, each of them that takes some of those gets another in front of it, which takes only these and is
// like it in all else but the template; where there is one already, that changes its template. It fails with
// fault.NotFound when the template or source is not the guild's or no link takes such events, and with fault.TooMany when
// the guild has too many links.
func (db *DB) AssignTemplate(ctx context.Context, guildID, templateID, sourceID, channelID string, events []string) (int, error) {
	var links int
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		err := exists(ctx, q, `SELECT 1 FROM templates WHERE guild_id = ? AND id = ?`, guildID, templateID)
		if err != nil {
			return err
		}
		own, err := shownLinks(ctx, q, `l.specializes IS NULL`, guildID, sourceID, channelID)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			links, err = specializeAll(ctx, q, guildID, templateID, own, events)
		} else {
			links, err = len(own), setTemplate(ctx, q, own, templateID)
		}
		if err == nil && links == 0 {
			err = fault.New(fault.NotFound, "the source has no such link")
		}
		return err
	})
	if err != nil {
		return 0, db.fail("assign template", err)
	}
	return links, nil
}

// UnassignTemplate undoes AssignTemplate: for a source or for all (""), in a channel or in all (""), and with event types only
// where no others are taken. Links that were made for it are removed; others lose it, however they got it. It gives the
// number of links.
func (db *DB) UnassignTemplate(ctx context.Context, guildID, templateID, sourceID, channelID string, events []string) (int, error) {
	var links int
	err := db.configure(ctx, func(ctx context.Context, q querier) error {
		shown, err := shownLinks(ctx, q, `l.template_id = ?4`, guildID, sourceID, channelID, templateID)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			shown = slices.DeleteFunc(shown, func(l delivery.Link) bool { return !takesOnly(l.Events, events) })
		}
		links = len(shown)
		_, err = q.ExecContext(ctx, `
			DELETE FROM links WHERE specializes IS NOT NULL AND id IN (SELECT value FROM json_each(?))`, idsOfLinks(shown))
		if err != nil {
			return err
		}
		return setTemplate(ctx, q, shown, "")
	})
	if err != nil {
		return 0, db.fail("unassign template", err)
	}
	return links, nil
}

// takesOnly says whether some event types, and only those among all, are taken.
func takesOnly(some, all []string) bool {
	return len(some) > 0 && !slices.ContainsFunc(some, func(p string) bool { return !slices.Contains(all, p) })
}

// shownLinks are links to channels, in order: those of a source of the guild or of all (""), to a channel or to all ("").
func shownLinks(ctx context.Context, q querier, which, guildID, sourceID, channelID string, args ...any) ([]delivery.Link, error) {
	return list(ctx, q, scanLink, `
		SELECT `+linkColumns+`
		FROM sources s JOIN links l ON l.source_id = s.id JOIN destinations d ON d.id = l.destination_id
		WHERE s.guild_id = ?1 AND (?2 = '' OR s.id = ?2) AND s.state <> 'disconnected'
			AND d.kind = 'channel' AND (?3 = '' OR d.channel_id = ?3) AND `+which+`
		ORDER BY `+linkOrder, slices.Concat([]any{guildID, sourceID, channelID}, args)...)
}

func setTemplate(ctx context.Context, q querier, links []delivery.Link, templateID string) error {
	_, err := q.ExecContext(ctx, `UPDATE links SET template_id = ? WHERE id IN (SELECT value FROM json_each(?))`,
		orNull(templateID), idsOfLinks(links))
	return err
}

func idsOfLinks(links []delivery.Link) string {
	ids := make([]string, len(links))
	for i := range links {
		ids[i] = links[i].ID
	}
	return jsonOf(ids)
}

// specializeAll does it to each of the links that takes some of the events, and counts them.
func specializeAll(ctx context.Context, q querier, guildID, templateID string, own []delivery.Link, events []string) (int, error) {
	links := 0
	for _, base := range own {
		some := narrow(base.Events, events)
		if some == nil {
			continue
		}
		links++
		found, err := changed(ctx, q, `UPDATE links SET template_id = ? WHERE specializes = ? AND events = ?`,
			templateID, base.ID, jsonOf(some))
		if err != nil {
			return 0, err
		}
		if found {
			continue
		}
		if err := boundLinks(ctx, q, guildID); err != nil {
			return 0, err
		}
		if err := specialize(ctx, q, base, templateID, some); err != nil {
			return 0, err
		}
	}
	return links, nil
}

// specialize puts a link in front of another that does the same for some of its events, but shows them by the template.
// The more specific comes first: it goes before the first link alike that would take one of its patterns.
func specialize(ctx context.Context, q querier, base delivery.Link, templateID string, events []string) error {
	all, err := linksOf(ctx, q, base.SourceID)
	if err != nil {
		return err
	}
	next := slices.IndexFunc(all, func(l delivery.Link) bool {
		alike := l.DestinationID == base.DestinationID && l.Filter == base.Filter && l.TransformID == base.TransformID
		return l.ID == base.ID || alike && takesAny(l, events)
	})
	id := newID()
	_, err = q.ExecContext(ctx, `
		INSERT INTO links (id, source_id, destination_id, events, filter, template_id, transform_id, created_at, position, specializes)
		SELECT ?1, source_id, destination_id, ?2, filter, ?3, transform_id, ?4, (SELECT position FROM links WHERE id = ?5), id
		FROM links WHERE id = ?6`, id, jsonOf(events), templateID, millis(now()), all[next].ID, base.ID)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `
		UPDATE links SET position = position + 1
		WHERE source_id = ?1 AND id <> ?2 AND position >= (SELECT position FROM links WHERE id = ?2)`, base.SourceID, id)
	return err
}
