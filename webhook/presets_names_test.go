package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

// openPreset is a source at /hooks/preset with the preset that takes everything.
func openPreset(preset event.Preset) *inbox {
	in := presetSource(preset, secret)
	in.change("preset", func(s *event.Source) { s.Auth = event.AuthNone })
	return in
}

// named is what an event is called, and the key it is known by.
type named struct{ Type, Key string }

func TestPresetNames(t *testing.T) {
	tests := map[string]struct {
		preset event.Preset
		header http.Header
		body   string
		want   named
	}{
		"github":            {event.PresetGitHub, http.Header{"X-Github-Event": {"push"}, "X-Github-Delivery": {"d"}}, `{"ref":"x"}`, named{"push", "d"}},
		"github, action":    {event.PresetGitHub, http.Header{"X-Github-Event": {"issues"}}, `{"action":"opened"}`, named{"issues.opened", ""}},
		"github, no string": {event.PresetGitHub, http.Header{"X-Github-Event": {"issues"}}, `{"action":1}`, named{"issues", ""}},
		"github, ping":      {event.PresetGitHub, http.Header{"X-Github-Event": {"ping"}}, `{"zen":"x","hook":{"events":["*"]}}`, named{"ping", ""}},
		"github, not its":   {event.PresetGitHub, http.Header{"X-Event-Type": {"a"}}, `{"action":"opened"}`, named{"a", ""}},
		"github, both": {
			event.PresetGitHub,
			http.Header{"X-Salesforce-Event": {"a"}, "X-Github-Event": {"b"}, "Idempotency-Key": {"c"}, "X-Github-Delivery": {"d"}},
			`{}`,
			named{"b", "d"},
		},
		"no preset": {
			"", http.Header{"X-Github-Event": {"issues"}, "X-Github-Delivery": {"d"}, "X-Shopify-Topic": {"t"}}, `{"action":"opened"}`, named{"issues", ""},
		},
		"gitlab": {
			event.PresetGitLab,
			http.Header{"X-Gitlab-Event": {"Push Hook"}, "X-Gitlab-Event-Uuid": {"u"}, "Idempotency-Key": {"i"}},
			`{"object_kind":"push"}`,
			named{"Push Hook", "i"},
		},
		"gitlab, older":     {event.PresetGitLab, http.Header{"X-Gitlab-Event": {"Note Hook"}, "X-Gitlab-Event-Uuid": {"u"}}, `{}`, named{"Note Hook", "u"}},
		"stripe":            {event.PresetStripe, nil, `{"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1"}}}`, named{"invoice.paid", "evt_1"}},
		"stripe, no string": {event.PresetStripe, nil, `{"id":1,"type":"invoice.paid"}`, named{"invoice.paid", ""}},
		"slack": {
			event.PresetSlack,
			http.Header{"X-Slack-Retry-Num": {"1"}},
			`{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}`,
			named{"app_mention", "Ev1"},
		},
		"slack, no event":                   {event.PresetSlack, nil, `{"type":"app_rate_limited","team_id":"T"}`, named{"app_rate_limited", ""}},
		"slack, greeting without challenge": {event.PresetSlack, nil, `{"type":"url_verification"}`, named{"url_verification", ""}},
		"shopify": {
			event.PresetShopify,
			http.Header{"X-Shopify-Topic": {"orders/create"}, "X-Shopify-Webhook-Id": {"w"}, "X-Shopify-Event-Id": {"e"}},
			`{"id":1}`,
			named{"orders/create", "w"},
		},
		"shopify, event only": {event.PresetShopify, http.Header{"X-Shopify-Topic": {"orders/paid"}, "X-Shopify-Event-Id": {"e"}}, `{}`, named{"orders/paid", "e"}},
		"linear": {
			event.PresetLinear, http.Header{"Linear-Delivery": {"l"}, "Linear-Event": {"Issue"}}, `{"action":"create","type":"Issue"}`, named{"Issue.create", "l"},
		},
		"linear, no action": {event.PresetLinear, nil, `{"type":"Issue"}`, named{"Issue", ""}},
		"linear, no type":   {event.PresetLinear, nil, `{"action":"create","event":"e"}`, named{"e", ""}},
		"standard": {
			event.PresetStandard, http.Header{"Webhook-Id": {"msg_1"}, "Idempotency-Key": {"i"}}, `{"type":"contact.created"}`, named{"contact.created", "msg_1"},
		},
		"standard, no type": {event.PresetStandard, nil, `{"event":"e"}`, named{"e", ""}},
		"nobody's":          {"myspace", http.Header{"Idempotency-Key": {"i"}}, `{"type":"t"}`, named{"t", "i"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := openPreset(tc.preset)
			header := http.Header{"User-Agent": {"x"}}
			for name, values := range tc.header {
				header[name] = values
			}
			if got := sendTo(t, in, header, tc.body, noon); got.Code != http.StatusAccepted {
				t.Fatalf("answered %d %s", got.Code, got.Body)
			}
			e := in.all()[0]
			if diff := cmp.Diff(tc.want, named{e.Type, e.IdempotencyKey}); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// An event type path counts where the service itself gives no name.
func TestPresetBeatsPath(t *testing.T) {
	for body, want := range map[string]string{
		`{"type":"invoice.paid","kind":"k"}`: "invoice.paid",
		`{"kind":"k","event":"e"}`:           "k",
	} {
		in := openPreset(event.PresetStripe)
		in.change("preset", func(s *event.Source) { s.EventTypePath = "kind" })
		sendTo(t, in, http.Header{}, body, noon)
		if got := in.all()[0].Type; got != want {
			t.Errorf("%s is a %q, want %q", body, got, want)
		}
	}
}

func TestPresetNamesAreChecked(t *testing.T) {
	tests := map[string]struct {
		preset event.Preset
		header http.Header
		body   string
		detail string
	}{
		"together too long": {event.PresetGitHub, http.Header{"X-Github-Event": {"a"}}, `{"action":"` + long(127) + `"}`, "type has more than 128"},
		"unprintable":       {event.PresetStripe, http.Header{}, `{"type":"a\u0000"}`, "type has control"},
		"key too long":      {event.PresetStripe, http.Header{}, `{"id":"` + long(256) + `"}`, "key has more than 255"},
		"key in a header":   {event.PresetGitHub, http.Header{"X-Github-Delivery": {long(256)}}, `{}`, "key has more than 255"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := sendTo(t, openPreset(tc.preset), tc.header, tc.body, noon)
			if got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), tc.detail) {
				t.Errorf("answered %d %s, want 400 with %q", got.Code, got.Body, tc.detail)
			}
		})
	}
}

// What a service sends again is known by the key that it had the first time. To it, an answer that is no success is a
// failure, and some give up after a few.
func TestPresetRetries(t *testing.T) {
	const body = `{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}`
	in := presetSource(event.PresetSlack, secret)
	first := sendTo(t, in, slack(secret, body, noon), body, noon)
	again := slack(secret, body, noon)
	again.Set("X-Slack-Retry-Num", "1")
	second := sendTo(t, in, again, body, noon)
	if first.Code != http.StatusAccepted || second.Code != http.StatusAccepted || len(in.all()) != 1 {
		t.Errorf("answered %d, then %d, and accepted %d", first.Code, second.Code, len(in.all()))
	}
	if !strings.Contains(second.Body.String(), nth(0).String()) {
		t.Errorf("the second answer does not name the first event: %s", second.Body)
	}
}

func TestSlackChallenge(t *testing.T) {
	const body = `{"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}`
	in := presetSource(event.PresetSlack, secret)
	got := sendTo(t, in, slack(secret, body, noon), body, noon)
	if got.Code != http.StatusOK || got.Body.String() != "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" {
		t.Errorf("answered %d %s", got.Code, got.Body)
	}
	want := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}}
	if diff := cmp.Diff(want, got.Header()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if got := sendTo(t, in, slack("x", body, noon), body, noon); got.Code != http.StatusUnauthorized {
		t.Errorf("one that is not Slack's is answered %d %s", got.Code, got.Body)
	}
	if len(in.all()) != 0 {
		t.Errorf("the challenge was taken for an event: %v", in.all())
	}
	if sendTo(t, openPreset(event.PresetStripe), http.Header{}, body, noon); len(in.all()) != 0 {
		t.Error("another service's challenge was answered")
	}
}
