package playground_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

func options(list string) string { return `{"name":"c","description":"d","options":` + list + `}` }

// long is an option with a description of 100 characters and n choices of 200.
func long(n int) string {
	choices := repeat(n, `{"name":"%`+x(99)+`","value":"`+x(100)+`"}`)
	return `{"type":3,"name":"o%","description":"` + x(100) + `","choices":` + choices + `}`
}

// definitions are commands, with the issue that each has: its path and its code. Those without one are right.
var definitions = map[string]struct{ body, path, code string }{
	"plain":                       {`{"name":"c","description":"d"}`, "", ""},
	"letters of other scripts":    {`{"name":"größe_ø-1","description":"d"}`, "", ""},
	"context menu":                {`{"name":"Look At","type":3}`, "", ""},
	"permissions":                 {`{"name":"c","description":"d","default_member_permissions":"32","contexts":[0]}`, "", ""},
	"permissions as a number":     {`{"name":"c","description":"d","default_member_permissions":32}`, "", ""},
	"upper case":                  {`{"name":"C","description":"d"}`, "name", "APPLICATION_COMMAND_INVALID_NAME"},
	"blank in the name":           {`{"name":"c c","description":"d"}`, "name", "APPLICATION_COMMAND_INVALID_NAME"},
	"name of 33":                  {`{"name":"` + x(33) + `","description":"d"}`, "name", "BASE_TYPE_BAD_LENGTH"},
	"name missing":                {`{"description":"d"}`, "name", "BASE_TYPE_REQUIRED"},
	"description missing":         {`{"name":"c"}`, "description", "BASE_TYPE_REQUIRED"},
	"description of 101":          {`{"name":"c","description":"` + x(101) + `"}`, "description", "BASE_TYPE_MAX_LENGTH"},
	"permissions wrong":           {`{"name":"c","description":"d","default_member_permissions":"all"}`, "default_member_permissions", "NUMBER_TYPE_COERCE"},
	"context unknown":             {`{"name":"c","description":"d","contexts":[7]}`, "contexts.0", "BASE_TYPE_CHOICES"},
	"no contexts":                 {`{"name":"c","description":"d","contexts":[]}`, "contexts", "BASE_TYPE_BAD_LENGTH"},
	"localized":                   {`{"name":"c","description":"d","name_localizations":{"de":"befehl"},"description_localizations":{"pt-BR":"x"}}`, "", ""},
	"locale unknown":              {`{"name":"c","description":"d","name_localizations":{"en":"x"}}`, "name_localizations.en", "BASE_TYPE_CHOICES"},
	"localized name upper case":   {`{"name":"c","description":"d","name_localizations":{"de":"Befehl"}}`, "name_localizations.de", "APPLICATION_COMMAND_INVALID_NAME"},
	"localized description empty": {`{"name":"c","description":"d","description_localizations":{"de":""}}`, "description_localizations.de", "BASE_TYPE_REQUIRED"},
	"menu with a description":     {`{"name":"c","type":2,"description":"d"}`, "description", "APPLICATION_COMMAND_CONTEXT_MENU_FIELD"},

	"25 options":                  {options(repeat(25, `{"type":3,"name":"o%","description":"d"}`)), "", ""},
	"26 options":                  {options(repeat(26, `{"type":3,"name":"o%","description":"d"}`)), "options", "BASE_TYPE_MAX_LENGTH"},
	"option unknown":              {options(`[{"type":12,"name":"o","description":"d"}]`), "options.0.type", "UNION_TYPE_CHOICES"},
	"option without description":  {options(`[{"type":3,"name":"o"}]`), "options.0.description", "BASE_TYPE_REQUIRED"},
	"option twice":                {options(`[{"type":3,"name":"o","description":"d"},{"type":4,"name":"o","description":"d"}]`), "options.1.name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"},
	"required after optional":     {options(`[{"type":3,"name":"o","description":"d"},{"type":3,"name":"p","description":"d","required":true}]`), "options.1", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
	"required after optional sub": {options(`[{"type":1,"name":"s","description":"d","options":[{"type":3,"name":"o","description":"d"},{"type":3,"name":"p","description":"d","required":true}]}]`), "options.0.options.1", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
	"subcommand beside an option": {options(`[{"type":1,"name":"s","description":"d"},{"type":3,"name":"o","description":"d"}]`), "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
	"subcommand in a subcommand":  {options(`[{"type":1,"name":"s","description":"d","options":[{"type":1,"name":"t","description":"d"}]}]`), "options.0.options.0.type", "UNION_TYPE_CHOICES"},
	"group":                       {options(`[{"type":2,"name":"g","description":"d","options":[{"type":1,"name":"s","description":"d"}]}]`), "", ""},
	"group of nothing":            {options(`[{"type":2,"name":"g","description":"d","options":[]}]`), "options.0.options", "BASE_TYPE_BAD_LENGTH"},
	"25 choices":                  {options(`[{"type":3,"name":"o","description":"d","choices":` + repeat(25, `{"name":"n%","value":"v%"}`) + `}]`), "", ""},
	"26 choices":                  {options(`[{"type":3,"name":"o","description":"d","choices":` + repeat(26, `{"name":"n%","value":"v%"}`) + `}]`), "options.0.choices", "BASE_TYPE_MAX_LENGTH"},
	"choice of 101":               {options(`[{"type":3,"name":"o","description":"d","choices":[{"name":"` + x(101) + `","value":"v"}]}]`), "options.0.choices.0.name", "BASE_TYPE_BAD_LENGTH"},
	"choice value of 101":         {options(`[{"type":3,"name":"o","description":"d","choices":[{"name":"n","value":"` + x(101) + `"}]}]`), "options.0.choices.0.value", "BASE_TYPE_MAX_LENGTH"},
	"choice of another type":      {options(`[{"type":4,"name":"o","description":"d","choices":[{"name":"n","value":"v"}]}]`), "options.0.choices.0.value", "NUMBER_TYPE_COERCE"},
	"choice twice":                {options(`[{"type":3,"name":"o","description":"d","choices":[{"name":"n","value":"a"},{"name":"n","value":"b"}]}]`), "options.0.choices.1.name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS"},
	"choices and autocomplete":    {options(`[{"type":3,"name":"o","description":"d","autocomplete":true,"choices":[{"name":"n","value":"a"}]}]`), "options.0.autocomplete", "APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE"},
	"least above most":            {options(`[{"type":4,"name":"o","description":"d","min_value":3,"max_value":2}]`), "options.0.min_value", "APPLICATION_COMMAND_OPTIONS_INVALID_MIN"},
	"length of 6001":              {options(`[{"type":3,"name":"o","description":"d","max_length":6001}]`), "options.0.max_length", "NUMBER_TYPE_MAX"},
	"channel type unknown":        {options(`[{"type":7,"name":"o","description":"d","channel_types":[9]}]`), "options.0.channel_types.0", "BASE_TYPE_CHOICES"},
	"under 8000 characters":       {options(repeat(25, long(1))), "", ""},
	"over 8000 characters":        {options(repeat(25, long(2))), "", "APPLICATION_COMMAND_TOO_LARGE"},
	"over 8000, localized":        {options(repeat(25, strings.Replace(long(1), `"value"`, `"name_localizations":{"de":"`+x(90)+`"},"value"`, 1))), "", ""},
	"description localized long":  {`{"name":"c","description":"d","description_localizations":{"de":"` + x(101) + `"}}`, "description_localizations.de", "BASE_TYPE_MAX_LENGTH"},
}

func TestCommandsAreChecked(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	for name, tc := range definitions {
		t.Run(name, func(t *testing.T) {
			got := l.do(t, "POST", "/applications/"+l.ApplicationID()+"/commands", tc.body)
			if tc.code == "" {
				if got.status != 200 && got.status != 201 {
					t.Errorf("refused: %s", got.body)
				}
				return
			}
			if got.status != 400 || got.Code != 50035 {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			if code := issueAt(t, got.Errors, tc.path); code != tc.code {
				t.Errorf("issue %s, want %s", code, tc.code)
			}
		})
	}
}

// names returns the names of the commands in an answer, with their ids.
func names(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	var all []playground.ApplicationCommand
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatalf("read %s: %v", raw, err)
	}
	found := map[string]string{}
	for _, c := range all {
		found[c.Name] = c.ID
	}
	return found
}

func TestCommandsAreKept(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	global := "/applications/" + l.ApplicationID() + "/commands"
	local := "/applications/" + l.ApplicationID() + "/guilds/" + l.GuildID() + "/commands"

	first := l.do(t, "POST", global, `{"name":"one","description":"d"}`)
	again := l.do(t, "POST", global, `{"name":"one","description":"e"}`)
	if first.status != 201 || again.status != 200 {
		t.Errorf("created with %d, replaced with %d", first.status, again.status)
	}
	before := names(t, l.do(t, "GET", global, "").body)
	after := names(t, l.do(t, "PUT", global, `[{"name":"one","description":"f"},{"name":"two","description":"d"}]`).body)
	if len(after) != 2 || after["one"] != before["one"] {
		t.Errorf("before %v, after %v", before, after)
	}
	if got := l.do(t, "PATCH", global+"/"+after["two"], `{"name":"three"}`); got.status != 200 {
		t.Errorf("edited: %s", got.body)
	}
	if got := l.do(t, "PATCH", global+"/"+after["two"], `{"name":"Three"}`); got.Code != 50035 {
		t.Errorf("edited badly: %s", got.body)
	}
	if got := l.do(t, "DELETE", global+"/"+after["one"], ""); got.status != 204 {
		t.Errorf("deleted: %s", got.body)
	}
	if got := l.do(t, "GET", global+"/"+after["one"], ""); got.Code != 10063 {
		t.Errorf("deleted command: %s", got.body)
	}
	if got := l.do(t, "PUT", local, `[{"name":"mine","description":"d"}]`); got.status != 200 {
		t.Errorf("guild command: %s", got.body)
	}
	var offered []string
	for _, c := range l.Commands(l.GuildID()) {
		offered = append(offered, c.Name)
	}
	if diff := cmp.Diff([]string{"mine", "three"}, offered); diff != "" {
		t.Errorf("offered (-want +got):\n%s", diff)
	}
}

func TestCommandsAreRefused(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	gone := l.AddGuild("Gone")
	l.RemoveGuild(gone)
	global := "/applications/" + l.ApplicationID() + "/commands"
	tests := map[string]struct {
		method, path, body string
		code               int
	}{
		"twice":               {"PUT", global, `[{"name":"a","description":"d"},{"name":"a","description":"d"}]`, 50035},
		"101":                 {"PUT", global, repeat(101, `{"name":"c%","description":"d"}`), 30032},
		"other application":   {"PUT", "/applications/1/commands", `[]`, 20012},
		"guild left":          {"PUT", "/applications/" + l.ApplicationID() + "/guilds/" + gone + "/commands", `[]`, 50001},
		"guild unknown":       {"PUT", "/applications/" + l.ApplicationID() + "/guilds/1/commands", `[]`, 10004},
		"disgo's wrong route": {"GET", "/applications/" + l.ApplicationID() + "/command/1", "", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := l.do(t, tc.method, tc.path, tc.body)
			if got.status < 400 || got.Code != tc.code {
				t.Errorf("answered %d %s", got.status, got.body)
			}
		})
	}
}

func TestCommandsWithoutLocalizations(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	global := "/applications/" + l.ApplicationID() + "/commands"
	l.do(t, "PUT", global, `[{"name":"c","description":"d","name_localizations":{"de":"k"},"options":[
		{"type":3,"name":"o","description":"d","description_localizations":{"de":"b"},"choices":[{"name":"n","value":"v","name_localizations":{"de":"w"}}]}]}]`)
	if got := l.do(t, "GET", global, ""); strings.Contains(string(got.body), "localizations") {
		t.Errorf("without: %s", got.body)
	}
	if got := l.do(t, "GET", global+"?with_localizations=true", ""); strings.Count(string(got.body), "localizations") != 3 {
		t.Errorf("with: %s", got.body)
	}
}
