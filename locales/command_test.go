package locales_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"dispatch/locales"
)

// commandName is Discord's pattern; that letters with a small form must have it is checked beside it.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// maxCommandText is how many characters Discord takes of a description, and of a choice's name.
const maxCommandText = 100

func TestCommandsAreWithinDiscordsLimits(t *testing.T) {
	for _, key := range locales.Keys() {
		if !strings.HasPrefix(key, "command.") {
			continue
		}
		for tag, text := range locales.All(key) {
			if problem := commandProblem(key, text); problem != "" {
				t.Errorf("%s: %s = %q %s", tag, key, text, problem)
			}
		}
	}
}

func commandProblem(key, text string) string {
	parts := strings.Split(key, ".")
	leaf, parent := parts[len(parts)-1], parts[len(parts)-2]
	switch {
	case strings.Contains(text, "{"):
		return "has a placeholder that nobody fills"
	case leaf == "name" && parent != "choice":
		if !commandName.MatchString(text) || strings.ToLower(text) != text {
			return "is no name that Discord takes"
		}
	case text == "", len(utf16.Encode([]rune(text))) > maxCommandText:
		return "is longer than Discord takes"
	}
	return ""
}

func TestCommandProblem(t *testing.T) {
	tests := map[string]struct {
		key, text string
		sound     bool
	}{
		"name":                   {"command.a.name", "connect", true},
		"name in another script": {"command.a.name", "接続", true},
		"name with capitals":     {"command.a.name", "Connect", false},
		"name with a space":      {"command.a.name", "con nect", false},
		"long name":              {"command.a.name", strings.Repeat("a", 33), false},
		"description":            {"command.a.description", "Connects an org.", true},
		"longest description":    {"command.a.description", strings.Repeat("é", 100), true},
		"long description":       {"command.a.description", strings.Repeat("a", 101), false},
		"description with a gap": {"command.a.description", "Connects {name}.", false},
		"name of a choice":       {"command.a.option.b.choice.sandbox", "Sandbox org", true},
		"choice that is a name":  {"command.a.option.b.choice.name", "By Name", true},
		"long name of a choice":  {"command.a.option.b.choice.sandbox", strings.Repeat("a", 101), false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if problem := commandProblem(tc.key, tc.text); (problem == "") != tc.sound {
				t.Errorf("commandProblem(%q, %q) = %q, want sound: %t", tc.key, tc.text, problem, tc.sound)
			}
		})
	}
}
