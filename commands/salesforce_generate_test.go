package commands_test

import (
	"archive/zip"
	"context"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/commands"
	"dispatch/event"
	"dispatch/storage"
)

var codeSpan = regexp.MustCompile("`([^`]*)`")

// shown are the URL and the secret of an answer, which stand alone in its code spans.
func shown(t *testing.T, a answer) (url, secret string) {
	t.Helper()
	spans := codeSpan.FindAllStringSubmatch(a.Body.Content, -1)
	if len(spans) != 2 {
		t.Fatalf("%d code spans, want URL and secret: %s", len(spans), a.Body.Content)
	}
	return spans[0][1], spans[1][1]
}

// packageOf is all that is in the package that comes with an answer.
func packageOf(t *testing.T, a answer) string {
	t.Helper()
	const name = "dispatch-acme-production.zip"
	archive, err := zip.NewReader(strings.NewReader(a.Files[name]), int64(len(a.Files[name])))
	if err != nil || len(a.Files) != 1 {
		t.Fatalf("%d files, no package: %v", len(a.Files), err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func sourceOf(t *testing.T, db *storage.DB, name string) event.Source {
	t.Helper()
	s, err := db.Source(t.Context(), guildID, name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// secretsOf are the source's, and when each expires.
func secretsOf(s event.Source) map[string]time.Time {
	secrets := map[string]time.Time{}
	for _, k := range s.Keys {
		secrets[string(k.Secret)] = k.ExpiresAt
	}
	return secrets
}

func TestGenerateURL(t *testing.T) {
	b, db := open(t)
	made := connect(t, db, "Acme Production", event.AuthSecret)
	got := b.answered("generate_url")
	url, secret := shown(t, got)
	if want := publicURL + "/hooks/" + made.Slug; url != want {
		t.Errorf("URL = %q, want %q", url, want)
	}
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(secret) {
		t.Errorf("secret = %q, want 32 random bytes as one word", secret)
	}
	if diff := cmp.Diff(map[string]time.Time{secret: {}}, secretsOf(sourceOf(t, db, "Acme Production"))); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	pack := packageOf(t, got)
	for _, part := range []string{">" + url + "<", ">" + secret + "<", " on Opportunity (before insert,", " on Case (before insert,"} {
		if !strings.Contains(pack, part) {
			t.Errorf("the package lacks %q", part)
		}
	}
	if strings.Contains(b.log.String(), secret) {
		t.Error("the secret is in the log")
	}
	golden(t, "generate_url", got, made.Slug, "SLUG", secret, "SECRET")
}

func TestGenerateURLAgain(t *testing.T) {
	tests := map[string]struct {
		edits []edit
		keep  time.Duration // how long the old secret lives on
	}{
		"generate_url_replace":    {nil, 0},
		"generate_url_keep":       {[]edit{set("keep_old", 24), set("objects", "Lead, Invoice__c")}, 24 * time.Hour},
		"generate_url_keep_short": {[]edit{set("keep_old", 1)}, time.Hour},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			made := connect(t, db, "Acme Production", event.AuthSecret)
			_, old := shown(t, b.answered("generate_url"))
			asked := b.answered("generate_url", tc.edits...)
			if diff := cmp.Diff(map[string]time.Time{old: {}}, secretsOf(sourceOf(t, db, made.Name))); diff != "" {
				t.Errorf("secrets before anybody said yes (-want +got):\n%s", diff)
			}
			yes := asked.button("Replace the secret")
			golden(t, name, asked, strings.TrimPrefix(yes, "/confirm/"), "QUESTION")

			got := b.press(yes)
			_, secret := shown(t, got)
			want := map[string]time.Time{secret: {}}
			if tc.keep > 0 {
				want[old] = b.now.Add(tc.keep).UTC()
			}
			if diff := cmp.Diff(want, secretsOf(sourceOf(t, db, made.Name))); diff != "" {
				t.Errorf("secrets (-want +got):\n%s", diff)
			}
			if pack := packageOf(t, got); strings.Contains(pack, "on Invoice__c (") != (name == "generate_url_keep") {
				t.Errorf("the objects were forgotten, or others taken:\n%s", pack)
			}
			golden(t, name+"_done", got, made.Slug, "SLUG", secret, "SECRET", fmtUnix(b.now.Add(tc.keep)), "LATER")
		})
	}
}

// A source that takes anything shows its URL, and goes on taking anything until somebody wants a secret.
func TestGenerateURLWithoutVerification(t *testing.T) {
	b, db := open(t)
	made := connect(t, db, "Acme Production", event.AuthNone)
	asked := b.answered("generate_url")
	if s := sourceOf(t, db, made.Name); s.Auth != event.AuthNone || len(s.Keys) != 0 {
		t.Errorf("auth = %s with %d keys, before anybody said yes", s.Auth, len(s.Keys))
	}
	yes := asked.button("Make a secret")
	golden(t, "generate_url_open", asked, made.Slug, "SLUG", strings.TrimPrefix(yes, "/confirm/"), "QUESTION")
	_, secret := shown(t, b.press(yes))
	s := sourceOf(t, db, made.Name)
	if diff := cmp.Diff(map[string]time.Time{secret: {}}, secretsOf(s)); s.Auth != event.AuthSecret || diff != "" {
		t.Errorf("auth = %s, secrets (-want +got):\n%s", s.Auth, diff)
	}
}

func TestGenerateURLRefuses(t *testing.T) {
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"unknown source": {[]edit{set("source", "Acme_*")}, `There is no Salesforce source called **Acme\_\***. Pick one from the suggestions, or see them all with **/salesforce list**.`},
		"disconnected":   {[]edit{set("source", "gone")}, "**Gone** is disconnected for good. **/salesforce connect** makes a new source; it may have the same name."},
		"webhook source": {[]edit{set("source", "github")}, "There is no Salesforce source called **github**. Pick one from the suggestions, or see them all with **/salesforce list**."},
		"price book":     {[]edit{set("objects", "Case, PricebookEntry")}, "**PricebookEntry** has no triggers in Salesforce. A Flow can send price book entries: the README of the package says how. Take Product2 for changes to the product itself."},
		"no API name":    {[]edit{set("objects", "won deals")}, "**won deals** is no API name. Write objects as Setup shows them, with commas between: Opportunity, Case, Invoice__c."},
		"no triggers":    {[]edit{set("objects", "Plan__mdt")}, `**Plan\_\_mdt** can't be sent: Salesforce runs no such triggers on this kind of object.`},
		"too many":       {[]edit{set("objects", "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z")}, "A package has triggers on at most 25 objects. Name fewer here, and connect another source for the rest."},
		"too long kept":  {[]edit{set("keep_old", 169)}, "The old secret can live on for 0 to 168 hours. Please choose a number between."},
		"kept backwards": {[]edit{set("keep_old", -1)}, "The old secret can live on for 0 to 168 hours. Please choose a number between."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme Production", event.AuthSecret)
			gone := connect(t, db, "Gone", event.AuthSecret)
			if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
				t.Fatal(err)
			}
			webhook := event.Source{GuildID: guildID, Name: "github", Kind: event.SourceWebhook, Auth: event.AuthSecret}
			if _, err := db.Connect(t.Context(), webhook, channelID); err != nil {
				t.Fatal(err)
			}
			if got := b.answered("generate_url", tc.edits...); got.Body.Content != tc.want {
				t.Errorf("content = %q,\nwant %q", got.Body.Content, tc.want)
			}
			if s := sourceOf(t, db, "Acme Production"); len(s.Keys) != 0 {
				t.Errorf("%d secrets", len(s.Keys))
			}
		})
	}
}

