package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dispatch/playground"
)

// TestNoSecretIsLeftAnywhere goes through a day in the life of a source at debug level, with failures, and looks
// for every secret in all that the process has written, answered and shown.
func TestNoSecretIsLeftAnywhere(t *testing.T) {
	const admin = "admin-token-that-nobody-may-see"
	w := newWorld(t, playground.Options{}, "DISPATCH_HTTP_ADMIN_TOKEN="+admin)
	w.start()
	first := w.connect("Acme", "sales")
	second := w.replaceSecret("Acme")
	secrets := map[string]string{
		"bot token": w.discord.Token(), "first signing secret": first.secret, "second signing secret": second.secret,
		"admin token": admin, "API key": "dsp_not-a-key-but-nobody-may-see-it",
	}
	answers := []string{
		w.postAs(second.url, "X-Salesforce-Signature", first.sign([]byte("{}"))), // dead since the second
		w.postAs(second.url, "Authorization", "Bearer "+secrets["API key"]),
	}
	w.discord.FailNext("POST /channels/{channel_id}/messages", http.StatusServiceUnavailable, 130000, 1) // overloaded
	w.post(second, "Opportunity.created", `{"record":{"Name":"fails at first"}}`)
	_, accepted := w.post(second, "Opportunity.created", `{"record":{"Name":"accepted"}}`)
	answers = append(answers, accepted)
	w.titles("sales", 1)
	w.run("salesforce status", map[string]any{"source": "Acme"})
	w.kill() // the WAL is there still

	places := w.files()
	key := strings.TrimSpace(string(places["dispatch.db.key"]))
	if raw, err := base64.StdEncoding.DecodeString(key); err != nil || len(raw) != 32 {
		t.Fatalf("the storage key is not where it should be: %v", err)
	}
	secrets["storage key"] = key
	delete(places, "dispatch.db.key")
	places["log"] = []byte(w.log.String())
	places["answers"] = []byte(strings.Join(answers, "\n"))
	places["page"] = w.page()
	for place, content := range places {
		for name, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("the %s is in %s", name, place)
			}
		}
	}
	if !bytes.Contains(places["log"], []byte("delivery failed")) {
		t.Error("the log does not tell of the failed delivery, so there was little to look through")
	}
}

// replaceSecret generates anew, which is asked about first.
func (w *world) replaceSecret(source string) hook {
	w.t.Helper()
	question := w.run("salesforce generate-url", map[string]any{"source": source})
	confirm := question.Message.Components[0].Components[0]
	reply, err := w.discord.Press(within(w.t), playground.Admin, question.Message, confirm.CustomID)
	if err != nil {
		w.t.Fatalf("press %s: %v\n%s", confirm.Label, err, w.log)
	}
	found, err := readHook(reply.Message.Content)
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// postAs posts an empty object with one header and gives the whole answer.
func (w *world) postAs(url, header, value string) string {
	w.t.Helper()
	request, err := http.NewRequestWithContext(within(w.t), http.MethodPost, url, strings.NewReader("{}"))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(header, value)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusUnauthorized {
		w.t.Errorf("%s: got %s, want 401", header, answer.Status)
	}
	var text strings.Builder
	if err := answer.Write(&text); err != nil {
		w.t.Fatal(err)
	}
	return text.String()
}

// page is what the playground's page is told: its state, with every message that members see.
func (w *world) page() []byte {
	w.t.Helper()
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "http://localhost/api/page/state", nil)
	w.discord.Handler().ServeHTTP(recorder, request)
	if !json.Valid(recorder.Body.Bytes()) {
		w.t.Fatalf("the page's state is no JSON: %s", recorder.Body)
	}
	return recorder.Body.Bytes()
}
