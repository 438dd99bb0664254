package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/fault"
)

const pageSize = 10

// page is a place in the event log. Its button carries all of it, so that it works after a restart, too.
type page struct {
	source string // id, "" for all
	state  string // "" for any
	before event.ID
	after  event.ID
}

// The directions in a button's id.
const (
	older = "older"
	newer = "newer"
)

// id is the button's custom id: at most 78 of Discord's 100 characters.
func (p page) id() string {
	direction, cursor := older, p.before
	if p.after != 0 {
		direction, cursor = newer, p.after
	}
	return fmt.Sprintf("/event/list/%s:%s:%s:%s", direction, p.source, p.state, short(cursor))
}

// pageAt reads what id wrote, without what stands before its last slash.
func pageAt(id string) (page, error) {
	parts := strings.Split(id, ":")
	if len(parts) != 4 {
		return page{}, fault.Say(fault.NotFound, "reply.outdated")
	}
	cursor, err := strconv.ParseInt(parts[3], shortBase, 64)
	if err != nil || cursor <= 0 {
		return page{}, fault.Say(fault.NotFound, "reply.outdated")
	}
	p := page{source: parts[1], state: parts[2]}
	switch parts[0] {
	case older:
		p.before = event.ID(cursor)
	case newer:
		p.after = event.ID(cursor)
	default:
		return page{}, fault.Say(fault.NotFound, "reply.outdated")
	}
	return p, nil
}

func (l *logging) list(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	p := page{state: asked.String("state")}
	if name, given := asked.OptString("source"); given {
		source, err := anySource(ctx, l.sources, by, name)
		if err != nil {
			return reply{}, err
		}
		p.source = source.ID
	}
	return l.open(ctx, by, p)
}

// turn shows another page in place of the one with the button.
func (l *logging) turn(ctx context.Context, by asker, id string) (reply, error) {
	p, err := pageAt(id)
	if err != nil {
		return reply{}, err
	}
	return l.open(ctx, by, p)
}

// open shows the page. Where there is nothing that fills it any more, it is the newest one.
func (l *logging) open(ctx context.Context, by asker, p page) (reply, error) {
	title := say("event.list.title")
	if p.source != "" {
		source, err := l.sources.SourceByID(ctx, by.guild, p.source)
		if err != nil {
			return reply{}, err
		}
		title = say("event.list.title_of", "name", quoted(source.Name, maxSourceName))
	}
	found, more, err := l.read(ctx, by, p)
	if err != nil {
		return reply{}, err
	}
	if (p.before != 0 && len(found) == 0) || (p.after != 0 && !more) {
		p.before, p.after = 0, 0
		if found, more, err = l.read(ctx, by, p); err != nil {
			return reply{}, err
		}
	}
	if len(found) == 0 {
		return nothingFound(p), nil
	}
	r := reply{card: &card{title: title, colour: colourWaiting}, buttons: p.turns(found, more)}
	for _, s := range found {
		r.card.lines = append(r.card.lines, say("event.list.line", "time", ago(s.ID.Time()), "type", quoted(s.Type, maxShownType),
			"source", quoted(s.SourceName, maxShownName), "state", worded(s.State), "id", short(s.ID)))
	}
	return r, nil
}

// read gives what is on the page, newest first, and whether there is more in its direction.
func (l *logging) read(ctx context.Context, by asker, p page) ([]event.Summary, bool, error) {
	found, err := l.events.Events(ctx, event.Query{
		GuildID: by.guild, SourceID: p.source, State: p.state, Before: p.before, After: p.after, Limit: pageSize + 1,
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortFunc(found, func(a, b event.Summary) int { return cmp.Compare(b.ID, a.ID) })
	switch {
	case len(found) <= pageSize:
		return found, false, nil
	case p.after != 0:
		return found[1:], true, nil
	}
	return found[:pageSize], true, nil
}

// turns are the buttons to the pages beside this one. When there is no other, there are none.
func (p page) turns(found []event.Summary, more bool) []button {
	back, on := p, p
	back.before, back.after = 0, found[0].ID
	on.before, on.after = found[len(found)-1].ID, 0
	hasNewer := p.before != 0 || p.after != 0 // else it is the newest
	hasOlder := p.after != 0 || more          // a page that was turned back to has one behind it
	if !hasNewer && !hasOlder {
		return nil
	}
	return []button{
		{label: say("button.newer"), style: discord.ButtonStyleSecondary, id: back.id(), disabled: !hasNewer},
		{label: say("button.older"), style: discord.ButtonStyleSecondary, id: on.id(), disabled: !hasOlder},
	}
}

func nothingFound(p page) reply {
	if p.source == "" && p.state == "" {
		return tell(say("event.list.none"))
	}
	return tell(say("event.list.none_such"))
}
