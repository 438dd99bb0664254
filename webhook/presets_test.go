package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

// signer is what a service does to a body at a time.
type signer func(secret, body string, at time.Time) http.Header

func hub(secret, body string, _ time.Time) http.Header {
	return http.Header{"X-Hub-Signature-256": {"sha256=" + sign(secret, body)}}
}

func dispatches(secret, body string, _ time.Time) http.Header {
	return http.Header{"X-Dispatch-Signature": {sign(secret, body)}}
}

func gitlab(secret, _ string, _ time.Time) http.Header {
	return http.Header{"X-Gitlab-Token": {secret}}
}

func stripe(secret, body string, at time.Time) http.Header {
	stamp := fmt.Sprint(at.Unix())
	return http.Header{"Stripe-Signature": {"t=" + stamp + ",v1=" + sign(secret, stamp+"."+body)}}
}

func slack(secret, body string, at time.Time) http.Header {
	stamp := fmt.Sprint(at.Unix())
	return http.Header{
		"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {"v0=" + sign(secret, "v0:"+stamp+":"+body)},
	}
}

func shopify(secret, body string, _ time.Time) http.Header {
	return http.Header{"X-Shopify-Hmac-Sha256": {inBase64([]byte(secret), body)}}
}

func linear(secret, body string, _ time.Time) http.Header {
	return http.Header{"Linear-Signature": {sign(secret, body)}}
}

func standard(secret, body string, at time.Time) http.Header {
	stamp := fmt.Sprint(at.Unix())
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		key = []byte(secret)
	}
	return http.Header{
		"Webhook-Id": {"msg_1"}, "Webhook-Timestamp": {stamp},
		"Webhook-Signature": {"v1," + inBase64(key, "msg_1."+stamp+"."+body)},
	}
}

