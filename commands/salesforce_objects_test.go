package commands_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

// picking has the user type objects for a source.
func picking(source, typed string) edit {
	return func(i map[string]any) {
		subcommand(i)["name"] = "generate-url"
		subcommand(i)["options"] = []any{
			map[string]any{"name": "source", "type": 3, "value": source},
			map[string]any{"name": "objects", "type": 3, "value": typed, "focused": true},
		}
	}
}

func TestPickerListsTheOrgsOwnObjects(t *testing.T) {
	a := openAuthorized(t, callbackURL)
	made := connect(t, a.db, "Acme Production", event.AuthSecret)
	connect(t, a.db, "Not authorized", event.AuthSecret)
	a.visit(a.answered("generate_url", asAuthorize).link())
	picked := func(source, typed string) []string {
		var got []string
		for _, c := range a.answered("autocomplete", picking(source, typed)).Body.Choices {
			got = append(got, c["value"])
		}
		return got
	}
	tests := map[string]struct {
		source, typed string
		want          []string
	}{
		"its own":           {made.Name, "invo", []string{"Invoice__c", "Invoice_Line__c"}},
		"the next":          {made.Name, "Case, Invoice__c, invo", []string{"Case, Invoice__c, Invoice_Line__c"}},
		"not in this org":   {made.Name, "WorkOrder", nil},
		"of no org":         {"Not authorized", "WorkOrder", []string{"WorkOrder"}},
		"no such source":    {"Nobody", "workorder", []string{"WorkOrder"}},
		"the source is due": {"", "invo", []string{"Invoice__c"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, picked(tc.source, tc.typed)); diff != "" {
				t.Errorf("suggestions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPickerOfASilentOrg has the org not answer: what orgs have in common is better than nothing.
func TestPickerOfASilentOrg(t *testing.T) {
	a := openAuthorized(t, callbackURL)
	made := connect(t, a.db, "Acme Production", event.AuthSecret)
	a.visit(a.answered("generate_url", asAuthorize).link())
	silence := make(chan struct{})
	a.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/sobjects") {
			<-silence
			return true
		}
		return false
	})
	defer close(silence)
	if got := a.answered("autocomplete", picking(made.Name, "workord")).Body.Choices; len(got) != 1 || got[0]["value"] != "WorkOrder" {
		t.Errorf("suggestions: %v", got)
	}
}
