package commands_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/fault"
	"dispatch/storage"
)

func TestAPIKey(t *testing.T) {
	b, db := open(t)
	checkContent(t, b.slash("apikey", "list"), "There are no API keys yet. **/apikey create** makes one.")
	got := b.slash("apikey", "create", set("name", " CI_1 "))
	key := codeSpan.FindAllStringSubmatch(got.Body.Content, -1)[0][1]
	if !regexp.MustCompile(`^dsp_[0-9a-f]{64}$`).MatchString(key) {
		t.Errorf("key = %q, want dsp_ and 32 random bytes", key)
	}
	golden(t, "apikey_create", got, key, "KEY")
	if strings.Contains(b.log.String(), key) {
		t.Error("the key is in the log")
	}
	title, line := listedKeys(t, b)
	if want := `**CI\_1** · made <t:0:R> · never used`; title != "API keys" || line != want {
		t.Errorf("%s: %q, want %q", title, line, want)
	}
	known, err := db.APIKey(t.Context(), sha256.Sum256([]byte(key)))
	if err != nil || known.GuildID != guildID || known.Name != "CI_1" {
		t.Fatalf("found %+v, %v", known, err)
	}
	if err := db.Ping(t.Context()); err != nil { // its use is written by now
		t.Fatal(err)
	}
	if _, line := listedKeys(t, b); line != `**CI\_1** · made <t:0:R> · last used <t:0:R>` {
		t.Errorf("used: %q", line)
	}
	checkContent(t, b.slash("apikey", "revoke", set("name", "nobody")),
		"There is no API key called **nobody**. Pick one from the suggestions, or see them all with **/apikey list**.")
	if diff := cmp.Diff([]string{"CI_1 = CI_1"}, b.suggested("apikey", "revoke", "name", "ci")); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
	revoked := stamps.ReplaceAllString(b.slash("apikey", "revoke", set("name", "ci_1")).Body.Content, "<t:0:R>")
	if want := `**CI\_1** opens nothing any more (last used <t:0:R>).`; revoked != want {
		t.Errorf("revoked: %q, want %q", revoked, want)
	}
	if _, err := db.APIKey(t.Context(), sha256.Sum256([]byte(key))); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a revoked key: %v", err)
	}
	b.slash("apikey", "create", set("name", "CI_1")) // its name is free
}

// stamps are times as Discord shows them.
var stamps = regexp.MustCompile(`<t:\d+:R>`)

func listedKeys(t *testing.T, b *bench) (title, lines string) {
	t.Helper()
	title, lines, _ = b.slash("apikey", "list").embed(t)
	return title, stamps.ReplaceAllString(lines, "<t:0:R>")
}

func TestAPIKeyRefuses(t *testing.T) {
	tests := map[string]struct {
		name, want string
	}{
		"taken":     {"ci", "There is already an API key called **ci**. Choose another name, or revoke that one first."},
		"no name":   {"  ", "A name has 1 to 80 characters. Please choose another."},
		"long name": {strings.Repeat("x", 81), "A name has 1 to 80 characters. Please choose another."},
		"invisible": {"a\u202eb", "That name has characters nobody can see. Please type it with letters, digits, spaces and signs only."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			addKeys(t, db, 1)
			checkContent(t, b.slash("apikey", "create", set("name", tc.name)), tc.want)
		})
	}
}

func TestAPIKeysOfAFullServer(t *testing.T) {
	b, db := open(t)
	addKeys(t, db, 100)
	checkContent(t, b.slash("apikey", "create", set("name", "one more")),
		"A server can have at most 100 API keys. Please revoke one that is no longer needed, and try again.")
	_, lines := listedKeys(t, b)
	if !strings.HasPrefix(lines, "**CI**") || !strings.HasSuffix(lines, " more") {
		t.Errorf("listed: %s", lines)
	}
}

// addKeys makes the key CI, and others.
func addKeys(t *testing.T, db *storage.DB, n int) {
	t.Helper()
	for i := range n {
		name := "CI"
		if i > 0 {
			name = fmt.Sprintf("z%02d%s", i, strings.Repeat("*", 70))
		}
		if _, err := db.CreateAPIKey(t.Context(), guildID, name, sha256.Sum256([]byte(fmt.Sprint(i, time.Now())))); err != nil {
			t.Fatal(err)
		}
	}
}
