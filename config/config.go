// Package config reads config.toml and the environment: strict, with defaults, and with every mistake
// reported at once.
//
// A key such as delivery.attempts is also the variable DISPATCH_DELIVERY_ATTEMPTS, which wins. The fields of
// Config are the only list of the keys there is.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"time"
)

// DefaultFile is read when no file is named. It may be missing.
const DefaultFile = "config.toml"

// Config is the whole configuration, each key with a value that makes sense.
type Config struct {
	Discord    Discord    `toml:"discord"`
	HTTP       HTTP       `toml:"http"`
	Storage    Storage    `toml:"storage"`
	Delivery   Delivery   `toml:"delivery"`
	Salesforce Salesforce `toml:"salesforce"`
	Log        Log        `toml:"log"`
}

// Discord is how we reach Discord. URLs have no slash at the end.
type Discord struct {
	Token       Secret   `toml:"token"` // required
	APIURL      string   `toml:"api_url"`
	GatewayURL  string   `toml:"gateway_url"`   // "": asked of the API
	DevGuildIDs []string `toml:"dev_guild_ids"` // none: commands are registered for all guilds
	RateLimit   int      `toml:"rate_limit"`    // requests a second over everything; 0: no limit
}

// HTTP is what we listen to. URLs have no slash at the end.
type HTTP struct {
	Addr           string         `toml:"addr"`
	PublicURL      string         `toml:"public_url"` // required
	MaxBody        int64          `toml:"max_body"`   // bytes
	RateLimit      int            `toml:"rate_limit"` // requests a second for one client IP; 0: no limit
	TrustedProxies []netip.Prefix `toml:"trusted_proxies"`
	AdminToken     Secret         `toml:"admin_token"`
}

// Storage is where everything is kept. The URL counts as a secret, since it may hold a password.
type Storage struct {
	URL         Secret        `toml:"url"`
	Key         Secret        `toml:"key"`      // 32 bytes, base64
	KeyFile     string        `toml:"key_file"` // never beside Key
	Retention   time.Duration `toml:"retention"`
	GuildEvents int           `toml:"guild_events"` // finished events of one guild; 0: no bound
}

// Delivery is how hard we try.
type Delivery struct {
	Attempts     int           `toml:"attempts"`
	Backoff      time.Duration `toml:"backoff"`
	BackoffMax   time.Duration `toml:"backoff_max"`
	Timeout      time.Duration `toml:"timeout"` // of one attempt
	AllowPrivate bool          `toml:"allow_private"`
}

// Salesforce is our app in Salesforce. Without a ClientID there is no OAuth flow.
type Salesforce struct {
	ClientID        string        `toml:"client_id"`
	ClientSecret    Secret        `toml:"client_secret"`
	LoginURL        string        `toml:"login_url"`
	SandboxLoginURL string        `toml:"sandbox_login_url"`
	StateTTL        time.Duration `toml:"state_ttl"`
	PollMin         time.Duration `toml:"poll_min"`
}

// Log is what we say about ourselves.
type Log struct {
	Level  string `toml:"level"`  // debug, info, warn or error
	Format string `toml:"format"` // text or json
}

// Default is the configuration of an empty file and an empty environment.
func Default() Config {
	return Config{
		Discord: Discord{APIURL: "https://discord.com/api/v10", RateLimit: 50},
		HTTP:    HTTP{Addr: ":8080", MaxBody: 10 << 20, RateLimit: 100},
		Storage: Storage{URL: NewSecret("sqlite://dispatch.db"), Retention: 720 * time.Hour},
		Delivery: Delivery{
			Attempts: 7, Backoff: 5 * time.Second, BackoffMax: 6 * time.Hour, Timeout: 15 * time.Second,
		},
		Salesforce: Salesforce{
			LoginURL: "https://login.salesforce.com", SandboxLoginURL: "https://test.salesforce.com",
			StateTTL: 15 * time.Minute, PollMin: time.Minute,
		},
		Log: Log{Level: "info", Format: "text"},
	}
}

// Load reads the file (DefaultFile when it is "") and, over it, the environment, as os.Environ gives it; what
// the caller sets has the last word. The error joins every mistake, one line each, by key, and shows no secret.
func Load(file string, environ []string, set ...func(*Config)) (Config, error) {
	name := cmp.Or(file, DefaultFile)
	data, err := os.ReadFile(name)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && (!missing || file != "") {
		return Config{}, fmt.Errorf("read config: %w", err)
	}
	c, err := Parse(name, data, environ, set...)
	if err != nil && missing {
		err = errors.Join(err, fmt.Errorf("%s: is not there; copy config.example.toml to begin with", name))
	}
	return c, err
}

// Parse is Load with the file's content at hand; its name is for the mistakes only.
func Parse(name string, data []byte, environ []string, set ...func(*Config)) (Config, error) {
	c := Default()
	fields := fieldsOf(&c)
	found := mistakes{of: make(map[string]bool), env: make(map[string]string)}
	if err := found.readFile(fields, name, data); err != nil {
		return Config{}, err
	}
	found.readEnviron(fields, environ)
	for _, apply := range set {
		apply(&c)
	}
	found.check(&c)
	if err := errors.Join(found.errs...); err != nil {
		return Config{}, err
	}
	return c, nil
}
