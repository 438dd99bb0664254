package commands_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/storage"
)

// typing has the user type into the list of event types, the source being entered.
func typing(source, typed string) edit {
	return func(i map[string]any) {
		subcommand(i)["options"] = []any{
			map[string]any{"name": "source", "type": 3, "value": source},
			map[string]any{"name": "events", "type": 3, "value": typed, "focused": true},
		}
	}
}

func TestEventTypeSuggestions(t *testing.T) {
	tests := map[string]struct {
		source, typed string
		want          []string // the first of them
		all           bool     // there are no others
	}{
		"what it sent, then what any sends": {"acme", "", []string{"Case.merged", "Deal__c.updated", "Case.created", "Case.*", "Deal__c.*", "*.created"}, false},
		"in whatever case":                  {"acme", "MERG", []string{"Case.merged"}, true},
		"in the middle of a list":           {"acme", "Lead.created ,deal", []string{"Lead.created, Deal__c.updated", "Lead.created, Deal__c.*"}, true},
		"what is to be left out":            {"acme", "Case.*, !merg", []string{"Case.*, !Case.merged"}, true},
		"not what is there already":         {"acme", "case.MERGED,Case.*,case.", []string{"case.MERGED,Case.*, Case.created", "case.MERGED,Case.*, Case.updated"}, false},
		"of a source that sent nothing":     {"new", "escal", []string{"Case.escalated"}, true},
		"of no source yet":                  {"", "order.", []string{"Order.created", "Order.updated", "Order.deleted", "Order.activated", "Order.*", "WorkOrder.created"}, false},
		"none":                              {"acme", "zzz", nil, true},
	}
	b, db := open(t)
	acme := connect(t, db, "Acme", event.AuthSecret)
	accept(t, db, acme, "Case.created", "Deal__c.updated", "Case.created", "Deal__c.updated", "Case.merged")
	connect(t, db, "New", event.AuthSecret)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b.t = t
			var got []string
			for _, c := range b.answered("autocomplete", as("template", "assign"), typing(tc.source, tc.typed)).Body.Choices {
				if c["name"] != c["value"] {
					t.Errorf("%q stands for %q", c["name"], c["value"])
				}
				got = append(got, c["value"])
			}
			if !tc.all {
				got = got[:min(len(got), len(tc.want))]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("suggestions (-want +got):\n%s", diff)
			}
		})
	}
}

// silent is a store that does not tell what was sent.
type silent struct{ *storage.DB }

func (silent) SentTypes(context.Context, string, int) ([]string, error) { return nil, errors.New("no") }

func TestEventTypeSuggestionsOfOtherSources(t *testing.T) {
	db := database(t)
	hook, err := db.Connect(t.Context(), event.Source{GuildID: guildID, Name: "Hook", Kind: event.SourceWebhook, Auth: event.AuthNone}, channelID)
	if err != nil {
		t.Fatal(err)
	}
	accept(t, db, hook, "push", "issue.opened")
	suggested := func(b *bench) (all []string) {
		for _, c := range b.answered("autocomplete", as("template", "assign"), typing("hook", "")).Body.Choices {
			all = append(all, c["value"])
		}
		return all
	}
	if diff := cmp.Diff([]string{"issue.opened", "push", "issue.*"}, suggested(sit(t, db, nil))); diff != "" {
		t.Errorf("suggestions (-want +got):\n%s", diff)
	}
	if got := suggested(sit(t, silent{db}, nil)); got != nil {
		t.Errorf("when nobody knows: %q", got)
	}
}

func TestEventTypesAreChecked(t *testing.T) {
	long, many := strings.Repeat("ü", 129), make([]string, 26)
	for i := range many {
		many[i] = strings.Repeat("a", i+1)
	}
	tests := map[string]struct{ typed, want string }{
		"nothing left out":    {"Case.*, ! ", "**!** is no event type"},
		"left out twice":      {"!!Case.*", "**!!Case.\\*** is no event type"},
		"too long":            {"Case.*," + long, "**" + strings.Repeat("ü", 127) + "…** is no event type"},
		"invisible":           {"Case\a.created", "**Case�.created** is no event type"},
		"too many":            {strings.Join(many, ","), "A list takes at most 25 event types."},
		"as many as it takes": {strings.Join(many[:25], ","), "✅ "},
		"as long as it takes": {long[2:], "✅ "},
		"nothing but commas":  {" , ,", "✅ **deal** now shows what **Acme** sends"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			template(t, db, "deal", simple)
			connect(t, db, "Acme", event.AuthSecret)
			got := b.slash("template", "assign", set("name", "deal"), set("source", "Acme"), set("events", tc.typed)).Body.Content
			if !strings.HasPrefix(got, tc.want) {
				t.Errorf("content = %q, want %q…", got, tc.want)
			}
		})
	}
}
