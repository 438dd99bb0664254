package render

import (
	"slices"
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/tidwall/gjson"

	"dispatch/event"
)

const (
	arrow     = " → " // from an old value to a new one
	gone      = "—"   // stands for a value that was taken away
	maxBeside = 64    // bytes of a value that stands beside others
	maxOthers = 6     // changes shown that the look does not list
)

// fields are what the look asks for, as far as the record has it: first what changed, be it listed or not, then
// the rest.
func (v *view) fields() []discord.EmbedField {
	switch {
	case v.look.fields == nil && v.foreign:
		return v.foreignFields()
	case v.look.fields == nil:
		return v.ownFields()
	}
	fields := make([]discord.EmbedField, 0, len(v.look.fields)+min(len(v.old), maxOthers))
	news := 0 // how many of them, at the beginning, changed
	for _, f := range v.look.fields {
		value, isNew := v.value(f)
		if value == "" {
			continue
		}
		drawn := discord.EmbedField{Name: v.labelOf(f), Value: value, Inline: new(f.isBeside(value))}
		if isNew || f.joins && news > 0 {
			fields = slices.Insert(fields, news, drawn)
			news++
		} else {
			fields = append(fields, drawn)
		}
	}
	return slices.Insert(fields, news, v.otherChanges()...)
}

func (v *view) labelOf(f field) string {
	if f.label == "" {
		return clip(label(f.name), maxName)
	}
	return v.say.T(f.label)
}

// value is what the field shows, and whether that is news.
func (v *view) value(f field) (string, bool) {
	if f.show == nil {
		return v.lookup(f.name)
	}
	name := f.name
	if f.or != "" && v.blank(name) {
		name = f.or
	}
	value, isNew := v.change(name, v.record.Get(name), f.show)
	if f.once && len(v.old) > 0 && !isNew {
		return "", false
	}
	if f.long && isNew {
		if now := f.show(v, v.record, v.record.Get(name)); now != "" {
			return clip(now, maxValue), true
		}
	}
	return value, isNew
}

// isBeside says whether the value can stand beside others.
func (f field) isBeside(value string) bool { return !f.wide && !f.long && len(value) <= maxBeside }

// blank says whether the field is empty and was so before.
func (v *view) blank(name string) bool { return v.record.Text(name) == "" && v.old.Text(name) == "" }

// change is a value with the one it had before, when the sender tells it and it is another; and whether it is.
func (v *view) change(name string, value gjson.Result, show format) (string, bool) {
	was := v.old.Get(name)
	if !was.Exists() {
		return clip(show(v, v.record, value), maxValue), false
	}
	return between(show(v, v.old, was), show(v, v.record, value), value.Exists())
}

// lookup is the name of the related record, else its id, with what it was before, as change has it. An id is not
// worth an arrow to a name.
func (v *view) lookup(relation string) (string, bool) {
	id := idOf(relation)
	now, before := nameOf(v.record.Get(relation), v.say), nameOf(v.old.Get(relation), v.say)
	if !v.changed(relation, id) {
		return clip(block(orText(now, v.record, id)), maxValue), false
	}
	if before == "" && now != "" {
		return clip(block(now), maxValue), true
	}
	known := v.record.Get(relation).Exists() || v.record.Get(id).Exists()
	return between(block(orText(before, v.old, id)), block(orText(now, v.record, id)), known)
}

func orText(name string, fields event.Fields, id string) string {
	if name == "" {
		return fields.Text(id)
	}
	return name
}

// between is the way from one shown value to another, and whether it leads anywhere. A value that is not known any
// more is not shown as taken away.
func between(before, now string, known bool) (string, bool) {
	switch {
	case before == now, now == "" && !known:
		return clip(now, maxValue), false
	case before == "":
		return clip(now, maxValue), true
	case now == "":
		now = gone
	}
	return clip(before, maxHalf) + arrow + clip(now, maxHalf), true
}

// consequences are the fields that Salesforce changes along with others. Flags are left out anyway.
var consequences = map[string]bool{
	"StatusCode": true, "ForecastCategory": true, "ForecastCategoryName": true, "ExpectedRevenue": true,
	"Fiscal": true, "FiscalYear": true, "FiscalQuarter": true, "PushCount": true, "LastStageChangeDate": true,
	"LastActivityDate": true, "ClosedDate": true, "CompletedDateTime": true, "LastStatusUpdate": true,
	"FirstName": true, lastName: true, "Salutation": true, "LastLoginDate": true,
}

// otherChanges are those of fields that the look does not list, so that an update always shows what it is about.
func (v *view) otherChanges() []discord.EmbedField {
	var fields []discord.EmbedField
	for _, f := range v.old {
		if len(fields) == maxOthers {
			break
		}
		if bookkeeping[f.Name] || consequences[f.Name] || f.Value.IsBool() || strings.HasSuffix(f.Name, "Id") || v.look.lists(f.Name) {
			continue
		}
		if drawn, isNew := v.ownField(event.Field{Name: f.Name, Value: v.record.Get(f.Name)}); isNew {
			fields = append(fields, drawn)
		}
	}
	return fields
}
