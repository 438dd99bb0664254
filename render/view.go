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

func newView(e event.Event, say locales.Catalog) *view { return viewOf(e, e.Payload(), say) }

func viewOf(e event.Event, payload event.Payload, say locales.Catalog) *view {
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
	if v.foreign && v.instanceURL == "" && !strings.HasSuffix(v.object, v.look.object) {
		v.look = &plainLook // others have orders and users, too, and do not write them like Salesforce
	}
	if v.look.object != "" && !v.look.isFamily() {
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
	return recordURL(v.instanceURL, v.object, v.record.Text(recordID))
}

func (v *view) colour() int {
	if v.did("deleted") {
		return grey
	}
	if v.look.colour != nil {
		return v.look.colour(v)
	}
	return v.look.category.colour
}

// author is the category. What is not Salesforce's has none.
func (v *view) author() *discord.EmbedAuthor {
	if v.foreign {
		return nil
	}
	return &discord.EmbedAuthor{Name: v.look.category.icon + " " + v.say.T(v.look.category.called)}
}

func (v *view) did(action string) bool { return strings.EqualFold(v.action, action) }

// changed says whether the sender tells that one of the fields had another value before.
func (v *view) changed(names ...string) bool {
	for _, name := range names {
		before := v.old.Get(name)
		if name != "" && before.Exists() && before.Raw != v.record.Get(name).Raw {
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