// The button under the reply to connect does what the command does.
func TestGenerateButton(t *testing.T) {
	b, db := open(t)
	button := b.answered("connect").button("Generate URL")
	url, secret := shown(t, b.press(button))
	s := sourceOf(t, db, "Acme Production")
	if diff := cmp.Diff(map[string]time.Time{secret: {}}, secretsOf(s)); url != publicURL+"/hooks/"+s.Slug || diff != "" {
		t.Errorf("URL = %s, secrets (-want +got):\n%s", url, diff)
	}
	if again := b.press(button); again.button("Replace the secret") == "" {
		t.Errorf("a second press does not ask: %q", again.Body.Content)
	}
	if got := b.press("/salesforce/generate/another-guilds"); !strings.HasPrefix(got.Body.Content, "I can't find that") {
		t.Errorf("content = %q", got.Body.Content)
	}
}

// Of two presses at the same time, one gets the secret and the other is asked: no secret is shown that is
// dead by then.
func TestGenerateOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &slowToWrite{source: event.Source{ID: "1", Name: "Acme", Kind: event.SourceSalesforce, State: event.Active}}
		b := sit(t, store, nil)
		var presses sync.WaitGroup
		for range 4 {
			presses.Go(func() { b.ask("button", pressing("/salesforce/generate/1")) })
		}
		presses.Wait()
		shownSecrets := 0
		for _, a := range b.discord.answers {
			shownSecrets += len(a.Files)
		}
		if len(b.discord.answers) != 4 || shownSecrets != 1 || len(store.source.Keys) != 1 {
			t.Errorf("%d answers, %d secrets shown, %d made; want 4, 1, 1", len(b.discord.answers), shownSecrets, len(store.source.Keys))
		}
	})
}

// slowToWrite is a store with one source, in which a secret takes a second to be there.
type slowToWrite struct {
	commands.Store
	mu     sync.Mutex
	source event.Source
}

func (s *slowToWrite) SourceByID(context.Context, string, string) (event.Source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source, nil
}

func (s *slowToWrite) AddKey(_ context.Context, _, _ string, secret []byte, _ time.Time) error {
	<-time.After(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.source.Keys = append(s.source.Keys, event.SigningKey{Secret: secret})
	return nil
}
