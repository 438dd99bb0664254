package commands

import (
	"context"
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
)

// Preferences are the guild's for sending SMS by Salesforce: what /salesforce-settings shows and changes, too.
type Preferences interface {
	// Preferences gives them with their secrets; the zero value when none were put.
	Preferences(ctx context.Context, guildID string) (event.PreferencesDocument, error)
	// ChangePreferences has them changed while nobody else does, and gives them as they are then.
	ChangePreferences(ctx context.Context, guildID string, by event.Changer, change func(*event.PreferencesDocument)) (event.PreferencesDocument, error)
}

// texting shows and changes the preferences for SMS.
type texting struct {
	preferences Preferences
	sources     Sources
}

// textingPart is as many of the preferences as a form has room for.
type textingPart struct {
	id     string
	title  string // locale key
	fields []string
}

var textingParts = []textingPart{
	{"sending", "settings.sms.sending", []string{"enabled", "smsEnabled", "requirePhoneNumberConfirmation", "prefixPhoneNumber", "optInByDefault"}},
	{"connection", "settings.sms.connection", []string{"mcInstanceId", "messageId", "clientId", "clientSecret", "messageKeyword"}},
	{"message", "settings.sms.message", []string{"override", "messageBody", "downloadUrl", "allowLongTexts", "maxRetries"}},
}

// hidden stands for a secret that is there, nothing for a value that is not.
const (
	hidden  = "••••••••"
	nothing = "—"
)

// maxShownPreference is how many characters of a text a card shows.
const maxShownPreference = 200

func (t *texting) show(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	d, err := t.preferences.Preferences(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	return t.card(ctx, by, d)
}

// card shows the preferences, with a button for each part and how to hear of changes.
func (t *texting) card(ctx context.Context, by asker, d event.PreferencesDocument) (reply, error) {
	r := reply{card: &card{title: say("embed.sms.object"), colour: colourWaiting}}
	for _, f := range event.PreferenceFields() {
		if partOf(f.Name) == "" && !d.Wrapped {
			continue
		}
		r.card.fields = append(r.card.fields, field{name: preferenceLabel(f), lines: []text{shownPreference(f, d)}, inline: true})
	}
	for _, p := range textingParts {
		r.buttons = append(r.buttons, button{label: say(p.title), style: discord.ButtonStylePrimary, id: "/settings/sms/edit/" + p.id})
	}
	sources, err := t.sources.Sources(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	for _, s := range sources {
		if s.BuiltIn() && s.RepliesOf() == "" && s.State == event.Active {
			r.card.lines = []text{say("settings.sms.hint", "source", quoted(s.Name, maxPiece))}
		}
	}
	return r, nil
}

// partOf is the id of the part that has the field, "" for one that is not edited here.
func partOf(name string) string {
	for _, p := range textingParts {
		for _, has := range p.fields {
			if has == name {
				return p.id
			}
		}
	}
	return ""
}

func preferenceLabel(f event.PreferenceField) text { return say("embed.sms.field." + f.Key()) }

func shownPreference(f event.PreferenceField, d event.PreferencesDocument) text {
	switch value := f.Of(d).(type) {
	case bool:
		return yesOrNo(value)
	case int:
		return amount(value)
	case string:
		switch {
		case value == "":
			return asWritten(nothing)
		case f.Secret:
			return asWritten(hidden)
		}
		return asWritten(quoted(value, maxShownPreference))
	}
	return text{}
}

func yesOrNo(yes bool) text {
	if yes {
		return say("embed.yes")
	}
	return say("embed.no")
}

// written is the field's value as its input has it.
func written(f event.PreferenceField, d event.PreferencesDocument) string {
	switch value := f.Of(d.Masked()).(type) {
	case bool:
		return strconv.FormatBool(value)
	case int:
		return strconv.Itoa(value)
	default:
		return value.(string)
	}
}
