package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/event"
	"dispatch/locales"
)

// MaxTemplate is how long a template may be, in bytes.
const MaxTemplate = 64 << 10

// Template is how an event becomes a message, ready to run. It is safe for concurrent use.
type Template struct {
	content *script
	embeds  []embedPlan
	buttons []buttonPlan
	roles   []string // that it may mention
	first   []string // those of them that the content does not mention itself: they are mentioned before it
}

// embedPlan is an embed of a template. A script is nil where the template has none.
type embedPlan struct {
	field                          string // "embeds[1]", "" for one that is the template itself
	when                           *condition
	title, url, description        *script
	author, authorURL, authorIcon  *script
	footer, footerIcon             *script
	thumbnail, image, colour, time *script
	fields                         []fieldPlan
	fixed                          int  // colour, when there is no script for it
	received                       bool // its time is the event's
}

type fieldPlan struct {
	field       string // "fields[0]"
	when        *condition
	name, value *script
	inline      bool
}

type buttonPlan struct {
	field      string // "buttons[0]"
	when       *condition
	label, url *script
}

// Message is what Discord is to show.
type Message struct {
	Content string
	Embeds  []discord.Embed
	Buttons []discord.ButtonComponent // links, one row of them at most
	Roles   []snowflake.ID            // those that the content mentions and may mention
}

// NoteKind is what became of a part of a template.
type NoteKind int

// What can become of a part of a template.
const (
	Empty   NoteKind = iota // there is nothing to show
	Cut                     // it is longer than Discord shows
	LeftOut                 // its condition does not hold, it is no address, colour or time, or there are too many
)

// Note tells that a part of a template is not shown as it was written.
type Note struct {
	Field string // such as "title", "fields[0].value", "embeds[1].footer"
	Kind  NoteKind
}

// Mentions are the ids of the roles that the template may mention.
func (t *Template) Mentions() []string { return slices.Clone(t.roles) }

// Message is the event as the template shows it, with notes on what it does not show. An error says that the template
// fails on this event, or has nothing to show of it: then the event is to be shown without it.
func (t *Template) Message(e event.Event, sourceName string, say locales.Catalog) (m Message, notes []Note, err error) {
	defer func() {
		// No template may ever stop a delivery, and this one would be tried again and again.
		if problem := recover(); problem != nil {
			m, notes, err = Message{}, nil, fmt.Errorf("run template: %v", problem)
		}
	}()
	d := drawing{run: newRun(e.Shown(), sourceName, say, t.roles)}
	if err := d.message(t); err != nil {
		return Message{}, d.notes, err
	}
	return d.Message, d.notes, nil
}

// mentioned are the roles that the text mentions, of those that may be.
func mentioned(text string, roles []string) []snowflake.ID {
	var ids []snowflake.ID
	for _, role := range roles {
		if strings.Contains(text, mentionOf(role)) {
			ids = append(ids, snowflake.MustParse(role))
		}
	}
	return ids
}
