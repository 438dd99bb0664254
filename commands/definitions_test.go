package commands_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dispatch/commands"
	"dispatch/locales"
)

// definition is a command or an option of one, as Discord is told of it.
type definition struct {
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations"`
	Type                     int               `json:"type"`
	Required                 bool              `json:"required"`
	Autocomplete             bool              `json:"autocomplete"`
	Options                  []definition      `json:"options"`
	Choices                  []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"choices"`
	Channels    []int  `json:"channel_types"`
	Permissions string `json:"default_member_permissions"`
	Contexts    []int  `json:"contexts"`
}

// option is the one that the words lead to, from the name of a command on.
func option(t *testing.T, words ...string) definition {
	t.Helper()
	_, options := defined(t)
	var found definition
	for _, word := range words {
		i := slices.IndexFunc(options, func(d definition) bool { return d.Name == word })
		if i < 0 {
			t.Fatalf("there is no %s in /%s", word, strings.Join(words, " "))
		}
		found, options = options[i], options[i].Options
	}
	return found
}

func defined(t *testing.T) ([]byte, []definition) {
	t.Helper()
	raw, err := json.Marshal(commands.Definitions())
	if err != nil {
		t.Fatal(err)
	}
	var all []definition
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return raw, all
}

func TestDefinitionsAreAsDiscordDescribesThem(t *testing.T) {
	raw, _ := defined(t)
	c := described(t)
	if c == nil {
		t.Skip("Discord's description is not there")
	}
	if err := c.Check("PUT", "/applications/1/commands", raw); err != nil {
		t.Error(err)
	}
}

// What Discord's description does not know, its documentation does.
func TestDefinitionsKeepTheRules(t *testing.T) {
	_, all := defined(t)
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			if d.Permissions != "32" {
				t.Errorf("default_member_permissions = %q, want Manage Server", d.Permissions)
			}
			if diff := cmp.Diff([]int{0}, d.Contexts); diff != "" {
				t.Errorf("contexts (-want +got):\n%s", diff)
			}
			if n := checkDefinition(t, d.Name, d); n > 8000 {
				t.Errorf("%d characters, more than 8000", n)
			}
		})
	}
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// checkDefinition returns how many characters count towards the limit of a command.
func checkDefinition(t *testing.T, path string, d definition) int {
	t.Helper()
	if !commandName.MatchString(d.Name) || d.Name != strings.ToLower(d.Name) {
		t.Errorf("%s: %q is no name", path, d.Name)
	}
	if n := utf8.RuneCountInString(d.Description); n < 1 || n > 100 || strings.HasPrefix(d.Description, "command.") {
		t.Errorf("%s: %q is no description", path, d.Description)
	}
	if len(d.Options) > 25 || len(d.Choices) > 25 || len(d.Choices) > 0 && d.Autocomplete {
		t.Errorf("%s: %d options, %d choices, autocomplete %v", path, len(d.Options), len(d.Choices), d.Autocomplete)
	}
	n, seen, optional := len(d.Name)+len(d.Description), map[string]bool{}, false
	for _, c := range d.Choices {
		if c.Name == "" || strings.HasPrefix(c.Name, "command.") || c.Value == "" {
			t.Errorf("%s: choice %q: %q", path, c.Name, c.Value)
		}
		n += len(c.Name) + len(c.Value)
	}
	for _, o := range d.Options {
		if seen[o.Name] || o.Required && optional {
			t.Errorf("%s: option %s comes twice, or is required behind one that is not", path, o.Name)
		}
		seen[o.Name], optional = true, optional || !o.Required
		n += checkDefinition(t, path+" "+o.Name, o)
	}
	return n
}

// The handlers are found by the names in the code; the files must not give them others in English.
func TestEnglishNamesAreTheCommands(t *testing.T) {
	_, all := defined(t)
	say := locales.For(locales.Default)
	var check func(key string, d definition)
	check = func(key string, d definition) {
		if got := say.T(key + ".name"); got != d.Name {
			t.Errorf("%s.name = %q, want %q", key, got, d.Name)
		}
		for _, o := range d.Options {
			if o.Type <= 2 { // subcommands, and groups of them
				check(key+"."+o.Name, o)
				continue
			}
			check(key+".option."+o.Name, o)
		}
	}
	for _, d := range all {
		check("command."+d.Name, d)
	}
}

func TestDefinitionsAreLocalized(t *testing.T) {
	_, all := defined(t)
	others := len(locales.Tags()) - 1
	var check func(d definition)
	check = func(d definition) {
		if len(d.NameLocalizations) != others || len(d.DescriptionLocalizations) != others {
			t.Errorf("%s: %d names and %d descriptions, want %d of each",
				d.Name, len(d.NameLocalizations), len(d.DescriptionLocalizations), others)
		}
		for _, o := range d.Options {
			check(o)
		}
	}
	for _, d := range all {
		check(d)
	}
}
