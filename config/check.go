package config

import (
	"encoding/base64"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxTimeout is delivery.MaxTimeout: while an attempt lasts, nobody else may make the same.
const maxTimeout = 50 * time.Second

// check finds what is missing or makes no sense, and takes the slash from the end of URLs.
func (m *mistakes) check(c *Config) {
	m.checkDiscord(&c.Discord)
	m.checkHTTP(&c.HTTP)
	m.checkStorage(c.Storage)
	m.checkDelivery(c.Delivery)
	m.checkSalesforce(&c.Salesforce)
	m.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	m.oneOf("log.format", c.Log.Format, "text", "json")
}

func (m *mistakes) checkDiscord(d *Discord) {
	m.unless(d.Token.Set(), "discord.token", "is required")
	m.unless(isBotToken(d.Token.Reveal()), "discord.token",
		"is not a bot token: three parts with dots between, from the page Bot of the developer portal")
	m.unless(d.APIURL != "", "discord.api_url", "must not be empty")
	m.checkURL("discord.api_url", &d.APIURL, "http", "https")
	m.checkURL("discord.gateway_url", &d.GatewayURL, "ws", "wss")
	m.unless(d.RateLimit >= 0, "discord.rate_limit", "must be at least 0, is %d", d.RateLimit)
	for _, id := range d.DevGuildIDs {
		m.unless(isSnowflake(id), "discord.dev_guild_ids", "must hold server ids, which are numbers in quotes, has %s", quote(id))
	}
}

func (m *mistakes) checkHTTP(h *HTTP) {
	m.unless(isAddr(h.Addr), "http.addr", "must be host:port or :port, is %s", quote(h.Addr))
	m.unless(h.PublicURL != "", "http.public_url", "is required")
	m.checkURL("http.public_url", &h.PublicURL, "http", "https")
	m.unless(h.MaxBody >= 1, "http.max_body", "must be at least 1, is %d", h.MaxBody)
	m.unless(h.RateLimit >= 0, "http.rate_limit", "must be at least 0, is %d", h.RateLimit)
	m.unless(!strings.ContainsAny(h.AdminToken.Reveal(), " \t\r\n"), "http.admin_token", "must not contain spaces")
}

func (m *mistakes) checkStorage(s Storage) {
	scheme, path, _ := strings.Cut(s.URL.Reveal(), "://")
	m.unless(path != "" && (scheme == "sqlite" || scheme == "postgres"), "storage.url",
		"must begin with sqlite:// or postgres:// and name a database")
	if s.Key.Set() {
		key, err := base64.StdEncoding.DecodeString(s.Key.Reveal())
		m.unless(err == nil && len(key) == 32, "storage.key", "must be 32 bytes in base64 (openssl rand -base64 32)")
		m.unless(s.KeyFile == "", "storage.key_file", "must not be set beside storage.key")
	}
	m.positive("storage.retention", s.Retention)
	m.unless(s.GuildEvents >= 0, "storage.guild_events", "must be at least 0, is %d", s.GuildEvents)
}

func (m *mistakes) checkDelivery(d Delivery) {
	m.unless(d.Attempts >= 1, "delivery.attempts", "must be at least 1, is %d", d.Attempts)
	m.positive("delivery.backoff", d.Backoff)
	m.unless(d.BackoffMax >= d.Backoff, "delivery.backoff_max",
		"must be at least delivery.backoff (%s), is %s", d.Backoff, d.BackoffMax)
	m.positive("delivery.timeout", d.Timeout)
	m.unless(d.Timeout <= maxTimeout, "delivery.timeout", "must be at most %s, is %s", maxTimeout, d.Timeout)
}

func (m *mistakes) checkSalesforce(s *Salesforce) {
	m.unless(s.ClientID == "" || s.ClientSecret.Set(), "salesforce.client_secret", "is required beside salesforce.client_id")
	m.unless(s.ClientID != "" || !s.ClientSecret.Set(), "salesforce.client_id", "is required beside salesforce.client_secret")
	m.unless(s.LoginURL != "", "salesforce.login_url", "must not be empty")
	m.checkURL("salesforce.login_url", &s.LoginURL, "http", "https")
	m.unless(s.SandboxLoginURL != "", "salesforce.sandbox_login_url", "must not be empty")
	m.checkURL("salesforce.sandbox_login_url", &s.SandboxLoginURL, "http", "https")
	m.positive("salesforce.state_ttl", s.StateTTL)
	m.positive("salesforce.poll_min", s.PollMin)
}

func (m *mistakes) positive(key string, d time.Duration) {
	m.unless(d > 0, key, "must be longer than 0, is %s", d)
}

func (m *mistakes) oneOf(key, value string, choices ...string) {
	m.unless(slices.Contains(choices, value), key, "must be %s, is %s", strings.Join(choices, " or "), quote(value))
}

// checkURL wants an absolute URL to which a path can be appended. An empty one is for others to judge. It
// does not repeat what is there: a URL may hold a password.
func (m *mistakes) checkURL(key string, value *string, schemes ...string) {
	if *value == "" {
		return
	}
	*value = strings.TrimRight(*value, "/")
	u, err := url.Parse(*value)
	ok := err == nil && slices.Contains(schemes, u.Scheme) && u.Hostname() != ""
	m.unless(ok, key, "must be a URL that begins with %s://", strings.Join(schemes, ":// or "))
	m.unless(!ok || u.User == nil && !strings.ContainsAny(*value, "?#"), key, "must not have a user, a query or a fragment")
}

// isBotToken mirrors what disgo asks of a token: the application's id in base64 before the first dot.
func isBotToken(token string) bool {
	parts := strings.Split(token, ".")
	id, err := base64.RawStdEncoding.DecodeString(parts[0])
	return err == nil && isSnowflake(string(id)) && len(parts) == 3 && !slices.Contains(parts, "") && !strings.ContainsAny(token, " \t\r\n")
}

func isSnowflake(id string) bool {
	_, err := strconv.ParseUint(id, 10, 64)
	return err == nil
}

func isAddr(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}
