package render

import (
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/locales"
)

// maxRead is how many fields of a record are looked at; Salesforce objects have at most 800. It bounds the
// work that a hostile body can cause.
const maxRead = 1000

// view is one event as it is being drawn.
type view struct {
	say         locales.Catalog
	typ         string // the event's type
	object      string // what the event is about; "" when unknown
	action      string // what happened to it
	instanceURL string
	foreign     bool         // not Salesforce's: it has no record
	record      event.Fields // of a foreign body: the fields at its top
	old         event.Fields
	look        *look
}

func newView(e event.Event, say locales.Catalog) *view {
	payload := e.Payload()
	v := &view{
		say: say, typ: e.Type, object: payload.Object, action: e.Action(), instanceURL: payload.InstanceURL,
		foreign: payload.Record == nil, record: payload.Record, old: payload.Old,
	}
	if v.foreign {
		v.record = fieldsOf(e.Body)
	}
	v.record, v.old = v.record[:min(len(v.record), maxRead)], v.old[:min(len(v.old), maxRead)]
	if i := strings.LastIndexByte(e.Type, '.'); i >= 0 && v.object == "" {
		v.object = e.Type[:i]
	}
	if strings.EqualFold(v.action, v.object) {
		v.action = event.Unknown // a type that names the object only
	}
	v.look = lookOf(v.object)
	if v.look.object != "" {
		v.object = v.look.object // as Salesforce spells it
	}
	return v
}

func fieldsOf(body []byte) event.Fields {
	var fields event.Fields
	gjson.ParseBytes(body).ForEach(func(key, value gjson.Result) bool {
		fields = append(fields, event.Field{Name: key.String(), Value: value})
		return len(fields) < maxRead
	})
	return fields
}

func (v *view) url() string {
	if v.foreign {
		return ""
	}
	return recordURL(v.instanceURL, v.object, v.record.Text("Id"))
}

func (v *view) colour() int {
	if v.did("deleted") {
		return grey
	}
	return v.look.colour(v)
}

func (v *view) did(action string) bool { return strings.EqualFold(v.action, action) }

// changed says whether the sender tells that one of the fields had another value before.
func (v *view) changed(names ...string) bool {
	for _, name := range names {
		if before := v.old.Get(name); before.Exists() && before.Raw != v.record.Get(name).Raw {
			return true
		}
	}
	return false
}

// is says whether the flag is set in the record; a record without it is judged by the fallback.
func (v *view) is(flag string, fallback bool) bool {
	value := v.record.Get(flag)
	if value.Type == gjson.Null {
		return fallback
	}
	return value.Bool()
}

// fields are what the look asks for, as far as the record has it.
func (v *view) fields() []discord.EmbedField {
	if v.look.fields == nil {
		return v.ownFields()
	}
	fields := make([]discord.EmbedField, 0, len(v.look.fields))
	for _, f := range v.look.fields {
		if value := v.value(f); value != "" {
			fields = append(fields, discord.EmbedField{Name: v.say.T(f.label), Value: value, Inline: new(!f.wide)})
		}
	}
	return fields
}

func (v *view) value(f field) string {
	if f.show == nil {
		return clip(v.lookup(f.name), maxValue)
	}
	return v.change(f.name, v.record.Get(f.name), f.show)
}

// lookup is the name of the related record, else its id.
func (v *view) lookup(relation string) string {
	if name := block(v.record.Related(relation)); name != "" {
		return name
	}
	return block(v.record.Text(relation + "Id"))
}

// change is a value with the one it had before, when the sender tells it and it is another.
func (v *view) change(name string, value gjson.Result, show format) string {
	now := show(v, value)
	if now == "" {
		return ""
	}
	before := show(v, v.old.Get(name))
	if before == "" || before == now {
		return clip(now, maxValue)
	}
	return clip(before, maxHalf) + arrow + clip(now, maxHalf)
}
