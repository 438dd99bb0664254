package event

import (
	"fmt"
	"strings"
	"unicode"
)

// PreferencesUpdated is the type of the event that tells of a change of Salesforce SMS preferences.
const PreferencesUpdated = "salesforcesettings.updated"

// Masked is what people see of a secret that is there. Sent back, it stands for the one that is stored.
const Masked = "********"

// Preferences are an account's for sending SMS by Salesforce. They print as [redacted] under every verb.
type Preferences struct {
	Enabled                        bool   `json:"enabled"`
	SMSEnabled                     bool   `json:"smsEnabled"`
	MCInstanceID                   string `json:"mcInstanceId"` // subdomain of the tenant
	MessageID                      string `json:"messageId"`
	ClientID                       string `json:"clientId"`
	ClientSecret                   string `json:"clientSecret"`
	MessageKeyword                 string `json:"messageKeyword"`
	Override                       bool   `json:"override"` // the payload's message counts, not the one in Salesforce
	MessageBody                    string `json:"messageBody"`
	DownloadURL                    string `json:"downloadUrl"` // with the placeholders {{itemId}} and {{phone}}
	AllowLongTexts                 bool   `json:"allowLongTexts"`
	MaxRetries                     int    `json:"maxRetries"`
	RequirePhoneNumberConfirmation bool   `json:"requirePhoneNumberConfirmation"`
	PrefixPhoneNumber              string `json:"prefixPhoneNumber"`
	OptInByDefault                 bool   `json:"optInByDefault"`
}

// PreferencesDocument is preferences as they were put: by themselves, or wrapped with whose they are. The zero value is
// that of an account that has set nothing. It prints as [redacted] under every verb.
type PreferencesDocument struct {
	Wrapped    bool // as {"providerId","apiKey","data":{…}}
	ProviderID string
	APIKey     string
	Preferences
}

// PreferenceField is a field of the document under its name in JSON.
type PreferenceField struct {
	Name   string
	Secret bool
	in     func(*PreferencesDocument) any // *bool, *int or *string
	check  func(text string) Problem      // of a text that is not empty; nil: any will do
}

// preferenceFields are in the order of their documentation, those of the wrapping last.
var preferenceFields = []PreferenceField{
	{Name: "enabled", in: func(d *PreferencesDocument) any { return &d.Enabled }},
	{Name: "smsEnabled", in: func(d *PreferencesDocument) any { return &d.SMSEnabled }},
	{Name: "mcInstanceId", in: func(d *PreferencesDocument) any { return &d.MCInstanceID }, check: checkSubdomain},
	{Name: "messageId", in: func(d *PreferencesDocument) any { return &d.MessageID }},
	{Name: "clientId", in: func(d *PreferencesDocument) any { return &d.ClientID }},
	{Name: "clientSecret", in: func(d *PreferencesDocument) any { return &d.ClientSecret }, Secret: true},
	{Name: "messageKeyword", in: func(d *PreferencesDocument) any { return &d.MessageKeyword }},
	{Name: "override", in: func(d *PreferencesDocument) any { return &d.Override }},
	{Name: "messageBody", in: func(d *PreferencesDocument) any { return &d.MessageBody }},
	{Name: "downloadUrl", in: func(d *PreferencesDocument) any { return &d.DownloadURL }, check: checkDownloadURL},
	{Name: "allowLongTexts", in: func(d *PreferencesDocument) any { return &d.AllowLongTexts }},
	{Name: "maxRetries", in: func(d *PreferencesDocument) any { return &d.MaxRetries }},
	{Name: "requirePhoneNumberConfirmation", in: func(d *PreferencesDocument) any { return &d.RequirePhoneNumberConfirmation }},
	{Name: "prefixPhoneNumber", in: func(d *PreferencesDocument) any { return &d.PrefixPhoneNumber }, check: checkPhonePrefix},
	{Name: "optInByDefault", in: func(d *PreferencesDocument) any { return &d.OptInByDefault }},
	{Name: "providerId", in: func(d *PreferencesDocument) any { return &d.ProviderID }},
	{Name: "apiKey", in: func(d *PreferencesDocument) any { return &d.APIKey }, Secret: true},
}

// ofWrapping is how many of preferenceFields, at their end, stand beside the preferences.
const ofWrapping = 2

// PreferenceFields are all of them, in the order in which people should see them.
func PreferenceFields() []PreferenceField { return preferenceFields }

// Of is the document's value of the field: a bool, an int or a string.
func (f PreferenceField) Of(d PreferencesDocument) any {
	switch value := f.in(&d).(type) {
	case *bool:
		return *value
	case *int:
		return *value
	default:
		return *value.(*string)
	}
}

// Key is the name as the keys of sentences have it: "mc_instance_id" for mcInstanceId.
func (f PreferenceField) Key() string {
	var key strings.Builder
	for _, r := range f.Name {
		if unicode.IsUpper(r) {
			key.WriteByte('_')
		}
		key.WriteRune(unicode.ToLower(r))
	}
	return key.String()
}

// Masked is the document as people may see it.
func (d PreferencesDocument) Masked() PreferencesDocument {
	return d.eachSecret(func(secret, _ string) string {
		if secret == "" {
			return ""
		}
		return Masked
	}, d)
}

// Unmasked is the document with the stored secrets where it has but a mask.
func (d PreferencesDocument) Unmasked(stored PreferencesDocument) PreferencesDocument {
	return d.eachSecret(func(secret, known string) string {
		if secret == Masked {
			return known
		}
		return secret
	}, stored)
}

func (d PreferencesDocument) eachSecret(change func(secret, known string) string, known PreferencesDocument) PreferencesDocument {
	d.ClientSecret = change(d.ClientSecret, known.ClientSecret)
	d.APIKey = change(d.APIKey, known.APIKey)
	return d
}

// Format implements fmt.Formatter, so that no verb shows a secret.
func (Preferences) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }

// Format implements fmt.Formatter, so that no verb shows a secret.
func (PreferencesDocument) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "[redacted]") }

// MarshalJSON writes the document in the form in which it was put, secrets included.
func (d PreferencesDocument) MarshalJSON() ([]byte, error) {
	if !d.Wrapped {
		return marshal(d.Preferences)
	}
	return marshal(struct {
		ProviderID string      `json:"providerId"`
		APIKey     string      `json:"apiKey"`
		Data       Preferences `json:"data"`
	}{d.ProviderID, d.APIKey, d.Preferences})
}
