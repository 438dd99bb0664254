package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"dispatch/playground"
)

var hookURL = regexp.MustCompile(`http://[^\s/]+/hooks/\w+`)

// source makes a source for any service and gives its URL.
func (w *world) source(options map[string]any) string {
	w.t.Helper()
	said := fmt.Sprintf("%+v", w.run("source create", options).Message)
	url := hookURL.FindString(said)
	if url == "" {
		w.t.Fatalf("/source create gives no URL: %s", said)
	}
	return url
}

// send posts a body with headers and gives the answer.
func (w *world) send(url, body string, headers map[string]string) (status int, answer string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(within(w.t), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	rs, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rs.Body.Close() }()
	text, err := io.ReadAll(rs.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return rs.StatusCode, string(text)
}

func hmacOf(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, text)
	return mac.Sum(nil)
}

// TestAnyWebhookIn has services send as they do, each with a real secret.
func TestAnyWebhookIn(t *testing.T) {
	const secret = "whsec_of_the_service"
	now := fmt.Sprint(time.Now().Unix())
	const (
		push   = `{"ref":"refs/heads/main","compare":"https://github.com/acme/shop/compare/a...b","repository":{"full_name":"acme/shop","html_url":"https://github.com/acme/shop"},"sender":{"login":"octocat"},"pusher":{"name":"octocat"},"commits":[{"id":"0123456789abcdef","message":"Fix the till","url":"https://github.com/acme/shop/commit/0123456","author":{"name":"Octo Cat"}}]}`
		paid   = `{"id":"evt_1","type":"invoice.paid","data":{"object":{"number":"INV-7","amount_paid":4200}}}`
		order  = `{"id":450789469,"name":"#1001","total_price":"199.00","currency":"USD","customer":{"first_name":"Bob"}}`
		opened = `{"action":"opened","issue":{"title":"Bug report"}}`
	)
	tests := map[string]struct {
		options map[string]any
		body    string
		headers map[string]string
		want    []string
	}{
		"a GitHub push": {
			map[string]any{"preset": "github", "secret": secret},
			push,
			map[string]string{"X-GitHub-Event": "push", "X-GitHub-Delivery": "1", "X-Hub-Signature-256": "sha256=" + hex.EncodeToString(hmacOf(secret, push))},
			[]string{"acme/shop", "Fix the till"},
		},
		"a Stripe event": {
			map[string]any{"preset": "stripe", "secret": secret},
			paid,
			map[string]string{"Stripe-Signature": "t=" + now + ",v1=" + hex.EncodeToString(hmacOf(secret, now+"."+paid))},
			[]string{"INV-7", "4200"},
		},
		"a Shopify order": {
			map[string]any{"preset": "shopify", "secret": secret},
			order,
			map[string]string{"X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": base64.StdEncoding.EncodeToString(hmacOf(secret, order))},
			[]string{"#1001", "199.00"},
		},
		"the line of the seed": {
			map[string]any{"secret": secret, "event_type_path": "action"},
			opened,
			map[string]string{"X-Dispatch-Signature": "sha256=" + hex.EncodeToString(hmacOf(secret, opened))},
			[]string{"pened", "Bug report"},
		},
	}
	w := newWorld(t, playground.Options{})
	w.start()
	for name, tc := range tests {
		channel := "c" + fmt.Sprint(len(name))
		w.discord.AddChannel(w.discord.GuildID(), channel)
		tc.options["name"], tc.options["channel"] = name, channel
		url := w.source(tc.options)
		if status, answer := w.send(url, tc.body+" ", tc.headers); status != http.StatusUnauthorized {
			t.Errorf("%s, tampered: got %d %s", name, status, answer)
		}
		if status, answer := w.send(url, tc.body, tc.headers); status != accepted {
			t.Errorf("%s: got %d %s", name, status, answer)
			continue
		}
		shown := fmt.Sprintf("%+v", w.shown(channel, 1))
		for _, want := range tc.want {
			if !strings.Contains(strings.ReplaceAll(shown, `\`, ""), want) {
				t.Errorf("%s: the embed does not show %q: %s", name, want, shown)
			}
		}
	}
	w.stop()
}

// endpoint is somebody's server. It notes what it is sent.
type endpoint struct {
	*httptest.Server
	got chan delivered
}

type delivered struct {
	header http.Header
	body   []byte
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{got: make(chan delivered, 10)}
	e.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		e.got <- delivered{r.Header, body}
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) next(ctx context.Context, t *testing.T) delivered {
	t.Helper()
	select {
	case d := <-e.got:
		return d
	case <-ctx.Done():
		t.Fatal("nothing was delivered")
		return delivered{}
	}
}

// TestAnyEndpointOut forwards events to a local server: byte for byte, and reshaped.
func TestAnyEndpointOut(t *testing.T) {
	e := newEndpoint(t)
	w := newWorld(t, playground.Options{}, "DISPATCH_DELIVERY_ALLOW_PRIVATE=true")
	w.start()
	acme := w.connect("Acme", "sales")
	w.run("destination create", map[string]any{"name": "raw", "url": e.URL + "/in?token=t0k3n", "source": "Acme"})
	const body = "{\"record\" :\t{\"Id\":\"0061x00000D4eF5AAD\", \"Amount\":1.50,\"Name\":\"\\u00e9\"}}\n"
	_, answer := w.post(acme, "Opportunity.updated", body)
	id := strings.Split(answer, `"`)[3]
	got := e.next(within(t), t)
	if !bytes.Equal(got.body, []byte(body)) {
		t.Errorf("delivered %q, want %q", got.body, body)
	}
	if got.header.Get("X-Dispatch-Event-ID") != id || got.header.Get("Content-Type") != "application/json" || got.header.Get("X-Dispatch-Endpoint-ID") == "" {
		t.Errorf("headers %v", got.header)
	}
	w.run("settings set", map[string]any{"header_prefix": "acme"})
	w.fill(w.run("transform create", map[string]any{"name": "slim"}), map[string]string{"program": "{id: .record.Id}"})
	w.run("route add", map[string]any{"source": "Acme", "destination": "raw", "events": "Case.*", "transform": "slim"})
	w.post(acme, "Opportunity.updated", body)
	if got := e.next(within(t), t); got.header.Get("X-Acme-Event-ID") == "" {
		t.Errorf("headers with the guild's prefix: %v", got.header)
	}
	if log := w.log.String(); strings.Contains(log, "t0k3n") {
		t.Error("the log shows the token in an endpoint's URL")
	}
	w.stop()
}
