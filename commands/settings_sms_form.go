package commands

import (
	"context"
	"slices"
	"strconv"

	"dispatch/event"
)

const textingForm = "/settings/sms/save/"

// all are the part's fields, in the order of the form.
func (p textingPart) all() []event.PreferenceField {
	known := event.PreferenceFields()
	fields := make([]event.PreferenceField, len(p.fields))
	for i, name := range p.fields {
		fields[i] = known[slices.IndexFunc(known, func(f event.PreferenceField) bool { return f.Name == name })]
	}
	return fields
}

// edit opens the form of the part.
func (t *texting) edit(p textingPart) press {
	return func(ctx context.Context, by asker, _ string) (reply, error) {
		d, err := t.preferences.Preferences(ctx, by.guild)
		if err != nil {
			return reply{}, err
		}
		return reply{form: p.form(by, func(f event.PreferenceField) string { return written(f, d) })}, nil
	}
}

// form asks for the part's fields.
func (p textingPart) form(by asker, value func(event.PreferenceField) string) *form {
	f := &form{id: textingForm + p.id, title: say(p.title)}
	for _, field := range p.all() {
		in := input{id: field.Name, label: preferenceLabel(field), value: value(field)}
		switch field.Of(event.PreferencesDocument{}).(type) {
		case bool:
			in.required = true
			for _, yes := range []bool{true, false} {
				in.options = append(in.options, offer{yesOrNo(yes).in(by.say()), strconv.FormatBool(yes)})
			}
		case int:
			in.required, in.max = true, len(strconv.Itoa(event.MaxRetries))
		default:
			in.max = field.Max()
		}
		if field.Secret {
			in.hint = say("settings.sms.secret", "mask", event.Masked)
		}
		if field.Name == "messageBody" {
			in.file = "message.txt"
		}
		f.inputs = append(f.inputs, in)
	}
	return f
}

// again is the form as it was filled in.
func (p textingPart) again(_ context.Context, by asker, _ string, in filled) *form {
	return p.form(by, func(f event.PreferenceField) string { return in.text(f.Name) })
}

// save takes the form of the part. A mask that was left stands for the secret that is stored.
func (t *texting) save(p textingPart) submit {
	return func(ctx context.Context, by asker, _ string, in filled) (reply, error) {
		if err := p.mistakes(in); err != nil {
			return reply{}, err
		}
		var was event.PreferencesDocument
		is, err := t.preferences.ChangePreferences(ctx, by.guild, event.Changer{UserID: by.user}, func(d *event.PreferencesDocument) {
			was = *d
			for _, f := range p.all() {
				f.Set(d, in.text(f.Name))
			}
			*d = d.Unmasked(was)
		})
		if err != nil {
			return reply{}, err
		}
		r, err := t.card(ctx, by, is)
		r.lines = []text{say("settings.sms.unchanged")}
		if changed := p.changed(was, is); len(changed) > 0 {
			r.lines = []text{say("settings.sms.saved", "fields", changed)}
		}
		return r, err
	}
}

// changed are what the fields are called that are not as they were.
func (p textingPart) changed(was, is event.PreferencesDocument) []text {
	var changed []text
	for _, f := range p.all() {
		if f.Of(was) != f.Of(is) {
			changed = append(changed, preferenceLabel(f))
		}
	}
	return changed
}

// mistakes names all that cannot be taken; nil when it can be.
func (p textingPart) mistakes(in filled) error {
	var (
		scratch event.PreferencesDocument
		wrong   []text
	)
	for _, f := range p.all() {
		most := f.Max()
		if f.Name == "maxRetries" {
			most = event.MaxRetries
		}
		if problem := f.Set(&scratch, in.text(f.Name)); problem != "" {
			wrong = append(wrong, say("settings.sms.mistake."+string(problem), "field", preferenceLabel(f), "max", most))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &refusal{text: together(wrong...)}
}
