package render

import (
	"strings"

	"dispatch/event"
)

// actions are the sentences of what can happen to something that has no sentences of its own.
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
	if called := v.called(); called != "" {
		return v.headline(v.happened(called, v.turned()), v.titleName())
	}
	what := typeLabel(v.typ)
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

// turned is the action that the event amounts to: the one in its type, or what an update turns out to be.
func (v *view) turned() string {
	for _, t := range v.look.turns {
		was := "updated"
		if t.first {
			was = "created"
		}
		if v.did(was) && v.reached(t) && (t.first || v.changed(t.field, t.also)) {
			return t.into
		}
	}
	return v.action
}

// reached says whether the record is where the turn leads.
func (v *view) reached(t turn) bool {
	value := v.record.Text(t.field)
	if value == "" && t.or != "" {
		return strings.EqualFold(v.record.Text(t.also), t.or)
	}
	return t.to == "" || strings.EqualFold(value, t.to)
}

// happened says what the action did to what is called so: "Lead converted", "Case 00001026 escalated".
func (v *view) happened(called, action string) string {
	action = strings.ToLower(action)
	if v.look.says != "" {
		if key := v.look.says + "did." + action; v.say.Has(key) {
			return v.say.T(key, "object", called)
		}
	}
	if key, ok := actions[action]; ok {
		return v.say.T(key, "object", called)
	}
	return v.say.T("embed.action.any", "object", called, "action", strings.ToLower(label(v.action)))
}

// called is what the record is called by its kind and number, "" when nothing tells its kind.
func (v *view) called() string {
	number, says := v.at(v.look.number), v.look.says
	switch {
	case says != "" && number != "":
		return v.say.T(says+"numbered", "number", number)
	case says != "":
		return v.say.T(says + "object")
	case number != "":
		return v.say.T("embed.numbered", "object", label(v.object), "number", number)
	default:
		return label(v.object)
	}
}

// titleName is what the record is called in the title, and the whole that it is a part of. One that goes by a
// number may have no name besides.
func (v *view) titleName() string {
	var name string
	for _, path := range v.look.named {
		if name = v.at(path); name != "" {
			break
		}
	}
	unnamed := v.at(v.look.number) != "" && (v.look.named != nil || v.nameField() == recordID)
	if name == "" && !unnamed {
		name = v.name()
	}
	whole := v.at(v.look.of)
	if name == "" || whole == "" {
		return name
	}
	return v.say.T("embed.part", "name", name, "whole", whole)
}
