package render

import (
	"github.com/disgoorg/disgo/discord"
	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/locales"
)

// preferences is an event about preferences for SMS as an embed, be it ours or somebody else's; false for any other. It
// shows what changed, or all there is where that is not known. Secrets are never shown.
func preferences(e event.Event, say locales.Catalog) (discord.Embed, bool) {
	news, ok := e.Preferences()
	if !ok {
		return discord.Embed{}, false
	}
	news.Fields = news.Fields[:min(len(news.Fields), maxRead)]
	p := preferencesDrawing{view: newView(e, say), PreferencesNews: news}
	return discord.Embed{
		Author:      &discord.EmbedAuthor{Name: platform.icon + " " + say.T(platform.called)},
		Title:       say.T("embed.sms.title"),
		Description: p.description(e),
		Color:       platform.colour,
		Fields:      p.fields(),
	}, true
}

// preferencesDrawing is such an event as it is being drawn.
type preferencesDrawing struct {
	*view
	event.PreferencesNews
}

// description says who changed them, and that nothing comes of it where that is so.
func (p preferencesDrawing) description(e event.Event) string {
	var who string
	switch {
	case p.By.UserID != "":
		who = p.say.T("embed.sms.by_user", "user", "<@"+p.By.UserID+">")
	case p.By.Key != "":
		who = p.say.T("embed.sms.by_key", "key", line(p.By.Key))
	}
	if gjson.GetBytes(e.Body, "livemode").Type != gjson.False {
		return who
	}
	test := p.say.T("embed.sms.test")
	if who == "" {
		return test
	}
	return who + "\n" + test
}

func (p preferencesDrawing) fields() []discord.EmbedField {
	var fields []discord.EmbedField
	known := make(map[string]bool)
	for _, f := range event.PreferenceFields() {
		known[f.Name] = true
		if p.Old != nil && !p.Old.Get(f.Name).Exists() {
			continue
		}
		if value := p.value(f); value != "" {
			fields = append(fields, discord.EmbedField{
				Name: p.say.T("embed.sms.field." + f.Key()), Value: value, Inline: new(len(value) <= maxInline),
			})
		}
	}
	more := flattening{view: p.view, fields: fields, left: maxRead}
	for _, f := range p.Fields {
		if !known[f.Name] {
			more.scalar(label(f.Name), f.Value, isSecret(f.Name))
			more.object(f.Name, f.Value, isSecret(f.Name), maxDeep)
		}
	}
	return more.fields
}

// value is what the field is now, and what it was where that is known.
func (p preferencesDrawing) value(f event.PreferenceField) string {
	now, was := p.Fields.Get(f.Name), p.Old.Get(f.Name)
	if f.Secret {
		return p.secret(now, was)
	}
	shown, _ := between(text(p.view, nil, was), text(p.view, nil, now), p.Old != nil)
	return clip(shown, maxValue)
}

// secret says no more than that there is one, and what became of the one before.
func (p preferencesDrawing) secret(now, was gjson.Result) string {
	switch before, after := scalar(was) != "", now.Exists() && scalar(now) != "" || now.IsObject() || now.IsArray(); {
	case before && after:
		return p.say.T("embed.sms.replaced", "secret", concealed)
	case before:
		return concealed + arrow + gone
	case after:
		return concealed
	}
	return ""
}
