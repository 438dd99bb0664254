package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"github.com/sirupsen/logrus"

	"dispatch/config"
)

func TestSecretPrintsRedacted(t *testing.T) {
	secret := config.NewSecret("hunter2")
	for _, verb := range "vTtbcoOqxXUeEfFgGsd" {
		for _, flag := range []string{"", "+", "#", "-20", " "} {
			format := "%" + flag + string(verb)
			got := fmt.Sprintf(format, secret)
			if verb == 'T' {
				got = strings.Replace(got, "config.Secret", "[redacted]", 1)
			}
			if strings.TrimSpace(got) != "[redacted]" {
				t.Errorf("%s prints %s", format, got)
			}
		}
	}
}

func TestSecretStaysInside(t *testing.T) {
	type wrapped struct{ hidden config.Secret }
	secret := config.NewSecret("hunter2")
	full := config.Default()
	full.Discord.Token, full.Storage.URL = secret, secret
	show := map[string]func() any{
		"verbs of their own":  func() any { return printed(secret) },
		"an unexported field": func() any { return printed(wrapped{secret}, &wrapped{secret}) },
		"a config":            func() any { return printed(full, &full) },
		"an error":            func() any { return fmt.Errorf("open %s", secret) },
		"JSON":                func() any { return encoded(json.Marshal(full)) },
		"TOML":                func() any { return encoded(toml.Marshal(full)) },
		"slog": func() any {
			return logged(func(b *bytes.Buffer) { slog.New(slog.NewTextHandler(b, nil)).Info("x", "s", secret) })
		},
		"slog as JSON": func() any {
			return logged(func(b *bytes.Buffer) { slog.New(slog.NewJSONHandler(b, nil)).Info("x", "c", full) })
		},
		"logrus": func() any {
			return logged(func(b *bytes.Buffer) { logTo(b).WithField("s", secret).WithField("c", full).Info("x") })
		},
		"cmp": func() any { return cmp.Diff(secret, config.NewSecret("other")) },
	}
	for name, show := range show {
		t.Run(name, func(t *testing.T) {
			got := fmt.Sprint(show())
			if strings.Contains(got, "hunter2") || strings.Contains(got, fmt.Sprintf("%x", "hunter2")) {
				t.Errorf("the secret shows: %s", got)
			}
			if got == "" {
				t.Error("nothing was printed")
			}
		})
	}
}

func TestSecretIsRedactedInEveryEncoding(t *testing.T) {
	secret := map[string]config.Secret{"s": config.NewSecret("hunter2")}
	for name, got := range map[string]string{"JSON": encoded(json.Marshal(secret)), "TOML": encoded(toml.Marshal(secret))} {
		if !strings.Contains(got, "[redacted]") {
			t.Errorf("%s shows %s", name, got)
		}
	}
}

func printed(values ...any) string {
	var b strings.Builder
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%p", "%w"} {
		fmt.Fprintf(&b, strings.Repeat(format, len(values)), values...)
	}
	return b.String()
}

func encoded(b []byte, err error) string { return fmt.Sprint(string(b), err) }

func logged(log func(*bytes.Buffer)) string {
	var b bytes.Buffer
	log(&b)
	return b.String()
}

func logTo(b *bytes.Buffer) *logrus.Logger {
	log := logrus.New()
	log.SetOutput(b)
	return log
}

func TestSecretReveals(t *testing.T) {
	var none config.Secret
	if none.Set() || none.Reveal() != "" || !none.Equal(config.NewSecret("")) {
		t.Error("the zero Secret is not empty")
	}
	secret := config.NewSecret("hunter2")
	if !secret.Set() || secret.Reveal() != "hunter2" || secret.Equal(none) || !secret.Equal(config.NewSecret("hunter2")) {
		t.Error("the Secret is not what it was made of")
	}
}

