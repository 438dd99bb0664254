package webhook_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/webhook"
)

// post gives the body to the handler as a callout to the source at slug.
func post(t *testing.T, in *inbox, slug string, body []byte, header http.Header) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/"+slug, bytes.NewReader(body))
	r.Header = header
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	webhook.New(webhook.Options{MaxBody: 1 << 20}, in, in, in, in, silent()).ServeHTTP(w, r)
	return w.Code
}

// FuzzBody sends any body with any type path: it is accepted or refused, and what is accepted is right.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		`{}`, ` {"event_type":"a.b"}`, `[{},{"type":"x"}]`, `{"events":[{"a":{"b":[1,"c"]}}]}`, `{"events":[]}`, `{"events":{}}`,
		`[`, `[1]`, `"x"`, `{"a":"\ud800\u0000"}`, `{"a\u002eb":1,"a":[true,null,-0.5e+7]}`, "\xff", "\uFEFF{}", nested(300),
		`{"events":[{}],"events":1}`, `{"a":"` + strings.Repeat(`[\"`, 300) + `"}`,
	} {
		for _, path := range []string{"", "a", "a.b.1", `a\.b`, "events.0.a", "..", `\`, "#.@this|*"} {
			f.Add([]byte(body), path)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		in := newInbox()
		in.change("open", func(s *event.Source) { s.EventTypePath = path })
		status := post(t, in, "open", body, http.Header{})
		events := in.all()
		if (status == http.StatusAccepted) != (len(events) > 0) || status != http.StatusAccepted && status != http.StatusBadRequest {
			t.Fatalf("answered %d with %d events", status, len(events))
		}
		if status == http.StatusAccepted {
			if diff := cmp.Diff(singles(t, body), events, cmp.Comparer(sameBody)); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
		}
		for _, e := range events {
			if e.Type == "" || !utf8.ValidString(e.Type) || utf8.RuneCountInString(e.Type) > event.MaxType {
				t.Errorf("type is %q", e.Type)
			}
		}
	})
}

// singles are the single bodies in the body as encoding/json sees it.
func singles(t *testing.T, body []byte) []event.Event {
	t.Helper()
	var elements []json.RawMessage
	list := body
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(body, &members); err != nil {
			t.Fatalf("accepted what is no object: %v", err)
		}
		if list = members["events"]; !bytes.HasPrefix(list, []byte("[")) {
			return []event.Event{{Body: body}}
		}
	}
	if err := json.Unmarshal(list, &elements); err != nil {
		t.Fatalf("accepted what is no batch: %v", err)
	}
	events := make([]event.Event, len(elements))
	for i, element := range elements {
		events[i].Body = element
	}
	return events
}

func sameBody(a, b event.Event) bool { return bytes.Equal(a.Body, b.Body) }

// FuzzSignature sends any signature: only that of the body is good.
func FuzzSignature(f *testing.F) {
	const body = `{"a":1}`
	good := sign(secret, body)
	for _, value := range []string{
		good, "sha256=" + good, strings.ToUpper(good), "SHA256=" + good, sign(oldSecret, body), flip(good), good[1:], good + "0", "", "sha256=",
		strings.Repeat("0", 64), strings.Repeat("g", 64), "sha256= " + good, good + "\n", "ſha256=" + good,
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		digits := value
		if prefix := "sha256="; len(value) > len(prefix) && strings.ToLower(value[:len(prefix)]) == prefix {
			digits = value[len(prefix):]
		}
		want := http.StatusUnauthorized
		if _, err := hex.DecodeString(digits); err == nil && strings.ToLower(digits) == good {
			want = http.StatusAccepted
		}
		if got := post(t, newInbox(), "signed", []byte(body), http.Header{"X-Hub-Signature-256": {value}}); got != want {
			t.Errorf("%q is answered %d, want %d", value, got, want)
		}
	})
}

// FuzzPresetSignature sends any signature with any time to every preset: nothing is good for more than one secret, and
// nothing brings us down.
func FuzzPresetSignature(f *testing.F) {
	body := linearBody(noon)
	signers := map[event.Preset]signer{
		event.PresetGitHub: hub, event.PresetGitLab: gitlab, event.PresetStripe: stripe, event.PresetSlack: slack,
		event.PresetShopify: shopify, event.PresetLinear: linear, event.PresetStandard: standard,
	}
	for _, sign := range signers {
		for name, values := range sign(secret, body, noon) {
			f.Add(values[0], name)
		}
	}
	for _, value := range []string{"t=,v1=", "t=1,t=2,v1=00", ",,,", "v1,", "v1, v1,", "v0=", "sha256=", "=", "t=9223372036854775807,v1=00", "\x00"} {
		f.Add(value, "1")
	}
	f.Fuzz(func(t *testing.T, value, stamp string) {
		for preset, sign := range signers {
			header := sign(secret, body, noon)
			for name := range header {
				if strings.Contains(name, "Timestamp") {
					header[name] = []string{stamp}
				} else if name != "Webhook-Id" {
					header[name] = []string{value}
				}
			}
			switch got := sendTo(t, presetSource(preset, secret), header, body, noon); got.Code {
			case http.StatusUnauthorized:
			case http.StatusAccepted:
				if again := sendTo(t, presetSource(preset, "another"), header, body, noon); again.Code != http.StatusUnauthorized {
					t.Errorf("%s: %q at %q is good for every secret", preset, value, stamp)
				}
			default:
				t.Errorf("%s: %q at %q is answered %d %s", preset, value, stamp, got.Code, got.Body)
			}
		}
	})
}