func inBase64(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// linearBody is one that was signed at the time.
func linearBody(at time.Time) string { return fmt.Sprintf(`{"webhookTimestamp":%d}`, at.UnixMilli()) }

// TestPresetTolerance moves the time of the signature before and after that of the clock.
func TestPresetTolerance(t *testing.T) {
	tests := map[event.Preset]struct {
		sign   signer
		within time.Duration // 0: for ever
	}{
		event.PresetGitHub:   {hub, 0},
		event.PresetGitLab:   {gitlab, 0},
		event.PresetStripe:   {stripe, 300 * time.Second},
		event.PresetSlack:    {slack, 300 * time.Second},
		event.PresetShopify:  {shopify, 0},
		event.PresetLinear:   {linear, 60 * time.Second},
		event.PresetStandard: {standard, 300 * time.Second},
	}
	for _, preset := range event.Presets() {
		tc := tests[preset]
		for _, off := range []time.Duration{0, tc.within, -tc.within, tc.within + time.Second, -tc.within - time.Second, 24 * 365 * time.Hour} {
			t.Run(fmt.Sprint(preset, " ", off), func(t *testing.T) {
				body := linearBody(noon.Add(off))
				want := http.StatusAccepted
				if tc.within > 0 && off.Abs() > tc.within {
					want = http.StatusUnauthorized
				}
				header := tc.sign(secret, body, noon.Add(off))
				if got := sendTo(t, presetSource(preset, secret), header, body, noon); got.Code != want {
					t.Errorf("answered %d %s, want %d", got.Code, got.Body, want)
				}
			})
		}
	}
}

// with are the headers that the signer gives, changed by pairs of a name and a value; "" takes a header away.
func with(s signer, pairs ...string) http.Header {
	header := s(secret, linearBody(noon), noon)
	for i := 0; i < len(pairs); i += 2 {
		if header.Del(pairs[i]); pairs[i+1] != "" {
			header[pairs[i]] = strings.Split(pairs[i+1], "|")
		}
	}
	return header
}

func TestPresetAuthentication(t *testing.T) {
	key := []string{"Authorization", "Bearer " + apiKey}
	body := linearBody(noon)
	stripes, standards := stripe(secret, body, noon).Get("Stripe-Signature"), standard(secret, body, noon).Get("Webhook-Signature")
	stamp, _, _ := strings.Cut(stripes, ",")
	tests := map[string]struct {
		preset event.Preset
		header http.Header
		change func(*event.Source)
		want   int
	}{
		"our own scheme":            {event.PresetGitHub, with(dispatches), nil, 401},
		"another service's":         {event.PresetGitHub, with(stripe), nil, 401},
		"key instead":               {event.PresetGitHub, with(dispatches, key...), nil, 202},
		"wrong beats key":           {event.PresetGitHub, with(hub, append(key, "X-Hub-Signature-256", "sha256=00")...), nil, 401},
		"nothing":                   {event.PresetStripe, http.Header{}, nil, 401},
		"without secret yet":        {event.PresetGitHub, hub("", body, noon), func(s *event.Source) { s.Keys = nil }, 401},
		"empty secret":              {event.PresetGitHub, hub("", body, noon), func(s *event.Source) { s.Keys[0].Secret = nil }, 401},
		"expired":                   {event.PresetGitHub, with(hub), func(s *event.Source) { s.Keys[0].ExpiresAt = noon }, 401},
		"old secret":                {event.PresetStripe, with(stripe), func(s *event.Source) { s.Keys = append([]event.SigningKey{{Secret: []byte("new")}}, s.Keys...) }, 202},
		"made for keys":             {event.PresetGitHub, with(hub), func(s *event.Source) { s.Auth = event.AuthAPIKey }, 401},
		"open":                      {event.PresetGitHub, http.Header{}, func(s *event.Source) { s.Auth = event.AuthNone }, 202},
		"unheard of":                {"myspace", with(dispatches), nil, 401},
		"unheard of, key":           {"myspace", http.Header{"Authorization": {key[1]}}, nil, 202},
		"github twice":              {event.PresetGitHub, with(hub, "X-Hub-Signature-256", sign(secret, body)+"|"+sign(secret, body)), nil, 401},
		"github, sha1":              {event.PresetGitHub, with(hub, "X-Hub-Signature-256", "sha1="+sign(secret, body)), nil, 401},
		"gitlab, wrong":             {event.PresetGitLab, with(gitlab, "X-Gitlab-Token", secret+"x"), nil, 401},
		"gitlab, shorter":           {event.PresetGitLab, with(gitlab, "X-Gitlab-Token", secret[1:]), nil, 401},
		"gitlab, hash of the token": {event.PresetGitLab, with(gitlab, "X-Gitlab-Token", sign("", secret)), nil, 401},
		"gitlab, bad signature":     {event.PresetGitLab, with(gitlab, "Webhook-Signature", "v1,AAAA"), nil, 401},
		"stripe, several":           {event.PresetStripe, with(stripe, "Stripe-Signature", stamp+",v1="+sign("x", body)+",v1=zz,"+stripes[len(stamp)+1:]+",v0=00"), nil, 202},
		"stripe, spaces":            {event.PresetStripe, with(stripe, "Stripe-Signature", strings.ReplaceAll(stripes, ",", ", ")), nil, 202},
		"stripe, v0 only":           {event.PresetStripe, with(stripe, "Stripe-Signature", strings.ReplaceAll(stripes, "v1", "v0")), nil, 401},
		"stripe, no time":           {event.PresetStripe, with(stripe, "Stripe-Signature", "v1="+sign(secret, "."+body)), nil, 401},
		"stripe, time only":         {event.PresetStripe, with(stripe, "Stripe-Signature", stamp), nil, 401},
		"stripe, no signature":      {event.PresetStripe, with(stripe, "Stripe-Signature", stamp+",v1="), nil, 401},
		"stripe, time in words":     {event.PresetStripe, with(stripe, "Stripe-Signature", "t=noon,v1="+sign(secret, "noon."+body)), nil, 401},
		"slack, no version":         {event.PresetSlack, with(slack, "X-Slack-Signature", strings.TrimPrefix(with(slack).Get("X-Slack-Signature"), "v0=")), nil, 401},
		"slack, no time":            {event.PresetSlack, with(slack, "X-Slack-Request-Timestamp", ""), nil, 401},
		"slack, two times":          {event.PresetSlack, with(slack, "X-Slack-Request-Timestamp", "1|1"), nil, 401},
		"slack, another time":       {event.PresetSlack, with(slack, "X-Slack-Request-Timestamp", fmt.Sprint(noon.Unix()+1)), nil, 401},
		"shopify, hex":              {event.PresetShopify, with(shopify, "X-Shopify-Hmac-Sha256", sign(secret, body)), nil, 401},
		"shopify, no base64":        {event.PresetShopify, with(shopify, "X-Shopify-Hmac-Sha256", "?"), nil, 401},
		"shopify, empty":            {event.PresetShopify, with(shopify, "X-Shopify-Hmac-Sha256", " "), nil, 401},
		"standard, several":         {event.PresetStandard, with(standard, "Webhook-Signature", "v1a,AAAA v1,AAAA v1,? "+standards), nil, 202},
		"standard, v1a only":        {event.PresetStandard, with(standard, "Webhook-Signature", strings.Replace(standards, "v1", "v1a", 1)), nil, 401},
		"standard, empty":           {event.PresetStandard, with(standard, "Webhook-Signature", "v1,"), nil, 401},
		"standard, no id":           {event.PresetStandard, with(standard, "Webhook-Id", ""), nil, 401},
		"standard, two ids":         {event.PresetStandard, with(standard, "Webhook-Id", "msg_1|msg_1"), nil, 401},
		"standard, another id":      {event.PresetStandard, with(standard, "Webhook-Id", "msg_2"), nil, 401},
		"standard, no time":         {event.PresetStandard, with(standard, "Webhook-Timestamp", ""), nil, 401},
		"standard, hollow secret": {
			event.PresetStandard, standard("whsec_", body, noon), func(s *event.Source) { s.Keys[0].Secret = []byte("whsec_") }, 401,
		},
		"standard, hollow secret, empty": {
			event.PresetStandard, with(standard, "Webhook-Signature", "v1,"), func(s *event.Source) { s.Keys[0].Secret = []byte("whsec_") }, 401,
		},
	}
	refused := call{header: map[string]string{"X-Salesforce-Signature": "-"}}.serve(t, handler(newInbox(), silent()))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := presetSource(tc.preset, secret)
			if tc.change != nil {
				in.change("preset", tc.change)
			}
			got := sendTo(t, in, tc.header, body, noon)
			if got.Code != tc.want {
				t.Fatalf("answered %d %s, want %d", got.Code, got.Body, tc.want)
			}
			if diff := cmp.Diff(refused.body, got.Body.String()); diff != "" && tc.want == http.StatusUnauthorized {
				t.Errorf("not what a missing signature gets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinearSaysWhen(t *testing.T) {
	at := fmt.Sprint(noon.UnixMilli())
	for body, want := range map[string]int{
		`{}`:                                401,
		`{"webhookTimestamp":"` + at + `"}`: 401,
		`{"webhookTimestamp":null}`:         401,
		`{"data":{"webhookTimestamp":` + at + `}}`:                      401,
		`{"data":{"webhookTimestamp":1},"webhookTimestamp":` + at + `}`: 202,
	} {
		t.Run(body, func(t *testing.T) {
			if got := sendTo(t, presetSource(event.PresetLinear, secret), linear(secret, body, noon), body, noon); got.Code != want {
				t.Errorf("answered %d %s, want %d", got.Code, got.Body, want)
			}
		})
	}
}
