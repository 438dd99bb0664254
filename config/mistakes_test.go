package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/config"
)

// key is 32 bytes in base64.
const key = "aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmh1bnQ="

func TestMistakes(t *testing.T) {
	tests := map[string]struct {
		file    string
		environ []string
		want    string // the whole error, line by line
	}{
		"type of a number":       {`delivery.attempts = "seven"`, nil, `delivery.attempts: must be a whole number, is "seven"`},
		"number in quotes":       {`delivery.attempts = "7"`, nil, `delivery.attempts: must be a whole number, is "7"`},
		"broken number":          {`http.max_body = 1.5`, nil, `http.max_body: must be a whole number, is 1.5`},
		"type of a text":         {`log.level = 7`, nil, `log.level: must be text in quotes, is 7`},
		"table for a text":       {`log.level.x = 7`, nil, `log.level: must be text in quotes`},
		"date for a text":        {`log.level = 2026-01-01`, nil, `log.level: must be text in quotes`},
		"type of a bool":         {`delivery.allow_private = "yes"`, nil, `delivery.allow_private: must be true or false, is "yes"`},
		"duration without unit":  {`storage.retention = 720`, nil, `storage.retention: must be a duration such as 30s, 15m or 720h, is 720`},
		"duration of days":       {`storage.retention = "30d"`, nil, `storage.retention: must be a duration such as 30s, 15m or 720h, is "30d"`},
		"text for a list":        {`http.trusted_proxies = "10.0.0.0/8"`, nil, `http.trusted_proxies: must be a list, is "10.0.0.0/8"`},
		"number in a list":       {`discord.dev_guild_ids = [1]`, nil, `discord.dev_guild_ids: must be text in quotes, is 1`},
		"address for a network":  {`http.trusted_proxies = ["10.0.0.1"]`, nil, `http.trusted_proxies: must be a network such as 10.0.0.0/8, is "10.0.0.1"`},
		"name for a server id":   {`discord.dev_guild_ids = ["acme"]`, nil, `discord.dev_guild_ids: must hold server ids, which are numbers in quotes, has "acme"`},
		"no attempts":            {`delivery.attempts = 0`, nil, `delivery.attempts: must be at least 1, is 0`},
		"no body":                {`http.max_body = 0`, nil, `http.max_body: must be at least 1, is 0`},
		"negative rate":          {`http.rate_limit = -1`, nil, `http.rate_limit: must be at least 0, is -1`},
		"negative pace":          {`discord.rate_limit = -1`, nil, `discord.rate_limit: must be at least 0, is -1`},
		"negative bound":         {`storage.guild_events = -1`, nil, `storage.guild_events: must be at least 0, is -1`},
		"negative duration":      {`delivery.timeout = "-1s"`, nil, `delivery.timeout: must be longer than 0, is -1s`},
		"timeout over the lease": {`delivery.timeout = "1m"`, nil, `delivery.timeout: must be at most 50s, is 1m0s`},
		"backoff over its limit": {`delivery.backoff = "7h"`, nil, `delivery.backoff_max: must be at least delivery.backoff (7h0m0s), is 6h0m0s`},
		"address without port":   {`http.addr = "localhost"`, nil, `http.addr: must be host:port or :port, is "localhost"`},
		"port out of range":      {`http.addr = ":65536"`, nil, `http.addr: must be host:port or :port, is ":65536"`},
		"unknown level":          {`log.level = "verbose"`, nil, `log.level: must be debug or info or warn or error, is "verbose"`},
		"URL without scheme":     {`http.public_url = "example.com"`, nil, `http.public_url: must be a URL that begins with http:// or https://`},
		"URL of another scheme":  {`discord.gateway_url = "https://x"`, nil, `discord.gateway_url: must be a URL that begins with ws:// or wss://`},
		"URL without host":       {`http.public_url = "https:///x"`, nil, `http.public_url: must be a URL that begins with http:// or https://`},
		"URL with a query":       {`http.public_url = "https://x/?a=b"`, nil, `http.public_url: must not have a user, a query or a fragment`},
		"empty URL":              {`discord.api_url = ""`, nil, `discord.api_url: must not be empty`},
		"unknown storage":        {`storage.url = "dispatch.db"`, nil, `storage.url: must begin with sqlite:// or postgres:// and name a database`},
		"storage without a path": {`storage.url = "sqlite://"`, nil, `storage.url: must begin with sqlite:// or postgres:// and name a database`},
		"short storage key":      {`storage.key = "aGVsbG8="`, nil, `storage.key: must be 32 bytes in base64 (openssl rand -base64 32)`},
		"two storage keys":       {"storage.key = '" + key + "'\nstorage.key_file = 'x'", nil, `storage.key_file: must not be set beside storage.key`},
		"client without secret":  {`salesforce.client_id = "x"`, nil, `salesforce.client_secret: is required beside salesforce.client_id`},
		"secret without client":  {`salesforce.client_secret = "x"`, nil, `salesforce.client_id: is required beside salesforce.client_secret`},
		"line end in a token":    {`http.admin_token = "x\n"`, nil, `http.admin_token: must not contain spaces`},
		"something for a token":  {`discord.token = "0123456789abcdef"`, nil, `discord.token: is not a bot token: three parts with dots between, from the page Bot of the developer portal`},
		"unknown key":            {"\ndiscord.tokn = 'x'", nil, `discord.tokn: is not a key (config.toml:2); did you mean discord.token?`},
		"unknown key far off":    {"[log]\nwhatever_this_is = 1", nil, `log.whatever_this_is: is not a key (config.toml:2)`},
		"unknown section":        {"[discrod]\ntoken = 'x'", nil, `discrod: is not a key (config.toml:1); did you mean discord?`},
		"unknown key of 2 lines": {`"a\nb" = 1`, nil, "a\ufffdb: is not a key (config.toml:1)"},
		"value for a section":    {`log = "debug"`, nil, `log: must be a table (config.toml:1)`},
		"list of sections":       {`[[log]]`, nil, `log: must be a table (config.toml:1)`},
		"long value":             {`log.format = "a` + strings.Repeat("ä", 40) + `"`, nil, `log.format: must be text or json, is "a` + strings.Repeat("ä", 29) + `…"`},

		"variable of a wrong type": {"", []string{"DISPATCH_DELIVERY_ATTEMPTS=x"}, `delivery.attempts: must be a whole number, is "x" (set by DISPATCH_DELIVERY_ATTEMPTS)`},
		"variable out of range":    {"", []string{"DISPATCH_DELIVERY_ATTEMPTS=0"}, `delivery.attempts: must be at least 1, is 0 (set by DISPATCH_DELIVERY_ATTEMPTS)`},
		"variable that is empty":   {"", []string{"DISPATCH_LOG_LEVEL="}, `log.level: must be debug or info or warn or error, is "" (set by DISPATCH_LOG_LEVEL)`},
		"item of a variable":       {"", []string{"DISPATCH_HTTP_TRUSTED_PROXIES=10.0.0.0/8,x"}, `http.trusted_proxies: must be a network such as 10.0.0.0/8, is "x" (set by DISPATCH_HTTP_TRUSTED_PROXIES)`},
		"unknown variable":         {"", []string{"DISPATCH_DISCORD_TOKN=x"}, `DISPATCH_DISCORD_TOKN: is not a variable of ours; did you mean DISPATCH_DISCORD_TOKEN?`},

		"not TOML":                 {"[http]\naddr = :8080", nil, `config.toml:2:8: unexpected character U+003A ':' at start of value: addr = :8080`},
		"not TOML, key of 2 lines": {"\"a\\nb\" = 1\n\"a\\nb\" = 2", nil, "config.toml:2:1: key a\ufffdb is already defined"},
		"not TOML, long line":      {"[http]\naddr = x" + strings.Repeat("x", 60), nil, `config.toml:2:8: unexpected character … at start of value`},
		"not TOML, secret line":    {"[discord]\ntoken = x", nil, `config.toml:2:9: unexpected character … at start of value`},
		"not TOML, secret number":  {"[discord]\ntoken = 1e999", nil, `config.toml:2:9: unable to parse float`},
		"not TOML, other mistakes": {"delivery.attempts = 0\n[log", nil, `config.toml:2:4: expected ']' to close table name`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("config.toml", []byte(tc.file), tc.environ, required)
			if err == nil {
				t.Fatal("no mistake was found")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryDurationMustBeLongerThanZero(t *testing.T) {
	for _, key := range keys() {
		if _, is := valueOf(config.Default(), key).(time.Duration); !is {
			continue
		}
		_, err := config.Parse("config.toml", []byte(key+` = "0s"`), nil, required)
		if err == nil || !strings.Contains(err.Error(), key+": must be ") {
			t.Errorf("%s: error %v", key, err)
		}
	}
}

func TestEveryURLMustBeOne(t *testing.T) {
	for _, key := range keys() {
		if !strings.HasSuffix(key, "_url") {
			continue
		}
		_, err := config.Parse("config.toml", []byte(key+` = "example.com"`), nil, required)
		if err == nil || !strings.HasPrefix(err.Error(), key+": must be a URL") {
			t.Errorf("%s: error %v", key, err)
		}
		_, err = config.Parse("config.toml", []byte(minimum), []string{variable(key) + "="})
		if needed := key != "discord.gateway_url"; needed != (err != nil) {
			t.Errorf("%s: error %v when it is empty", key, err)
		}
	}
}

func TestBotTokens(t *testing.T) {
	tests := map[string]struct {
		token string
		ok    bool
	}{
		"real":           {token, true},
		"two parts":      {"MTIzNDU2.x", false},
		"four parts":     {"MTIzNDU2.x.y.z", false},
		"an empty part":  {"MTIzNDU2..y", false},
		"no id in front": {"YWNtZQ.x.y", false},
		"padded":         {"MQ==.x.y", false},
		"with a prefix":  {"Bot " + token, false},
		"with a newline": {token + "\n", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("config.toml", nil, []string{"DISPATCH_DISCORD_TOKEN=" + tc.token}, required)
			if (err == nil) != tc.ok {
				t.Errorf("error %v, want ok %v", err, tc.ok)
			}
		})
	}
}

func TestEveryMistakeAtOnce(t *testing.T) {
	_, err := config.Parse("config.toml", []byte(`
[http]
adr = ":80"
rate_limit = "many"

[delivery]
attempts = 0
backoff = "soon"
`), []string{"DISPATCH_LOG_FORMAT=xml", "DISPATCH_LOG_COLOUR=red"})
	if err == nil {
		t.Fatal("no mistake was found")
	}
	want := []string{
		`http.adr: is not a key (config.toml:3); did you mean http.addr?`,
		`http.rate_limit: must be a whole number, is "many"`,
		`delivery.backoff: must be a duration such as 30s, 15m or 720h, is "soon"`,
		`DISPATCH_LOG_COLOUR: is not a variable of ours; did you mean DISPATCH_LOG_FORMAT?`,
		`discord.token: is required`,
		`http.public_url: is required`,
		`delivery.attempts: must be at least 1, is 0`,
		`log.format: must be text or json, is "xml" (set by DISPATCH_LOG_FORMAT)`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
