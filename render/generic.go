package render

import (
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

const (
	maxOwn    = 24 // own fields that an embed shows
	maxInline = 40 // bytes of a value that stands beside others
)

// bookkeeping are the fields that say nothing new: the link has them, or Salesforce keeps them for itself.
var bookkeeping = map[string]bool{
	"Id": true, "attributes": true, "IsDeleted": true, "CreatedDate": true, "CreatedById": true,
	"LastModifiedDate": true, "LastModifiedById": true, "SystemModstamp": true, "LastViewedDate": true,
	"LastReferencedDate": true,
}

// ownFields are the first of the fields as they come, whatever they are.
func (v *view) ownFields() []discord.EmbedField {
	var fields []discord.EmbedField
	titled := v.nameField()
	for _, f := range v.record {
		value := v.ownValue(f)
		if value == "" || f.Name == titled {
			continue
		}
		if isSecret(f.Name) {
			value = concealed
		}
		if called := clip(label(f.Name), maxName); called != "" {
			fields = append(fields, discord.EmbedField{Name: called, Value: value, Inline: new(len(value) <= maxInline)})
		}
		if len(fields) == maxOwn {
			break
		}
	}
	return fields
}

// ownValue is a field as it looks best without knowing it, "" when it is not worth a line. Numbers in a body
// that is not Salesforce's may as well be ids, so they stay as they are.
func (v *view) ownValue(f event.Field) string {
	switch {
	case v.foreign && f.Value.Str == v.typ:
		return "" // the title says it
	case v.foreign:
		return clip(text(v, f.Value), maxValue)
	case bookkeeping[f.Name] || v.hasRelated(f.Name):
		return ""
	case f.Value.IsObject():
		return clip(block(f.Value.Get("Name").String()), maxValue)
	default:
		return v.change(f.Name, f.Value, guess)
	}
}

// hasRelated says whether the field is an id whose record is there, too, and shown by its name.
func (v *view) hasRelated(name string) bool {
	if relation, ok := strings.CutSuffix(name, "Id"); ok {
		return v.record.Related(relation) != ""
	}
	if relation, ok := strings.CutSuffix(name, "__c"); ok {
		return v.record.Related(relation+"__r") != ""
	}
	return false
}
