package commands_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/storage"
)

// orgs stands in for the orgs of targets.
type orgs struct {
	*storage.DB
	look salesforce.TargetLook
	err  error
}

func (o *orgs) Server(typed string) (string, error) {
	if strings.Contains(typed, "example") {
		return "", salesforce.ErrDomain
	}
	return "https://" + orElse(typed, "login.salesforce.com"), nil
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func (o *orgs) Look(context.Context, event.Target) (salesforce.TargetLook, error) {
	return o.look, o.err
}

var keyFile = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
})

// aiming is a bench with targets, and Discord's host for a file.
func aiming(t *testing.T, file string) (*bench, *orgs, string) {
	t.Helper()
	server := httptest.NewServer(serving(file))
	t.Cleanup(server.Close)
	b, db := open(t)
	log := logrus.New()
	log.SetOutput(b.log)
	o := &orgs{DB: db}
	b.mux = commands.New(commands.Options{PublicURL: publicURL, APIURL: server.URL, Log: log, Targets: o}, db, nil, nil)
	return b, o, server.URL + "/key.pem"
}

// keyAt gives the subcommand the file.
func keyAt(url string) edit {
	return func(i map[string]any) {
		attached("key.pem", url, 1700)(i)
		for _, option := range subcommand(i)["options"].([]any) {
			if o := option.(map[string]any); o["name"] == "file" {
				o["name"] = "key"
			}
		}
	}
}

func aimed(url string, more ...edit) []edit {
	return append([]edit{set("name", " Prod "), set("client_id", " 3MVG9.x "), set("user", "api@acme.example"), keyAt(url)}, more...)
}

func TestTargetCreate(t *testing.T) {
	tests := map[string]struct {
		more []edit
		want event.Target
	}{
		"plain": {nil, event.Target{Server: "https://login.salesforce.com", ReplyPolicy: event.ReplyAlways}},
		"all": {
			[]edit{set("server", "acme"), set("reply_policy", "never"), set("version", "v66")},
			event.Target{Server: "https://acme", ReplyPolicy: event.ReplyNever, Version: "66.0"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, o, url := aiming(t, keyFile())
			got := b.slash("target", "create", aimed(url, tc.more...)...)
			all, err := o.Targets(t.Context(), guildID)
			if err != nil || len(all) != 1 {
				t.Fatalf("said %s; %d targets, %v", got.Body.Content, len(all), err)
			}
			made := all[0]
			tc.want.ID, tc.want.GuildID, tc.want.Slug, tc.want.CreatedAt = made.ID, guildID, made.Slug, made.CreatedAt
			tc.want.Name, tc.want.ClientID, tc.want.User = "Prod", "3MVG9.x", "api@acme.example"
			if diff := cmp.Diff(tc.want, made); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
			if key, err := o.TargetKey(t.Context(), made.ID); err != nil || key.Reveal() != keyFile() {
				t.Errorf("its key is another: %v", err)
			}
			if !strings.Contains(got.Body.Content, publicURL+"/cloudevents/"+made.Slug) || got.button("Test") != "/target/test/"+made.ID {
				t.Errorf("content = %s", got.Body.Content)
			}
			if strings.Contains(got.Body.Content+b.log.String(), "PRIVATE") {
				t.Errorf("the key shows: %s %s", got.Body.Content, b.log)
			}
			golden(t, "target_create_"+name, got, made.Slug, "SLUG", made.ID, "ID")
		})
	}
}

func TestTargetCreateRefuses(t *testing.T) {
	tests := map[string]struct {
		file string
		more []edit
		want string
	}{
		"no key":     {"-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----\n", nil, "That file has no private RSA key in it."},
		"exists":     {keyFile(), []edit{set("name", "old")}, "There is already a target called **old**."},
		"no name":    {keyFile(), []edit{set("name", " ")}, "A name has 1 to"},
		"client id":  {keyFile(), []edit{set("client_id", "a b")}, "**client_id** must not be empty or have spaces in it."},
		"user":       {keyFile(), []edit{set("user", " ")}, "**user** must not be empty"},
		"server":     {keyFile(), []edit{set("server", "https://evil.example")}, "`https://evil.example` is no server of Salesforce."},
		"version":    {keyFile(), []edit{set("version", "latest")}, "`latest` is no version of the API."},
		"other host": {keyFile(), []edit{keyAt("https://evil.example/key.pem")}, "I take files from Discord only."},
		"too large":  {strings.Repeat("x", 17<<10), nil, "That file is too large: I take at most 16 KB."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, o, url := aiming(t, tc.file)
			if _, err := o.CreateTarget(t.Context(), event.Target{GuildID: guildID, Name: "Old"}, "x"); err != nil {
				t.Fatal(err)
			}
			got := b.slash("target", "create", aimed(url, tc.more...)...).Body.Content
			if !strings.HasPrefix(got, tc.want) || strings.Contains(got, "hush") {
				t.Errorf("content = %s\nwant %s…", got, tc.want)
			}
			if all, err := o.Targets(t.Context(), guildID); err != nil || len(all) != 1 {
				t.Errorf("%d targets, %v", len(all), err)
			}
		})
	}
}

