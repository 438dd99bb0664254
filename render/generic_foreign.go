package render

import (
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/tidwall/gjson"
)

// maxDeep is how many objects inside each other are looked into.
const maxDeep = 6

// foreignFields are those of a body that is not Salesforce's: what stands at its top, then what is further in, under its
// dotted name.
func (v *view) foreignFields() []discord.EmbedField {
	f := flattening{view: v, left: maxRead}
	titled := v.nameField()
	for _, field := range v.record {
		if field.Name != titled && field.Value.Str != v.typ { // the title says those
			f.scalar(label(field.Name), field.Value, isSecret(field.Name))
		}
	}
	for _, field := range v.record {
		f.object(head(field.Name), field.Value, isSecret(field.Name), maxDeep)
	}
	return f.fields
}

// flattening makes one list of what is in objects. Numbers may as well be ids, so they stay as they are;
// a moment is shown in everybody's own time zone.
type flattening struct {
	view   *view
	fields []discord.EmbedField
	left   int // how many values may still be looked at
}

// object adds what is in the object, and in those inside it.
func (f *flattening) object(path string, object gjson.Result, secret bool, deep int) {
	if !object.IsObject() || deep == 0 {
		return
	}
	object.ForEach(func(key, value gjson.Result) bool {
		f.left--
		name, hidden := head(path+"."+key.String()), secret || isSecret(key.String())
		f.scalar(line(name), value, hidden)
		f.object(name, value, hidden, deep-1)
		return f.left > 0 && len(f.fields) < maxOwn
	})
}

// scalar adds a value that can be written in one line or a few; a list can when nothing is inside its elements.
func (f *flattening) scalar(name string, value gjson.Result, secret bool) {
	if len(f.fields) == maxOwn || value.IsObject() {
		return
	}
	var shown string
	switch {
	case value.IsArray():
		shown = f.list(value)
	case len(value.Str) > len(time.DateOnly): // what is as short as that may be a version
		shown = clip(day(f.view, nil, value), maxValue)
	default:
		shown = clip(text(f.view, nil, value), maxValue)
	}
	if name == "" || shown == "" {
		return
	}
	if secret {
		shown = concealed
	}
	f.fields = append(f.fields, discord.EmbedField{Name: clip(name, maxName), Value: shown, Inline: new(len(shown) <= maxInline)})
}

// list is the elements of an array with commas between, as many as there is room for.
func (f *flattening) list(array gjson.Result) string {
	var elements []string
	length := 0
	array.ForEach(func(_, element gjson.Result) bool {
		f.left--
		if element.IsObject() || element.IsArray() {
			elements = nil
			return false
		}
		if said := text(f.view, nil, element); said != "" {
			elements = append(elements, said)
			length += len(said)
		}
		return f.left > 0 && length <= maxValue
	})
	return clip(strings.Join(elements, ", "), maxValue)
}

// typeLabel is the type of an event as people would write it: that of Shopify's orders/create is "Orders create".
func typeLabel(typ string) string { return label(strings.ReplaceAll(typ, "/", ".")) }
