package event

import (
	"github.com/tidwall/gjson"
)

// Payload is what a Salesforce body says: which org, which record, and what changed.
type Payload struct {
	Object      string // record.attributes.type, "" when absent
	InstanceURL string // as sent: not checked, not trusted
	Record      Fields
	Old         Fields // previous values of some fields
}

// Payload reads the body's Salesforce part in one pass. A body without one gives the zero Payload.
func (e Event) Payload() Payload {
	var p Payload
	gjson.ParseBytes(e.Body).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "instance_url":
			p.InstanceURL = value.String()
		case "record":
			p.Record = fieldsOf(value)
		case "old":
			p.Old = fieldsOf(value)
		}
		return true
	})
	p.Object = p.Record.Get("attributes").Get("type").String()
	return p
}

// Field is one field of a record. Value holds the bytes it was read from.
type Field struct {
	Name  string
	Value gjson.Result
}

// Fields are a record's fields in the order of the body.
type Fields []Field

func fieldsOf(object gjson.Result) Fields {
	if !object.IsObject() {
		return nil
	}
	fields := make(Fields, 0, 16)
	object.ForEach(func(key, value gjson.Result) bool {
		fields = append(fields, Field{Name: key.String(), Value: value})
		return true
	})
	return fields
}

// Get is the value of the named field, the last when there are several; one that is not there does not Exist.
func (f Fields) Get(name string) gjson.Result {
	for i := len(f) - 1; i >= 0; i-- {
		if f[i].Name == name {
			return f[i].Value
		}
	}
	return gjson.Result{}
}

// Text is the named field as plain text, a number digit by digit; "" when it is absent, null, or not a
// scalar.
func (f Fields) Text(name string) string {
	value := f.Get(name)
	switch {
	case value.Type == gjson.Number:
		return value.Raw // String would go through a float
	case value.IsObject() || value.IsArray():
		return ""
	}
	return value.String()
}

// Related is the Name of the record that the relation leads to, such as Account or Owner; "" when the
// sender did not include it.
func (f Fields) Related(relation string) string {
	return f.Get(relation).Get("Name").String()
}
