package commands_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestAdmission(t *testing.T) {
	const (
		guildsOnly = "This works in a server only. Please run the command in a channel of your server."
		noAdmin    = "You need the Manage Server permission for this. Please ask an admin of this server."
		outdated   = "I don't know this command or button any more; I may have been updated since. Please run the command again."
		none       = "No Salesforce org is connected yet. Start with **/salesforce connect**."
	)
	tests := map[string]struct {
		file string
		edit edit
		want string
	}{
		"an admin":             {"list", permissions("32"), none},
		"administrator":        {"list", permissions("8"), none},
		"a member":             {"list", permissions("3072"), noAdmin},
		"a member's button":    {"button", permissions("3072"), noAdmin},
		"in a direct message":  {"list", inDM, guildsOnly},
		"button in a message":  {"button", inDM, guildsOnly},
		"unknown command":      {"list", func(i map[string]any) { i["data"].(map[string]any)["name"] = "salesfarce" }, outdated},
		"unknown subcommand":   {"list", func(i map[string]any) { subcommand(i)["name"] = "dance" }, outdated},
		"unknown button":       {"button", pressing("/salesforce/dance/1"), outdated},
		"a member, in unknown": {"button", permissions("0"), noAdmin},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, _ := open(t)
			if got := b.answered(tc.file, tc.edit); got.How != "create" || got.Body.Content != tc.want {
				t.Errorf("%s %q, want %q", got.How, got.Body.Content, tc.want)
			}
		})
	}
}

func TestAdmissionToSuggestions(t *testing.T) {
	tests := map[string]struct {
		edit edit
		want []map[string]string
	}{
		"an admin":            {permissions("32"), []map[string]string{{"name": "Acme Production", "value": "Acme Production"}}},
		"a member":            {permissions("3072"), []map[string]string{}},
		"in a direct message": {inDM, []map[string]string{}},
		"unknown command":     {func(i map[string]any) { i["data"].(map[string]any)["name"] = "salesfarce" }, []map[string]string{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme Production", event.AuthSecret)
			got := b.answered("autocomplete", tc.edit)
			if diff := cmp.Diff(tc.want, got.Body.Choices); got.How != "choices" || diff != "" {
				t.Errorf("%s (-want +got):\n%s", got.How, diff)
			}
		})
	}
}

func subcommand(interaction map[string]any) map[string]any {
	return interaction["data"].(map[string]any)["options"].([]any)[0].(map[string]any)
}
