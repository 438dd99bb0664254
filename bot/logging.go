package bot

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"strings"

	"github.com/sirupsen/logrus"
)

// The keys of our log lines.
const (
	keyComponent = "component"
	keyGuild     = "guild"
	keyErr       = "err"
	keyCount     = "count"
	keyDelay     = "delay"
	keyScope     = "scope"

	component = "bot"
)

// redacted stands where a secret was.
const redacted = "[redacted]"

// shown are the attributes of disgo's log lines that we pass on, by disgo's key. The others hold bodies,
// addresses and gateway payloads.
var shown = map[string]string{
	"arg":        "panic",
	"code":       "code",
	"delay":      keyDelay,
	"err":        keyErr,
	"error":      "reason",
	"event_type": "event",
	"name":       "part",
	"reconnect":  "reconnect",
	"stack":      "stack",
	"try":        "try",
}

// interactionToken finds the token in the path of an answer to an interaction; it is good for 15 minutes.
var interactionToken = regexp.MustCompile(`(/(?:interactions|webhooks)/\d+/)[\w.~-]+`)

// bridge is the slog.Handler that passes disgo's log on to logrus. At debug level disgo logs the bot token and
// every body, so nothing below info gets through whatever logrus is set to, and of the rest only what is shown.
type bridge struct {
	log    *logrus.Entry
	token  string
	fields logrus.Fields
}

func newBridge(log *logrus.Entry, token string) *slog.Logger {
	return slog.New(bridge{log: log, token: token})
}

// Enabled implements slog.Handler.
func (b bridge) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo && b.log.Logger.IsLevelEnabled(levelOf(level))
}

// Handle implements slog.Handler.
func (b bridge) Handle(_ context.Context, record slog.Record) error {
	fields := maps.Clone(b.fields)
	record.Attrs(func(attr slog.Attr) bool {
		fields = b.with(fields, attr)
		return true
	})
	b.log.WithTime(record.Time).WithFields(fields).Log(levelOf(record.Level), b.clean(record.Message))
	return nil
}

// WithAttrs implements slog.Handler.
func (b bridge) WithAttrs(attrs []slog.Attr) slog.Handler {
	b.fields = maps.Clone(b.fields)
	for _, attr := range attrs {
		b.fields = b.with(b.fields, attr)
	}
	return b
}

// WithGroup implements slog.Handler. disgo uses no groups.
func (b bridge) WithGroup(string) slog.Handler { return b }

func (b bridge) with(fields logrus.Fields, attr slog.Attr) logrus.Fields {
	key, ok := shown[attr.Key]
	if !ok {
		return fields
	}
	if fields == nil {
		fields = logrus.Fields{}
	}
	fields[key] = b.clean(fmt.Sprint(attr.Value.Resolve()))
	return fields
}

func (b bridge) clean(s string) string {
	return interactionToken.ReplaceAllString(strings.ReplaceAll(s, b.token, redacted), "${1}"+redacted)
}

func levelOf(level slog.Level) logrus.Level {
	switch {
	case level >= slog.LevelError:
		return logrus.ErrorLevel
	case level >= slog.LevelWarn:
		return logrus.WarnLevel
	case level >= slog.LevelInfo:
		return logrus.InfoLevel
	}
	return logrus.DebugLevel
}
