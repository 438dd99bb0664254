package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/locales"
	"dispatch/playground"
	"dispatch/render"
	"dispatch/salesforce"
)

const (
	callback   = "/interactions/{interaction_id}/{interaction_token}/callback"
	someHook   = "http://127.0.0.1:8090/hooks/abc"
	someSecret = "0123456789abcdef"
)

// answerOf is the request by which the bot answers with a text.
func answerOf(t *testing.T, route string, status int, body any) playground.Request {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return playground.Request{Method: http.MethodPost, Route: route, Status: status, Body: raw}
}

// told is what generate-url answers in a language.
func told(say locales.Catalog, name string) string {
	return strings.Join([]string{
		say.T("salesforce.url.done", "name", render.Escape(name)), say.T("salesforce.url.url", "url", someHook),
		say.T("salesforce.url.secret", "secret", someSecret), say.T("salesforce.url.next"),
	}, "\n")
}

// TestHostLearnsInEveryLanguage holds the sentences to what the page's drawer takes from them.
func TestHostLearnsInEveryLanguage(t *testing.T) {
	for _, tag := range locales.Tags() {
		for _, name := range []string{"Acme", "**A_c*me** \\ `x`", "@everyone", "Müller & Söhne"} {
			h := newHost("http://127.0.0.1:8090", func() {})
			h.learn(answerOf(t, callback, http.StatusNoContent, map[string]any{
				"type": 4, "data": map[string]any{"content": told(locales.For(tag), name)},
			}))
			if diff := cmp.Diff([]string{name}, h.Sources()); diff != "" {
				t.Errorf("%s: sources (-want +got):\n%s", tag, diff)
			}
			if diff := cmp.Diff(hook{someHook, someSecret}, h.known[name], cmp.AllowUnexported(hook{})); diff != "" {
				t.Errorf("%s: hook of %s (-want +got):\n%s", tag, name, diff)
			}
		}
	}
}

func TestHostLearnsOnlyFromAnswers(t *testing.T) {
	say := locales.For("en-US")
	content := map[string]any{"content": told(say, "Acme")}
	tests := map[string]struct {
		route  string
		status int
		body   any
		want   []string
	}{
		"a late answer":         {"/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", 200, content, []string{"Acme"}},
		"one that was refused":  {callback, 400, map[string]any{"data": content}, nil},
		"a message":             {"/channels/{channel_id}/messages", 200, content, nil},
		"one about else":        {callback, 204, map[string]any{"data": map[string]any{"content": "**Acme** is `fine`."}}, nil},
		"another program's URL": {callback, 204, map[string]any{"content": strings.ReplaceAll(told(say, "Acme"), "8090", "8091")}, nil},
		"nothing in bold":       {callback, 204, map[string]any{"content": strings.ReplaceAll(told(say, "Acme"), "**", "")}, nil},
		"bold without an end":   {callback, 204, map[string]any{"content": "**Acme `" + someHook + "` `" + someSecret + "`"}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			told := 0
			h := newHost("http://127.0.0.1:8090", func() { told++ })
			h.learn(answerOf(t, tc.route, tc.status, tc.body))
			if diff := cmp.Diff(tc.want, h.Sources()); diff != "" || told != len(tc.want) {
				t.Errorf("told %d times, sources (-want +got):\n%s", told, diff)
			}
		})
	}
}

func TestHostKnowsTheLastSecret(t *testing.T) {
	h := newHost("http://127.0.0.1:8090", func() {})
	for _, content := range []string{told(locales.For("en-US"), "Acme"), strings.ReplaceAll(told(locales.For("de"), "Acme"), someSecret, "new")} {
		h.learn(answerOf(t, callback, http.StatusNoContent, map[string]any{"data": map[string]any{"content": content}}))
	}
	if diff := cmp.Diff([]string{"Acme"}, h.Sources()); diff != "" || h.known["Acme"].secret != "new" {
		t.Errorf("secret %q, sources (-want +got):\n%s", h.known["Acme"].secret, diff)
	}
}

// TestCurlSendsTheSame runs the line for bodies that a shell or curl could take for something else.
func TestCurlSendsTheSame(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("the line cannot be tried without curl")
	}
	received := make(chan [3]string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received <- [3]string{r.Header.Get("X-Salesforce-Event"), r.Header.Get("X-Salesforce-Signature"), string(body)}
	}))
	defer server.Close()
	to := hook{url: server.URL + "/hooks/abc", secret: someSecret}
	for _, body := range []string{`{"Name":"O'Neill"}`, "@/etc/passwd", "{\n\t\"a\": \"$HOME `id` \\\\\"\n}\n", "ünï", ""} {
		line := to.curl("Lead.created", []byte(body))
		if out, err := exec.CommandContext(within(t), "sh", "-c", strings.Replace(line, "curl", curl+" -sS", 1)).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		if diff := cmp.Diff([3]string{"Lead.created", to.sign([]byte(body)), body}, <-received); diff != "" {
			t.Errorf("%s sent (-want +got):\n%s", line, diff)
		}
	}
}

func TestHostHasASampleOfEveryEvent(t *testing.T) {
	types, names := map[string]bool{}, map[string]bool{}
	for _, s := range (&host{}).Samples() {
		if names[s.Name] || !json.Valid(s.Body) {
			t.Errorf("sample %s: %s", s.Name, s.Body)
		}
		types[s.Type], names[s.Name] = true, true
	}
	for _, eventType := range salesforce.Catalogue() {
		if !types[eventType] {
			t.Errorf("there is no sample of %s", eventType)
		}
	}
}

// TestGalleryIsWhatDiscordTakes posts every embed of every language to the local Discord.
func TestGalleryIsWhatDiscordTakes(t *testing.T) {
	discord := playground.New(playground.Options{Unlimited: true})
	observe(t, discord)
	path := "/api/v10/channels/" + discord.ChannelID("sales") + "/messages"
	for _, tag := range locales.Tags() {
		drawn := (&host{}).Gallery(tag)
		if len(drawn) != len(samples()) {
			t.Errorf("%s: %d embeds of %d samples", tag, len(drawn), len(samples()))
		}
		for _, d := range drawn {
			body := `{"embeds":[` + string(d.Embed) + `]}`
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
			request.Header.Set("Authorization", "Bot "+discord.Token())
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
			answer := httptest.NewRecorder()
			discord.Handler().ServeHTTP(answer, request)
			if answer.Code != http.StatusOK {
				t.Errorf("%s: %s was answered %d %s", tag, d.Name, answer.Code, answer.Body)
			}
		}
	}
}
