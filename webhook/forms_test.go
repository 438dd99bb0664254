package webhook_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dispatch/event"
)

const formType = "application/x-www-form-urlencoded"

func TestForms(t *testing.T) {
	const payload = `{"action":"opened","issue":{"title":"50 % + more & äß"}}`
	form := url.Values{"payload": {payload}}.Encode()
	tests := map[string]struct {
		preset      event.Preset
		contentType string
		body        string
		want        int
	}{
		"as GitHub sends it": {event.PresetGitHub, formType, form, 202},
		"with a charset":     {event.PresetGitHub, "Application/X-WWW-Form-Urlencoded; charset=utf-8", form, 202},
		"among others":       {event.PresetGitHub, formType, "a=1&xpayload=%7B%7D&" + form + "&payload=%5B", 202},
		"JSON all the same":  {event.PresetGitHub, "application/json", payload, 202},
		"no payload":         {event.PresetGitHub, formType, "body=%7B%7D", 400},
		"empty":              {event.PresetGitHub, formType, "payload=", 400},
		"half an escape":     {event.PresetGitHub, formType, "payload=%7", 400},
		"no JSON":            {event.PresetGitHub, formType, "payload=1", 400},
		"JSON in no form":    {event.PresetGitHub, formType, payload, 400},
		"several parts":      {event.PresetGitHub, "multipart/form-data", form, 415},
		"Slack's commands":   {event.PresetSlack, formType, form, 415},
		"no preset":          {"", formType, form, 415},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := openPreset(tc.preset)
			header := http.Header{"Content-Type": {tc.contentType}, "X-Github-Event": {"issues"}}
			got := sendTo(t, in, header, tc.body, noon)
			if got.Code != tc.want {
				t.Fatalf("answered %d %s, want %d", got.Code, got.Body, tc.want)
			}
			if tc.want != http.StatusAccepted {
				return
			}
			if e := in.all()[0]; string(e.Body) != payload || e.Type != "issues.opened" {
				t.Errorf("accepted a %s: %s", e.Type, e.Body)
			}
		})
	}
}

// The signature is about the form, not about what is in it.
func TestFormsAreSignedAsTheyCome(t *testing.T) {
	const form, payload = "payload=%7B%7D", "{}"
	for signed, want := range map[string]int{form: 202, payload: 401} {
		header := hub(secret, signed, noon)
		header.Set("Content-Type", formType)
		if got := sendTo(t, presetSource(event.PresetGitHub, secret), header, form, noon); got.Code != want {
			t.Errorf("signed over %s: answered %d %s, want %d", signed, got.Code, got.Body, want)
		}
	}
}

// FuzzForm sends any form: what is accepted is what others read in it.
func FuzzForm(f *testing.F) {
	for _, form := range []string{"payload=%7B%7D", "a=1&payload={}", "payload=[{}]", "payload=%", "payload", "&&payload=%7b+%7d&payload=1", "p%61yload={}"} {
		f.Add(form)
	}
	f.Fuzz(func(t *testing.T, form string) {
		in := openPreset(event.PresetGitHub)
		got := sendTo(t, in, http.Header{"Content-Type": {formType}}, form, noon)
		if got.Code != http.StatusAccepted {
			if got.Code != http.StatusBadRequest && got.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("%q is answered %d %s", form, got.Code, got.Body)
			}
			return
		}
		values, err := url.ParseQuery(form)
		if err != nil || strings.HasPrefix(strings.TrimLeft(values.Get("payload"), " \t\r\n"), "[") {
			return // others want more of a form, and a batch has no body of its own
		}
		if body := string(in.all()[0].Body); !slices.Contains(values["payload"], body) {
			t.Errorf("%q is accepted as %s", form, body)
		}
	})
}
