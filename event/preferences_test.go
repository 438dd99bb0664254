package event_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

// documented are the preferences in the example of the document.
const documented = `{"enabled":true,"smsEnabled":false,"mcInstanceId":"mc-a1b2c3d4e5f6g7h8i9j0k1l2m3","messageId":"MTExOjExOjE",` +
	`"clientId":"a1b2c3d4e5f6g7h8i9j0k1l2","clientSecret":"aBcDeFgHiJkLmNoPqRsTuVwX","messageKeyword":"COMPANYNAME","override":false,` +
	`"messageBody":"","downloadUrl":"","allowLongTexts":false,"maxRetries":5,"requirePhoneNumberConfirmation":false,` +
	`"prefixPhoneNumber":"","optInByDefault":false}`

const wrapped = `{"providerId":"p1","apiKey":"k1","data":` + documented + `}`

func parse(t *testing.T, body string) event.PreferencesDocument {
	t.Helper()
	d, err := event.ParsePreferences([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPreferencesComeBackAsTheyWerePut(t *testing.T) {
	for _, body := range []string{
		documented, wrapped,
		strings.Replace(documented, `"downloadUrl":""`, `"downloadUrl":"https://x.example/t?a={{itemId}}&p={{phone}}"`, 1),
		strings.Replace(documented, `"messageBody":""`, `"messageBody":"Ihr Ticket\n<3 \u00e4"`, 1),
		strings.Replace(documented, `"prefixPhoneNumber":""`, `"prefixPhoneNumber":"+1 (809)"`, 1),
	} {
		got, err := json.Marshal(parse(t, body))
		if err != nil {
			t.Fatal(err)
		}
		var is, want any
		if err := errors.Join(json.Unmarshal(got, &is), json.Unmarshal([]byte(body), &want)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, is); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if got := parse(t, `{}`); got != (event.PreferencesDocument{}) {
		t.Error("what is left out is not zero")
	}
}

func TestPreferencesMistakes(t *testing.T) {
	long := strings.Repeat("ü", event.MaxPreference)
	tests := map[string]struct{ body, want string }{
		"not JSON":           {`{"enabled":`, "the body must be one JSON object"},
		"not an object":      {`[]`, "the body must be one JSON object"},
		"empty":              {``, "the body must be one JSON object"},
		"unknown":            {`{"enabeld":true}`, `"enabeld" is no field of the preferences`},
		"other case":         {`{"Enabled":true}`, `"Enabled" is no field of the preferences`},
		"long name":          {`{"` + strings.Repeat("x", 100) + `":1}`, `"` + strings.Repeat("x", 64) + `…" is no field of the preferences`},
		"twice":              {`{"enabled":true,"enabled":true}`, `"enabled" is given twice`},
		"flag":               {`{"enabled":"true"}`, "enabled must be true or false"},
		"null":               {`{"smsEnabled":null}`, "smsEnabled must be true or false"},
		"text":               {`{"clientId":7}`, "clientId must be a string"},
		"null text":          {`{"clientSecret":null}`, "clientSecret must be a string"},
		"whole":              {`{"maxRetries":1.5}`, "maxRetries must be a whole number from 0 to 100"},
		"negative":           {`{"maxRetries":-1}`, "maxRetries must be a whole number from 0 to 100"},
		"many":               {`{"maxRetries":101}`, "maxRetries must be a whole number from 0 to 100"},
		"number as text":     {`{"maxRetries":"5"}`, "maxRetries must be a whole number from 0 to 100"},
		"as long as it gets": {`{"messageKeyword":"` + long + `"}`, ""},
		"too long":           {`{"messageKeyword":"` + long + `x"}`, "messageKeyword is too long"},
		"line break":         {`{"clientId":"a\nb"}`, "clientId must have no control characters"},
		"lines of a message": {`{"messageBody":"a\nb"}`, ""},
		"subdomain":          {`{"mcInstanceId":"evil.example/"}`, "mcInstanceId must be a subdomain: letters, digits and hyphens, at most 63"},
		"URL":                {`{"downloadUrl":"javascript:alert(1)"}`, "downloadUrl must be an http or https URL"},
		"URL without host":   {`{"downloadUrl":"https:///x"}`, "downloadUrl must be an http or https URL"},
		"placeholder":        {`{"downloadUrl":"https://x.example/{{id}}"}`, "downloadUrl may have the placeholders {{itemId}} and {{phone}} only"},
		"phone": {
			`{"prefixPhoneNumber":"home"}`,
			"prefixPhoneNumber must be digits, with a plus, spaces, hyphens or parentheses if need be, at most 16",
		},
		"phone without digits": {
			`{"prefixPhoneNumber":"+-"}`,
			"prefixPhoneNumber must be digits, with a plus, spaces, hyphens or parentheses if need be, at most 16",
		},
		"each is named": {
			`{"enabled":1,"x":1,"maxRetries":null}`,
			`enabled must be true or false; "x" is no field of the preferences; maxRetries must be a whole number from 0 to 100`,
		},
		"wrapped without data":       {`{"providerId":"p","apiKey":"k"}`, "data is missing"},
		"wrapped around no object":   {`{"data":"x"}`, "data must be an object"},
		"wrapped twice":              {`{"data":{},"data":{}}`, `"data" is given twice`},
		"wrapped with a field":       {`{"data":{},"enabled":true}`, `"enabled" is no field of the preferences`},
		"wrapped inside the wrapped": {`{"data":{"data":{}}}`, `"data.data" is no field of the preferences`},
		"wrapped mistake":            {`{"providerId":1,"data":{"enabled":0}}`, "providerId must be a string; data.enabled must be true or false"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := event.ParsePreferences([]byte(tc.body))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if wrong := (*event.PreferencesError)(nil); got != tc.want || err != nil && !errors.As(err, &wrong) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPreferencesMistakesAreBounded(t *testing.T) {
	var body strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&body, `,"x%d":"secret"`, i)
	}
	_, err := event.ParsePreferences([]byte("{" + body.String()[1:] + "}"))
	if said := err.Error(); strings.Count(said, ";") != 24 || strings.Contains(said, "secret") {
		t.Errorf("said %q", said)
	}
}

func TestMaskedPreferences(t *testing.T) {
	stored := parse(t, wrapped)
	masked := stored.Masked()
	if masked.ClientSecret != event.Masked || masked.APIKey != event.Masked || masked.ClientID != stored.ClientID {
		t.Errorf("masked: secret %q, key %q", masked.ClientSecret, masked.APIKey)
	}
	if masked.Unmasked(stored) != stored {
		t.Error("masks sent back do not keep what is stored")
	}
	if none := (event.PreferencesDocument{}).Masked(); none.ClientSecret != "" || none.APIKey != "" {
		t.Error("there is a mask where no secret is")
	}
	if none := masked.Unmasked(event.PreferencesDocument{}); none.ClientSecret != "" || none.APIKey != "" {
		t.Error("a mask became a secret")
	}
	other := masked
	other.ClientSecret = "new"
	if got := other.Unmasked(stored); got.ClientSecret != "new" || got.APIKey != "k1" {
		t.Error("a new secret is not taken")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		if said := fmt.Sprintf(verb+verb, stored, stored.Preferences); said != "[redacted][redacted]" {
			t.Errorf("%s prints %q", verb, said)
		}
	}
}

func TestPreferenceFields(t *testing.T) {
	tests := map[string]struct {
		field, written string
		want           any
		problem        event.Problem
	}{
		"flag":       {"enabled", "true", true, ""},
		"no flag":    {"enabled", "tomato", false, event.ProblemFlag},
		"number":     {"maxRetries", " 7 ", 7, ""},
		"no number":  {"maxRetries", "7x", 0, event.ProblemWhole},
		"text":       {"clientId", `a"b`, `a"b`, ""},
		"wrong text": {"downloadUrl", "x", "x", event.ProblemURL},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, f := range event.PreferenceFields() {
				var d event.PreferencesDocument
				if f.Name != tc.field {
					continue
				}
				if problem := f.Set(&d, tc.written); problem != tc.problem || f.Of(d) != tc.want {
					t.Errorf("got %v %q, want %v %q", f.Of(d), problem, tc.want, tc.problem)
				}
			}
		})
	}
}
