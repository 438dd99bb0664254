package commands_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

// focused has the user type into an option of the subcommand.
func focused(command, option, typed string) edit {
	return func(i map[string]any) {
		subcommand(i)["name"] = command
		subcommand(i)["options"] = []any{map[string]any{"name": option, "type": 3, "value": typed, "focused": true}}
	}
}

func TestSuggestions(t *testing.T) {
	tests := map[string]struct {
		asked edit
		want  []string
	}{
		"all that is connected":     {focused("generate-url", "source", ""), []string{"Acme Production", "Acme QA", "Ümlaut"}},
		"in whatever case":          {focused("disconnect", "source", "ACME"), []string{"Acme Production", "Acme QA"}},
		"in the middle":             {focused("test", "source", " qa "), []string{"Acme QA"}},
		"not ASCII":                 {focused("test", "source", "üml"), []string{"Ümlaut"}},
		"none":                      {focused("test", "source", "zzz"), nil},
		"status of what was":        {focused("status", "source", "o"), []string{"Acme Production", "Old"}},
		"event":                     {focused("test", "event", "lead."), []string{"Lead.created", "Lead.updated", "Lead.deleted", "Lead.converted"}},
		"objects":                   {focused("generate-url", "objects", "camp"), []string{"Campaign", "CampaignMember"}},
		"the next object":           {focused("generate-url", "objects", "Lead,Case , asse"), []string{"Lead,Case, Asset"}},
		"no object without trigger": {focused("generate-url", "objects", "pricebook"), nil},
		"an option without a list":  {focused("generate-url", "keep_old", "1"), nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			for _, name := range []string{"Acme QA", "Acme Production", "Ümlaut", "Old"} {
				connect(t, db, name, event.AuthSecret)
			}
			if err := db.Disconnect(t.Context(), guildID, sourceOf(t, db, "Old").ID, b.now); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range b.answered("autocomplete", tc.asked).Body.Choices {
				if c["name"] != c["value"] {
					t.Errorf("%q stands for %q", c["name"], c["value"])
				}
				got = append(got, c["name"])
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("suggestions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSuggestionsAreBounded(t *testing.T) {
	var store busy
	store.Store = database(t)
	for i := range 40 {
		store.more = append(store.more, event.Source{ID: fmt.Sprint(i), Name: fmt.Sprint("Acme ", i), Kind: event.SourceSalesforce})
	}
	b := sit(t, store, nil)
	if got := len(b.answered("autocomplete").Body.Choices); got != 25 {
		t.Errorf("%d suggestions, want 25", got)
	}
	long := strings.Repeat("Opportunity,", 9)
	if got := b.answered("autocomplete", focused("generate-url", "objects", long)).Body.Choices; len(got) != 0 {
		t.Errorf("suggestions longer than Discord takes: %v", got)
	}
}

func TestSuggestionsThatFailAreNone(t *testing.T) {
	b := sit(t, stub{err: fmt.Errorf("read: %s", theCause)}, nil)
	if got := b.answered("autocomplete"); got.How != "choices" || len(got.Body.Choices) != 0 {
		t.Errorf("%s: %v", got.How, got.Body.Choices)
	}
	checkMention(t, "log: the cause", b.log.String(), theCause, true)
}
