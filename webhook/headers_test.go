package webhook_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeadersKept(t *testing.T) {
	many := make(map[string]string)
	for i := range 50 {
		many[fmt.Sprintf("A-%02d", i)] = "x"
	}
	tests := map[string]struct {
		header map[string]string
		want   string
	}{
		"none": {map[string]string{"Content-Type": "application/json", "User-Agent": ""}, `{"content-type":"application/json"}`},
		"by name": {
			map[string]string{"X-GitHub-Event": "push", "X-GitHub-Delivery": "1", "Accept-Encoding": "br", "X-Forwarded-For": "::1", "Referer": "https://x/?token=1"},
			`{"content-type":"application/json","x-github-delivery":"1","x-github-event":"push"}`,
		},
		"secrets": {
			map[string]string{
				"Authorization": "x", "Proxy-Authorization": "x", "Cookie": "x", "X-Auth": "x", "X-Api-Key": "x", "Apikey": "x",
				"X-Gitlab-Token": "x", "X-Hub-Signature": "x", "Paypal-Transmission-Sig": "x", "X-Shopify-Hmac-Sha256": "x",
				"Stripe-Signature": "x", "X-Slack-Signature": "x", "Linear-Signature": "x", "Webhook-Signature": "x",
				"X-Client-Secret": "x", "X-Password": "x", "X-Goog-Iap-Jwt-Assertion": "x", "X-Session": "x", "X-Credential": "x",
				"Idempotency-Key": "x", "X-Dispatch-Idempotency-Key": "x",
			},
			`{"content-type":"application/json"}`,
		},
		"escaped":  {map[string]string{"X-A": `"\é` + "\xff\t<"}, `{"content-type":"application/json","x-a":"\"\\é\ufffd\t<"}`},
		"too many": {many, `{` + strings.TrimSuffix(first(32), ",") + `}`},
		"too long": {map[string]string{"A": strings.Repeat("x", 5000), "B": "y"}, `{"b":"y","content-type":"application/json"}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			in := newInbox()
			if _, set := tc.header["User-Agent"]; !set {
				tc.header["User-Agent"] = ""
			}
			if got := (call{header: tc.header}).send(t, start(t, handler(in, silent()))); got.status != 202 {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			var got, want map[string]string
			if err := json.Unmarshal(in.all()[0].Headers, &got); err != nil {
				t.Fatalf("headers %s: %v", in.all()[0].Headers, err)
			}
			if err := json.Unmarshal([]byte(tc.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// first are the first n of the headers and so on, as JSON members.
func first(n int) string {
	var members strings.Builder
	for i := range n {
		fmt.Fprintf(&members, `"a-%02d":"x",`, i)
	}
	return members.String()
}
