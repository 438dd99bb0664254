package commands_test

import (
	"strings"
	"testing"
)

func TestTemplateMentions(t *testing.T) {
	const (
		manager       = "3104"   // Manage Server and little else
		mentioner     = "134176" // with Mention Everyone
		administrator = "40"
		common        = "700000000000000001"
		closed        = "700000000000000002"
		foreign       = "700000000000000009"
		roles         = `[{"id":"` + guildID + `","name":"@everyone"},{"id":"` + common + `","name":"On call","mentionable":true},{"id":"` + closed + `","name":"VIP *"}]`
		forbidden     = "You may not mention the role **VIP \\***, so your template may not either."
		unknown       = "There is no role `" + foreign + "` here."
		everyone      = "A template can't mention everyone."
	)
	tests := map[string]struct {
		permissions string
		mentions    string
		deaf        bool   // Discord does not say what roles there are
		want        string // "" when it is saved
	}{
		"one that everybody may":        {manager, common, false, ""},
		"one that not everybody may":    {manager, closed, false, forbidden},
		"who may mention everyone":      {mentioner, closed, false, ""},
		"who may everything":            {administrator, closed, false, ""},
		"one after another":             {manager, common + `","` + closed, false, forbidden},
		"none of this guild":            {administrator, foreign, false, unknown},
		"everyone":                      {administrator, guildID, false, everyone},
		"everyone, unknown":             {administrator, guildID, true, everyone},
		"nobody knows":                  {manager, common, true, "I can't do that right now."},
		"nobody knows, but may mention": {mentioner, closed, true, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			b.discord.api.roles = roles
			if tc.deaf {
				b.discord.api.err = errNotThere
			}
			form := b.slash("template", "create", set("name", "deal"))
			text := `{"title":"{{.Record.Name}}","mentions":["` + tc.mentions + `"]}`
			submitted := []edit{submitting(t, form, map[string]string{"text": text}), permissions(tc.permissions)}
			if tc.want != "" {
				if got := b.answered("button", submitted...).Body.Content; !strings.HasPrefix(got, tc.want) || !strings.Contains(got, "**Edit again**") {
					t.Errorf("content = %q, want %q…", got, tc.want)
				}
				if got := textOf(t, db, "deal"); got != "" {
					t.Errorf("it was saved: %s", got)
				}
				return
			}
			_, said := b.posted("button", submitted...)
			if want := "When it's posted, it mentions <@&" + tc.mentions + ">."; !strings.Contains(said.Body.Content, want) || textOf(t, db, "deal") != text {
				t.Errorf("content = %q", said.Body.Content)
			}
		})
	}
}
