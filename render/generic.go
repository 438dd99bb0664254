package render

import (
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

const (
	maxOwn    = 24 // own fields that an embed shows
	maxInline = 40 // bytes of an own field's value that stands beside others
)

// bookkeeping are the fields that say nothing new: the link has them, or Salesforce keeps them for itself.
var bookkeeping = map[string]bool{
	"Id": true, "attributes": true, "IsDeleted": true, "CreatedDate": true, "CreatedById": true,
	"LastModifiedDate": true, "LastModifiedById": true, "SystemModstamp": true, "LastViewedDate": true,
	"LastReferencedDate": true,
}

// ownFields are the first of the fields as they come, whatever they are; those that changed come before the rest.
func (v *view) ownFields() []discord.EmbedField {
	var changed, same []discord.EmbedField
	titled := v.nameField()
	for _, f := range v.record {
		drawn, isNew := v.ownField(f)
		switch {
		case drawn.Name == "" || drawn.Value == "":
		case isNew:
			changed = append(changed, drawn)
		case f.Name != titled && len(same) < maxOwn:
			same = append(same, drawn)
		}
		if len(changed) == maxOwn {
			break
		}
	}
	fields := slices.Concat(changed, same)
	return fields[:min(len(fields), maxOwn)]
}

// ownField is a field as it looks best without knowing it, and whether it is news.
func (v *view) ownField(f event.Field) (discord.EmbedField, bool) {
	value, isNew := v.ownValue(f)
	if value != "" && isSecret(f.Name) {
		value = concealed
	}
	return discord.EmbedField{Name: clip(label(f.Name), maxName), Value: value, Inline: new(len(value) <= maxInline)}, isNew
}

// ownValue is "" when the field is not worth a line.
func (v *view) ownValue(f event.Field) (string, bool) {
	switch {
	case bookkeeping[f.Name] || v.hasRelated(f.Name):
		return "", false
	case f.Value.IsObject():
		return v.lookup(f.Name)
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
