package config_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/config"
)

// A token of the right form, and what a bot needs at least.
const (
	token      = "MTIzNDU2Nzg5MDEyMzQ1Njc4.hunter2.hunter2hunter2"
	otherToken = "MQ.x.y"
	minimum    = "discord.token = '" + token + "'\nhttp.public_url = 'https://dispatch.example.com'\n"
)

var comparePrefixes = cmpopts.EquateComparable(netip.Prefix{})

// required sets the keys that have no default, unless something else did.
func required(c *config.Config) {
	if !c.Discord.Token.Set() {
		c.Discord.Token = config.NewSecret(token)
	}
	if c.HTTP.PublicURL == "" {
		c.HTTP.PublicURL = "https://dispatch.example.com"
	}
}

func parse(t *testing.T, file string, environ ...string) config.Config {
	t.Helper()
	c, err := config.Parse("config.toml", []byte(file), environ, required)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEmptyFileGivesDefault(t *testing.T) {
	want := config.Default()
	required(&want)
	if diff := cmp.Diff(want, parse(t, "")); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestParse(t *testing.T) {
	got := parse(t, `
[discord]
token = "`+token+`"
dev_guild_ids = ["81384788765712384"]

[http]
public_url = "https://dispatch.example.com/hooks-of-acme/"
trusted_proxies = [
	"10.0.0.0/8", # the load balancer
	"fd00::/8",
]

[delivery]
backoff = "1m30s"
backoff_max = "90s"
attempts = 9
`, "PATH=/bin", "DISPATCH_DELIVERY_ATTEMPTS=3", "DISPATCH_DELIVERY_ALLOW_PRIVATE=true")

	want := config.Default()
	want.Discord.Token = config.NewSecret(token)
	want.Discord.DevGuildIDs = []string{"81384788765712384"}
	want.HTTP.PublicURL = "https://dispatch.example.com/hooks-of-acme"
	want.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	want.Delivery.Backoff = 90 * time.Second
	want.Delivery.BackoffMax = 90 * time.Second
	want.Delivery.Attempts = 3
	want.Delivery.AllowPrivate = true
	if diff := cmp.Diff(want, got, comparePrefixes); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

// settings gives each key a value that differs from its default, as a file and as a variable have it. A key
// that is missing here fails the tests below.
var settings = map[string]struct{ toml, env string }{
	"discord.token":                {`"` + otherToken + `"`, otherToken},
	"discord.api_url":              {`"http://proxy:8081/api/v10"`, "http://proxy:8081/api/v10"},
	"discord.rate_limit":           {`100`, "100"},
	"discord.gateway_url":          {`"wss://gateway.example.com"`, "wss://gateway.example.com"},
	"discord.dev_guild_ids":        {`["1", "2"]`, "1, 2"},
	"http.addr":                    {`"127.0.0.1:80"`, "127.0.0.1:80"},
	"http.public_url":              {`"https://example.com"`, "https://example.com"},
	"http.max_body":                {`1_000`, "1000"},
	"http.rate_limit":              {`0`, "0"},
	"http.trusted_proxies":         {`["10.0.0.0/8", "::1/128"]`, "10.0.0.0/8,::1/128"},
	"http.admin_token":             {`"admin"`, "admin"},
	"storage.url":                  {`"postgres://u:p@db/dispatch"`, "postgres://u:p@db/dispatch"},
	"storage.key":                  {`"` + key + `"`, key},
	"storage.key_file":             {`"/run/secrets/key"`, "/run/secrets/key"},
	"storage.retention":            {`"24h"`, "24h"},
	"storage.guild_events":         {`100_000`, "100000"},
	"delivery.attempts":            {`1`, "1"},
	"delivery.backoff":             {`"1s"`, "1s"},
	"delivery.backoff_max":         {`"10m"`, "10m"},
	"delivery.timeout":             {`"500ms"`, "500ms"},
	"delivery.allow_private":       {`true`, "true"},
	"salesforce.client_id":         {`"3MVG9"`, "3MVG9"},
	"salesforce.client_secret":     {`"app"`, "app"},
	"salesforce.login_url":         {`"https://acme.my.salesforce.com"`, "https://acme.my.salesforce.com"},
	"salesforce.sandbox_login_url": {`"https://acme--dev.sandbox.my.salesforce.com"`, "https://acme--dev.sandbox.my.salesforce.com"},
	"salesforce.state_ttl":         {`"5m"`, "5m"},
	"salesforce.poll_min":          {`"6s"`, "6s"},
	"log.level":                    {`"debug"`, "debug"},
	"log.format":                   {`"json"`, "json"},
}

// companions are what a key cannot be without.
var companions = map[string]string{
	"salesforce.client_id":     "salesforce.client_secret = 'x'\n",
	"salesforce.client_secret": "salesforce.client_id = 'x'\n",
}

// keys are the keys of Config in their order.
func keys() []string {
	var keys []string
	for _, section := range reflect.VisibleFields(reflect.TypeFor[config.Config]()) {
		for _, value := range reflect.VisibleFields(section.Type) {
			keys = append(keys, section.Tag.Get("toml")+"."+value.Tag.Get("toml"))
		}
	}
	return keys
}

func variable(key string) string {
	return "DISPATCH_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func TestEveryKeyIsSetByFileAndByVariable(t *testing.T) {
	for _, key := range keys() {
		t.Run(key, func(t *testing.T) {
			setting, known := settings[key]
			if !known {
				t.Fatal("no setting to try")
			}
			before := config.Default()
			byFile := parse(t, companions[key]+key+" = "+setting.toml)
			byVariable := parse(t, companions[key], variable(key)+"="+setting.env)
			if diff := cmp.Diff(byFile, byVariable, comparePrefixes); diff != "" {
				t.Errorf("the file and the variable differ (-file +variable):\n%s", diff)
			}
			if cmp.Equal(valueOf(before, key), valueOf(byFile, key), comparePrefixes) {
				t.Error("nothing was set")
			}
		})
	}
}

// valueOf is the value of the key in c.
func valueOf(c config.Config, key string) any {
	at := reflect.ValueOf(c)
	for name := range strings.SplitSeq(key, ".") {
		for i := range at.NumField() {
			if at.Type().Field(i).Tag.Get("toml") == name {
				at = at.Field(i)
				break
			}
		}
	}
	return at.Interface()
}

func TestVariableWins(t *testing.T) {
	got := parse(t, "log.level = 'warn'\ndiscord.dev_guild_ids = ['1']",
		"DISPATCH_LOG_LEVEL=error", "DISPATCH_DISCORD_DEV_GUILD_IDS=")
	if got.Log.Level != "error" || len(got.Discord.DevGuildIDs) != 0 {
		t.Errorf("level %s and guilds %v, want those of the variables: error and none", got.Log.Level, got.Discord.DevGuildIDs)
	}
}

func TestLoadReadsTheNamedFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bot.toml")
	if err := os.WriteFile(file, []byte(minimum), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Discord.Token.Reveal() != token {
		t.Error("the token is not the file's")
	}
}

func TestCallerHasTheLastWord(t *testing.T) {
	c, err := config.Parse("config.toml", []byte(minimum), []string{"DISPATCH_HTTP_ADDR=:1"},
		func(c *config.Config) { c.HTTP.Addr = ":2" })
	if err != nil || c.HTTP.Addr != ":2" {
		t.Errorf("addr %q and error %v, want what the caller set", c.HTTP.Addr, err)
	}
	_, err = config.Parse("config.toml", []byte(minimum), nil, func(c *config.Config) { c.HTTP.Addr = "x" })
	if err == nil {
		t.Error("what the caller set was not checked")
	}
}

func TestLoadWithoutFile(t *testing.T) {
	enough := []string{"DISPATCH_DISCORD_TOKEN=" + token, "DISPATCH_HTTP_PUBLIC_URL=https://example.com"}
	tests := map[string]struct {
		file    string
		environ []string
		want    string // in the error; "" when it loads
	}{
		"no name and all that is needed": {"", enough, ""},
		"no name and too little":         {"", enough[:1], "http.public_url: is required\nconfig.toml: is not there"},
		"a name":                         {"config.toml", enough, "read config: open config.toml: no such file"},
		"a folder":                       {".", enough, "read config: "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			_, err := config.Load(tc.file, tc.environ)
			if (err == nil) != (tc.want == "") || !strings.Contains(fmt.Sprint(err), tc.want) {
				t.Errorf("error %v, want %q in it", err, tc.want)
			}
		})
	}
}
