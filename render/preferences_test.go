package render_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

func TestPreferencesGolden(t *testing.T) {
	was := event.PreferencesDocument{Preferences: event.Preferences{
		MCInstanceID: "mc-a1", ClientSecret: "old-nobody-may-see", MessageBody: "Before", MaxRetries: 3,
	}}
	is := was
	is.Enabled, is.MaxRetries, is.ClientSecret, is.MessageBody = true, 5, "new-nobody-may-see", "After *that*"
	bare := was
	bare.ClientSecret, bare.MessageBody = "", ""
	wrapped := is
	wrapped.Wrapped, wrapped.ProviderID, wrapped.APIKey = true, "p1", "key-nobody-may-see"
	tests := map[string]event.PreferencesChange{
		"by-user":       {Was: was, Is: is, By: event.Changer{UserID: "100000000000000007"}, Livemode: true},
		"by-key":        {Was: is, Is: wrapped, By: event.Changer{Key: "ops *team*"}, Livemode: false},
		"taken-away":    {Was: was, Is: bare, By: event.Changer{Key: "ops"}, Livemode: true},
		"first-of-all":  {Is: is, By: event.Changer{Key: "ops"}, Livemode: true},
		"wrapping-only": {Was: wrapped, Is: is, By: event.Changer{Key: "ops"}, Livemode: true},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			change.At = received
			e, err := change.Event()
			if err != nil {
				t.Fatal(err)
			}
			e.ReceivedAt = received
			for _, tag := range locales.Tags() {
				embed := render.Embed(e, "settings", locales.For(tag))
				check(t, embed)
				plain := embed
				plain.Description = strings.Replace(embed.Description, "<@"+change.By.UserID+">", "", 1) // the one thing that is meant
				checkMarkup(t, plain)
				shown, err := json.Marshal(embed)
				if err != nil || strings.Contains(string(shown), "nobody-may-see") {
					t.Errorf("%s: a secret is shown, or %v: %s", tag, err, shown)
				}
				if tag == locales.Default {
					golden(t, filepath.Join("testdata", "salesforcesettings", name+".json"), embed)
				}
			}
		})
	}
}

func TestPreferencesFromElsewhereShowNoSecret(t *testing.T) {
	for _, form := range []string{"flat", "nested"} {
		callout := input(t, filepath.Join("testdata", "salesforcesettings-"+form+".in.json"))
		shown, err := json.Marshal(draw(callout.Type, string(callout.Body)))
		if err != nil || strings.Contains(string(shown), "nobody-may-see") || strings.Contains(string(shown), "aBcDeFgH") {
			t.Errorf("%s: a secret is shown, or %v: %s", form, err, shown)
		}
	}
}

func TestPreferencesSubject(t *testing.T) {
	e := event.Event{Type: event.PreferencesUpdated, Body: []byte(`{"data":{}}`)}
	if got := render.Subject(e, locales.For("de")); got != "SMS-Einstellungen von Salesforce" {
		t.Errorf("subject %q", got)
	}
}
