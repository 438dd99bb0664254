package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// example is the preferences object of the document.
const example = `{"enabled":true,"smsEnabled":false,"mcInstanceId":"mc-a1b2c3d4e5f6g7h8i9j0k1l2m3","messageId":"MTExOjExOjE",` +
	`"clientId":"a1b2c3d4e5f6g7h8i9j0k1l2","clientSecret":"aBcDeFgHiJkLmNoPqRsTuVwX","messageKeyword":"COMPANYNAME","override":false,` +
	`"messageBody":"","downloadUrl":"","allowLongTexts":false,"maxRetries":5,"requirePhoneNumberConfirmation":false,` +
	`"prefixPhoneNumber":"","optInByDefault":false}`

// settings asks for /salesforce-settings.
func (w *world) settings(method, bearer, body string) (status int, answer string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(within(w.t), method, "http://"+w.addr+"/salesforce-settings", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set("Content-Type", "application/json")
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

// fickle refuses the first request, and notes all.
func fickle(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{got: make(chan delivered, 10)}
	refused := false
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if !refused {
			refused = true
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		e.got <- delivered{r.Header, body}
	}))
	t.Cleanup(e.Close)
	return e
}

type settingsEvent struct {
	AttemptID string          `json:"attemptId"`
	Created   int64           `json:"created"`
	Data      json.RawMessage `json:"data"`
	Event     string          `json:"event"`
	ID        string          `json:"id"`
	Livemode  bool            `json:"livemode"`
}

func (e *endpoint) settings(ctx context.Context, t *testing.T) settingsEvent {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(e.next(ctx, t).body))
	decoder.DisallowUnknownFields()
	var told settingsEvent
	if err := decoder.Decode(&told); err != nil {
		t.Fatal(err)
	}
	return told
}

// TestSalesforceSettingsWebhooks follows the document: what is put is stored, told to every subscriber in the
// envelope that it describes, and shown in a channel without its secrets.
func TestSalesforceSettingsWebhooks(t *testing.T) {
	w := newWorld(t, playground.Options{}, "DISPATCH_DELIVERY_ALLOW_PRIVATE=true", "DISPATCH_DELIVERY_BACKOFF=50ms")
	w.start()
	key := w.apiKey()
	w.start()
	steady, retried := newEndpoint(t), fickle(t)
	w.run("route add", map[string]any{"source": "settings", "channel": "sales"})
	w.run("destination create", map[string]any{"name": "steady", "url": steady.URL, "source": "settings"})
	w.run("destination create", map[string]any{"name": "retried", "url": retried.URL, "source": "settings"})

	masked := strings.Replace(example, "aBcDeFgHiJkLmNoPqRsTuVwX", "********", 1)
	began := time.Now().Unix()
	for _, put := range []string{example, example, masked} { // only the first changes anything
		if status, answer := w.settings(http.MethodPut, key, put); status != http.StatusOK || answer != masked {
			t.Fatalf("PUT: got %d %s\n%s", status, answer, w.log)
		}
	}
	if status, answer := w.settings(http.MethodGet, key, ""); status != http.StatusOK || answer != masked {
		t.Errorf("GET: got %d %s", status, answer)
	}

	ctx := within(t)
	first, failed, again := steady.settings(ctx, t), retried.settings(ctx, t), retried.settings(ctx, t)
	if diff := cmp.Diff(example, string(first.Data)); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
	if first.Event != "salesforcesettings.updated" || !first.Livemode || first.Created < began || first.Created > time.Now().Unix() {
		t.Errorf("told %s, live %t, created %d", first.Event, first.Livemode, first.Created)
	}
	if first.ID == "" || failed.ID != first.ID || again.ID != first.ID {
		t.Errorf("ids %s, %s, %s are not the same", first.ID, failed.ID, again.ID)
	}
	attempts := map[string]bool{first.AttemptID: true, failed.AttemptID: true, again.AttemptID: true}
	if delete(attempts, ""); len(attempts) != 3 {
		t.Errorf("attempts %v, want three", attempts)
	}
	shown := w.shown("sales", 1)
	said, err := json.Marshal(shown)
	if err != nil || shown.Title != "Salesforce SMS settings changed" || !strings.Contains(shown.Description, "tests") || len(shown.Fields) != 7 {
		t.Errorf("shown: %s, %v", said, err)
	}

	wrapped := `{"providerId":"p1","apiKey":"kEy-oF-pRoViDeR","data":` + masked + `}`
	if status, answer := w.settings(http.MethodPut, key, wrapped); status != http.StatusOK || strings.Contains(answer, "kEy-oF") {
		t.Errorf("PUT wrapped: got %d %s", status, answer)
	}
	want := `{"providerId":"p1","apiKey":"kEy-oF-pRoViDeR","data":` + example + `}`
	if diff := cmp.Diff(want, string(steady.settings(ctx, t).Data)); diff != "" {
		t.Errorf("data of what was wrapped (-want +got):\n%s", diff)
	}
	if status, answer := w.settings(http.MethodPut, key, `{"maxRetries":-1,"smsenabled":true}`); status != http.StatusBadRequest ||
		!strings.Contains(answer, "maxRetries") || !strings.Contains(answer, "smsenabled") {
		t.Errorf("mistakes: got %d %s", status, answer)
	}
	last, err := json.Marshal(w.shown("sales", 2))
	if err != nil {
		t.Fatal(err)
	}
	w.stop()
	places := w.files()
	places["log"], places["first embed"], places["second embed"] = []byte(w.log.String()), said, last
	for place, content := range places {
		for _, secret := range []string{"aBcDeFgHiJkLmNoPqRsTuVwX", "kEy-oF-pRoViDeR"} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%q is in %s", secret, place)
			}
		}
	}
}
