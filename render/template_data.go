package render

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/filter"
	"dispatch/locales"
)

// data is an event as templates see it. Each part is read when it is first asked for.
type data struct {
	event   event.Event
	source  string
	say     locales.Catalog
	payload *event.Payload
	view    *view
	scope   *filter.Scope
	body    gjson.Result
	parts   map[kind]gjson.Result // of the body, and the headers
	changed *value                // .Changed
}

// read is the event's Salesforce part, as far as embeds look at it.
func (d *data) read() *event.Payload {
	if d.payload == nil {
		p := d.event.Payload()
		p.Record, p.Old = p.Record[:min(len(p.Record), maxRead)], p.Old[:min(len(p.Old), maxRead)]
		d.payload = &p
	}
	return d.payload
}

func (d *data) whole() gjson.Result {
	if !d.body.Exists() {
		d.body = gjson.ParseBytes(d.event.Body)
	}
	return d.body
}

// drawn is the event as the built-in embed sees it.
func (d *data) drawn() *view {
	if d.view == nil {
		d.view = viewOf(d.event, *d.read(), d.say)
	}
	return d.view
}

// filtered is the event as filters see it.
func (d *data) filtered() *filter.Scope {
	if d.scope == nil {
		d.scope = filter.NewScope(d.event, d.source)
	}
	return d.scope
}

// changes are the names of the fields that have another value than before.
func (d *data) changes() value {
	if d.changed == nil {
		var items []value
		for _, name := range d.read().Changed() {
			items = append(items, textValue(name))
		}
		list := listValue(items)
		d.changed = &list
	}
	return *d.changed
}

// member is what a value calls by the name; nothing when there is no such thing, so that what is missing is empty at
// any depth.
func (d *data) member(of value, name string) value {
	switch of.kind {
	case kindObject:
		return jsonValue(lookUp(gjson.Parse(of.text), name))
	case kindRecord:
		return jsonValue(d.read().Record.Get(name))
	case kindOld:
		return jsonValue(d.read().Old.Get(name))
	case kindData:
		return d.part(name)
	case kindMeta:
		return d.meta(name)
	case kindHeaders:
		return jsonValue(lookUp(gjson.Parse(of.text), strings.ToLower(name)))
	default:
		return none
	}
}

// lookUp is the last of an object's values that has the name, as it is in all of JSON here.
func lookUp(object gjson.Result, name string) gjson.Result {
	var last gjson.Result
	if object.IsObject() {
		object.ForEach(func(key, found gjson.Result) bool {
			if key.Str == name {
				last = found
			}
			return true
		})
	}
	return last
}

// part is one of what a template begins with.
func (d *data) part(name string) value {
	switch name {
	case "Meta":
		return value{kind: kindMeta}
	case "Body":
		return jsonValue(d.whole())
	case "Record":
		return value{kind: kindRecord}
	case "Old":
		return value{kind: kindOld}
	case "Headers":
		return value{kind: kindHeaders, text: d.json(value{kind: kindHeaders}).Raw}
	case "Changed":
		return d.changes()
	default:
		return none
	}
}

func (d *data) meta(name string) value {
	switch name {
	case "EventType":
		return textValue(d.event.Type)
	case "EventID":
		return textValue(d.event.ID.String())
	case "Source":
		return textValue(d.source)
	case "ReceivedAt":
		if d.event.ReceivedAt.IsZero() {
			return none
		}
		return textValue(d.event.ReceivedAt.UTC().Format(time.RFC3339))
	case "Object":
		return textValue(d.drawn().object)
	case "Action":
		return textValue(d.event.Action())
	case "InstanceURL":
		return textValue(d.read().InstanceURL)
	case "RecordURL":
		return textValue(d.drawn().url())
	default:
		return none
	}
}

// json is the JSON of a value that stands for a part of the event.
func (d *data) json(of value) gjson.Result {
	if of.text != "" {
		return gjson.Parse(of.text)
	}
	found, known := d.parts[of.kind]
	if known {
		return found
	}
	switch of.kind {
	case kindRecord:
		found = lookUp(d.whole(), "record")
	case kindOld:
		found = lookUp(d.whole(), "old")
	case kindHeaders:
		found = gjson.ParseBytes(d.event.Headers)
	}
	if d.parts == nil {
		d.parts = make(map[kind]gjson.Result)
	}
	d.parts[of.kind] = found
	return found
}

// isTrue says whether a condition holds that the value is: it is there, and neither false nor zero nor empty.
func (d *data) isTrue(v value) bool {
	switch v.kind {
	case kindNone:
		return false
	case kindBool:
		return v.text == "true"
	case kindNumber:
		f, ok := v.float()
		return !ok || f != 0
	case kindData, kindMeta:
		return true
	default:
		return !d.isEmpty(v)
	}
}

// isEmpty says whether there is nothing in the value. Zero and false are something.
func (d *data) isEmpty(v value) bool {
	switch v.kind {
	case kindNone:
		return true
	case kindText:
		return v.text == ""
	case kindRecord:
		return len(d.read().Record) == 0
	case kindOld:
		return len(d.read().Old) == 0
	case kindList, kindObject, kindHeaders:
		inside := strings.TrimLeft(v.text[min(1, len(v.text)):], " \t\r\n")
		return len(v.parts) == 0 && (inside == "" || inside[0] == ']' || inside[0] == '}')
	default:
		return false
	}
}
