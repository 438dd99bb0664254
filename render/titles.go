package render

import (
	"strings"

	"dispatch/event"
)

// actions are the sentences of what can happen to something, by the action of the event's type.
var actions = map[string]string{
	"created":   "embed.action.created",
	"updated":   "embed.action.updated",
	"deleted":   "embed.action.deleted",
	"undeleted": "embed.action.undeleted",
	"converted": "embed.action.converted",
	"accepted":  "embed.action.accepted",
	"activated": "embed.action.activated",
	"completed": "embed.action.completed",
	"escalated": "embed.action.escalated",
	"closed":    "embed.action.closed",

	event.Unknown: "embed.action.unknown",
}

func (v *view) title() string {
	if v.look.title != nil {
		return v.look.title(v)
	}
	if called := label(v.object); called != "" {
		return v.headline(v.happened(called, v.action), v.name())
	}
	what := label(v.typ)
	if what == "" || v.typ == event.Unknown {
		what = v.say.T("embed.unknown")
	}
	return v.headline(what, v.name())
}

// headline is what happened, and to whom when that has a name.
func (v *view) headline(what, name string) string {
	if name == "" {
		return what
	}
	return v.say.T("embed.headline", "what", what, "name", name)
}

// happened says what the action did to what is called so: "Lead converted".
func (v *view) happened(called, action string) string {
	if key, ok := actions[strings.ToLower(action)]; ok {
		return v.say.T(key, "object", called)
	}
	return v.say.T("embed.action.any", "object", called, "action", strings.ToLower(label(action)))
}

// The fields that records go by, and what is called so elsewhere, best first.
var (
	recordNames  = []string{"Name", "Subject", "Title", "CaseNumber", "Id"}
	foreignNames = []string{"name", "title", "subject"}
)

// nameField is the first of them that the record fills, "" when it fills none.
func (v *view) nameField() string {
	names := recordNames
	if v.foreign {
		names = foreignNames
	}
	for _, name := range names {
		if v.text(name) != "" {
			return name
		}
	}
	return ""
}

// name is what the record is called, "" when it does not say.
func (v *view) name() string { return v.text(v.nameField()) }

// text is the record's field on one line, escaped.
func (v *view) text(name string) string { return line(v.record.Text(name)) }
