package webhook_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/webhook"
)

// presetSource is a source at /hooks/preset with the preset and one secret.
func presetSource(preset event.Preset, secret string) *inbox {
	in := newInbox()
	in.sources["preset"] = event.Source{
		ID: "source-preset", GuildID: "1", Auth: event.AuthSecret, State: event.Active, Preset: preset,
		Keys: []event.SigningKey{{Secret: []byte(secret)}},
	}
	return in
}

// sendTo sends the body to /hooks/preset when the clock shows now.
func sendTo(t *testing.T, in *inbox, header http.Header, body string, now time.Time) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/preset", strings.NewReader(body))
	r.Header = maps.Clone(header)
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	handler(in, silent(), func(o *webhook.Options) { o.Now = func() time.Time { return now } }).ServeHTTP(w, r)
	return w
}

// TestVectors checks each preset against a signature that its service, or else somebody who has nothing to do with
// us, has published. Some sign what is no JSON, which is not looked at before the signature is known to be right.
func TestVectors(t *testing.T) {
	const notJSON = http.StatusBadRequest
	tests := map[string]struct {
		preset event.Preset
		secret string
		at     int64 // what the clock shows, in seconds since 1970
		header http.Header
		body   string
		want   int
	}{
		"GitHub's documentation": {
			event.PresetGitHub, "It's a Secret to Everybody", 0,
			http.Header{"X-Hub-Signature-256": {"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
			"Hello, World!", notJSON,
		},
		"Slack's documentation": {
			event.PresetSlack, "8f742231b10e8888abcd99yyyzzz85a5", 1531420618,
			http.Header{
				"X-Slack-Request-Timestamp": {"1531420618"},
				"X-Slack-Signature":         {"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"},
			},
			"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&" +
				"user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
				"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
				"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
			notJSON,
		},
		"Standard Webhooks' libraries": {
			event.PresetStandard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330,
			http.Header{
				"Webhook-Id": {"msg_p5jXN8AQM9LWM0D4loKWxJek"}, "Webhook-Timestamp": {"1614265330"},
				"Webhook-Signature": {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
			},
			`{"test": 2432232314}`, http.StatusAccepted,
		},
		"the same in GitLab": {
			event.PresetGitLab, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330,
			http.Header{
				"Webhook-Id": {"msg_p5jXN8AQM9LWM0D4loKWxJek"}, "Webhook-Timestamp": {"1614265330"},
				"Webhook-Signature": {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
			},
			`{"test": 2432232314}`, http.StatusAccepted,
		},
		"Stripe, from the tests of typeclasses/stripe": {
			event.PresetStripe, "secret", 123,
			http.Header{"Stripe-Signature": {"t=123,v1=f89c0a0e96fa6304a7ebd5ecaf13bc1beb859577cd7cafb7bdbc43c3bc2f6afa"}},
			"hello", notJSON,
		},
		"Shopify, from the tests of SQLPage": {
			event.PresetShopify, "test-webhook-secret", 0,
			http.Header{"X-Shopify-Hmac-Sha256": {"QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw="}},
			`{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}`, http.StatusAccepted,
		},
		"Linear, by OpenSSL": {
			event.PresetLinear, "SECRET", 1677611643,
			http.Header{"Linear-Signature": {"caecd43cfdc141764f6c68d5776f3cb885cedcc349c1f18365606221a582090b"}},
			`{"action":"create","type":"Comment","data":{"id":"2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9"},"webhookTimestamp":1677611643000}`,
			http.StatusAccepted,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			now := time.Unix(tc.at, 0)
			if got := sendTo(t, presetSource(tc.preset, tc.secret), tc.header, tc.body, now); got.Code != tc.want {
				t.Errorf("answered %d %s, want %d", got.Code, got.Body, tc.want)
			}
			if got := sendTo(t, presetSource(tc.preset, tc.secret), tc.header, tc.body+" ", now); got.Code != http.StatusUnauthorized {
				t.Errorf("another body is answered %d %s, want 401", got.Code, got.Body)
			}
			if got := sendTo(t, presetSource(tc.preset, tc.secret+"A"), tc.header, tc.body, now); got.Code != http.StatusUnauthorized {
				t.Errorf("another secret is answered %d %s, want 401", got.Code, got.Body)
			}
		})
	}
}
