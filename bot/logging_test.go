package bot_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"

	"dispatch/bot"
)

func TestBridgePassesOnWhatIsFit(t *testing.T) {
	tests := map[string]struct {
		log  func(*slog.Logger)
		want []string // parts of the line; none: there is no line
	}{
		"a warning": {
			func(l *slog.Logger) {
				l.With(slog.String("name", "gateway")).Warn("gateway close received", slog.Int("code", 4000), slog.Bool("reconnect", true))
			},
			[]string{"level=warning", `msg="gateway close received"`, "part=gateway", "code=4000", "reconnect=true", "component=bot"},
		},
		"an error": {
			func(l *slog.Logger) {
				l.Error("failed to reconnect gateway", slog.Any("err", errors.New("connection refused")), slog.Int("try", 3))
			},
			[]string{"level=error", `err="connection refused"`, "try=3"},
		},
		"an info": {func(l *slog.Logger) { l.Info("hello") }, []string{"level=info", "msg=hello"}},
		"a debug": {func(l *slog.Logger) { l.Debug("sending gateway message", slog.String("data", "token "+token)) }, nil},
		"a body": {func(l *slog.Logger) {
			l.Error("unmarshal", slog.String("body", "private words"), slog.String("endpoint", "/private"))
		}, []string{"msg=unmarshal"}},
		"the token": {func(l *slog.Logger) { l.Error("odd "+token, slog.Any("err", errors.New("4004 for "+token))) }, []string{"odd [redacted]", "4004 for [redacted]"}},
		"an answer": {func(l *slog.Logger) {
			l.Error("x", slog.Any("err", errors.New(`Post "https://d.com/api/v10/interactions/12/private.tok-en/callback": EOF`)))
		}, []string{"/interactions/12/[redacted]/callback"}},
		"a followup": {func(l *slog.Logger) {
			l.Error("x", slog.Any("err", errors.New(`Patch "https://d.com/api/v10/webhooks/12/private_token": EOF`)))
		}, []string{"/webhooks/12/[redacted]"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			log, out := newLog()
			tc.log(bot.NewBridge(log, token))
			got := out.String()
			if len(tc.want) == 0 && got != "" {
				t.Errorf("logged %s", got)
			}
			for _, part := range tc.want {
				if !strings.Contains(got, part) {
					t.Errorf("no %s in %s", part, got)
				}
			}
			for _, secret := range []string{token, "private"} {
				if strings.Contains(got, secret) {
					t.Errorf("%q is in %s", secret, got)
				}
			}
		})
	}
}

func TestBridgeKeepsToTheLevel(t *testing.T) {
	log, out := newLog()
	log.SetLevel(logrus.ErrorLevel)
	bridge := bot.NewBridge(log, token)
	bridge.Warn("quiet")
	if bridge.Enabled(t.Context(), slog.LevelWarn) || out.String() != "" {
		t.Errorf("warns although the level is error: %s", out)
	}
}
