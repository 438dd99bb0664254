package commands_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/storage"
)

func settings(t *testing.T, db *storage.DB) delivery.Settings {
	t.Helper()
	s, err := db.Settings(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettingsOfAWord(t *testing.T) {
	b, db := open(t)
	b.now = time.Date(2026, time.March, 31, 23, 5, 0, 0, time.UTC)
	show := func(want ...string) {
		t.Helper()
		_, _, fields := b.slash("settings", "show").embed(t)
		if diff := cmp.Diff(want, fields[:4]); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	}
	const headers = " tell a webhook which event it gets, and of which source"
	show("Header prefix: `X-Dispatch-Event-ID` and `X-Dispatch-Endpoint-ID`"+headers,
		"Language of what is posted: English, as in Discord's settings of this server",
		"Currency: USD, where an amount doesn't name its own", "Time zone: UTC, where it is 23:05")
	want := []string{
		"Header prefix: `X-Acme-Event-ID` and `X-Acme-Endpoint-ID`" + headers, "Language of what is posted: Deutsch",
		"Currency: CHF, where an amount doesn't name its own", "Time zone: Europe/Berlin, where it is 01:05",
	}
	got := b.slash("settings", "set", set("header_prefix", " acme "), set("language", "DEUTSCH"), set("currency", "chf"), set("timezone", "europe/berlin"))
	checkContent(t, got, strings.Join(want, "\n"))
	show(want...)
	stored := delivery.Settings{HeaderPrefix: "acme", Language: "de", Currency: "CHF", Zone: "Europe/Berlin"}
	if diff := cmp.Diff(stored, settings(t, db)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	b.slash("settings", "set", set("header_prefix", "Dispatch"), set("language", "auto"), set("timezone", "Etc/GMT+2"), set("currency", "USD"))
	if diff := cmp.Diff(delivery.Settings{Currency: "USD", Zone: "Etc/GMT+2"}, settings(t, db)); diff != "" {
		t.Errorf("set back (-want +got):\n%s", diff)
	}
}

// What stands around a prefix in a header may be typed with it.
func TestSettingsTrimAPrefix(t *testing.T) {
	for typed, want := range map[string]string{"x-": "x", "X-Acme-": "Acme", "acme--": "acme", "x-dispatch": "", "xylem-x": "xylem-x", "x--a-b": "a-b"} {
		t.Run(typed, func(t *testing.T) {
			b, db := open(t)
			b.slash("settings", "set", set("header_prefix", typed), set("currency", "EUR"))
			if diff := cmp.Diff(delivery.Settings{HeaderPrefix: want, Currency: "EUR"}, settings(t, db)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// What is wrong with one leaves all of them as they were.
func TestSettingsThatCannotBe(t *testing.T) {
	const (
		prefix = " can't be a prefix: it begins with a letter, and has at most 32 letters, digits and hyphens."
		zone   = "Pick one from the suggestions, such as Europe/Berlin."
	)
	tests := map[string]struct {
		option, typed, want string
	}{
		"prefix with a colon":  {"header_prefix", "a:b", "`a:b`" + prefix},
		"prefix with a space":  {"header_prefix", "a b", "`a b`" + prefix},
		"prefix with a digit":  {"header_prefix", "1a", "`1a`" + prefix},
		"prefix with a break":  {"header_prefix", "a\r\nb", "`a b`" + prefix},
		"prefix of letters":    {"header_prefix", "ä", "`ä`" + prefix},
		"long prefix":          {"header_prefix", strings.Repeat("a", 33), "`" + strings.Repeat("a", 33) + "`" + prefix},
		"no prefix":            {"header_prefix", " ", "``" + prefix},
		"language":             {"language", "tlh", "I don't speak **tlh** yet. Pick one from the suggestions."},
		"currency":             {"currency", "X_X", `I know no currency **X\_X**. Pick one from the suggestions, or write its code, such as EUR.`},
		"currency of the past": {"currency", "DEM", `I know no currency **DEM**. Pick one from the suggestions, or write its code, such as EUR.`},
		"zone":                 {"timezone", "Mars/Olympus", "I know no time zone **Mars/Olympus**. " + zone},
		"our own zone":         {"timezone", "Local", "I know no time zone **Local**. " + zone},
		"no zone":              {"timezone", " ", "I know no time zone ****. " + zone},
		"a way out":            {"timezone", "../../etc/passwd", "I know no time zone **../../etc/passwd**. " + zone},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			got := b.slash("settings", "set", set("currency", "EUR"), set("alerts_off", true), set(tc.option, tc.typed))
			checkContent(t, got, tc.want)
			if diff := cmp.Diff(delivery.Settings{}, settings(t, db)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSettingSuggestions(t *testing.T) {
	b, _ := open(t)
	b.now = time.Date(2026, time.March, 31, 23, 5, 0, 0, time.UTC)
	tests := map[string]struct {
		option, typed string
		want          []string
	}{
		"languages": {"language", "", []string{
			"As in Discord's settings of this server = auto", "Deutsch = de", "English = en-US", "Español = es-ES", "Français = fr", "日本語 = ja",
			"Português do Brasil = pt-BR",
		}},
		"a language": {"language", "fran", []string{"Français = fr"}},
		"a currency": {"currency", "eur", []string{"EUR · €1,234.50 = EUR"}},
		"a zone":     {"timezone", "new york", []string{"America/New_York · 19:05 = America/New_York"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, b.suggested("settings", "set", tc.option, tc.typed)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := b.suggested("settings", "set", "currency", ""); len(got) != 25 || !slices.Equal(got[:2], []string{"USD · $1,234.50 = USD", "EUR · €1,234.50 = EUR"}) {
		t.Errorf("currencies: %d, %v", len(got), got)
	}
	if got := b.suggested("settings", "set", "timezone", ""); len(got) != 25 || got[0] != "UTC · 23:05 = UTC" {
		t.Errorf("zones: %d, %v", len(got), got)
	}
}

// A preview shows a template as it would be posted, which the settings have a say in.
func TestSettingsReachPreviews(t *testing.T) {
	b, db := open(t)
	template(t, db, "deal", `{"title":"{{money .Record.Amount}} {{datetime .Record.At}}"}`)
	s := webhook(t, db, "Shop", nil)
	id := acceptBody(t, db, s, "order.paid", `{"record":{"Amount":5,"At":"2026-03-31T23:30:00Z"}}`)
	b.slash("settings", "set", set("language", "fr"), set("currency", "CHF"), set("timezone", "Asia/Tokyo"))
	title, _ := b.previewing(set("name", "deal"), set("event", id.String()))
	if want := "5 CHF 1 avril 2026, 08:30 JST"; strings.ReplaceAll(title, "\u00a0", " ") != want {
		t.Errorf("title = %q, want %q", title, want)
	}
}