// Whatever is wrong around a secret, what is said about it does not repeat it.
func TestMistakesShowNoSecret(t *testing.T) {
	tests := map[string]struct {
		file    string
		environ []string
	}{
		"token without quotes":         {"discord.token = hunter2", nil},
		"token of half a quote":        {"[discord]\ntoken = \"hunter2", nil},
		"token over two lines":         {"[discord]\ntoken = \"hunter2\nhunter2\"", nil},
		"token with rubbish behind it": {"[discord]\ntoken = \"x\" hunter2", nil},
		"token as a number":            {"discord.token = 0xhunter2", nil},
		"token in a list":              {"discord.token = [\"hunter2\"]", nil},
		"token in a table":             {"discord.token = {x = \"hunter2\"}", nil},
		"token as a section":           {"discord = \"hunter2\"", nil},
		"token of a wrong form":        {"discord.token = \"hunter2\"", nil},
		"token under a wrong name":     {"discord.tokn = \"hunter2\"", nil},
		"token under a broken name":    {"[discord]\ntoken: \"hunter2\"", nil},
		"token beside another key":     {"[http]\naddr = \":80\", token = \"hunter2\"", nil},
		"token twice":                  {"[discord]\ntoken = \"hunter2\"\ntoken = \"hunter2\"", nil},
		"key of a wrong size":          {"storage.key = \"aHVudGVyMg==hunter2\"", nil},
		"password of a database":       {"storage.url = \"postgre://dispatch:hunter2@db/dispatch\"", nil},
		"password of a broken URL":     {"storage.url = \"postgres//dispatch:hunter2@db\"", nil},
		"password of a public URL":     {"http.public_url = \"https://u:hunter2@example.com\"", nil},
		"password of a wrong URL":      {"http.public_url = \"ftp://u:hunter2@example.com\"", nil},
		"password of an open URL":      {"[http]\npublic_url = \"https://u:hunter2@example.com", nil},
		"token variable":               {"", []string{"DISPATCH_DISCORD_TOKEN=hunter2"}},
		"key variable":                 {"", []string{"DISPATCH_STORAGE_KEY=hunter2"}},
		"database variable":            {"", []string{"DISPATCH_STORAGE_URL=mysql://u:hunter2@db"}},
		"unknown variable":             {"", []string{"DISPATCH_TOKEN=hunter2"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("config.toml", []byte(tc.file), tc.environ, required)
			if err == nil {
				t.Fatal("no mistake was found")
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the secret shows: %v", err)
			}
		})
	}
}

func FuzzParseShowsNoSecret(f *testing.F) {
	for _, around := range [][2]string{{`"`, `"`}, {"", ""}, {`"`, ""}, {"'''", "''"}, {"[1, ", "]"}, {"['a', '", "', b]"}, {"0x", "_"}, {"1e", "9"}} {
		f.Add(around[0], around[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.ContainsAny(before+after, "\n{.=#") {
			return // the secret may be a key or a comment there
		}
		for _, key := range []string{"discord.token", "storage.url", "storage.key"} {
			_, err := config.Parse("config.toml", []byte(key+" = "+before+"hunter2"+after), nil)
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the secret shows: %v", err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(minimum, "DISPATCH_LOG_LEVEL=debug")
	f.Add("[delivery]\nattempts = 0\nbackoff = 'soon'", "DISPATCH_HTTP_TRUSTED_PROXIES=10.0.0.0/8,")
	f.Add("[discrod]\n\"a\\nb\" = 1", "DISPATCH_X")
	f.Fuzz(func(t *testing.T, file, variable string) {
		c, err := config.Parse("config.toml", []byte(file), []string{variable}, required)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !strings.Contains(line, ": ") {
					t.Errorf("a mistake over several lines, or without a key: %q", line)
				}
			}
			return
		}
		if c.Delivery.Attempts < 1 || c.HTTP.MaxBody < 1 || c.Storage.Retention <= 0 {
			t.Errorf("accepted %+v", c)
		}
	})
}