func TestTargetTest(t *testing.T) {
	look := salesforce.TargetLook{
		About: salesforce.About{ID: "00D5g00000LocalEAB", Name: "Acme *"}, Username: "api@acme.example", Version: "66.0",
		Usage: salesforce.Usage{Used: 2500, Max: 15000},
	}
	fails := func(err error) error { return errors.Join(salesforce.ErrNoAnswer, err) }
	tests := map[string]struct {
		look salesforce.TargetLook
		err  error
		want string
	}{
		"lets in": {look, nil, "✅ **Prod** lets us in.\nOrg: **Acme \\*** (`00D5g00000LocalEAB`), as api@acme.example\nAPI version: `66.0`\nAPI calls left today: 12,500 of 15,000"},
		"refused": {
			err:  fails(&salesforce.OAuthError{Status: 400, Code: "invalid_grant", Description: "user hasn't approved this consumer"}),
			want: `**Prod** does not let us in: invalid\_grant: user hasn't approved this consumer`,
		},
		"forbidden":  {err: fails(&salesforce.APIError{Status: 403, Code: "API_DISABLED", Message: "no"}), want: `**Prod** does not let us in: API\_DISABLED: no`},
		"limit":      {err: fails(&salesforce.APIError{Status: 403, Code: "REQUEST_LIMIT_EXCEEDED"}), want: "**Prod** takes no calls at the moment:"},
		"unreached":  {err: fails(errors.New("dial tcp 10.0.0.815")), want: "**Prod** does not answer at `https://acme`."},
		"our fault":  {err: errors.New("disk 0815 is full"), want: "Something went wrong"},
		"no storage": {err: fault.New(fault.Unavailable, "x"), want: "I can't do that right now."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, o, _ := aiming(t, "")
			made, err := o.CreateTarget(t.Context(), event.Target{GuildID: guildID, Name: "Prod", Server: "https://acme"}, "x")
			if err != nil {
				t.Fatal(err)
			}
			o.look, o.err = tc.look, tc.err
			for _, got := range []answer{b.slash("target", "test", set("name", "PROD")), b.press("/target/test/" + made.ID)} {
				if content := got.Body.Content; !strings.HasPrefix(content, tc.want) || strings.Contains(content, "0815") {
					t.Errorf("content = %s\nwant %s…", content, tc.want)
				}
			}
		})
	}
}

func TestTargetListAndDelete(t *testing.T) {
	b, o, _ := aiming(t, "")
	checkContent(t, b.slash("target", "list"), "There are no targets yet. **/target create** makes one: a Salesforce org that CloudEvents act on.")
	made, err := o.CreateTarget(t.Context(), event.Target{
		GuildID: guildID, Name: "Prod", User: "api@acme.example", Server: "https://login.salesforce.com", ReplyPolicy: event.ReplyError,
	}, "x")
	if err != nil {
		t.Fatal(err)
	}
	title, lines, _ := b.slash("target", "list").embed(t)
	want := "**Prod** · api@acme.example at `https://login.salesforce.com` · replies: errors only\n↳ " + publicURL + "/cloudevents/" + made.Slug
	golden(t, "target_list", b.slash("target", "list"), made.Slug, "SLUG")
	if title != "Salesforce targets" || lines != want {
		t.Errorf("%s: %s, want %s", title, lines, want)
	}
	if diff := cmp.Diff([]string{"Prod = Prod"}, b.suggested("target", "delete", "name", "pr")); diff != "" {
		t.Errorf("suggested (-want +got):\n%s", diff)
	}
	for _, sub := range []string{"test", "delete"} {
		checkContent(t, b.slash("target", sub, set("name", "x")),
			"There is no target called **x**. Pick one from the suggestions, or see them all with **/target list**.")
	}
	asked := b.slash("target", "delete", set("name", "prod"))
	golden(t, "target_delete", asked, strings.TrimPrefix(asked.button("Delete"), "/confirm/"), "QUESTION")
	checkContent(t, asked, "Delete **Prod**? Its key is wiped, and its URL answers 404 from then on.")
	if all, err := o.Targets(t.Context(), guildID); err != nil || len(all) != 1 {
		t.Fatalf("%d targets before the answer, %v", len(all), err)
	}
	if done := b.press(asked.button("Delete")); !strings.HasPrefix(done.Body.Content, "**Prod** is deleted, and its key is wiped.") {
		t.Errorf("content = %s", done.Body.Content)
	}
	if all, err := o.Targets(t.Context(), guildID); err != nil || len(all) != 0 {
		t.Errorf("%d targets, %v", len(all), err)
	}
	if got := b.press("/target/test/" + made.ID); got.Body.Content != "This target is not there any more." {
		t.Errorf("content = %s", got.Body.Content)
	}
}
